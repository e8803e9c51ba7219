// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain.hpp>
#include <vmwright/host/detail/lifecycle.hpp>
#include <vmwright/host/detail/store.hpp>
#include <vmwright/host/host.hpp>
#include <vmwright/machine/process.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::detail
{

/// One of the vCPUs of a domain that runs, by its number.
struct LiveVcpu
{
    bool is_there{};
    bool was_plugged{}; ///< and so can be unplugged

    bool operator==(LiveVcpu const&) const = default;
};

/// A domain that runs, whichever program started it. On the Host's executor.
class Guest
{
public:
    virtual ~Guest() = default;

    /// The file that grows with what the guest does.
    [[nodiscard]] virtual auto journal_path() const -> std::string = 0;
    /// What has happened since the last call; on the first, all since the start.
    [[nodiscard]] virtual auto changes() -> std::vector<Lifecycle::Change> = 0;
    /// It has ended or crashed, and is kept for somebody to finish that.
    [[nodiscard]] virtual auto is_kept() const -> bool = 0;
    [[nodiscard]] virtual auto end(bool killed) const -> Lifecycle::End = 0;

    /// Makes sure that it is the guest it should be, and finishes a start that was left after it was complete. Under the
    /// domain's lock.
    [[nodiscard]] virtual auto take_over() -> boost::asio::awaitable<void> = 0;
    [[nodiscard]] virtual auto state() -> boost::asio::awaitable<DomainState> = 0;
    /// What the balloon leaves it; nothing when there is no balloon.
    [[nodiscard]] virtual auto memory() -> boost::asio::awaitable<std::optional<Size>> = 0;
    /// Tells the balloon how much to leave the guest, which obeys when it does, if ever; what it leaves it now.
    [[nodiscard]] virtual auto set_memory(Size memory) -> boost::asio::awaitable<Size> = 0;
    /// Which of its vCPUs are there and how they came.
    [[nodiscard]] virtual auto vcpus() -> boost::asio::awaitable<std::vector<LiveVcpu>> = 0;
    /// Plugs or unplugs vCPUs until there are so many. What has been done when it fails is for vcpus() to say.
    [[nodiscard]] virtual auto set_vcpus(std::uint32_t count) -> boost::asio::awaitable<void> = 0;
    [[nodiscard]] virtual auto suspend() -> boost::asio::awaitable<void> = 0;
    [[nodiscard]] virtual auto resume() -> boost::asio::awaitable<void> = 0;
    [[nodiscard]] virtual auto reset() -> boost::asio::awaitable<void> = 0;
    /// Presses the power button; with `keep`, the guest's end leaves it shut down instead of ending the emulator.
    [[nodiscard]] virtual auto power_down(bool keep) -> boost::asio::awaitable<void> = 0;
    [[nodiscard]] virtual auto wake_up() -> boost::asio::awaitable<void> = 0;
    [[nodiscard]] virtual auto inject_nmi() -> boost::asio::awaitable<void> = 0;
    [[nodiscard]] virtual auto send_keys(std::vector<std::uint32_t> keys, std::chrono::milliseconds hold)
        -> boost::asio::awaitable<void> = 0;
    [[nodiscard]] virtual auto screenshot(std::string file, unsigned screen) -> boost::asio::awaitable<void> = 0;
    /// Into a file that is there.
    [[nodiscard]] virtual auto dump(std::string file, DumpFormat format) -> boost::asio::awaitable<void> = 0;
    /// What is left to do with it, asked of the emulator.
    [[nodiscard]] virtual auto finish(bool reboot_pending, bool booting) -> boost::asio::awaitable<Finish> = 0;
    /// Writes the memory of a crashed guest into the directory, under a name of its own for each crash.
    [[nodiscard]] virtual auto dump_core(std::string directory) -> boost::asio::awaitable<void> = 0;
    /// Starts a guest anew that is kept.
    [[nodiscard]] virtual auto boot_again() -> boost::asio::awaitable<void> = 0;
    [[nodiscard]] virtual auto quit() -> boost::asio::awaitable<void> = 0;
    [[nodiscard]] virtual auto qmp_command(std::string json) -> boost::asio::awaitable<std::string> = 0;
    [[nodiscard]] virtual auto hmp_command(std::string line) -> boost::asio::awaitable<std::string> = 0;
};

/// What a start needs beside the options.
struct StartOrder
{
    std::string name{};
    std::string text{}; ///< of the definition, for the places of what is wrong with it
    DomainConfig config{};
    StartOptions options{};
    int id{};
};

struct Started
{
    RunStatus status{};
    Process process{};
    std::vector<Process> helpers{};
    StartReport report{};
};

/// What runs domains of some types. QEMU is the first. On the Host's executor.
class Driver
{
public:
    virtual ~Driver() = default;

    [[nodiscard]] virtual auto runs(DomainType type) const -> bool = 0;
    /// Makes all that a definition leaves open explicit; throws ConfigError, its places in `text` where that is given.
    [[nodiscard]] virtual auto resolve(DomainConfig config) -> boost::asio::awaitable<Checked<DomainConfig>> = 0;
    /// What a start would give the emulator.
    [[nodiscard]] virtual auto plan(DomainConfig config) -> boost::asio::awaitable<Checked<qemu::Plan>> = 0;
    /// What can be said against a start before an id is spent on it.
    [[nodiscard]] virtual auto check_start(StartOrder const& order) -> boost::asio::awaitable<void> = 0;
    /// Leaves a running guest, its run directory complete, or nothing. The caller holds the domain's lock.
    [[nodiscard]] virtual auto start(StartOrder order) -> boost::asio::awaitable<Started> = 0;
    [[nodiscard]] virtual auto open(std::string name, RunStatus const& status) -> std::shared_ptr<Guest> = 0;
    /// What the balloon leaves a running guest, as its emulator last told; nothing when it never did. Any thread.
    [[nodiscard]] virtual auto told_memory(std::string_view name) const -> std::optional<Size> = 0;
    [[nodiscard]] virtual auto emulator(std::string arch) -> boost::asio::awaitable<EmulatorInfo> = 0;
    [[nodiscard]] virtual auto domain_capabilities(CapabilitiesQuery query)
        -> boost::asio::awaitable<DomainCapabilities> = 0;
    [[nodiscard]] virtual auto capabilities() -> boost::asio::awaitable<HostCapabilities> = 0;
};

} // namespace vmwright::inline v0::detail
