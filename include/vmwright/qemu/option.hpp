// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qemu
{

/// One option of QEMU as data: the same list starts a VM and hot-plugs a device.
///
/// A property whose name is empty is printed without a name, as the type in `-machine pc,usb=off`; an option with no other
/// property is one bare argument. An option without properties is a switch.
struct Option
{
    std::string name{}; ///< without its dash: "device", "blockdev", "m"
    Map properties{};
    bool json{};        ///< this QEMU takes it as JSON
    std::string node{}; ///< of the resolved configuration: what asked for it
    std::string rule{}; ///< the named rule, for what no node asked for
    bool raw{};         ///< `name` is one argument of the user's, as it stands

    bool operator==(Option const&) const = default;

    /// Sets a property; an optional that holds nothing leaves it out.
    template <class T>
    auto set(std::string_view property, T&& value) -> Option&
    {
        if constexpr (requires {
                          value.has_value();
                          *value;
                      }) {
            if (value)
                append(property, Value{*std::forward<T>(value)});
        } else
            append(property, Value{std::forward<T>(value)});
        return *this;
    }
    /// Sets a property if the condition holds.
    template <class T>
    auto set_if(bool condition, std::string_view property, T&& value) -> Option&
    {
        return condition ? set(property, std::forward<T>(value)) : *this;
    }

    /// Adds a property behind the others. Kept out of line: inlined into long chains of `set`, g++ 12 takes the moved
    /// alternatives of the variant for uninitialized.
    [[gnu::noinline]] void append(std::string_view property, Value value);
    [[nodiscard]] auto find(std::string_view property) const noexcept -> Value const*;
};

/// The text of the argument that follows `-name`; nothing for a switch. Slots are printed as libvirt would.
[[nodiscard]] auto argument_text(Option const& option) -> std::optional<std::string>;

/// `key=value` pairs with commas doubled; nested values as `a.b=` and `a.0=`.
[[nodiscard]] auto keyval(Map const& properties) -> std::string;
[[nodiscard]] auto json(Map const& properties) -> std::string;

} // namespace vmwright::inline v0::qemu
