// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain.hpp>
#include <vmwright/host/detail/nurse.hpp>
#include <vmwright/host/detail/runtime.hpp>
#include <vmwright/host/detail/store.hpp>
#include <vmwright/machine/fd.hpp>
#include <vmwright/machine/process.hpp>
#include <vmwright/qemu/helper.hpp>

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::detail
{

/// A helper that runs, and the emulator's end of its connection.
struct StartedHelper
{
    Process process{};
    UniqueFd connection{};
};

/// Makes the files and the state of a domain's helper and starts it; its options are filled in. What a failed start made
/// is taken back, also the first state.
[[nodiscard]] auto start_helper(Store const& store, Runtime const& runtime, Nurse& nurse, OwnerPolicy owner,
                                std::string name, qemu::Helper& helper) -> boost::asio::awaitable<StartedHelper>;

/// What a helper wrote, `run/NAME/ALIAS.log`.
[[nodiscard]] auto helper_log(Store const& store, std::string_view name, qemu::Helper const& helper) -> std::string;

/// Lets helpers whose emulator has ended come to their end, and kills those that do not.
[[nodiscard]] auto end_helpers(Runtime const& runtime, std::vector<Process> helpers) -> boost::asio::awaitable<void>;

/// At once.
void kill_helpers(std::vector<Process> const& helpers);

/// Whose TPM's state goes with the domain. It is kept if `keep` says so or, where that says nothing, the configuration.
[[nodiscard]] auto tpms_to_forget(DomainConfig const& config, std::optional<bool> keep = {}) -> std::vector<Uuid>;
void forget_tpm(Store const& store, DomainConfig const& config);

} // namespace vmwright::inline v0::detail
