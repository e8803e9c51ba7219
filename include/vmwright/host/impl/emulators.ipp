// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/emulators.hpp>
#include <vmwright/host/detail/file_failure.hpp>
#include <vmwright/machine/build_id.hpp>
#include <vmwright/machine/machine.hpp>
#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/probe.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/qmp/client.hpp>
#include <vmwright/qmp/error.hpp>

#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace vmwright::inline v0::detail
{

namespace emulators
{

/// What tells one build of one file from another; the first part also tells it from that build elsewhere.
struct Identity
{
    std::string build{};
    std::string file{};
};

/// A process that lives no longer than this object.
struct Ended
{
    Process process;
    ~Ended()
    {
        if (process.kill())
            process.wait();
        [[maybe_unused]] auto const reaped = process.exit_status();
    }
};

namespace
{

auto identity_of(Machine& machine, std::string const& binary) -> std::optional<Identity>
{
    auto const found = machine.status(binary);
    if (!found || found->type != FileType::regular)
        return std::nullopt;
    Identity identity;
    if (auto const id = build_id(machine, binary); !id.empty())
        identity.build = "build-id " + id;
    identity.file =
        fmt::format("{} {} {} {}", binary, found->size, found->modified.time_since_epoch().count(), identity.build);
    return identity;
}

/// FNV-1a: a short name for a file whose content tells whether it is the right one.
auto file_name(std::string_view identity) -> std::string
{
    std::uint64_t hash = 14695981039346656037U;
    for (auto const c : identity)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return fmt::format("cache/{:016x}.json", hash);
}

/// Where installed profiles are, after the directories of the program.
auto profile_directories(HostOptions const& options) -> std::vector<std::string>
{
    auto directories = options.profile_directories;
    auto const* const variable = std::getenv("XDG_DATA_DIRS");
    auto rest = std::string_view{variable != nullptr && *variable != '\0' ? variable : "/usr/local/share:/usr/share"};
    while (!rest.empty()) {
        auto const end = std::min(rest.find(':'), rest.size());
        directories.push_back(fmt::format("{}/vmwright/profiles", rest.substr(0, end)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return directories;
}

} // namespace
} // namespace emulators

Emulators::Emulators(Store const& store, HostOptions const& options, std::shared_ptr<Runtime> runtime)
    : store_{store}
    , options_{options}
    , runtime_{std::move(runtime)}
{
}

auto Emulators::binary_for(std::string_view arch) const -> std::string
{
    auto const program =
        fmt::format("qemu-system-{}", arch.empty() ? std::string_view{qemu::HostFacts{}.arch} : qemu::emulator_arch(arch));
    return store_.machine().find_program(program).value_or("/usr/bin/" + program);
}

auto Emulators::find(DomainConfig const& config) -> boost::asio::awaitable<Shared>
{
    auto const arch = config.os.arch.value_or("");
    return find_binary(config.devices.emulator.value_or(binary_for(arch)), arch);
}

auto Emulators::find_binary(std::string path, std::string arch) -> boost::asio::awaitable<Shared>
{
    auto const identity = emulators::identity_of(store_.machine(), path);
    auto const key = identity ? identity->file : "shipped for " + arch;
    if (auto const found = known_.find(key); found != known_.end())
        co_return found->second;

    auto const qemu_arch = std::string{arch.empty() ? qemu::HostFacts{}.arch : qemu::emulator_arch(arch)};
    auto found = shipped(qemu_arch);
    if (found && identity && (identity->build.empty() || found->identity != identity->build))
        found.reset();
    if (!found && !identity)
        throw Error{Errc::not_found,
                    fmt::format("there is no emulator '{}'", path),
                    {.hint = fmt::format("install Debian's package {}", package_of("qemu-system-" + qemu_arch))}};
    auto const cache = store_.path(emulators::file_name(key));
    if (!found)
        found = cached(cache, key);
    if (!found) {
        found = co_await ask(path);
        found->identity = key;
        store_.machine().write_file(cache, qemu::save(*found));
    }
    if (identity)
        found->binary = path;
    auto shared = std::make_shared<qemu::Capabilities const>(std::move(*found));
    known_.emplace(key, shared);
    co_return shared;
}

auto Emulators::shipped(std::string_view arch) const -> std::optional<qemu::Capabilities>
{
    auto const name = qemu::shipped_profile(arch);
    if (name.empty())
        return std::nullopt;
    if (options_.profile_text != nullptr)
        if (auto const text = options_.profile_text(name); !text.empty())
            return qemu::load_capabilities(text).value();
    for (auto const& directory : emulators::profile_directories(options_)) {
        auto const file = fmt::format("{}/{}.json", directory, name);
        if (store_.machine().status(file))
            return qemu::load_capabilities(store_.machine().read_file(file)).value();
    }
    return std::nullopt;
}

auto Emulators::cached(std::string const& file, std::string_view identity) const -> std::optional<qemu::Capabilities>
{
    if (!store_.machine().status(file))
        return std::nullopt;
    auto found = qemu::load_capabilities(store_.machine().read_file(file));
    if (found.has_error() || found->identity != identity)
        return std::nullopt;
    return std::move(*found);
}

auto Emulators::ask(std::string binary) const -> boost::asio::awaitable<qemu::Capabilities>
{
    runtime_->log(LogLevel::info, fmt::format("asking '{}' what it can do", binary));
    auto& machine = store_.machine();
    std::array<std::byte, sizeof(std::uint64_t)> random{};
    machine.fill_random(random);
    auto const socket = store_.path(fmt::format("cache/ask-{:016x}", std::bit_cast<std::uint64_t>(random)));
    auto listener = machine.listen(socket);
    constexpr auto number = 10;
    auto arguments = qemu::probe_options();
    arguments.insert(arguments.end(), {"-chardev", fmt::format("socket,id=qmp,fd={},server=on,wait=off", number), "-mon",
                                       "chardev=qmp,mode=control"});
    // It waits for the emulator, and no name of it is left, whatever becomes of that.
    auto connection = machine.connect(socket);
    machine.remove(socket);
    emulators::Ended const qemu{machine.spawn({.executable = binary,
                                               .arguments = std::move(arguments),
                                               .fds = {{.number = number, .ours = listener.get()}},
                                               .new_session = true})};
    listener.reset();
    qmp::Client client{runtime_->executor(), connection.fd.release()};
    using boost::asio::use_awaitable;
    try {
        co_await client.async_handshake({}, use_awaitable);
        std::vector<qemu::ProbeReply> replies;
        auto commands = qemu::probe_commands();
        for (auto step = 0; step < 2; ++step) {
            for (auto const& command : commands) {
                auto arguments_object =
                    command.arguments.empty() ? boost::json::object{} : boost::json::parse(command.arguments).as_object();
                boost::json::object answer;
                try {
                    answer["return"] =
                        co_await client.async_execute(command.name, std::move(arguments_object), {}, use_awaitable);
                } catch (qmp::CommandError const& refusal) {
                    answer["error"] = boost::json::object{{"class", refusal.error_class()}, {"desc", refusal.description()}};
                }
                replies.push_back({command, boost::json::serialize(answer)});
            }
            if (step == 0)
                commands = qemu::probe_details(replies).value();
        }
        co_return qemu::capabilities_from(binary, replies).value();
    } catch (Error const& error) {
        throw error.with({.object = fmt::format("emulator '{}'", binary), .step = "asking what it can do"});
    }
}

} // namespace vmwright::inline v0::detail
