// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

class Shell;

/// What a command answers when it does not do what it was asked to. Each line is told as an error.
class Refusal : public std::exception
{
public:
    explicit Refusal(std::vector<std::string> lines, int exit_status = 1)
        : lines_{std::move(lines)}
        , exit_status_{exit_status}
    {
    }
    explicit Refusal(std::string line, int exit_status = 1)
        : Refusal{std::vector{std::move(line)}, exit_status}
    {
    }

    [[nodiscard]] auto lines() const noexcept -> std::vector<std::string> const& { return lines_; }
    /// Of vmsh, when it is its last command.
    [[nodiscard]] auto exit_status() const noexcept -> int { return exit_status_; }
    [[nodiscard]] auto what() const noexcept -> char const* override { return "the command was refused"; }

private:
    std::vector<std::string> lines_;
    int exit_status_;
};

/// What an option takes.
enum class Takes
{
    nothing,
    text,
    number,
    texts, ///< all words that are left
};

struct Option
{
    std::string_view name{};
    Takes takes{};
    std::string_view help{};
    bool required{};
    bool only_by_name{}; ///< no word without `--name` is taken for it
};

inline auto required(std::string_view name, std::string_view help, Takes takes = Takes::text) -> Option
{
    return {.name = name, .takes = takes, .help = help, .required = true};
}
inline auto flag(std::string_view name, std::string_view help) -> Option
{
    return {.name = name, .help = help};
}
inline auto text(std::string_view name, std::string_view help) -> Option
{
    return {.name = name, .takes = Takes::text, .help = help};
}
inline auto number(std::string_view name, std::string_view help) -> Option
{
    return {.name = name, .takes = Takes::number, .help = help};
}
/// The option that most commands begin with.
inline auto which_domain(std::string_view help = "domain name, id or uuid") -> Option
{
    return required("domain", help);
}

/// The options of one call of a command, as they were given.
class Arguments
{
public:
    void add(std::string_view option, std::string word) { given_[std::string{option}].push_back(std::move(word)); }
    void add(std::string_view option) { given_[std::string{option}]; }

    [[nodiscard]] auto has(std::string_view option) const -> bool { return given_.contains(option); }
    /// Refuses an empty one.
    [[nodiscard]] auto text(std::string_view option) const -> std::optional<std::string>;
    /// Of a required option.
    [[nodiscard]] auto required_text(std::string_view option) const -> std::string;
    /// Refuses what is not a number from 1 on.
    [[nodiscard]] auto number(std::string_view option) const -> std::optional<int>;
    /// All words of the option, one space between.
    [[nodiscard]] auto joined(std::string_view option) const -> std::string;

    /// The words of the option.
    [[nodiscard]] auto all(std::string_view option) const -> std::vector<std::string>;

    /// Refuses the two together.
    void exclude(std::string_view one, std::string_view other) const;
    /// Refuses to do `what` without the option, which virsh does and vmsh does not.
    void require(std::string_view option, std::string_view what) const;
    /// Refuses each of the options, which virsh has and vmsh has not.
    void refuse(std::string_view command, std::vector<std::string_view> const& options) const;

private:
    std::map<std::string, std::vector<std::string>, std::less<>> given_;
};

struct Command
{
    std::string_view name{};
    std::string_view summary{};
    std::string_view description{}; ///< more than the summary says; help leaves it out where it is empty
    std::vector<Option> options{};
    auto(*run)(Shell&, Arguments const&) -> bool{}; ///< false, like what is thrown, is a failure
};
