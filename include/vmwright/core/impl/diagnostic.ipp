// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0
{

auto format(Diagnostic const& diagnostic, std::string_view file) -> std::string
{
    std::string text;
    auto out = std::back_inserter(text);
    if (!file.empty())
        fmt::format_to(out, "{}:{}:{}: ", file, std::max<std::size_t>(diagnostic.where.line, 1),
                       std::max<std::size_t>(diagnostic.where.column, 1));
    fmt::format_to(out, "{}: ", to_string(diagnostic.severity));
    if (!diagnostic.node.empty())
        fmt::format_to(out, "{}: ", diagnostic.node);
    text += diagnostic.message;
    if (!diagnostic.hint.empty())
        fmt::format_to(out, "; {}", diagnostic.hint);
    return text;
}

auto Diagnostics::has_errors() const noexcept -> bool
{
    return std::ranges::any_of(list_, [](auto const& d) { return d.severity == Severity::error; });
}

void Diagnostics::sort()
{
    std::ranges::stable_sort(list_, {}, &Diagnostic::where);
}

void Diagnostics::make_strict()
{
    for (auto& diagnostic : list_)
        if (diagnostic.severity == Severity::warning)
            diagnostic.severity = Severity::error;
}

namespace detail::diagnostic
{
namespace
{

auto summary(Diagnostics const& diagnostics) -> std::string
{
    auto const is_error = [](auto const& d) { return d.severity == Severity::error; };
    auto const first = std::ranges::find_if(diagnostics, is_error);
    if (first == diagnostics.end())
        return "no error";
    auto text = first->where.line == 0 ? format(*first)
                                       : fmt::format("{}:{}: {}", first->where.line, first->where.column, format(*first));
    auto const count = std::ranges::count_if(diagnostics, is_error);
    if (count > 1)
        text += fmt::format(" (and {} more)", count - 1);
    return text;
}

} // namespace
} // namespace detail::diagnostic

ConfigError::ConfigError(Diagnostics diagnostics)
    : Error{Errc::invalid_config, detail::diagnostic::summary(diagnostics)}
    , diagnostics_{std::move(diagnostics)}
{
}

} // namespace vmwright::inline v0
