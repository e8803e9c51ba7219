// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/quiet_thread.hpp>

#include <csignal>
#include <pthread.h>
#include <utility>

namespace vmwright::inline v0
{

namespace detail
{

/// No signal is handled on the thread while this is there, but for those that the C library needs itself.
class NoSignals
{
public:
    NoSignals()
    {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    NoSignals(NoSignals const&) = delete;
    auto operator=(NoSignals const&) -> NoSignals& = delete;
    ~NoSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_{};
};

} // namespace detail

auto quiet_thread(std::function<void()> body) -> std::thread
{
    // A thread begins with the mask of the one that starts it.
    detail::NoSignals const blocked;
    return std::thread{std::move(body)};
}

} // namespace vmwright::inline v0
