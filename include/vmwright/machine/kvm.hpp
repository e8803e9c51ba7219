// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

namespace vmwright::inline v0
{

class Machine;

/// Whether KVM can be used by this program and, if not, why and what to do about it.
struct KvmStatus
{
    bool usable{};
    std::string reason{};
    std::string hint{};

    bool operator==(KvmStatus const&) const = default;
};

/// Opens /dev/kvm and asks it for its version, which is all that can be known without making a machine.
[[nodiscard]] auto kvm_status(Machine& machine) -> KvmStatus;

} // namespace vmwright::inline v0
