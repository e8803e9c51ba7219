// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/host/detail/device_name.hpp>
#include <vmwright/host/detail/emulator_line.hpp>
#include <vmwright/host/detail/file_failure.hpp>
#include <vmwright/host/detail/start_failure.hpp>
#include <vmwright/host/detail/start_words.hpp>
#include <vmwright/qemu/option.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <set>
#include <span>
#include <utility>
#include <variant>

namespace vmwright::inline v0::detail
{

namespace start_failure
{
namespace
{

/// What stands between the first and the last of two signs; nothing where one is missing.
auto between(std::string_view text, char first, char last) -> std::string_view
{
    auto const begin = text.find(first);
    auto const end = text.rfind(last);
    return begin == text.npos || end == text.npos || end <= begin ? std::string_view{}
                                                                  : text.substr(begin + 1, end - begin - 1);
}

auto text_in(qemu::Option const& option, std::string_view property) -> std::string
{
    auto const* const value = option.find(property);
    auto const* const text = value == nullptr ? nullptr : std::get_if<std::string>(&value->data());
    return text == nullptr ? std::string{} : *text;
}

/// Whether the text stands in it as a value, also in one of its parts.
auto has_value(qemu::Value const& value, std::string_view text) -> bool
{
    return std::visit(
        [&](auto const& v) {
            using T = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<T, std::string>)
                return v == text || (v.starts_with("unix:") && v.substr(5) == text);
            else if constexpr (std::is_same_v<T, qemu::Map>)
                return std::ranges::any_of(v, [&](auto const& p) { return has_value(p.second, text); });
            else if constexpr (std::is_same_v<T, qemu::List>)
                return std::ranges::any_of(v, [&](auto const& each) { return has_value(each, text); });
            else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
                return fmt::format("{}", v) == text;
            else
                return false;
        },
        value.data());
}

auto option_with(qemu::Plan const& plan, std::string_view text)
{
    return std::ranges::find_if(plan.options, [&](qemu::Option const& option) {
        return !text.empty() && (has_value(qemu::Value{option.properties}, text) || (option.raw && option.name == text));
    });
}

auto option_named(qemu::Plan const& plan, std::string_view name)
{
    return std::ranges::find(plan.options, name, &qemu::Option::name);
}

auto number_of(std::string_view text) -> std::optional<std::uint16_t>
{
    std::uint16_t number{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{number} : std::nullopt;
}

/// What an option of that name listens on, or nothing: `127.0.0.1:99` of VNC, `tcp:127.0.0.1:1234` of gdb.
void find_ports(std::string_view name, std::string_view text, StartFailure& failure)
{
    auto const comma = std::min(text.find(','), text.size());
    auto const place = text.substr(0, comma);
    auto const colon = place.rfind(':');
    if (colon == place.npos)
        return;
    constexpr std::uint16_t first_display = 5900;
    auto const is_vnc = name == "vnc" || name == "-vnc";
    if (auto const port = number_of(place.substr(colon + 1)))
        failure.ports.push_back(static_cast<std::uint16_t>(is_vnc ? *port + first_display : *port));
    failure.address = without_prefix(place.substr(0, colon), "tcp:");
}

void find_ports(qemu::Plan const& plan, std::vector<qemu::Option>::const_iterator option, StartFailure& failure)
{
    if (option == plan.options.end())
        return;
    if (option->raw) {
        if (auto const value = std::next(option); value != plan.options.end())
            find_ports(option->name, value->name, failure);
        return;
    }
    find_ports(option->name, text_in(*option, ""), failure);
    for (auto const* const property : {"port", "websocket", "tls-port", "localport"})
        if (auto const* const value = option->find(property))
            if (auto const port = number_of(qemu::keyval({{"", *value}})))
                failure.ports.push_back(*port);
    for (auto const* const property : {"host", "addr", "localaddr"})
        if (auto address = text_in(*option, property); !address.empty())
            failure.address = std::move(address);
}

auto version_of(qemu::Capabilities const& capabilities) -> std::string
{
    return fmt::format("QEMU {}", to_string(capabilities.version));
}

/// The word itself may be among them, where the emulator has less than it was known to have.
auto hint_for(std::string_view word, std::vector<std::string_view> known, std::string_view otherwise) -> std::string
{
    std::erase(known, word);
    auto const near = vmwright::nearest(word, known);
    return near.empty() ? std::string{otherwise} : fmt::format("did you mean '{}'?", near);
}

auto views(std::vector<std::string> const& names) -> std::vector<std::string_view>
{
    return {names.begin(), names.end()};
}

auto entries_of(std::vector<qemu::NamedList> const& lists, std::string_view name) -> std::vector<std::string_view>
{
    auto const found = std::ranges::find(lists, name, &qemu::NamedList::name);
    return found == lists.end() ? std::vector<std::string_view>{} : views(found->entries);
}

/// The newest machine of the same family, else the nearest.
auto machine_hint(std::string_view machine, qemu::Capabilities const& capabilities) -> std::string
{
    auto const family = qemu::machine_family(machine);
    for (auto const& known : capabilities.machines)
        if (!known.alias.empty() && qemu::machine_family(known.name) == family)
            return fmt::format("its newest of that kind is '{}'; a newer emulator may have more", known.name);
    return hint_for(machine, capabilities.machine_names(), "`vmsh domcapabilities` and -machine help list those it has");
}

constexpr auto too_old = "leave it out, or use a newer emulator";

/// What a driver of disks, sound or displays comes with; empty for one that is in no package.
auto package_of_driver(std::string_view driver) -> std::string_view
{
    for (auto const name : {"http", "https", "ftp", "ftps", "curl", "iscsi", "nfs", "rbd", "ssh", "gluster", "dmg-bz2"})
        if (driver == name)
            return "qemu-block-extra";
    for (auto const name : {"pa", "jack", "sdl", "pipewire", "dbus", "gtk", "egl-headless"})
        if (driver == name)
            return "qemu-system-gui";
    return {};
}

struct SignalName
{
    int number;
    std::string_view name;
    std::string_view hint;
};

constexpr SignalName signals[] = {
    {SIGKILL, "SIGKILL", "where nobody did it, the kernel did for lack of memory: its log (dmesg) tells"},
    {SIGSEGV, "SIGSEGV", "that is a fault of the emulator's: its core dump (coredumpctl) tells where"},
    {SIGABRT, "SIGABRT", "that is a fault of the emulator's: its core dump (coredumpctl) tells where"},
    {SIGBUS, "SIGBUS", "memory behind a file or huge pages has run out, or its disk is full"},
    {SIGILL, "SIGILL", "the emulator was built for another CPU than this host's"},
    {SIGSYS, "SIGSYS", "it made a system call that its sandbox forbids: the kernel's log (dmesg) tells which"},
    {SIGTERM, "SIGTERM", "somebody ended it"},
    {SIGXFSZ, "SIGXFSZ", "raise the limit of a file's size (ulimit -f)"},
};

auto crash(int number) -> StartFailure
{
    auto const found = std::ranges::find(signals, number, &SignalName::number);
    auto const is_known = found != std::end(signals);
    return {.message = fmt::format("the emulator was ended by signal {}{} while it started", number,
                                   is_known ? fmt::format(" ({})", found->name) : ""),
            .hint = is_known ? std::string{found->hint} : std::string{}};
}

class Judge
{
public:
    explicit Judge(FailedStart const& failed)
        : failed_{failed}
        , plan_{failed.plan}
        , lines_{emulator_lines(failed.log, plan_)}
    {
    }

    auto verdict() -> StartFailure
    {
        std::optional<std::pair<StartWords, std::size_t>> weak;
        for (std::size_t i = 0; i < lines_.size(); ++i)
            if (auto words = recognize(lines_[i].text, lines_[i].is_warning)) {
                if (!words->is_weak)
                    return named(of_words(std::move(*words), i), i);
                if (!weak)
                    weak.emplace(std::move(*words), i);
            }
        if (weak)
            return named(of_words(std::move(weak->first), weak->second), weak->second);
        if (failed_.ended && failed_.ended->kind == ExitStatus::Kind::signaled)
            return crash(failed_.ended->code);
        for (std::size_t i = 0; i < lines_.size(); ++i)
            if (auto failure = of_strange_line(lines_[i]))
                return named(std::move(*failure), i);
        auto const code = failed_.ended && failed_.ended->kind == ExitStatus::Kind::exited && failed_.ended->code != 1
                              ? fmt::format(" with status {}", failed_.ended->code)
                              : "";
        return {.message = fmt::format("the emulator ended{} while it started", code),
                .hint = lines_.empty() ? "it said nothing; run its command line by hand (vmsh domxml-to-native)"
                                       : "its own words tell more"};
    }

private:
    auto option_value(std::string_view name) const -> std::string
    {
        auto const option = option_named(plan_, name);
        return option == plan_.options.end() ? std::string{} : text_in(*option, "");
    }

    auto of_words(StartWords words, std::size_t at) -> StartFailure
    {
        auto const& names = words.names;
        auto const name = [&](std::size_t i) { return i < names.size() ? names[i] : std::string{}; };
        auto const& line = lines_[at];
        auto const& capabilities = failed_.capabilities;
        StartFailure failure{.code = words.code, .message = std::move(words.message), .hint = std::move(words.hint)};
        switch (words.topic) {
        case StartTopic::plain: break;
        case StartTopic::file: return of_file(name(0), names.back(), line);
        case StartTopic::unread_file:
            failure.file = name(0);
            failure.question = HostQuestion::what_file;
            break;
        case StartTopic::lock: {
            auto const next = at + 1 < lines_.size() ? lines_[at + 1].text : std::string_view{};
            failure.file = between(next, '[', ']');
            failure.message = fmt::format("its {}image '{}' is in use", line.is_backing ? "backing " : "", failure.file);
            failure.hint =
                "shut that down, or give this disk an image of its own; <shareable/> in both lets guests share one";
            failure.question = HostQuestion::lock_holder;
            break;
        }
        case StartTopic::port:
            find_ports(plan_, line.option, failure);
            if (failure.ports.empty()) {
                failure.message = "a port is taken";
                failure.hint = "`ss -tlnp` lists who listens";
                break;
            }
            failure.question = HostQuestion::port_holder;
            failure.message = fmt::format("port {} is taken", failure.ports.front());
            failure.hint = line.option != plan_.options.end() && line.option->name == "vnc"
                               ? "choose another one, or let one be chosen (autoport='yes')"
                               : "choose another one";
            if (words.code == Errc::permission_denied) {
                failure.question = HostQuestion::none;
                failure.message = fmt::format("port {} is for privileged programs", failure.ports.front());
                failure.hint = "choose one from 1024 on";
            }
            break;
        case StartTopic::listen:
            failure.address = name(0);
            if (auto const port = number_of(name(1)))
                failure.ports.push_back(*port);
            failure.question = HostQuestion::port_holder;
            failure.message = fmt::format("{} cannot be listened on", name(0) + ":" + name(1));
            failure.hint = "choose another port, or an address of this host";
            break;
        case StartTopic::address:
            find_ports(plan_, line.option, failure);
            failure.message = fmt::format("this host has no address '{}'", failure.address);
            failure.hint = "`ip address` lists those it has; 0.0.0.0 is all of them";
            break;
        case StartTopic::connection: return of_connection(name(0), name(1));
        case StartTopic::machine: {
            auto const machine = option_value("machine");
            failure.message = fmt::format("{} has no machine '{}'", version_of(capabilities), machine);
            failure.hint = machine_hint(machine, capabilities);
            break;
        }
        case StartTopic::machine_property:
            failure.message =
                fmt::format("the machine '{}' of {} has no property '{}'", name(0), version_of(capabilities), name(1));
            failure.hint =
                hint_for(name(1), entries_of(capabilities.machine_properties, qemu::machine_family(name(0))), too_old);
            break;
        case StartTopic::cpu:
            failure.message = fmt::format("{} has no CPU '{}'", version_of(capabilities), name(0));
            failure.hint = hint_for(name(0), capabilities.cpu_names(), "`vmsh domcapabilities` lists those it has");
            break;
        case StartTopic::cpu_feature:
            failure.message = fmt::format("the CPUs of {} have no feature '{}'", version_of(capabilities), name(0));
            failure.hint = hint_for(name(0), views(capabilities.cpu_features), too_old);
            break;
        case StartTopic::cpu_features: {
            auto const by = name(0) == "TCG" ? "TCG" : "this host's CPU";
            failure.message = fmt::format("{} does not have the features of the CPU: {}", by, missing_features());
            failure.hint = "give them <feature policy='disable'/> or 'optional', or take a CPU of mode 'maximum'";
            break;
        }
        case StartTopic::device:
            failure.message = fmt::format("{} has no device model '{}'", version_of(capabilities), name(0));
            failure.hint = hint_for(name(0), views(capabilities.devices), too_old);
            break;
        case StartTopic::device_property:
            failure.message =
                fmt::format("the device '{}' of {} has no property '{}'", name(0), version_of(capabilities), name(1));
            failure.hint = hint_for(name(1), entries_of(capabilities.device_properties, name(0)), too_old);
            break;
        case StartTopic::object:
            failure.message = fmt::format("{} has no object '{}'", version_of(capabilities), name(0));
            failure.hint = hint_for(name(0), views(capabilities.objects), too_old);
            break;
        case StartTopic::parameter:
            failure.message = fmt::format("{} does not know '{}' there", version_of(capabilities), name(0));
            failure.hint = too_old;
            break;
        case StartTopic::driver: {
            auto const package = package_of_driver(name(0));
            failure.code = package.empty() ? Errc::not_supported : Errc::not_installed;
            failure.message =
                fmt::format("the emulator's driver '{}' is not {}", name(0), package.empty() ? "there" : "installed");
            failure.hint = package.empty() ? "take another one, or an emulator that was built with it"
                                           : fmt::format("install Debian's package {}", package);
            break;
        }
        case StartTopic::option:
            failure.message = fmt::format("{} does not know the option '-{}'", version_of(capabilities),
                                          line.option == plan_.options.end() ? std::string_view{}
                                                                             : without_prefix(line.option->name, "-"));
            failure.hint = too_old;
            break;
        case StartTopic::memory: return of_memory(words.code);
        }
        return failure;
    }

    auto of_file(std::string path, std::string_view why, EmulatorLine const& line) -> StartFailure
    {
        auto const reason = reason_at_end(why).value_or(std::errc::io_error);
        if (reason == std::errc::not_enough_memory)
            return of_memory(Errc::out_of_memory);
        // An image is opened for reading first, and what it is written for when its device comes.
        auto const writes =
            line.option != plan_.options.end() && (line.option->name == "device" || line.option->name == "chardev");
        auto failure = file_failure(std::move(path), reason, writes);
        if (line.is_backing)
            failure.message += ", on which its image is based";
        if (line.is_backing && reason == std::errc::no_such_file_or_directory)
            failure.hint = "put it back, or tell the image where it is now with `qemu-img rebase -u`";
        return failure;
    }

    auto of_connection(std::string const& peer, std::string const& why) -> StartFailure
    {
        if (peer.starts_with('/') && reason_at_end(why) != std::errc::connection_refused)
            return file_failure(peer, reason_at_end(why).value_or(std::errc::io_error), true);
        return {.code = Errc::unreachable,
                .message = fmt::format("'{}' does not answer: {}", peer, why),
                .hint = "start what is to listen there, or mend the address",
                .file = peer.starts_with('/') ? peer : std::string{}};
    }

    auto of_memory(Errc code) -> StartFailure
    {
        StartFailure failure{.code = code, .device = "memory", .node = "/domain/memory", .memory = failed_.live.memory};
        if (failed_.live.memory_backing.huge_pages) {
            failure.question = HostQuestion::huge_pages;
            failure.node = "/domain/memoryBacking/hugepages";
            if (auto const& pages = failed_.live.memory_backing.huge_pages->pages; !pages.empty())
                failure.page_size = pages.front().size;
            failure.message =
                code == Errc::not_supported ? "the kernel has no huge pages of that size" : "there are too few huge pages";
            failure.hint = "reserve more in /sys/kernel/mm/hugepages (nr_hugepages), or leave <hugepages/> out";
            return failure;
        }
        failure.question = HostQuestion::memory;
        failure.message = fmt::format("the host cannot give the guest its {} MiB of memory", failed_.live.memory.mib());
        failure.hint = "end other programs, give the guest less, or look at the limits (ulimit -v, memory.max)";
        return failure;
    }

    /// Nobody knows the words, but what option they are about, or why it went wrong, may tell enough.
    auto of_strange_line(EmulatorLine const& line) -> std::optional<StartFailure>
    {
        if (line.is_warning)
            return std::nullopt;
        auto const reason = reason_at_end(line.text);
        auto const has_option = line.option != plan_.options.end();
        if (!reason && !has_option)
            return std::nullopt;
        StartFailure failure{.message = std::string{line.text}, .hint = "its own words tell more"};
        if (reason) {
            auto const general = file_failure({}, *reason, false);
            if (general.code != Errc::io_failed)
                failure.code = general.code;
            if (!general.hint.empty() && general.code != Errc::not_found)
                failure.hint = general.hint;
        }
        // What a format's driver says when it reads an image is about the image.
        if (has_option && !reason && line.option->name == "blockdev" && line.option->find("file") != nullptr) {
            failure.code = Errc::bad_file;
            failure.hint = fmt::format("look at the image with `qemu-img info` and `qemu-img check -f {}`",
                                       text_in(*line.option, "driver"));
        }
        return failure;
    }

    auto missing_features() const -> std::string
    {
        std::string features;
        for (auto const& line : lines_) {
            constexpr auto words = std::string_view{"doesn't support requested feature: "};
            auto const at = line.text.find(words);
            if (!line.is_warning || at == line.text.npos)
                continue;
            auto const feature =
                line.text.substr(at + words.size(), line.text.find(' ', at + words.size()) - at - words.size());
            features += fmt::format("{}{}", features.empty() ? "" : ", ", feature.substr(feature.rfind('.') + 1));
        }
        return features;
    }

    /// With the device whose option the line quotes, or that has the file or the port.
    auto named(StartFailure failure, std::size_t at) -> StartFailure
    {
        auto option = lines_[at].option;
        for (auto const& text :
             {failure.file, failure.ports.empty() ? std::string{} : fmt::format("{}", failure.ports.front())})
            if (option == plan_.options.end())
                option = option_with(plan_, text);
        if (option == plan_.options.end())
            option = implied_option(failure);
        if (option == plan_.options.end())
            return failure;
        auto const node = failure.node.empty() ? option->node : failure.node;
        if (failure.device.empty())
            failure.device = device_name(node, failed_.live);
        if (failure.device.empty() && option->raw)
            failure.device = fmt::format("argument '{}'", option->name);
        if (!node.empty())
            failure.node = plan_.origins.find(node).node;
        return failure;
    }

    /// Some lines are about one option and do not say so.
    auto implied_option(StartFailure const& failure) const -> std::vector<qemu::Option>::const_iterator
    {
        if (!failure.device.empty())
            return std::ranges::find(plan_.options, failure.node, &qemu::Option::node);
        auto const& text = failure.message;
        using Pair = std::pair<std::string_view, std::string_view>;
        for (auto const& [word, name] :
             {Pair{"CPUs are more", "smp"}, Pair{"has no machine", "machine"}, Pair{"the machine '", "machine"},
              Pair{"fit their topology", "smp"}, Pair{" CPU", "cpu"}, Pair{"NUMA", "numa"},
              Pair{"is not a kernel", "kernel"}, Pair{"initrd", "initrd"}, Pair{"firmware", "blockdev"},
              Pair{"render node", "spice"}, Pair{"render node", "display"}, Pair{"display", "display"},
              Pair{"driver '", "audiodev"}, Pair{"sound system", "audiodev"}, Pair{"SPICE", "spice"}})
            if (auto const option = option_named(plan_, name); text.find(word) != text.npos && option != plan_.options.end())
                return option;
        return plan_.options.end();
    }

    FailedStart const& failed_;
    qemu::Plan const& plan_;
    std::vector<EmulatorLine> lines_;
};

} // namespace
} // namespace start_failure

auto judge(FailedStart const& failed) -> StartFailure
{
    return start_failure::Judge{failed}.verdict();
}

} // namespace vmwright::inline v0::detail
