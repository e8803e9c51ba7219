// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/size.hpp>

#include <optional>

namespace vmwright::inline v0
{

/// Interrupt controller of a PC.
struct Apic
{
    std::optional<bool> eoi{};

    bool operator==(Apic const&) const = default;
};

/// System management mode, in which firmware runs beside the guest.
struct Smm
{
    bool enabled{true};
    std::optional<Size> tseg{}; ///< of the memory that it alone sees

    bool operator==(Smm const&) const = default;
};

/// What the board has or lacks. A plain bool is an element whose presence says yes.
struct Features
{
    bool acpi{};
    std::optional<Apic> apic{};
    bool pae{};
    std::optional<bool> hap{};
    std::optional<bool> vmport{};
    std::optional<bool> pmu{};
    std::optional<Smm> smm{};
    std::optional<bool> vmcoreinfo{};

    bool operator==(Features const&) const = default;
};

} // namespace vmwright::inline v0
