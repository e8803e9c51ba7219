// SPDX-License-Identifier: BSL-1.0
#include "parse.hpp"

#include "commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace
{

using Words = std::vector<std::string>;

constexpr auto blanks = std::string_view{" \t"};
constexpr auto separators = std::string_view{";\n"};

/// Takes the word that `text` begins with off it.
auto take_word(std::string_view& text) -> std::string
{
    std::string word;
    char quote{};
    while (!text.empty()) {
        auto const c = text.front();
        if (quote == 0 && (blanks.find(c) != blanks.npos || separators.find(c) != separators.npos))
            break;
        text.remove_prefix(1);
        if (c == quote) {
            quote = 0;
        } else if (quote == 0 && (c == '\'' || c == '"')) {
            quote = c;
        } else if (c == '\\' && quote != '\'') {
            if (text.empty())
                throw Refusal{"dangling \\"};
            word += text.front();
            text.remove_prefix(1);
        } else {
            word += c;
        }
    }
    if (quote != 0)
        throw Refusal{"missing \""};
    return word;
}

auto split(std::string_view text) -> std::vector<Words>
{
    std::vector<Words> commands(1);
    while (!text.empty()) {
        if (blanks.find(text.front()) != blanks.npos) {
            text.remove_prefix(1);
        } else if (separators.find(text.front()) != separators.npos) {
            text.remove_prefix(1);
            commands.emplace_back();
        } else if (text.front() == '#') {
            text.remove_prefix(std::min(text.find('\n'), text.size()));
        } else {
            commands.back().push_back(take_word(text));
        }
    }
    std::erase(commands, Words{});
    return commands;
}

auto help_of(Command const& command) -> Call
{
    Call call{find_command("help"), {}};
    call.arguments.add("command", std::string{command.name});
    return call;
}

/// Fills the arguments of one command from the words behind its name.
class Filler
{
public:
    Filler(Command const& command, Words const& words)
        : command_{command}
        , words_{words}
    {
    }

    auto fill() -> Call
    {
        while (at_ < words_.size()) {
            auto const& word = words_[at_++];
            if (word == "--" && !only_data_)
                only_data_ = true;
            else if (word == "--help" && !only_data_)
                return help_of(command_);
            else if (word.starts_with("--") && !only_data_)
                take_option(std::string_view{word}.substr(2));
            else
                take_data(word);
        }
        require_all();
        return {&command_, std::move(arguments_)};
    }

private:
    /// help takes what it does not know for nothing.
    [[nodiscard]] auto is_lenient() const -> bool { return command_.name == "help"; }

    void take_option(std::string_view word)
    {
        auto const equals = word.find('=');
        auto const name = word.substr(0, equals);
        auto const option = std::ranges::find(command_.options, name, &Option::name);
        if (option == command_.options.end()) {
            if (is_lenient())
                return;
            throw Refusal{fmt::format("command '{}' doesn't support option --{}", command_.name, name)};
        }
        if (arguments_.has(name) && option->takes != Takes::texts)
            throw Refusal{fmt::format("option --{} already seen", name)};
        if (option->takes == Takes::nothing) {
            if (equals != word.npos)
                throw Refusal{fmt::format("invalid '=' after option --{}", name)};
            arguments_.add(name);
        } else if (equals != word.npos) {
            arguments_.add(name, std::string{word.substr(equals + 1)});
        } else if (at_ < words_.size()) {
            arguments_.add(name, words_[at_++]);
        } else {
            throw Refusal{
                fmt::format("expected syntax: --{} <{}>", name, option->takes == Takes::number ? "number" : "string")};
        }
    }

    void take_data(std::string const& word)
    {
        // What is required comes first, each kind in its order.
        for (auto const is_required : {true, false})
            for (auto const& option : command_.options)
                if (option.required == is_required && option.takes != Takes::nothing && !option.only_by_name &&
                    (option.takes == Takes::texts || !arguments_.has(option.name)))
                    return arguments_.add(option.name, word);
        if (!is_lenient())
            throw Refusal{fmt::format("unexpected data '{}'", word)};
    }

    void require_all() const
    {
        Words missing;
        for (auto const& option : command_.options)
            if (option.required && !arguments_.has(option.name))
                missing.push_back(option.takes == Takes::number
                                      ? fmt::format("command '{}' requires --{} option", command_.name, option.name)
                                      : fmt::format("command '{}' requires <{}> option", command_.name, option.name));
        if (!missing.empty())
            throw Refusal{std::move(missing)};
    }

    Command const& command_;
    Words const& words_;
    std::size_t at_{1};
    bool only_data_{};
    Arguments arguments_{};
};

} // namespace

auto parse_words(std::vector<std::string> const& words) -> Call
{
    auto const& name = words.front();
    if (auto const* const command = find_command(name))
        return Filler{*command, words}.fill();
    if (is_known_name(name))
        throw Refusal{fmt::format("not supported yet: {}", name)};
    throw Refusal{fmt::format("unknown command: '{}'", name)};
}

auto parse_text(std::string_view text) -> std::vector<Call>
{
    std::vector<Call> calls;
    for (auto const& words : split(text))
        calls.push_back(parse_words(words));
    return calls;
}
