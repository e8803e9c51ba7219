// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/core/nearest.hpp>

#include <optional>
#include <string>
#include <utility>

namespace vmwright::inline v0::detail
{

/// Where the rules of a check put what they find.
struct Findings
{
    Diagnostics& out;

    void error(std::string node, Fault fault, std::string message, std::string hint = {}) const
    {
        add(Severity::error, std::move(node), fault, std::move(message), {.text = std::move(hint)});
    }
    void error(std::string node, Fault fault, std::string message, Suggestion suggestion) const
    {
        add(Severity::error, std::move(node), fault, std::move(message), std::move(suggestion));
    }
    /// What libvirt takes, yet cannot be meant.
    void warning(std::string node, Fault fault, std::string message, std::string hint = {}) const
    {
        add(Severity::warning, std::move(node), fault, std::move(message), {.text = std::move(hint)});
    }
    void warning(std::string node, Fault fault, std::string message, Suggestion suggestion) const
    {
        add(Severity::warning, std::move(node), fault, std::move(message), std::move(suggestion));
    }
    /// What is right, and good to know.
    void note(std::string node, Fault fault, std::string message, std::string hint = {}) const
    {
        add(Severity::note, std::move(node), fault, std::move(message), {.text = std::move(hint)});
    }

private:
    void add(Severity severity, std::string node, Fault fault, std::string message, Suggestion hint) const
    {
        out.add({.severity = severity,
                 .fault = fault,
                 .node = std::move(node),
                 .message = std::move(message),
                 .hint = std::move(hint.text),
                 .fix = std::move(hint.fix)});
    }
};

} // namespace vmwright::inline v0::detail
