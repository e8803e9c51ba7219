// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>

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
        out.add({Severity::error, fault, std::move(node), {}, std::move(message), std::move(hint)});
    }
    /// What libvirt takes, yet cannot be meant.
    void warning(std::string node, Fault fault, std::string message, std::string hint = {}) const
    {
        out.add({Severity::warning, fault, std::move(node), {}, std::move(message), std::move(hint)});
    }
};

} // namespace vmwright::inline v0::detail
