// SPDX-License-Identifier: BSL-1.0
#include "script.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace fake_qemu
{

namespace
{

constexpr auto actions =
    std::to_array<std::string_view>({"exit", "crash", "hang", "slow", "garbage", "cut", "refuse", "ignore", "guest"});

/// Takes the first of words that are separated by blanks or line ends.
auto take_word(std::string_view& text) -> std::string
{
    constexpr auto blanks = std::string_view{" \t\r\n"};
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    auto const word = text.substr(0, text.find_first_of(blanks));
    text.remove_prefix(word.size());
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return std::string{word};
}

} // namespace

auto parse_script(std::string_view text) -> std::vector<Rule>
{
    std::vector<Rule> rules;
    while (!text.empty()) {
        auto line = text.substr(0, text.find(';'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        Rule rule{.when = take_word(line), .action = take_word(line), .argument = std::string{line}};
        if (rule.when.empty())
            continue;
        if (std::ranges::find(actions, rule.action) == actions.end())
            throw std::invalid_argument{"'" + rule.action + "' is nothing that a fake QEMU can do"};
        rules.push_back(std::move(rule));
    }
    return rules;
}

} // namespace fake_qemu
