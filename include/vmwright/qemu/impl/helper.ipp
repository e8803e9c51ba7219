// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/helper.hpp>

#include <fmt/format.h>

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace vmwright::inline v0::qemu
{

namespace detail::helper
{
namespace
{

auto text_of(Value const& value) -> std::optional<std::string>
{
    return std::visit(
        [](auto const& v) -> std::optional<std::string> {
            using T = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<T, bool>)
                return v ? "on" : "off";
            else if constexpr (std::is_integral_v<T>)
                return fmt::format("{}", v);
            else if constexpr (std::is_same_v<T, std::string>)
                return v;
            else if constexpr (std::is_same_v<T, Slot>)
                return v.printed;
            else
                return std::nullopt;
        },
        value.data());
}

/// `key=value,flag`; a property without a name is its value alone.
auto text_of(Map const& properties) -> std::string
{
    std::string text;
    for (auto const& [name, value] : properties) {
        auto const words = text_of(value);
        text +=
            fmt::format("{}{}{}{}", text.empty() ? "" : ",", name, words && !name.empty() ? "=" : "", words.value_or(""));
    }
    return text;
}

auto is_slot(Value const& value, std::string_view name) -> bool
{
    auto const* const slot = std::get_if<Slot>(&value.data());
    return slot != nullptr && slot->name == name;
}

void fill(Option& option, std::string_view slot, std::string const& number)
{
    auto is_backend = false;
    for (auto& [name, value] : option.properties)
        if (auto const* const address = std::get_if<Map>(&value.data())) {
            for (auto const& [key, nested] : Map{*address})
                if (is_slot(nested, slot))
                    value = Map{{"type", "fd"}, {"str", number}};
        } else if (is_slot(value, slot)) {
            is_backend = option.name == "chardev" && name.empty();
            if (name == "path")
                name = "fd";
            value = is_backend ? Value{"socket"} : Value{number};
        }
    if (is_backend)
        option.set("fd", number);
}

struct Needed
{
    std::string_view program;
    std::string_view package;
    std::string_view elsewhere{}; ///< where it is looked for beside PATH
};

constexpr Needed swtpm{"swtpm", "swtpm"};
constexpr Needed swtpm_setup{"swtpm_setup", "swtpm-tools"};
constexpr Needed virtiofsd{"virtiofsd", "qemu-system-common (virtiofsd since Debian 13)", virtiofsd_places};
constexpr Needed passt{"passt", "passt"};

} // namespace
} // namespace detail::helper

auto helper_arguments(std::vector<Option> const& options) -> std::vector<std::string>
{
    std::vector<std::string> arguments;
    for (auto const& option : options) {
        auto text = detail::helper::text_of(option.properties);
        if (option.raw)
            arguments.push_back(option.name);
        else if (option.name.size() > 1)
            arguments.push_back(fmt::format("--{}{}{}", option.name, text.empty() ? "" : "=", text));
        else {
            arguments.push_back("-" + option.name);
            if (!text.empty())
                arguments.push_back(std::move(text));
        }
    }
    return arguments;
}

void fill_slot(std::vector<Option>& options, std::string_view slot, int number)
{
    for (auto& option : options)
        detail::helper::fill(option, slot, fmt::format("{}", number));
}

auto missing_helpers(DomainConfig const& config, HostFacts const& facts) -> Diagnostics
{
    Diagnostics out;
    auto const require = [&out](std::string const& path, detail::helper::Needed const& needed, std::string node) {
        if (!path.empty())
            return;
        auto const places = needed.elsewhere.empty() ? std::string{} : fmt::format("is not {} and ", needed.elsewhere);
        out.add(
            {.severity = Severity::error,
             .fault = Fault::not_supported,
             .node = std::move(node),
             .message = fmt::format("there is no {} on this host: it {}is in no directory of PATH", needed.program, places),
             .hint = fmt::format("install Debian's package {}", needed.package)});
    };
    auto const& devices = config.devices;
    for (std::size_t i = 0; i < devices.tpms.size(); ++i)
        if (std::holds_alternative<EmulatedTpm>(devices.tpms[i].backend)) {
            auto const node = detail::device_node("tpm", i) + "/backend/@type";
            require(facts.helpers.swtpm, detail::helper::swtpm, node);
            require(facts.helpers.swtpm_setup, detail::helper::swtpm_setup, node);
        }
    for (std::size_t i = 0; i < devices.filesystems.size(); ++i)
        if (auto const& f = devices.filesystems[i];
            detail::is_virtiofs(f) && f.source.socket.empty() && !(f.binary && !f.binary->path.empty()))
            require(facts.helpers.virtiofsd, detail::helper::virtiofsd,
                    detail::device_node("filesystem", i) + "/driver/@type");
    for (std::size_t i = 0; i < devices.interfaces.size(); ++i)
        if (detail::uses_passt(devices.interfaces[i]))
            require(facts.helpers.passt, detail::helper::passt, detail::device_node("interface", i) + "/backend/@type");
    return out;
}

namespace detail
{

auto helper_for(HelperKind kind, std::string_view program, DeviceInfo const& info, std::string_view node) -> Helper
{
    auto const name = info.alias.value_or("");
    return {.kind = kind,
            .name = name,
            .node = std::string{node},
            .program = std::string{program},
            .slot = fmt::format("{}:{}", vmwright::to_string(kind), name)};
}

auto add_option(std::vector<Option>& options, std::string_view name, std::string_view node, std::string_view rule) -> Option&
{
    Option option;
    option.name = name;
    option.node = node;
    option.rule = rule;
    options.push_back(std::move(option));
    return options.back();
}

} // namespace detail

} // namespace vmwright::inline v0::qemu
