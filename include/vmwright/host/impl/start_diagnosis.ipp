// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/file_failure.hpp>
#include <vmwright/host/detail/start_diagnosis.hpp>
#include <vmwright/machine/access.hpp>
#include <vmwright/machine/holders.hpp>
#include <vmwright/machine/machine.hpp>
#include <vmwright/xml/domain.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <exception>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

namespace vmwright::inline v0::detail
{

namespace start_diagnosis
{
namespace
{

auto status_of(Machine& machine, std::string const& path) -> std::optional<FileStatus>
{
    try {
        return machine.status(path);
    } catch (Error const&) {
        return std::nullopt;
    }
}

/// The first number behind that word in a file of the kernel's; nothing when it is not there.
auto number_in(Machine& machine, std::string const& file, std::string_view word) -> std::optional<std::uint64_t>
{
    try {
        auto const text = machine.read_file(file);
        auto at = text.find(word);
        if (at == text.npos)
            return std::nullopt;
        at = text.find_first_of("0123456789", at + word.size());
        std::uint64_t number{};
        if (at == text.npos || std::from_chars(text.data() + at, text.data() + text.size(), number).ec != std::errc{})
            return std::nullopt;
        return number;
    } catch (Error const&) {
        return std::nullopt;
    }
}

/// `domain 'other' (pid 4711)`, `qemu-system-x86_64 (pid 4711), whose guest is 'other'`, `nginx (pid 4711)`.
auto who_is(Store const& store, ProcessId process) -> std::string
{
    for (auto const& name : store.run_names())
        if (auto const status = store.run_status(name); status && status->process == process)
            return fmt::format("{} (pid {})", domain_object(name), process.pid);
    auto const arguments = arguments_of(store.machine(), process);
    auto const program = arguments.empty() ? std::string{"a process"} : arguments.front();
    auto text = fmt::format("{} (pid {})", program.substr(program.rfind('/') + 1), process.pid);
    auto const name = std::ranges::find(arguments, "-name");
    constexpr auto key = std::string_view{"guest="};
    if (name != arguments.end() && std::next(name) != arguments.end())
        if (auto const& value = *std::next(name); value.starts_with(key))
            text += fmt::format(", whose guest is '{}'", value.substr(key.size(), value.find(',') - key.size()));
    return text;
}

auto list_of(Store const& store, std::vector<ProcessId> const& processes) -> std::string
{
    std::string text;
    for (auto const& process : processes)
        text += fmt::format("{}{}", text.empty() ? "" : " and ", who_is(store, process));
    return text;
}

void find_lock_holder(Store const& store, StartFailure& failure)
{
    auto const holders = lock_holders(store.machine(), failure.file);
    failure.message +=
        holders.empty() ? ", by whom cannot be seen from here" : fmt::format(" by {}", list_of(store, holders));
}

void find_port_holder(Store const& store, StartFailure& failure)
{
    auto& machine = store.machine();
    for (auto const port : failure.ports)
        if (auto const holders = port_holders(machine, port); !holders.empty()) {
            failure.message = fmt::format("port {} is taken by {}", port, list_of(store, holders));
            return;
        }
    auto const is_any = failure.address.empty() || failure.address == "0.0.0.0" || failure.address == "::";
    if (is_any || std::ranges::any_of(failure.ports, [&](std::uint16_t port) { return machine.port_is_taken(port); }))
        return;
    failure.code = Errc::not_found;
    failure.message = fmt::format("this host has no address '{}'", failure.address);
    failure.hint = "`ip address` lists those it has; 0.0.0.0 is all of them";
}

void explain_access(Machine& machine, StartFailure& failure)
{
    auto const denial = explain_denial(machine, failure.file, failure.writes);
    if (!denial.reason.empty())
        failure.message += ": " + denial.reason;
    if (!denial.hint.empty())
        failure.hint = denial.hint;
}

/// The emulator looks for some files in other places, too, and says of an empty one that it is not there.
void look_at_file(Machine& machine, StartFailure& failure)
{
    auto const take = [&](std::errc reason) {
        auto const found = file_failure(failure.file, reason, false);
        failure.code = found.code;
        failure.message = found.message;
        failure.hint = found.hint;
        if (found.question == HostQuestion::access)
            explain_access(machine, failure);
    };
    std::optional<FileStatus> found;
    try {
        found = machine.status(failure.file);
    } catch (Error const& error) {
        if (error.context().cause == std::errc::permission_denied)
            take(std::errc::permission_denied);
        return;
    }
    if (!found) {
        if (failure.file.starts_with('/') && (failure.code != Errc::not_found || failure.hint.empty()))
            take(std::errc::no_such_file_or_directory);
    } else if (found->type == FileType::directory)
        take(std::errc::is_a_directory);
    else if (found->type == FileType::regular && found->size == 0) {
        failure.code = Errc::bad_file;
        failure.message = fmt::format("'{}' is empty", failure.file);
        failure.hint = "name the file that is meant";
    }
}

void look_at_memory(Machine& machine, StartFailure& failure)
{
    if (auto const kib = number_in(machine, "/proc/meminfo", "MemAvailable:"))
        failure.message += fmt::format(": {} MiB are available", *kib >> 10);
}

void look_at_huge_pages(Machine& machine, StartFailure& failure)
{
    auto const kib = failure.page_size ? std::optional{failure.page_size->bytes >> 10}
                                       : number_in(machine, "/proc/meminfo", "Hugepagesize:");
    if (!kib)
        return;
    auto const directory = fmt::format("/sys/kernel/mm/hugepages/hugepages-{}kB", *kib);
    if (!status_of(machine, directory)) {
        failure.code = Errc::not_supported;
        failure.message = fmt::format("the kernel has no huge pages of {} KiB", *kib);
        failure.hint = "/sys/kernel/mm/hugepages lists the sizes it has";
        return;
    }
    auto const count = [&](std::string_view leaf) {
        return number_in(machine, fmt::format("{}/{}", directory, leaf), "").value_or(0);
    };
    auto const needed = failure.memory ? (failure.memory->bytes + (*kib << 10) - 1) / (*kib << 10) : 0;
    failure.message = fmt::format("there are too few huge pages of {} KiB: {} are needed, {} of {} are free", *kib, needed,
                                  count("free_hugepages"), count("nr_hugepages"));
    failure.hint = fmt::format("reserve more, as root: `echo N > {}/nr_hugepages`; or leave <hugepages/> out", directory);
}

void ask(Store const& store, StartFailure& failure)
{
    switch (failure.question) {
    case HostQuestion::none: break;
    case HostQuestion::lock_holder: find_lock_holder(store, failure); break;
    case HostQuestion::port_holder: find_port_holder(store, failure); break;
    case HostQuestion::access: explain_access(store.machine(), failure); break;
    case HostQuestion::what_file: look_at_file(store.machine(), failure); break;
    case HostQuestion::memory: look_at_memory(store.machine(), failure); break;
    case HostQuestion::huge_pages: look_at_huge_pages(store.machine(), failure); break;
    }
}

auto object_of(StartOrder const& order, std::string_view device) -> std::string
{
    auto const domain = domain_object(order.name);
    return device.empty() ? domain : fmt::format("{}, {}", domain, device);
}

/// Of a program that the kernel would not start.
auto program_hint(Machine& machine, std::string const& program, int reason) -> std::string
{
    switch (reason) {
    case EACCES: {
        auto const denial = explain_denial(machine, program, false);
        return denial.hint.empty() || denial.reason.empty() ? "make it executable: chmod +x" : denial.hint;
    }
    case ENOEXEC: return "it is no program of this machine's kind: `file` tells what it is";
    case ENOENT:
        return status_of(machine, program) ? "it is there, and its interpreter is not: `file` names that"
                                           : "install it again";
    case EAGAIN: return "raise the limit of processes (ulimit -u, pids.max of the cgroup)";
    case ENOMEM: return "end other programs";
    case EMFILE: return "raise the limit of open files (ulimit -n)";
    default: return {};
    }
}

/// `/bin/x` of `cannot start '/bin/x': …`.
auto quoted_in(std::string_view message) -> std::string
{
    auto const open = std::min(message.find('\''), message.size() - 1);
    return std::string{message.substr(open + 1, message.find('\'', open + 1) - open - 1)};
}

} // namespace
} // namespace start_diagnosis

auto place_of(StartOrder const& order, std::string const& node) -> std::string
{
    auto const where = xml::read_domain(order.text).document.locate(node);
    return where.line == 0 ? node : fmt::format("{}, line {} column {} of the definition", node, where.line, where.column);
}

auto start_error(Store const& store, StartOrder const& order, StartFailure failure, std::string words) -> Error
{
    try {
        start_diagnosis::ask(store, failure);
    } catch (std::exception const&) {
        // What the host cannot tell takes nothing from what is known.
    }
    if (!failure.node.empty())
        failure.hint += fmt::format("{}see {}", failure.hint.empty() ? "" : "; ", place_of(order, failure.node));
    return {failure.code,
            failure.message,
            {.object = start_diagnosis::object_of(order, failure.device),
             .step = "start",
             .hint = std::move(failure.hint),
             .detail = std::move(words)}};
}

auto step_error(Store const& store, StartOrder const& order, Error const& error, std::string_view device) -> Error
{
    auto context = error.context();
    if (!context.object.starts_with(domain_object(order.name)))
        context.object = start_diagnosis::object_of(order, device);
    if (!context.step.starts_with("start"))
        context.step = context.step.empty() ? "start" : "start: " + context.step;
    auto code = error.code();
    auto const is_system = context.cause && context.cause.category() == std::system_category();
    if (code == Errc::spawn_failed && is_system && context.hint.empty())
        context.hint = start_diagnosis::program_hint(store.machine(), start_diagnosis::quoted_in(error.message()),
                                                     context.cause.value());
    if (code == Errc::io_failed && is_system) {
        auto path = start_diagnosis::quoted_in(error.message());
        auto failure =
            file_failure(path.empty() ? store.root() : std::move(path), static_cast<std::errc>(context.cause.value()), true);
        if (failure.code == Errc::read_only)
            failure.hint = "mount it writable";
        if (failure.code != Errc::io_failed && failure.code != Errc::not_found) {
            code = make_error_code(failure.code);
            if (failure.question == HostQuestion::access)
                start_diagnosis::explain_access(store.machine(), failure);
            if (context.hint.empty())
                context.hint = failure.hint;
        }
    }
    return {code, error.message(), std::move(context)};
}

auto timeout_error(Store const& store, StartOrder const& order, ProcessId emulator, std::string_view doing,
                   std::string words) -> Error
{
    auto const deadline = fmt::format("the emulator has not answered within {} ms", order.options.deadline.count());
    auto const object = domain_object(order.name);
    auto const state = process_state(store.machine(), emulator);
    if (state == 'T' || state == 't')
        return {Errc::timed_out,
                fmt::format("{}, {}: its process was stopped", deadline, doing),
                {.object = object, .step = "start", .hint = "see who sends it SIGSTOP", .detail = std::move(words)}};
    if (state == 'D')
        return {Errc::timed_out,
                fmt::format("{}, {}: it waits for a disk or a file system that does not answer", deadline, doing),
                {.object = object, .step = "start", .hint = "look at the kernel's log (dmesg)", .detail = std::move(words)}};
    if (order.config.type == DomainType::kvm)
        return {Errc::accelerator_unusable,
                fmt::format("KVM cannot be used: {}", deadline),
                {.object = object, .hint = "look at the kernel's log, or use type='qemu'", .detail = std::move(words)}};
    return {Errc::timed_out,
            fmt::format("{}, {}", deadline, doing),
            {.object = object,
             .step = "start",
             .hint = "give the start a longer deadline, if the guest is large or the host is busy",
             .detail = std::move(words)}};
}

} // namespace vmwright::inline v0::detail
