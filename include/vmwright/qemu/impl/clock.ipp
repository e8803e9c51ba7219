// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/checking.hpp>
#include <vmwright/qemu/detail/clock.hpp>
#include <vmwright/qemu/detail/resolving.hpp>

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace vmwright::inline v0::qemu::detail
{

namespace clock
{
namespace
{

auto seconds_of(std::optional<std::string> const& adjustment) -> std::optional<std::int64_t>
{
    if (!adjustment)
        return std::nullopt;
    auto text = std::string_view{*adjustment};
    if (text.starts_with('+'))
        text.remove_prefix(1);
    std::int64_t seconds{};
    auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    return error == std::errc{} && stop == text.data() + text.size() ? std::optional{seconds} : std::nullopt;
}

auto is_plain(ClockOffset offset) -> bool
{
    return offset == ClockOffset::utc || offset == ClockOffset::localtime;
}

/// `2023-06-10T14:00:00`, in UTC.
auto date_text(std::int64_t seconds) -> std::string
{
    using namespace std::chrono;
    auto const time = sys_seconds{std::chrono::seconds{seconds}};
    auto const day = floor<days>(time);
    auto const date = year_month_day{day};
    auto const clock = hh_mm_ss{time - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

} // namespace
} // namespace clock

void check_clock(Checking const& at)
{
    auto const& c = at.config.clock;
    if (c.offset == ClockOffset::timezone && !c.timezone)
        at.error("/domain/clock", Fault::missing, "a clock with offset='timezone' names none",
                 "add timezone='Europe/Paris'");
    if (c.offset == ClockOffset::absolute && !c.start)
        at.error("/domain/clock", Fault::missing, "a clock with offset='absolute' has no start",
                 "add start, in seconds since 1970");
    if (clock::is_plain(c.offset) && c.adjustment && *c.adjustment != "reset" && !clock::seconds_of(c.adjustment))
        at.error("/domain/clock/@adjustment", Fault::bad_number,
                 fmt::format("'{}' is not an adjustment of the clock", *c.adjustment), "give seconds, or reset");
    auto const ignore = [&](bool is_said, bool means_something, std::string_view attribute) {
        if (is_said && !means_something)
            at.warning(fmt::format("/domain/clock/@{}", attribute), Fault::ignored,
                       fmt::format("it means nothing with offset='{}'", to_string(c.offset)), remove_it());
    };
    auto const is_variable = c.offset == ClockOffset::variable;
    ignore(c.adjustment.has_value(), is_variable || clock::is_plain(c.offset), "adjustment");
    ignore(c.basis.has_value(), is_variable, "basis");
    ignore(c.timezone.has_value(), c.offset == ClockOffset::timezone, "timezone");
    ignore(c.start.has_value(), c.offset == ClockOffset::absolute, "start");
}

void complete_clock(Resolving& at)
{
    auto& c = at.config.clock;
    if (clock::is_plain(c.offset)) {
        c.basis.reset();
        if (clock::seconds_of(c.adjustment)) { // a clock that is so far ahead of one of the two
            c.basis = c.offset == ClockOffset::localtime ? ClockBasis::localtime : ClockBasis::utc;
            c.offset = ClockOffset::variable;
            at.origins.chose("/domain/clock/@offset", "a clock with an adjustment is variable");
        }
    }
    if (c.offset == ClockOffset::variable) {
        c.adjustment = fmt::format("{}", clock::seconds_of(c.adjustment).value_or(0));
        at.choose(c.basis, ClockBasis::utc, "/domain/clock/@basis", "clock basis");
    } else {
        c.basis.reset();
        if (c.adjustment != "reset" || !clock::is_plain(c.offset))
            c.adjustment.reset();
    }
    if (c.offset != ClockOffset::timezone)
        c.timezone.reset();
    if (c.offset != ClockOffset::absolute)
        c.start.reset();
}

auto clock_base(Clock const& c, HostFacts const& facts) -> std::string
{
    switch (c.offset) {
    case ClockOffset::utc: return "utc";
    case ClockOffset::localtime:
    case ClockOffset::timezone: return "localtime";
    case ClockOffset::absolute: return clock::date_text(c.start.value_or(0));
    case ClockOffset::variable: break;
    }
    auto const local = c.basis == ClockBasis::localtime ? std::int64_t{facts.utc_offset} : 0;
    return clock::date_text(facts.now + local + clock::seconds_of(c.adjustment).value_or(0));
}

} // namespace vmwright::inline v0::qemu::detail
