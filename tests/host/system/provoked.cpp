// SPDX-License-Identifier: BSL-1.0
#include "provoked.hpp"

#include <vmwright/machine/detail/system_failure.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <grp.h>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace fs = std::filesystem;
using namespace vmwright;

namespace
{

auto words_of(std::string const& text) -> std::vector<std::string>
{
    std::istringstream stream{text};
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

void require_success(long result, char const* what)
{
    if (result < 0)
        throw std::system_error{errno, std::system_category(), what};
}

} // namespace

auto ProvokingMachine::find_program(std::string_view name) -> std::optional<std::string>
{
    return name == missing_program ? std::nullopt : LocalMachine::find_program(name);
}

auto ProvokingMachine::status(std::string const& path) -> std::optional<FileStatus>
{
    return LocalMachine::status(path == "/dev/kvm" ? kvm : path);
}

auto ProvokingMachine::open_file(std::string const& path, OpenOptions options) -> UniqueFd
{
    if (path != "/dev/kvm")
        return LocalMachine::open_file(path, options);
    if (kvm_error != 0)
        throw detail::system_failure(Errc::io_failed, "cannot open '/dev/kvm'", kvm_error);
    return LocalMachine::open_file(kvm, options);
}

auto ProvokingMachine::spawn(ProcessSpec const& spec) -> Process
{
    auto other = spec;
    auto const is_emulator = spec.executable.find("qemu-system") != spec.executable.npos;
    if (is_emulator && !emulator.empty()) {
        other.executable = emulator.front();
        other.arguments.assign(emulator.begin() + 1, emulator.end());
    } else if (is_emulator && !wrapper.empty()) {
        auto words = words_of(wrapper);
        words.push_back(spec.executable);
        words.insert(words.end(), spec.arguments.begin(), spec.arguments.end());
        other.executable = words.front();
        other.arguments.assign(words.begin() + 1, words.end());
    }
    auto process = LocalMachine::spawn(other);
    std::lock_guard const lock{mutex_};
    started_.emplace_back(spec.executable, process);
    return process;
}

auto ProvokingMachine::pids() const -> std::vector<int>
{
    std::lock_guard const lock{mutex_};
    std::vector<int> list;
    for (auto const& started : started_)
        list.push_back(started.second.pid());
    return list;
}

auto ProvokingMachine::remains(std::size_t count) const -> std::string
{
    std::lock_guard const lock{mutex_};
    std::string list;
    for (auto i = count; i < started_.size(); ++i)
        if (find_process(started_[i].second.pid()) == started_[i].second.id())
            list += "process " + started_[i].first + " ";
    return list;
}

void ProvokingMachine::before(std::string_view step, std::string const& object)
{
    if (!failing_file.empty() && object.find(failing_file) != object.npos && step != "remove")
        throw detail::system_failure(Errc::io_failed, fmt::format("cannot {} '{}'", step, object), file_error);
}

auto document(std::string_view name, Parts const& parts) -> std::string
{
    std::string arguments;
    for (auto const& argument : words_of(parts.arguments))
        arguments += fmt::format("    <qemu:arg value='{}'/>\n", argument);
    if (!arguments.empty())
        arguments = fmt::format("  <qemu:commandline>\n{}  </qemu:commandline>\n", arguments);
    return fmt::format("<domain type='{}' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>\n"
                       "  <name>{}</name>\n"
                       "  <memory unit='MiB'>{}</memory>\n"
                       "  {}\n"
                       "  <os>\n"
                       "    <type arch='x86_64' machine='{}'>hvm</type>\n"
                       "    {}\n"
                       "  </os>\n"
                       "  <features><acpi/></features>\n"
                       "  {}\n"
                       "  <devices>\n"
                       "    {}\n"
                       "    <video><model type='none'/></video>\n"
                       "  </devices>\n"
                       "  {}\n"
                       "{}</domain>\n",
                       parts.type, name, parts.memory, parts.head, parts.machine, parts.os, parts.cpu, parts.devices,
                       parts.tail, arguments);
}

Place::Place()
{
    options = options_in(directory / "state");
    options.machine = machine;
    // Other users are to come by.
    fs::permissions(directory.path(), fs::perms{0755});
}

Place::~Place()
{
    while (!held.empty())
        held.pop_back();
    // swtpm_setup leaves the swtpm that it ran to the init process, whose part this test program plays.
    auto const ours = machine->pids();
    siginfo_t info{};
    while (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0 &&
           std::ranges::find(ours, info.si_pid) == ours.end())
        ::waitpid(info.si_pid, nullptr, 0);
}

auto Place::file(std::string const& name, std::string_view text) const -> std::string
{
    auto path = directory / name;
    std::ofstream{path, std::ios::binary} << text;
    return path;
}

auto Place::image(std::string const& name) const -> std::string
{
    auto path = file(name, "");
    fs::resize_file(path, std::uintmax_t{1} << 20);
    return path;
}

void Place::qemu_img(std::string const& words) const
{
    LocalMachine local;
    auto const result =
        local.run({.executable = "/usr/bin/qemu-img", .arguments = words_of(words), .directory = directory.path()});
    if (!result.status.success())
        throw std::runtime_error{"qemu-img " + words + ": " + result.error};
}

auto Place::listener() -> std::uint16_t
{
    using boost::asio::ip::tcp;
    struct Listening
    {
        boost::asio::io_context context{};
        tcp::acceptor acceptor{context, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}};
    };
    auto listening = std::make_shared<Listening>();
    auto const port = listening->acceptor.local_endpoint().port();
    held.push_back(std::move(listening));
    return port;
}

