// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/detail/system_failure.hpp>
#include <vmwright/machine/fake_process.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <utility>

namespace vmwright::inline v0
{

FakeProcess::FakeProcess(ProcessSpec spec)
    : spec_{std::move(spec)}
    , end_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)}
{
    for (auto const& fd : spec_.fds) {
        UniqueFd duplicate{::fcntl(fd.ours, F_DUPFD_CLOEXEC, 0)};
        if (!duplicate)
            throw detail::system_failure(Errc::spawn_failed, "cannot start '" + spec_.executable + "'", errno,
                                         "spawn: dup2");
        fds_[fd.number] = std::move(duplicate);
    }
}

auto FakeProcess::fd(int number) const -> int
{
    std::lock_guard const lock{mutex_};
    auto const found = fds_.find(number);
    return found == fds_.end() ? -1 : found->second.get();
}

void FakeProcess::end(ExitStatus status)
{
    std::lock_guard const lock{mutex_};
    if (std::exchange(ended_, true))
        return;
    status_ = status;
    fds_.clear();
    ::eventfd_write(end_.get(), 1);
}

auto FakeProcess::has_open(int ours) const -> bool
{
    struct stat wanted
    {
    }, found{};
    std::lock_guard const lock{mutex_};
    return ::fstat(ours, &wanted) == 0 && std::ranges::any_of(fds_, [&](auto const& fd) {
               return ::fstat(fd.second.get(), &found) == 0 && found.st_ino == wanted.st_ino &&
                      found.st_dev == wanted.st_dev;
           });
}

auto FakeProcess::signals() const -> std::vector<int>
{
    std::lock_guard const lock{mutex_};
    return signals_;
}

auto FakeProcess::exit_status() -> ExitStatus
{
    std::lock_guard const lock{mutex_};
    return status_;
}

void FakeProcess::signal(int number)
{
    {
        std::lock_guard const lock{mutex_};
        signals_.push_back(number);
    }
    if (number == SIGKILL || (number == SIGTERM && obeys_terminate))
        end({ExitStatus::Kind::signaled, number});
}

} // namespace vmwright::inline v0
