// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/storage/volume.hpp>
#include <vmwright/xml/detail/codec.hpp>

#include <chrono>

namespace vmwright::inline v0::xml::detail
{

/// Seconds since 1970.
template <>
struct Codec<std::chrono::sys_seconds>
{
    auto parse(std::string_view text, std::chrono::sys_seconds& value, Complaint& complaint) const -> bool
    {
        std::int64_t seconds{};
        if (!Codec<std::int64_t>{}.parse(text, seconds, complaint))
            return false;
        value = std::chrono::sys_seconds{std::chrono::seconds{seconds}};
        return true;
    }
    auto format(std::chrono::sys_seconds value) const -> std::string
    {
        return fmt::format("{}", value.time_since_epoch().count());
    }
};

/// Seconds since 1970, with up to nine digits behind a point.
template <>
struct Codec<FileTime>
{
    auto parse(std::string_view text, FileTime& value, Complaint& complaint) const -> bool
    {
        constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 1'000'000'000 - 1;
        auto const point = text.find('.');
        auto digits = point == std::string_view::npos ? std::string{} : std::string{text.substr(point + 1)};
        auto const is_number = digits.size() <= 9 && digits.find_first_not_of("0123456789") == std::string::npos;
        digits.resize(9, '0');
        std::int64_t seconds{}, nanoseconds{};
        if (is_number && Codec<std::int64_t>{}.parse(text.substr(0, point), seconds, complaint) &&
            Codec<std::int64_t>{}.parse(digits, nanoseconds, complaint) && seconds >= 0 && seconds <= most) {
            value = FileTime{std::chrono::seconds{seconds} + std::chrono::nanoseconds{nanoseconds}};
            return true;
        }
        complaint = {.fault = Fault::bad_number, .expected = "seconds since 1970, as 1341933637.273190990"};
        return false;
    }
    auto format(FileTime value) const -> std::string
    {
        auto const count = value.time_since_epoch().count();
        auto const nanoseconds = count % 1'000'000'000;
        return nanoseconds == 0 ? fmt::format("{}", count / 1'000'000'000)
                                : fmt::format("{}.{:09}", count / 1'000'000'000, nanoseconds);
    }
};

} // namespace vmwright::inline v0::xml::detail
