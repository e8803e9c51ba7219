// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/xml/document.hpp>

#include <utility>

namespace vmwright::inline v0::xml
{

/// What was read from a text: the value as far as it goes, all that was found on the way, and the text with its places.
template <class T>
struct Parsed
{
    T result{};
    Diagnostics diagnostics{};
    Document document{};

    [[nodiscard]] auto has_errors() const noexcept -> bool { return diagnostics.has_errors(); }
    /// The value; throws ConfigError if there is an error among the diagnostics.
    [[nodiscard]] auto value() const& -> T const&
    {
        if (has_errors())
            throw ConfigError{diagnostics};
        return result;
    }
    [[nodiscard]] auto value() && -> T
    {
        if (has_errors())
            throw ConfigError{diagnostics};
        return std::move(result);
    }
};

} // namespace vmwright::inline v0::xml
