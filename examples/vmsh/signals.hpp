// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/fd.hpp>

#include <csignal>

#include <sys/signalfd.h>
#include <unistd.h>

inline auto all_signals() -> sigset_t
{
    sigset_t set;
    sigfillset(&set);
    return set;
}

/// Those that end a program from outside, which has a terminal to restore first.
inline auto ending_signals() -> sigset_t
{
    sigset_t set;
    sigemptyset(&set);
    for (auto const signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
        sigaddset(&set, signal);
    return set;
}

/// Keeps signals from this thread as long as it lives.
class BlockedSignals
{
public:
    explicit BlockedSignals(sigset_t const& set) { pthread_sigmask(SIG_BLOCK, &set, &before_); }
    BlockedSignals(BlockedSignals const&) = delete;
    auto operator=(BlockedSignals const&) -> BlockedSignals& = delete;
    ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_{};
};

/// Takes the signals that would end the program, to be polled for. One that is not taken ends it when this is gone.
class EndingSignals
{
public:
    /// Becomes readable when a signal is there.
    [[nodiscard]] auto fd() const -> int { return fd_.get(); }
    /// Its number.
    auto take() -> int
    {
        signalfd_siginfo info{};
        return read(fd_.get(), &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
    }

private:
    BlockedSignals blocked_{ending_signals()};
    vmwright::UniqueFd fd_{make()};

    static auto make() -> int
    {
        auto const set = ending_signals();
        return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    }
};
