// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/driver.hpp>
#include <vmwright/host/detail/runtime.hpp>
#include <vmwright/qmp/client.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace vmwright::inline v0::detail
{

/// How many programs can talk to one QEMU at a time: its sockets are qmp0, qmp1, …
inline constexpr int monitor_slots = 8;

[[nodiscard]] auto slot_path(Store const& store, std::string_view name, int slot) -> std::string;

/// A connection to a running QEMU, and the lock of the socket it uses.
struct Monitor
{
    Monitor(UniqueFd lock, qmp::Client connected)
        : slot{std::move(lock)}
        , client{std::move(connected)}
    {
    }

    UniqueFd slot; ///< freed after the connection has ended
    qmp::Client client;
};

/// Takes a free slot of the domain's QEMU and connects; nothing is read yet. Throws Errc::not_running when nobody listens,
/// Errc::unresponsive, with the names of those who talk to it, when there is no free slot.
[[nodiscard]] auto take_monitor(Store const& store, Runtime const& runtime, std::string const& program,
                                std::string_view name, LogHook log) -> std::shared_ptr<Monitor>;

class QemuGuest final : public Guest
{
public:
    QemuGuest(Store const& store, std::shared_ptr<Runtime> runtime, HostOptions const& options, std::string name,
              RunStatus const& status);

    [[nodiscard]] auto journal_path() const -> std::string override;
    [[nodiscard]] auto changes() -> std::vector<Lifecycle::Change> override;
    [[nodiscard]] auto is_kept() const -> bool override { return lifecycle_.is_kept(); }
    [[nodiscard]] auto end(bool killed) const -> Lifecycle::End override { return lifecycle_.end(killed); }

    [[nodiscard]] auto take_over() -> boost::asio::awaitable<void> override;
    [[nodiscard]] auto state() -> boost::asio::awaitable<DomainState> override;
    [[nodiscard]] auto memory() -> boost::asio::awaitable<std::optional<Size>> override;
    [[nodiscard]] auto set_memory(Size memory) -> boost::asio::awaitable<Size> override;
    [[nodiscard]] auto vcpus() -> boost::asio::awaitable<std::vector<LiveVcpu>> override;
    [[nodiscard]] auto set_vcpus(std::uint32_t count) -> boost::asio::awaitable<void> override;
    [[nodiscard]] auto suspend() -> boost::asio::awaitable<void> override;
    [[nodiscard]] auto resume() -> boost::asio::awaitable<void> override;
    [[nodiscard]] auto reset() -> boost::asio::awaitable<void> override;
    [[nodiscard]] auto power_down(bool keep) -> boost::asio::awaitable<void> override;
    [[nodiscard]] auto wake_up() -> boost::asio::awaitable<void> override;
    [[nodiscard]] auto inject_nmi() -> boost::asio::awaitable<void> override;
    [[nodiscard]] auto send_keys(std::vector<std::uint32_t> keys, std::chrono::milliseconds hold)
        -> boost::asio::awaitable<void> override;
    [[nodiscard]] auto screenshot(std::string file, unsigned screen) -> boost::asio::awaitable<void> override;
    [[nodiscard]] auto dump(std::string file, DumpFormat format) -> boost::asio::awaitable<void> override;
    [[nodiscard]] auto finish(bool reboot_pending, bool booting) -> boost::asio::awaitable<Finish> override;
    [[nodiscard]] auto dump_core(std::string directory) -> boost::asio::awaitable<void> override;
    [[nodiscard]] auto boot_again() -> boost::asio::awaitable<void> override;
    [[nodiscard]] auto quit() -> boost::asio::awaitable<void> override;
    [[nodiscard]] auto qmp_command(std::string json) -> boost::asio::awaitable<std::string> override;
    [[nodiscard]] auto hmp_command(std::string line) -> boost::asio::awaitable<std::string> override;

private:
    /// A connection that is ready for commands, shared by the operations of this moment.
    [[nodiscard]] auto monitor() -> boost::asio::awaitable<std::shared_ptr<Monitor>>;
    /// Also where QEMU takes a reset for the end; with `boots` the guest goes on from there.
    [[nodiscard]] auto reset_by(std::shared_ptr<Monitor> connection, bool boots) -> boost::asio::awaitable<void>;
    /// Asks for the device to go and waits until the guest has let it.
    [[nodiscard]] auto unplug(std::shared_ptr<Monitor> connection, std::string id) -> boost::asio::awaitable<void>;
    void read_journal();
    /// The live configuration, which says what QEMU was told to do when the guest ends.
    [[nodiscard]] auto config() const -> DomainConfig;

    Store const& store_;
    std::shared_ptr<Runtime> runtime_;
    HostOptions const& options_;
    std::string name_;
    RunStatus status_;
    UniqueFd journal_;
    std::uint64_t journal_read_{};
    Lifecycle lifecycle_;
    bool is_verified_{}; ///< it has said that it is this domain
    std::vector<Lifecycle::Change> untold_;
    std::weak_ptr<Monitor> monitor_;
};

} // namespace vmwright::inline v0::detail
