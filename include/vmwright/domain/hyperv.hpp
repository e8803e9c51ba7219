// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace vmwright::inline v0
{

enum class HypervMode
{
    custom,
    passthrough, ///< everything that KVM can do
};
constexpr auto enum_names(HypervMode)
{
    return name_list("custom", "passthrough");
}

struct HypervSpinlocks
{
    bool state{};
    std::optional<std::uint32_t> retries{}; ///< 4095 or more

    bool operator==(HypervSpinlocks const&) const = default;
};

struct HypervStimer
{
    bool state{};
    std::optional<bool> direct{};

    bool operator==(HypervStimer const&) const = default;
};

struct HypervVendorId
{
    bool state{};
    std::optional<std::string> value{}; ///< at most 12 characters

    bool operator==(HypervVendorId const&) const = default;
};

/// What makes a Windows guest believe that it runs on Hyper-V, and run better.
struct Hyperv
{
    std::optional<HypervMode> mode{};
    std::optional<bool> relaxed{};
    std::optional<bool> vapic{};
    std::optional<HypervSpinlocks> spinlocks{};
    std::optional<bool> vpindex{};
    std::optional<bool> runtime{};
    std::optional<bool> synic{};
    std::optional<HypervStimer> stimer{};
    std::optional<bool> reset{};
    std::optional<HypervVendorId> vendor_id{};
    std::optional<bool> frequencies{};
    std::optional<bool> reenlightenment{};
    std::optional<bool> tlbflush{};
    std::optional<bool> ipi{};
    std::optional<bool> evmcs{};
    std::optional<bool> avic{};

    bool operator==(Hyperv const&) const = default;
};

} // namespace vmwright::inline v0
