// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/domain/domain.hpp>
#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/helper.hpp>
#include <vmwright/qemu/host_facts.hpp>
#include <vmwright/qemu/option.hpp>
#include <vmwright/qemu/origin.hpp>
#include <vmwright/qemu/planned_file.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qemu
{

/// A configuration with every default explicit: machine, CPU, models, controllers, addresses. It is what define keeps.
struct Resolved
{
    DomainConfig config{};
    Origins origins{};

    bool operator==(Resolved const&) const = default;
};

/// A resolved configuration with one start's choices: aliases, display ports, socket paths.
struct Live
{
    DomainConfig config{};
    Origins origins{};
    int id{-1};

    bool operator==(Live const&) const = default;
};

/// QEMU's word for an architecture that libvirt may spell otherwise: i386 for i686, arm for armv7l.
[[nodiscard]] auto emulator_arch(std::string_view libvirt_arch) -> std::string_view;
/// The architecture of a configuration's emulator, by its file's usual name qemu-system-ARCH, else the guest's own.
[[nodiscard]] auto emulator_arch(DomainConfig const& config) -> std::string_view;
/// Whether an emulator of that architecture runs guests of it: its own, and the 32-bit form of some.
[[nodiscard]] auto runs_guests_of(std::string_view emulator, std::string_view libvirt_arch) -> bool;

/// What to start: the emulator, its options, and what must be there before.
struct Plan
{
    std::string emulator{};
    std::vector<Option> options{};
    Origins origins{};                      ///< of the nodes that options name
    std::vector<std::string> environment{}; ///< of `NAME=value`; comes on top of the caller's own
    std::vector<std::string> directories{}; ///< that sockets need; made with mode 0700 where missing
    std::vector<PlannedFile> files{};       ///< their directories are made where missing
    std::vector<Helper> helpers{};          ///< started before the emulator, in this order

    bool operator==(Plan const&) const = default;
};

/// Everything that can be said of the values: what libvirt refuses, what no command line can be made of, what this emulator
/// does not know, and what libvirt lets through in silence.
[[nodiscard]] auto check(DomainConfig const& config, Capabilities const& capabilities, HostFacts const& facts)
    -> Diagnostics;

/// Makes libvirt's choices explicit. Pure and idempotent: a resolved configuration stays as it is, and a device added to it
/// moves no other. Uuid and MAC must be there already, or stay absent.
[[nodiscard]] auto resolve(DomainConfig config, Capabilities const& capabilities, HostFacts const& facts)
    -> Checked<Resolved>;

/// `id` is what `virsh domid` shows and libvirt's paths contain; -1 for a domain that does not run.
[[nodiscard]] auto prepare(Resolved resolved, HostFacts const& facts, int id = -1) -> Checked<Live>;

[[nodiscard]] auto command_line(Live live, Capabilities const& capabilities, HostFacts const& facts) -> Checked<Plan>;

/// check, resolve, prepare and command_line in one; diagnostics name nodes of `config`.
[[nodiscard]] auto plan(DomainConfig config, Capabilities const& capabilities, HostFacts const& facts)
    -> Checked<Plan>;

/// The argument vector, the emulator first; slots are printed as libvirt would.
[[nodiscard]] auto arguments(Plan const& plan) -> std::vector<std::string>;

/// The rule of the options that give QEMU its monitor; a host puts its own in their place.
inline constexpr std::string_view monitor_rule = "monitor";

/// One argument (an option with its text) and why it is there.
struct Explanation
{
    std::string program{};  ///< a helper or what prepares it; empty for the emulator
    std::string argument{}; ///< as `-device {…}`
    Origin origin{};

    bool operator==(Explanation const&) const = default;
};

/// For each option of the plan, in order, the node of the text or the rule that it comes from; those of helpers come first.
[[nodiscard]] auto explain(Plan const& plan) -> std::vector<Explanation>;

} // namespace vmwright::inline v0::qemu
