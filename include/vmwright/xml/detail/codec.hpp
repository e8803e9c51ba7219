// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/ip_address.hpp>
#include <vmwright/core/mac.hpp>
#include <vmwright/core/number_set.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/core/uuid.hpp>

#include <fmt/format.h>

#include <charconv>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::xml::detail
{

/// Why a text is not a value: the kind of fault, what was expected, and the words that would have been right.
struct Complaint
{
    Fault fault{};
    std::string expected{};
    std::span<std::string_view const> words{};
};

inline auto trimmed(std::string_view text) -> std::string_view
{
    constexpr std::string_view space = " \t\r\n";
    auto const first = text.find_first_not_of(space);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// How a value of one type is spelled in XML.
template <class T>
struct Codec;

template <>
struct Codec<std::string>
{
    auto parse(std::string_view text, std::string& value, Complaint&) const -> bool
    {
        value = text;
        return true;
    }
    auto format(std::string const& value) const -> std::string { return value; }
};

template <std::integral T>
struct Number
{
    int base{10}; ///< 0: a prefix 0x says hexadecimal

    auto parse(std::string_view text, T& value, Complaint& complaint) const -> bool
    {
        auto digits = trimmed(text);
        auto radix = base == 0 ? 10 : base;
        if (digits.starts_with('+'))
            digits.remove_prefix(1);
        if (base != 10 && (digits.starts_with("0x") || digits.starts_with("0X"))) {
            digits.remove_prefix(2);
            radix = 16;
        }
        auto const* const end = digits.data() + digits.size();
        T number{};
        auto const [stop, error] = std::from_chars(digits.data(), end, number, radix);
        if (error == std::errc{} && stop == end) {
            value = number;
            return true;
        }
        complaint.fault = Fault::bad_number;
        complaint.expected =
            fmt::format("a whole number from {} to {}", std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
        return false;
    }
    auto format(T value) const -> std::string { return fmt::format("{}", value); }
};

template <std::integral T>
requires(!std::same_as<T, bool>) struct Codec<T> : Number<T>
{
};

/// Hexadecimal with a prefix and at least so many digits; decimal is read too.
template <std::integral T>
struct Hex : Number<T>
{
    int digits{};

    explicit Hex(int least_digits)
        : Number<T>{0}
        , digits{least_digits}
    {
    }
    auto format(T value) const -> std::string { return fmt::format("{:#0{}x}", value, digits + 2); }
};

inline auto hex(int digits) -> Hex<std::uint32_t>
{
    return Hex<std::uint32_t>{digits};
}

/// A bool under two words.
struct Switch
{
    std::string_view words[2]; ///< false, true

    auto parse(std::string_view text, bool& value, Complaint& complaint) const -> bool
    {
        if (text == words[0] || text == words[1]) {
            value = text == words[1];
            return true;
        }
        complaint = {.fault = Fault::unknown_value, .words = words};
        return false;
    }
    auto format(bool value) const -> std::string { return std::string{words[value ? 1 : 0]}; }
};

inline constexpr Switch yes_no{{"no", "yes"}};
inline constexpr Switch on_off{{"off", "on"}};

template <>
struct Codec<bool> : Switch
{
    constexpr Codec()
        : Switch{yes_no}
    {
    }
};

template <NamedEnum E>
struct Codec<E>
{
    auto parse(std::string_view text, E& value, Complaint& complaint) const -> bool
    {
        if (auto const found = from_string<E>(text)) {
            value = *found;
            return true;
        }
        complaint = {.fault = Fault::unknown_value, .words = names_of<E>};
        return false;
    }
    auto format(E value) const -> std::string { return std::string{to_string(value)}; }
};

template <>
struct Codec<Uuid>
{
    auto parse(std::string_view text, Uuid& value, Complaint& complaint) const -> bool
    {
        if (auto const uuid = Uuid::parse(trimmed(text))) {
            value = *uuid;
            return true;
        }
        complaint = {.fault = Fault::bad_text,
                     .expected = "a uuid of 32 hex digits like 09da7edc-2a16-4b20-adac-e5b2f95daba1 (leave it out and one "
                                 "is made at define)"};
        return false;
    }
    auto format(Uuid const& value) const -> std::string { return to_string(value); }
};

template <>
struct Codec<Mac>
{
    auto parse(std::string_view text, Mac& value, Complaint& complaint) const -> bool
    {
        if (auto const mac = Mac::parse(trimmed(text))) {
            value = *mac;
            return true;
        }
        complaint = {.fault = Fault::bad_text, .expected = "a MAC address like 52:54:00:12:34:56"};
        return false;
    }
    auto format(Mac const& value) const -> std::string { return to_string(value); }
};

template <>
struct Codec<IpAddress>
{
    auto parse(std::string_view text, IpAddress& value, Complaint& complaint) const -> bool
    {
        if (auto const address = IpAddress::parse(text)) {
            value = *address;
            return true;
        }
        complaint = {.fault = Fault::bad_text, .expected = "an address like 192.168.122.1 or 2001:db8::1"};
        return false;
    }
    auto format(IpAddress const& value) const -> std::string { return to_string(value); }
};

template <>
struct Codec<NumberSet>
{
    auto parse(std::string_view text, NumberSet& value, Complaint& complaint) const -> bool
    {
        if (auto set = NumberSet::parse(text)) {
            value = std::move(*set);
            return true;
        }
        complaint = {.fault = Fault::bad_text,
                     .expected = fmt::format("numbers up to {} and ranges, as 0-3,8,^2", NumberSet::highest)};
        return false;
    }
    auto format(NumberSet const& value) const -> std::string { return to_string(value); }
};

template <class T>
concept Scalar = requires
{
    sizeof(Codec<T>);
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_vector = false;
template <class T, class A>
inline constexpr bool is_vector<std::vector<T, A>> = true;

/// A value that XML can leave out: a string that is empty, an optional that holds nothing.
template <class T>
auto is_said(T const& value) -> bool
{
    if constexpr (is_optional<T>)
        return value.has_value();
    else if constexpr (std::same_as<T, std::string>)
        return !value.empty();
    else
        return true;
}

/// The steps of a path like "rate/@bytes".
struct Path
{
    std::string_view elements{}; ///< "rate"; empty when the owner is the element itself
    std::string_view last{};     ///< "@bytes", "backend", or "." for the element's own text

    explicit constexpr Path(std::string_view path)
    {
        auto const slash = path.rfind('/');
        last = slash == std::string_view::npos ? path : path.substr(slash + 1);
        if (slash != std::string_view::npos)
            elements = path.substr(0, slash);
    }
    [[nodiscard]] constexpr auto is_attribute() const { return last.starts_with('@'); }
    [[nodiscard]] constexpr auto is_self() const { return last == "."; }
    [[nodiscard]] constexpr auto attribute() const { return last.substr(1); }
};

/// Calls `step(name)` for each element of "a/b/c".
template <class Step>
constexpr void for_each_step(std::string_view elements, Step step)
{
    while (!elements.empty()) {
        auto const slash = elements.find('/');
        step(elements.substr(0, slash));
        elements = slash == std::string_view::npos ? std::string_view{} : elements.substr(slash + 1);
    }
}

} // namespace vmwright::inline v0::xml::detail
