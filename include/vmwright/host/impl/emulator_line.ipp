// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/emulator_line.hpp>
#include <vmwright/qemu/option.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>

namespace vmwright::inline v0::detail
{

namespace emulator_line
{
namespace
{

/// `2026-01-31T12:00:05.123456Z `.
auto without_time(std::string_view line) -> std::string_view
{
    auto const blank = line.find(' ');
    auto const is_time = blank != line.npos && blank > 20 && line[blank - 1] == 'Z' && line[4] == '-' && line[10] == 'T';
    return is_time ? line.substr(blank + 1) : line;
}

auto leaf_of(std::string_view path) -> std::string_view
{
    return path.substr(path.rfind('/') + 1);
}

/// As the emulator quotes an option of its command line.
auto quoted(qemu::Plan const& plan, std::size_t i) -> std::string
{
    auto const& option = plan.options[i];
    if (option.raw) {
        auto const has_value =
            i + 1 < plan.options.size() && plan.options[i + 1].raw && !plan.options[i + 1].name.starts_with('-');
        return has_value ? fmt::format("{} {}", option.name, plan.options[i + 1].name) : option.name;
    }
    auto const text = qemu::argument_text(option);
    return fmt::format("-{}{}{}", option.name, text ? " " : "", text.value_or(""));
}

auto read_line(std::string_view text, qemu::Plan const& plan) -> EmulatorLine
{
    EmulatorLine line{.text = without_time(text), .option = plan.options.end()};
    line.text = without_prefix(line.text, fmt::format("{}: ", leaf_of(plan.emulator)));
    line.text = without_prefix(line.text, "qemu: ");
    if (line.text.starts_with('-')) {
        std::size_t longest = 0;
        for (std::size_t i = 0; i < plan.options.size(); ++i) {
            auto const whole = quoted(plan, i);
            auto const name = whole.substr(0, whole.find(' '));
            for (auto const& start : {whole + ": ", name + ": "})
                if (start.size() > longest && line.text.starts_with(start)) {
                    longest = start.size();
                    line.option = plan.options.begin() + static_cast<std::ptrdiff_t>(i);
                }
        }
        line.text.remove_prefix(longest);
    }
    auto const no_warning = without_prefix(line.text, "warning: ");
    line.is_warning = no_warning.size() != line.text.size();
    line.text = no_warning;
    constexpr auto backing = std::string_view{"Could not open backing file: "};
    for (; line.text.starts_with(backing); line.is_backing = true)
        line.text.remove_prefix(backing.size());
    return line;
}

} // namespace
} // namespace emulator_line

auto without_prefix(std::string_view text, std::string_view prefix) -> std::string_view
{
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

auto emulator_lines(std::string_view log, qemu::Plan const& plan) -> std::vector<EmulatorLine>
{
    std::vector<EmulatorLine> lines;
    while (!log.empty()) {
        auto const end = std::min(log.find('\n'), log.size());
        if (end != 0)
            lines.push_back(emulator_line::read_line(log.substr(0, end), plan));
        log.remove_prefix(std::min(end + 1, log.size()));
    }
    return lines;
}

} // namespace vmwright::inline v0::detail
