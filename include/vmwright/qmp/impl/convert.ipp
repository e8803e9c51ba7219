// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>
#include <vmwright/qmp/convert.hpp>

#include <boost/json/kind.hpp>

namespace vmwright::inline v0::qmp::detail::convert
{

namespace
{

auto root(Place const& place) -> std::string_view
{
    auto const* at = &place;
    while (at->up)
        at = at->up;
    return at->name;
}

auto path(Place const& place) -> std::string
{
    if (!place.up)
        return {};
    auto text = path(*place.up);
    if (place.name.empty())
        return text.append("[").append(std::to_string(place.index)).append("]");
    if (!text.empty())
        text += '.';
    return text.append(place.name);
}

[[noreturn]] void fail(Place const& place, std::string_view problem)
{
    auto const member = path(place);
    auto const subject = member.empty() ? std::string{"what QEMU sent"} : "the member '" + member + "'";
    throw Error{Errc::monitor_failed, subject + " " + std::string{problem}, {.step = std::string{root(place)}}};
}

} // namespace

void mismatch(Place const& place, boost::json::value const& value, std::string_view expected)
{
    auto const kind = boost::json::to_string(value.kind());
    fail(place, "is " + std::string{kind.data(), kind.size()} + ", not " + std::string{expected});
}

void missing(Place const& place)
{
    fail(place, "is missing");
}

void unknown_word(Place const& place, std::string_view word)
{
    fail(place, "has the unknown value '" + std::string{word.substr(0, 80)} + "'");
}

auto read_bool(boost::json::value const& value, Place const& place) -> bool
{
    if (auto const* const held = value.if_bool())
        return *held;
    mismatch(place, value, "bool");
}

auto read_signed(boost::json::value const& value, Place const& place, std::int64_t min, std::int64_t max) -> std::int64_t
{
    boost::json::error_code error;
    auto const number = value.is_double() ? 0 : value.to_number<std::int64_t>(error);
    if (error || value.is_double() || number < min || number > max)
        mismatch(place, value, "an integer of its range");
    return number;
}

auto read_unsigned(boost::json::value const& value, Place const& place, std::uint64_t max) -> std::uint64_t
{
    boost::json::error_code error;
    auto const number = value.is_double() ? 0 : value.to_number<std::uint64_t>(error);
    if (error || value.is_double() || number > max)
        mismatch(place, value, "a positive integer of its range");
    return number;
}

auto read_double(boost::json::value const& value, Place const& place) -> double
{
    boost::json::error_code error;
    auto const number = value.to_number<double>(error);
    if (error)
        mismatch(place, value, "a number");
    return number;
}

auto read_string(boost::json::value const& value, Place const& place) -> boost::json::string const&
{
    if (auto const* const held = value.if_string())
        return *held;
    mismatch(place, value, "string");
}

auto read_array(boost::json::value const& value, Place const& place) -> boost::json::array const&
{
    if (auto const* const held = value.if_array())
        return *held;
    mismatch(place, value, "array");
}

auto read_object(boost::json::value const& value, Place const& place) -> boost::json::object const&
{
    if (auto const* const held = value.if_object())
        return *held;
    mismatch(place, value, "object");
}

} // namespace vmwright::inline v0::qmp::detail::convert
