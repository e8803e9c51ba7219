// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <string>
#include <vector>

namespace vmwright::inline v0
{

class Machine;

enum class CheckStatus
{
    pass,
    warn, ///< something that some domains want is not here
    fail, ///< no domain, or none of the usual ones, can run without it
};
constexpr auto enum_names(CheckStatus)
{
    return name_list("PASS", "WARN", "FAIL");
}

/// One thing that domains need of a host.
struct SelfCheckItem
{
    std::string name{}; ///< stable, as `KVM` or `qemu-img`
    CheckStatus status{};
    std::string message{}; ///< what was found, or why it does not do
    std::string hint{};    ///< what to do about it; empty when all is well

    bool operator==(SelfCheckItem const&) const = default;
};

/// What works on a host and what does not.
struct SelfCheck
{
    std::vector<SelfCheckItem> items{};

    [[nodiscard]] auto has_failures() const noexcept -> bool;

    bool operator==(SelfCheck const&) const = default;
};

/// Looks at the machine, and at the directory that a Host keeps its state in, where it writes a file and removes it again.
[[nodiscard]] auto self_check(Machine& machine, std::string const& root) -> SelfCheck;

} // namespace vmwright::inline v0
