// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

struct QemuVariable
{
    std::string name{};
    std::string value{};

    bool operator==(QemuVariable const&) const = default;
};

/// Arguments and environment that QEMU gets beside those that the configuration stands for.
struct QemuCommandLine
{
    std::vector<std::string> arguments{};
    std::vector<QemuVariable> environment{};

    bool operator==(QemuCommandLine const&) const = default;
};

/// Capabilities by libvirt's names that the emulator is said to have, or not to have.
struct QemuCapabilities
{
    std::vector<std::string> added{};
    std::vector<std::string> removed{};

    bool operator==(QemuCapabilities const&) const = default;
};

/// What QEMU does when it is asked for something deprecated.
enum class DeprecationBehavior
{
    none,
    omit,
    reject,
    crash,
};
constexpr auto enum_names(DeprecationBehavior)
{
    return name_list("none", "omit", "reject", "crash");
}

enum class OverrideType
{
    string,
    signed_,
    unsigned_,
    bool_,
    remove,
};
constexpr auto enum_names(OverrideType)
{
    return name_list("string", "signed", "unsigned", "bool", "remove");
}

struct PropertyOverride
{
    std::string name{};
    OverrideType type{};
    std::optional<std::string> value{};

    bool operator==(PropertyOverride const&) const = default;
};

/// Sets or removes properties of the QEMU device with that alias.
struct DeviceOverride
{
    std::string alias{};
    std::vector<PropertyOverride> frontend{};

    bool operator==(DeviceOverride const&) const = default;
};

inline constexpr auto qemu_namespace = "http://libvirt.org/schemas/domain/qemu/1.0";

/// What the elements of `qemu_namespace` say.
struct QemuExtensions
{
    QemuCommandLine command_line{};
    QemuCapabilities capabilities{};
    std::optional<DeprecationBehavior> deprecation{};
    std::vector<DeviceOverride> overrides{};

    bool operator==(QemuExtensions const&) const = default;
};

} // namespace vmwright::inline v0
