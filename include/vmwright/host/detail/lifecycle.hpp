// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain.hpp>
#include <vmwright/host/domain_state.hpp>
#include <vmwright/host/event.hpp>
#include <vmwright/qmp/commands/run_state.hpp>
#include <vmwright/qmp/event.hpp>
#include <vmwright/qmp/events.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::detail
{

/// What is left to do with a guest that has ended or crashed and that QEMU keeps.
enum class Finish
{
    nothing,
    boot,
    quit,
    dump_and_boot,
    dump_and_quit,
};

/// Why a guest is kept.
struct Kept
{
    qmp::RunState state{}; ///< QEMU's word for it now
    LifecycleAction on_poweroff{LifecycleAction::destroy};
    CrashAction on_crash{CrashAction::destroy};
    bool reboot_pending{}; ///< it was asked to end so that it can be started anew
    bool booting{};        ///< somebody has begun to start it anew
};

/// What QEMU cannot be told in advance by -action, and so whoever is there does.
[[nodiscard]] auto finish_of(Kept const& guest) -> Finish;

/// What the emulator's names in a run stand for.
struct GuestNames
{
    struct Disk
    {
        std::string target{};
        std::string path{}; ///< empty when its source has none
    };
    std::string agent{};                          ///< the alias of the guest agent's channel
    std::map<std::string, Disk> disks{};          ///< by alias
    std::map<std::string, std::string> by_node{}; ///< the disk's alias, by the stem of its block nodes: `libvirt-1`
    std::int64_t clock_adjustment{};              ///< seconds, which the emulator does not count

    /// The disk of a block node.
    [[nodiscard]] auto disk_of(std::string_view node) const -> std::string;
};
[[nodiscard]] auto guest_names(DomainConfig const& live, std::map<std::string, std::string> by_node) -> GuestNames;

/// One run of a domain, as its emulator's own journal tells it: bytes in, changes in libvirt's words out. No file, no
/// clock, no thread.
class Lifecycle
{
public:
    Lifecycle(bool started_paused, GuestNames names);

    struct Change
    {
        EventData data{};
        std::chrono::system_clock::time_point time{};
        std::uint64_t place{}; ///< in the journal; grows, and is the same for whoever reads it

        bool operator==(Change const&) const = default;
    };

    /// What a start that went well has to tell beside what the journal says, and before that.
    [[nodiscard]] auto begin(std::chrono::system_clock::time_point time) const -> std::vector<Change>;
    /// Takes the journal in pieces of any size.
    [[nodiscard]] auto feed(std::string_view bytes) -> std::vector<Change>;

    /// What the emulator's own word for its state means now.
    [[nodiscard]] auto state(qmp::RunState status) const -> DomainState;
    /// Its CPUs were let go at least once.
    [[nodiscard]] auto has_run() const noexcept -> bool { return has_run_; }
    /// The guest has ended or crashed and the emulator keeps it, until it is started anew or told to quit.
    [[nodiscard]] auto is_kept() const noexcept -> bool { return is_kept_; }
    /// When it crashed last; nothing once it runs again.
    [[nodiscard]] auto crashed() const noexcept -> std::optional<std::chrono::system_clock::time_point> { return crashed_; }

    struct End
    {
        ShutoffReason reason{};
        std::string cause{};
        unsigned stopped_detail{};

        bool operator==(End const&) const = default;
    };
    /// How it ended, when the emulator is gone; `killed` when we saw to that.
    [[nodiscard]] auto end(bool killed) const -> End;

private:
    void take(qmp::Event const& event, std::vector<Change>& out);
    void take_other(qmp::Event const& event, std::function<void(EventData)> const& tell) const;

    bool started_paused_;
    GuestNames names_;
    std::string partial_;
    std::uint64_t line_{}; ///< where it begins
    bool has_run_{};
    bool is_kept_{};
    std::optional<std::chrono::system_clock::time_point> crashed_{};
    std::optional<qmp::events::shutdown> shutdown_{};
    RunningReason running_{RunningReason::booted};
    PausedReason paused_{PausedReason::user};
};

} // namespace vmwright::inline v0::detail
