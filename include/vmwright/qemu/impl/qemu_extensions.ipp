// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/extensions.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace vmwright::inline v0::qemu::detail
{

namespace extensions
{
namespace
{

template <class T>
auto number(std::string_view text) -> std::optional<T>
{
    T value{};
    auto base = 10;
    if (text.starts_with("0x")) {
        text.remove_prefix(2);
        base = 16;
    }
    auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return error == std::errc{} && stop == text.data() + text.size() ? std::optional{value} : std::nullopt;
}

/// Nothing for a text that is no value of that type.
auto value_of(PropertyOverride const& property) -> std::optional<Value>
{
    auto const text = property.value.value_or("");
    switch (property.type) {
    case OverrideType::string: return Value{text};
    case OverrideType::signed_:
        if (auto const v = number<std::int64_t>(text))
            return Value{*v};
        break;
    case OverrideType::unsigned_:
        if (auto const v = number<std::uint64_t>(text))
            return Value{*v};
        break;
    case OverrideType::bool_:
        if (text == "true" || text == "false")
            return Value{text == "true"};
        break;
    case OverrideType::remove: break;
    }
    return std::nullopt;
}

void check_property(PropertyOverride const& property, std::string const& node, Checking const& at)
{
    if (property.name.empty())
        at.error(node + "/@name", Fault::missing, "the property has no name");
    if (property.type == OverrideType::remove)
        return;
    if (!property.value)
        at.error(node, Fault::missing, fmt::format("the property '{}' has no value", property.name),
                 "add one, or use type='remove'");
    else if (!value_of(property))
        at.error(node + "/@value", Fault::bad_text,
                 fmt::format("'{}' is not a value of type '{}'", *property.value, to_string(property.type)),
                 property.type == OverrideType::bool_ ? "give true or false" : "give a whole number");
}

void check_variable(QemuVariable const& variable, std::string const& node, Checking const& at)
{
    auto const is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    auto const& name = variable.name;
    if (name.empty() || !is_letter(name.front()) ||
        !std::ranges::all_of(name, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); }))
        at.error(node + "/@name", Fault::bad_text, fmt::format("'{}' is not the name of an environment variable", name),
                 "give letters, digits and underscores, a digit not first");
}

} // namespace
} // namespace extensions

void check_extensions(Checking const& at)
{
    auto const& qemu = at.config.qemu;
    auto const& environment = qemu.command_line.environment;
    for (std::size_t i = 0; i < environment.size(); ++i)
        extensions::check_variable(environment[i], fmt::format("/domain/qemu:commandline/qemu:env[{}]", i + 1), at);
    auto const ignore = [&](std::vector<std::string> const& names, std::string_view kind) {
        for (std::size_t i = 0; i < names.size(); ++i)
            at.warning(fmt::format("/domain/qemu:capabilities/qemu:{}[{}]", kind, i + 1), Fault::ignored,
                       fmt::format("what is said of the capability '{}' has no effect", names[i]),
                       "the emulator is asked itself");
    };
    ignore(qemu.capabilities.added, "add");
    ignore(qemu.capabilities.removed, "del");
    for (std::size_t i = 0; i < qemu.overrides.size(); ++i) {
        auto const node = fmt::format("/domain/qemu:override/qemu:device[{}]", i + 1);
        auto const& device = qemu.overrides[i];
        if (device.alias.empty())
            at.error(node + "/@alias", Fault::missing, "the device has no alias");
        if (std::ranges::count(qemu.overrides, device.alias, &DeviceOverride::alias) > 1)
            at.error(node + "/@alias", Fault::duplicate, fmt::format("device '{}' is overridden twice", device.alias),
                     "say it in one element");
        for (std::size_t j = 0; j < device.frontend.size(); ++j)
            extensions::check_property(device.frontend[j], fmt::format("{}/qemu:frontend/qemu:property[{}]", node, j + 1),
                                       at);
    }
}

void add_arguments(DomainConfig const& config, std::vector<Option>& options)
{
    if (auto const behavior = config.qemu.deprecation; behavior && *behavior != DeprecationBehavior::none) {
        auto& compat = options.emplace_back(Option{.name = "compat", .json = true, .node = "/domain/qemu:deprecation"});
        compat.set("deprecated-output", "hide");
        if (*behavior != DeprecationBehavior::omit)
            compat.set("deprecated-input", to_string(*behavior));
    }
    auto const& arguments = config.qemu.command_line.arguments;
    for (std::size_t i = 0; i < arguments.size(); ++i)
        options.push_back(
            Option{.name = arguments[i], .node = fmt::format("/domain/qemu:commandline/qemu:arg[{}]", i + 1), .raw = true});
}

void override_properties(DomainConfig const& config, std::vector<Option>& options, Diagnostics& out)
{
    auto const& devices = config.qemu.overrides;
    for (std::size_t i = 0; i < devices.size(); ++i) {
        auto const is_meant = [&](Option const& option) {
            auto const* id = option.name == "device" ? option.find("id") : nullptr;
            return id && *id == Value{devices[i].alias};
        };
        auto const option = std::ranges::find_if(options, is_meant);
        if (option == options.end()) {
            out.add({.severity = Severity::warning,
                     .fault = Fault::ignored,
                     .node = fmt::format("/domain/qemu:override/qemu:device[{}]/@alias", i + 1),
                     .message = fmt::format("no device has the alias '{}'", devices[i].alias)});
            continue;
        }
        for (auto const& property : devices[i].frontend) {
            auto& properties = option->properties;
            auto const value = extensions::value_of(property);
            auto const found = std::ranges::find_if(properties, [&](auto const& p) { return p.first == property.name; });
            if (!value) {
                if (found != properties.end())
                    properties.erase(found);
            } else if (found != properties.end())
                found->second = *value;
            else
                properties.emplace_back(property.name, *value);
        }
    }
}

void add_environment(DomainConfig const& config, Translating& at)
{
    if (config.clock.timezone)
        at.set_environment("TZ", *config.clock.timezone);
    for (auto const& [name, value] : config.qemu.command_line.environment)
        at.set_environment(name, value);
}

} // namespace vmwright::inline v0::qemu::detail
