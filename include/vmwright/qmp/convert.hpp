// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/qmp/command.hpp>

#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace vmwright::inline v0::qmp
{

namespace detail::convert
{

/// Where in a message a value stands, as a chain on the stack: names and positions from the command down.
struct Place
{
    Place const* up{};
    std::string_view name{};
    std::size_t index{};
};

/// Throws Errc::monitor_failed: "COMMAND: the member 'a.b[2].c' is KIND, not EXPECTED".
[[noreturn]] void mismatch(Place const& place, boost::json::value const& value, std::string_view expected);
[[noreturn]] void missing(Place const& place);
[[noreturn]] void unknown_word(Place const& place, std::string_view word);

[[nodiscard]] auto read_bool(boost::json::value const& value, Place const& place) -> bool;
[[nodiscard]] auto read_signed(boost::json::value const& value, Place const& place, std::int64_t min, std::int64_t max)
    -> std::int64_t;
[[nodiscard]] auto read_unsigned(boost::json::value const& value, Place const& place, std::uint64_t max) -> std::uint64_t;
[[nodiscard]] auto read_double(boost::json::value const& value, Place const& place) -> double;
[[nodiscard]] auto read_string(boost::json::value const& value, Place const& place) -> boost::json::string const&;
[[nodiscard]] auto read_array(boost::json::value const& value, Place const& place) -> boost::json::array const&;
[[nodiscard]] auto read_object(boost::json::value const& value, Place const& place) -> boost::json::object const&;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
concept Json =
    std::same_as<T, boost::json::value> || std::same_as<T, boost::json::object> || std::same_as<T, boost::json::array>;

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public>;

/// The QAPI name of a described member: '_' stands for '-', a '_' at the end (of what would be a keyword) for nothing;
/// `uuid` is in capitals. A few replies keep the underscores, so `underscored` is looked for where `hyphenated` is not
/// there; arguments are always hyphenated.
template <class Member>
struct Name
{
    struct Text
    {
        std::array<char, 64> chars{};
        std::size_t size{};

        [[nodiscard]] constexpr auto view() const -> std::string_view { return {chars.data(), size}; }
    };
    static constexpr auto make(char between) -> Text
    {
        auto member = std::string_view{Member::name};
        if (member == "uuid")
            member = "UUID";
        if (member.ends_with('_'))
            member.remove_suffix(1);
        Text text;
        for (auto const c : member)
            text.chars[text.size++] = c == '_' ? between : c;
        return text;
    }
    static constexpr auto hyphenated = make('-');
    static constexpr auto underscored = make('_');
};

[[nodiscard]] inline auto find(boost::json::object const& object, std::string_view name) -> boost::json::value const*
{
    return object.if_contains({name.data(), name.size()});
}

template <class T>
void read(boost::json::value const& value, Place const& place, T& out);

/// A list of words whose last one is "unknown" takes in there what a later QEMU may add; any other list is closed.
template <NamedEnum E>
auto read_enum(boost::json::value const& value, Place const& place) -> E
{
    auto const& text = read_string(value, place);
    if (auto const known = from_string<E>({text.data(), text.size()}))
        return *known;
    if constexpr (names_of<E>.back() != "unknown")
        unknown_word(place, {text.data(), text.size()});
    return static_cast<E>(names_of<E>.size() - 1);
}

template <class T>
void read_members(boost::json::object const& object, Place const& place, T& out)
{
    boost::mp11::mp_for_each<Members<T>>([&](auto member) {
        using Type = std::remove_cvref_t<decltype(out.*member.pointer)>;
        using Spelling = Name<decltype(member)>;
        auto const here = Place{&place, Spelling::hyphenated.view()};
        auto const* value = find(object, here.name);
        if (Spelling::underscored.view() != here.name && !value)
            value = find(object, Spelling::underscored.view());
        if (value)
            read(*value, here, out.*member.pointer);
        else if constexpr (!is_optional<Type>)
            missing(here);
    });
}

template <class T>
void read(boost::json::value const& value, Place const& place, T& out)
{
    if constexpr (std::same_as<T, bool>) {
        out = read_bool(value, place);
    } else if constexpr (std::signed_integral<T>) {
        using Limits = std::numeric_limits<T>;
        out = static_cast<T>(read_signed(value, place, Limits::min(), Limits::max()));
    } else if constexpr (std::unsigned_integral<T>) {
        out = static_cast<T>(read_unsigned(value, place, std::numeric_limits<T>::max()));
    } else if constexpr (std::same_as<T, double>) {
        out = read_double(value, place);
    } else if constexpr (std::same_as<T, std::string>) {
        auto const& text = read_string(value, place);
        out.assign(text.data(), text.size());
    } else if constexpr (NamedEnum<T>) {
        out = read_enum<T>(value, place);
    } else if constexpr (is_optional<T>) {
        read(value, place, out.emplace());
    } else if constexpr (is_vector<T>) {
        auto const& array = read_array(value, place);
        out.resize(array.size());
        for (std::size_t i = 0; i < array.size(); ++i)
            read(array[i], Place{&place, {}, i}, out[i]);
    } else if constexpr (std::same_as<T, boost::json::value>) {
        out = value;
    } else if constexpr (std::same_as<T, boost::json::object>) {
        out = read_object(value, place);
    } else if constexpr (std::same_as<T, boost::json::array>) {
        out = read_array(value, place);
    } else {
        read_members(read_object(value, place), place, out);
    }
}

template <class T>
auto write(T const& from) -> boost::json::value;

template <class T>
auto write_members(T const& from) -> boost::json::object
{
    boost::json::object object;
    boost::mp11::mp_for_each<Members<T>>([&](auto member) {
        auto const& value = from.*member.pointer;
        auto const name = Name<decltype(member)>::hyphenated.view();
        if constexpr (is_optional<std::remove_cvref_t<decltype(value)>>) {
            if (value)
                object.emplace({name.data(), name.size()}, write(*value));
        } else {
            object.emplace({name.data(), name.size()}, write(value));
        }
    });
    return object;
}

template <class T>
auto write(T const& from) -> boost::json::value
{
    if constexpr (std::is_arithmetic_v<T> || Json<T>) {
        return boost::json::value(from);
    } else if constexpr (std::convertible_to<T, std::string_view>) {
        return boost::json::string(std::string_view{from});
    } else if constexpr (NamedEnum<T>) {
        return boost::json::string(to_string(from));
    } else if constexpr (is_vector<T>) {
        boost::json::array array;
        array.reserve(from.size());
        for (auto const& element : from)
            array.push_back(write(element));
        return array;
    } else {
        return write_members(from);
    }
}

} // namespace detail::convert

/// Reads a described struct, an enum with names, a number, a text, or a vector or optional of these; members that `T` does
/// not have are ignored. Throws Errc::monitor_failed that begins with `what` and names the member.
template <class T>
[[nodiscard]] auto decode(boost::json::value const& value, std::string_view what) -> T
{
    T out{};
    detail::convert::read(value, detail::convert::Place{nullptr, what}, out);
    return out;
}

/// The opposite of decode(); an empty optional is left out.
template <class T>
[[nodiscard]] auto encode(T const& from) -> boost::json::value
{
    return detail::convert::write(from);
}

template <Command C>
auto CommandCodec<C>::arguments([[maybe_unused]] C const& command) -> boost::json::object
{
    if constexpr (std::is_empty_v<C>)
        return {};
    else
        return detail::convert::write_members(command);
}

template <Command C>
auto CommandCodec<C>::reply([[maybe_unused]] boost::json::value&& answer) -> typename C::Reply
{
    using Reply = typename C::Reply;
    if constexpr (std::same_as<Reply, Nothing>) {
        return {};
    } else if constexpr (std::same_as<Reply, boost::json::array>) {
        static_cast<void>(detail::convert::read_array(answer, {nullptr, C::name}));
        return std::move(answer.get_array());
    } else if constexpr (std::same_as<Reply, boost::json::value>) {
        return std::move(answer);
    } else {
        return decode<Reply>(answer, C::name);
    }
}

template <TypedEvent E>
auto EventCodec<E>::data([[maybe_unused]] Event const& event) -> E
{
    E out{};
    if constexpr (!std::is_empty_v<E>)
        detail::convert::read_members(event.data, {nullptr, E::name}, out);
    return out;
}

} // namespace vmwright::inline v0::qmp
