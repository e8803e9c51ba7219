// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/domain.hpp>
#include <vmwright/qemu/host_facts.hpp>
#include <vmwright/qemu/option.hpp>
#include <vmwright/qemu/planned_file.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qemu
{

/// A program that stands behind a device of the guest, beside the emulator.
enum class HelperKind
{
    swtpm,     ///< a TPM
    virtiofsd, ///< a directory of the host
    passt,     ///< a network of the user's
};
constexpr auto enum_names(HelperKind)
{
    return name_list("swtpm", "virtiofsd", "passt");
}

/// A program that is run to its end before the helper starts.
struct HelperStep
{
    std::string program{};
    std::vector<Option> options{};
    bool once{}; ///< only where the helper has no state yet

    bool operator==(HelperStep const&) const = default;
};

/// A helper to start, before the emulator. It ends with the emulator, because that ends their only connection: a pair of
/// descriptors, one of which each of the two inherits. So it has no socket file and no file with its pid.
struct Helper
{
    HelperKind kind{};
    std::string name{}; ///< its device's alias
    std::string node{}; ///< of the resolved configuration: what asked for it
    std::string program{};
    std::vector<Option> options{};
    std::string slot{};  ///< of that name, in its options and in the emulator's, are the places of the connection
    bool listens{};      ///< its descriptor is a listening socket at which the emulator's has been announced
    std::string state{}; ///< a directory of its own that outlives it, made with mode 0700; empty for none
    std::vector<PlannedFile> files{}; ///< that its steps read
    std::vector<HelperStep> steps{};

    bool operator==(Helper const&) const = default;
};

/// The arguments of a helper's or a step's program: `-o value`, and `--name=value` for longer names. Nothing is escaped.
[[nodiscard]] auto helper_arguments(std::vector<Option> const& options) -> std::vector<std::string>;

/// Puts a descriptor's number where the options leave a place for a helper's connection.
void fill_slot(std::vector<Option>& options, std::string_view slot, int number);

/// An error for each program that a start would need of this host and that is not there.
[[nodiscard]] auto missing_helpers(DomainConfig const& config, HostFacts const& facts) -> Diagnostics;

} // namespace vmwright::inline v0::qemu