void Place::run(std::string const& name, Parts const& parts)
{
    auto const domain = Host::open(options).define_xml(document(name, parts));
    held.push_back(std::make_shared<Ended>(domain));
    domain.start({.paused = true});
}

auto Place::provoke(Parts const& parts) -> std::optional<Error>
{
    using boost::asio::use_awaitable;
    std::optional<Error> error;
    std::exception_ptr other;
    auto const started_before = machine->pids().size();
    // All is done by one thread, whose rights and mounts may be its own.
    std::thread{[&] {
        try {
            if (on_thread)
                on_thread();
            boost::asio::io_context context;
            options.executor = context.get_executor();
            auto host = std::make_optional(Host::open(options));
            auto const act = [&]() -> boost::asio::awaitable<void> {
                try {
                    auto const domain = co_await host->async_define_xml(document("demo", parts), use_awaitable);
                    if (before_start)
                        before_start();
                    auto const report = co_await domain.async_start(start, use_awaitable);
                    static_cast<void>(report);
                    co_await domain.async_destroy(std::chrono::milliseconds{0}, use_awaitable);
                } catch (Error const& thrown) {
                    error = thrown;
                }
                host.reset();
            };
            boost::asio::co_spawn(context, act, boost::asio::detached);
            context.run();
            remains = look(started_before);
        } catch (...) {
            other = std::current_exception();
        }
        options.executor = {};
    }}.join();
    if (other)
        std::rethrow_exception(other);
    return error;
}

auto Place::look(std::size_t started_before) const -> std::string
{
    auto const state = directory / "state";
    std::string list;
    if (fs::exists(state + "/run/demo"))
        list += "run/demo ";
    for (auto const& entry : fs::recursive_directory_iterator{state})
        if (entry.is_socket() && entry.path().string().find("/run/other/") == std::string::npos)
            list += entry.path().string() + " ";
    for (auto const& entry : fs::directory_iterator{state + "/locks"})
        if (machine->is_locked(entry.path()))
            list += entry.path().string() + " ";
    return list + machine->remains(started_before);
}

void become(unsigned user, unsigned group)
{
    // Past libc, which changes all threads.
    require_success(::syscall(SYS_setgroups, 0, nullptr), "setgroups");
    require_success(::syscall(SYS_setresgid, group, group, group), "setresgid");
    require_success(::syscall(SYS_setresuid, user, user, user), "setresuid");
}
