// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>
#include <vmwright/machine/access.hpp>
#include <vmwright/machine/kvm.hpp>
#include <vmwright/machine/machine.hpp>

#include <cerrno>
#include <linux/kvm.h>
#include <string>
#include <sys/ioctl.h>
#include <system_error>

namespace vmwright::inline v0
{

auto kvm_status(Machine& machine) -> KvmStatus
{
    std::string const node{"/dev/kvm"};
    auto const use_tcg = std::string{"or use type='qemu', which emulates the CPU and is slower"};
    if (!machine.status(node))
        return {.reason = "there is no " + node,
                .hint = "load the module kvm_intel or kvm_amd and enable virtualization in the firmware, or, in a virtual "
                        "machine or container, ask its host for " +
                        node + "; " + use_tcg};
    UniqueFd device;
    try {
        device = machine.open_file(node, {.write = true});
    } catch (Error const& error) {
        if (error.context().cause != std::errc::permission_denied)
            return {.reason = error.message(), .hint = "look at the kernel's log, " + use_tcg};
        auto const denial = explain_denial(machine, node, true);
        return {.reason = error.message() + (denial.reason.empty() ? "" : ": " + denial.reason),
                .hint = (denial.reason.empty() ? "become a member of the group kvm" : denial.hint) + ", " + use_tcg};
    }
    if (auto const version = ::ioctl(device.get(), KVM_GET_API_VERSION, 0); version != KVM_API_VERSION)
        return {.reason = version < 0 ? node + " does not answer: " + std::system_category().message(errno)
                                      : node + " speaks version " + std::to_string(version) + " of its interface, not 12",
                .hint = "look at the kernel's log, " + use_tcg};
    return {.usable = true};
}

} // namespace vmwright::inline v0
