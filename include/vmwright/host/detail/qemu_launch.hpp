// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/driver.hpp>
#include <vmwright/host/detail/helper_start.hpp>
#include <vmwright/host/detail/nurse.hpp>
#include <vmwright/host/detail/qemu_guest.hpp>
#include <vmwright/host/detail/runtime.hpp>
#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/pipeline.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace vmwright::inline v0::detail
{

/// Measures the phases of a start.
class Stopwatch
{
public:
    void end_of(StartPhase phase)
    {
        auto const now = std::chrono::steady_clock::now();
        timings_[static_cast<std::size_t>(phase)] += now - last_;
        last_ = now;
    }
    [[nodiscard]] auto timings() const -> decltype(StartReport::timings) const& { return timings_; }

private:
    std::chrono::steady_clock::time_point last_{std::chrono::steady_clock::now()};
    decltype(StartReport::timings) timings_{};
};

/// One start, from a plan to a guest that runs. It leaves a complete run directory and a live QEMU, or neither.
class Launch
{
public:
    Launch(Store const& store, std::shared_ptr<Runtime> runtime, Nurse& nurse, HostOptions const& options,
           StartOrder const& order, qemu::Capabilities const& capabilities, qemu::Plan plan, DomainConfig live,
           Stopwatch watch);
    Launch(Launch const&) = delete;
    auto operator=(Launch const&) -> Launch& = delete;
    /// Ends what did not become a running guest.
    ~Launch();

    [[nodiscard]] auto run() -> boost::asio::awaitable<Started>;

private:
    /// Whose errors are told of the domain.
    void take_step(void (Launch::*step)());
    void make_files();
    /// Binds the sockets of our own directory for QEMU, whose paths would be too long for it in a deep root.
    void bind_sockets();
    [[nodiscard]] auto start_helpers() -> boost::asio::awaitable<void>;
    [[nodiscard]] auto start_helper_for(qemu::Helper& helper) -> boost::asio::awaitable<StartedHelper>;
    void require_helpers() const;
    [[nodiscard]] auto words_of_helpers() const -> std::string;
    void spawn();
    [[nodiscard]] auto greet() -> boost::asio::awaitable<void>;
    /// Sets the limits of disks, which no option of QEMU's has.
    [[nodiscard]] auto limit_disks() -> boost::asio::awaitable<void>;
    [[nodiscard]] auto pull_cables() -> boost::asio::awaitable<void>;
    [[nodiscard]] auto set_balloon() -> boost::asio::awaitable<void>;
    [[nodiscard]] auto set_passwords() -> boost::asio::awaitable<void>;
    [[nodiscard]] auto record() -> boost::asio::awaitable<void>;
    [[nodiscard]] auto failure(Error const& error) -> boost::asio::awaitable<Error>;
    /// The first helper that ended by its own fault; null when none did.
    [[nodiscard]] auto failed_helper() const -> qemu::Helper const*;
    [[nodiscard]] auto helper_error(qemu::Helper const& helper, std::string_view what, std::string words) const -> Error;
    [[nodiscard]] auto run_path(std::string_view leaf) const -> std::string;

    Store const& store_;
    std::shared_ptr<Runtime> runtime_;
    Nurse& nurse_;
    HostOptions const& options_;
    StartOrder const& order_;
    qemu::Capabilities const& capabilities_;
    qemu::Plan plan_;
    DomainConfig live_;
    Stopwatch watch_;

    std::vector<UniqueFd> listeners_; ///< of the monitors
    std::vector<UniqueFd> sockets_;   ///< of character devices, and the connections to helpers
    UniqueFd alive_;
    UniqueFd log_;
    UniqueFd journal_input_;
    std::shared_ptr<Monitor> monitor_;
    Started started_;
    std::string doing_{"while it built the machine"}; ///< what the emulator was asked for last
    bool has_new_tpm_{};                              ///< its state goes again with a start that does not come to its end
    bool is_complete_{};
};

} // namespace vmwright::inline v0::detail
