// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "guest_terminal.hpp"
#include "shell.hpp"
#include "signals.hpp"
#include "terminal.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

/// How a VM in the foreground has ended. The numbers are exit statuses; 1 is that of what could not begin.
enum class Outcome
{
    powered_off = 0,
    ended_by_others = 2,
    destroyed = 3,
    crashed = 4,
    emulator_failed = 5,
};

/// Work for the thread that waits for several things, from any thread.
class Inbox
{
public:
    Inbox();

    void put(std::function<void()> work);
    /// What it does may throw; what comes after that is done the next time.
    void work_off();
    /// Readable when there is work.
    [[nodiscard]] auto fd() const -> int { return arrival_.get(); }

private:
    std::mutex mutex_;
    std::vector<std::function<void()>> work_;
    vw::UniqueFd arrival_;
};

/// A domain that runs as long as this process: its console is our standard input and output, the signals that end us are
/// its power button and its plug.
class Foreground
{
public:
    struct Options
    {
        std::chrono::seconds stop_timeout{};
        bool restarts{}; ///< the definition wants the guest started anew when it has powered off
    };

    Foreground(Shell& shell, std::string name, Options options);
    Foreground(Foreground const&) = delete;
    auto operator=(Foreground const&) -> Foreground& = delete;
    /// Pulls the plug of a guest that still runs.
    ~Foreground();

    /// Returns when the guest runs, or has been ended by a signal before it did; throws what vmwright throws.
    void start(std::string text);
    /// Returns when the guest has ended.
    auto wait() -> Outcome;
    /// The signal that came before the guest ran.
    [[nodiscard]] auto early_signal() const -> std::optional<int> { return early_signal_; }

private:
    void wait_for_something();
    void take_signal(int signal);
    void hear(vw::Event const& event);
    void created(std::exception_ptr const& failure, vw::Domain domain);
    void resumed(std::exception_ptr const& failure);
    void stop();
    void ask(std::exception_ptr const& failure, vw::DomainState state);
    void asked(std::exception_ptr const& failure, vw::ShutdownOutcome outcome);
    void destroy();
    void conclude(unsigned stopped_detail);

    void attach();
    void from_guest();
    void from_keys();
    void to_guest();
    void to_output();
    void drain();

    /// For the person who sits there, beside what the guest says.
    void say(std::string_view words) const;
    void notify(std::string_view words);

    Shell& shell_;
    std::string name_;
    Options options_;
    EndingSignals signals_{};
    std::shared_ptr<Inbox> inbox_{std::make_shared<Inbox>()};
    vw::EventSubscription subscription_{};
    std::shared_ptr<boost::asio::cancellation_signal> start_cancellation_{};

    std::optional<vw::Domain> domain_{};
    std::optional<int> early_signal_{};
    std::optional<Outcome> outcome_{};
    bool is_let_go_{}; ///< and so may hear its power button
    bool is_running_{};
    bool is_stopping_{};
    bool is_destroying_{};
    bool has_powered_off_{};
    bool has_crashed_{};
    bool has_supervisor_{true};

    std::optional<GuestTerminal> guest_{};
    vw::UniqueFd other_end_{}; ///< the emulator's, of the same terminal
    std::optional<RawTerminal> raw_{};
    bool has_keys_{};
    bool has_output_{true};
    std::string keys_{};   ///< on their way to the guest
    std::string output_{}; ///< on its way to the standard output
};
