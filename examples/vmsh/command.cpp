// SPDX-License-Identifier: BSL-1.0
#include "command.hpp"

#include <fmt/format.h>

#include <charconv>

auto Arguments::text(std::string_view option) const -> std::optional<std::string>
{
    auto const found = given_.find(option);
    if (found == given_.end() || found->second.empty())
        return std::nullopt;
    if (found->second.front().empty())
        throw Refusal{fmt::format("Failed to get option '{}': Option argument is empty", option)};
    return found->second.front();
}

auto Arguments::required_text(std::string_view option) const -> std::string
{
    return text(option).value();
}

auto Arguments::number(std::string_view option) const -> std::optional<int>
{
    auto const word = text(option);
    if (!word)
        return std::nullopt;
    int value{};
    auto const* const end = word->data() + word->size();
    auto const read = std::from_chars(word->data(), end, value);
    if (read.ec != std::errc{} || read.ptr != end || value < 1)
        throw Refusal{fmt::format("Numeric value '{}' for <{}> option is malformed or out of range", *word, option)};
    return value;
}

auto Arguments::joined(std::string_view option) const -> std::string
{
    auto const found = given_.find(option);
    return found == given_.end() ? std::string{} : fmt::format("{}", fmt::join(found->second, " "));
}

auto Arguments::all(std::string_view option) const -> std::vector<std::string>
{
    auto const found = given_.find(option);
    return found == given_.end() ? std::vector<std::string>{} : found->second;
}

void Arguments::require(std::string_view option, std::string_view what) const
{
    if (!has(option))
        throw Refusal{fmt::format("not supported yet: {}", what)};
}

void Arguments::exclude(std::string_view one, std::string_view other) const
{
    if (has(one) && has(other))
        throw Refusal{fmt::format("Options --{} and --{} are mutually exclusive", one, other)};
}

void Arguments::refuse(std::string_view command, std::vector<std::string_view> const& options) const
{
    for (auto const option : options)
        if (has(option))
            throw Refusal{fmt::format("not supported yet: {} --{}", command, option)};
}
