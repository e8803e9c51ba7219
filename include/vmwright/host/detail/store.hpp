// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/host/domain_state.hpp>
#include <vmwright/machine/fd.hpp>
#include <vmwright/machine/process.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0
{
class Machine;
}

namespace vmwright::inline v0::detail
{

/// The program that a domain ends with.
struct RunOwner
{
    std::string program{};
    ProcessId process{};

    bool operator==(RunOwner const&) const = default;
};

/// What whoever opens the root must know of a running domain to find and to judge it; run/NAME/status.
struct RunStatus
{
    std::string boot_id{};
    ProcessId process{};
    int id{};
    Uuid uuid{};
    std::string emulator{};
    std::chrono::system_clock::time_point started{};
    bool started_paused{};
    bool is_complete{};              ///< the start has come so far that it stands, whoever is there to see it
    bool reboot_pending{};           ///< the guest was asked to end so that it can be started anew
    bool booting{};                  ///< that, or what on_poweroff or on_crash want, is being done
    bool killed{};                   ///< the emulator is being ended in a way that it cannot tell
    std::optional<RunOwner> owner{}; ///< of a domain that is bound

    bool operator==(RunStatus const&) const = default;
};

/// Who has a lock, for those who wait for it.
struct LockHolder
{
    std::string program{};
    std::string purpose{}; ///< `to start it`
    ProcessId process{};
    std::uint64_t pid_namespace{}; ///< in which the process has that pid
    std::chrono::system_clock::time_point since{};

    bool operator==(LockHolder const&) const = default;
};

/// `vmsh (pid 4711, since 2026-01-31 12:00:05 UTC, to start it)`.
[[nodiscard]] auto format(LockHolder const& holder) -> std::string;

/// The files of one root directory, which are the truth about its domains:
///
///     format                 the version of this layout
///     domains/NAME.xml       definitions
///     run/NAME/              of a running domain: status, live.xml, qmp0 … qmp7 with their locks, alive, journal.out, log,
///                            nodes (whose they are, for events of disks), helpers and, of each, ALIAS.log; plugging,
///                            while live.xml may not tell all vCPUs that are there
///     autostart/NAME         marks a defined domain that starts with the host
///     ended/NAME             how the last run of a defined domain ended
///     dump/                  the memory of guests that crashed
///     log/NAME.log           what the emulator of that run wrote
///     locks/NAME             held by whoever changes the domain
///     events/                what has happened; see EventLog
///     events.lock            held by whoever adds to it
///     hints/NAME             touched when a run begins or is swept; watched by those who want to hear of it
///     cache/                 emulators that were asked
///     tpm/UUID/              the state of a domain's TPM, which outlives its runs
///     tpm/ca/                what signs the certificates of new TPMs
///     last-id                the last domain id given, and its lock
///     swept/NAME/            a run that is being removed
///     intents/UUID           why the state of a TPM is to go, or a definition has to be told its new name, unless a program
///                            comes to the end of what it does
///     guard                  held while a lock is taken
///
/// Each change is complete or has not happened at one rename or removal, and what a program that is killed leaves besides
/// is of no consequence: `sweep` finds and removes it. Any thread may use a Store; it remembers nothing.
class Store
{
public:
    Store(std::shared_ptr<Machine> machine, std::string root);

    /// Makes the directories; throws Errc::corrupt_state for a layout of another version.
    void open() const;
    /// Removes what killed programs left, other than runs.
    void sweep(std::string_view program) const;

    [[nodiscard]] auto machine() const -> Machine& { return *machine_; }
    [[nodiscard]] auto root() const -> std::string const& { return root_; }
    [[nodiscard]] auto path(std::string_view leaf) const -> std::string;
    [[nodiscard]] auto run_path(std::string_view name, std::string_view leaf = {}) const -> std::string;
    [[nodiscard]] auto lock_path(std::string_view name) const -> std::string;
    [[nodiscard]] auto id_lock_path() const -> std::string;

    [[nodiscard]] auto defined_names() const -> std::vector<std::string>;
    [[nodiscard]] auto is_defined(std::string_view name) const -> bool;
    /// Errc::not_found when there is none.
    [[nodiscard]] auto read_definition(std::string_view name) const -> std::string;
    void write_definition(std::string_view name, std::string_view text) const;
    /// Also what was kept about its last run, and the state of the TPMs of these domains.
    void remove_definition(std::string_view name, std::vector<Uuid> const& tpms = {}) const;
    /// Gives a domain that is off another name, under the locks of both. `text` is the definition with that name in it.
    void rename_definition(std::string_view name, std::string_view to, Uuid const& uuid, std::string_view text) const;
    /// Differs after each write of the definition; empty when there is none.
    [[nodiscard]] auto definition_stamp(std::string_view name) const -> std::string;

    /// Those with remains of a run, alive or not.
    [[nodiscard]] auto run_names() const -> std::vector<std::string>;
    /// Of a run whose emulator lives and whose start is complete.
    [[nodiscard]] auto running(std::string_view name) const -> std::optional<RunStatus>;
    /// Of a run, alive or not.
    [[nodiscard]] auto run_status(std::string_view name) const -> std::optional<RunStatus>;
    void write_run_status(std::string_view name, RunStatus const& status) const;
    /// The helpers of a run that have not ended.
    [[nodiscard]] auto helpers(std::string_view name) const -> std::vector<Process>;
    void write_helpers(std::string_view name, std::vector<ProcessId> const& helpers) const;
    /// The aliases of a run's disks, by the stems of their block nodes.
    [[nodiscard]] auto block_nodes(std::string_view name) const -> std::map<std::string, std::string>;
    void write_block_nodes(std::string_view name, std::map<std::string, std::string> const& nodes) const;
    /// Removes what a run left; its log stays with a defined domain.
    void sweep_run(std::string_view name) const;

    [[nodiscard]] auto is_autostarted(std::string_view name) const -> bool;
    [[nodiscard]] auto autostarted_names() const -> std::vector<std::string>;
    void set_autostart(std::string_view name, bool on) const;

    [[nodiscard]] auto last_end(std::string_view name) const -> std::optional<DomainEnd>;
    void write_last_end(std::string_view name, DomainEnd const& end) const;

    void remove_tpm_state(Uuid const& uuid) const;
    /// Says that the state of a TPM is to go with the start of that domain, unless that is completed.
    void begin_tpm_state(std::string_view name, Uuid const& uuid) const;
    void forget_intent(Uuid const& uuid) const;
    /// With all that is in it, where it is there.
    void remove_tree(std::string const& directory) const;

    /// Called under the lock of id_lock_path().
    [[nodiscard]] auto next_id() const -> int;

    /// Empty when somebody who lives has it.
    [[nodiscard]] auto try_lock(std::string const& lock_path, std::string_view program, std::string_view purpose) const
        -> UniqueFd;
    /// Nothing when nobody ever had it.
    [[nodiscard]] auto lock_holder(std::string const& lock_path) const -> std::optional<LockHolder>;

    /// A run of the domain has begun, or is over.
    void hint(std::string_view name) const;

private:
    [[nodiscard]] auto is_dead(LockHolder const& holder) const -> bool;
    void carry_out_intent(std::string const& uuid, std::string_view program) const;
    /// Writes its name into a definition whose renaming was left before that.
    void finish_renaming(std::string const& name) const;
    void forget(std::string const& name) const;

    std::shared_ptr<Machine> machine_;
    std::string root_;
};

/// Throws Errc::invalid_argument for a name that cannot be a file's.
void require_usable_name(std::string_view name);

/// `domain 'NAME'`, for an Error's object.
[[nodiscard]] auto domain_object(std::string_view name) -> std::string;

} // namespace vmwright::inline v0::detail
