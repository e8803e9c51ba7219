// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/detail/pidfd_process.hpp>
#include <vmwright/machine/detail/system_failure.hpp>

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace vmwright::inline v0
{

namespace detail::pidfd_process
{
namespace
{

/// The start time is the 20th word after the program's name, which stands in parentheses and may contain any of them.
auto start_time(std::string_view stat) -> std::optional<std::uint64_t>
{
    auto at = stat.rfind(')');
    for (auto word = 0; word < 20 && at != stat.npos; ++word)
        at = stat.find(' ', at + 1);
    if (at == stat.npos)
        return std::nullopt;
    std::uint64_t ticks{};
    auto const [end, error] = std::from_chars(stat.data() + at + 1, stat.data() + stat.size(), ticks);
    if (error != std::errc{})
        return std::nullopt;
    return ticks;
}

} // namespace
} // namespace detail::pidfd_process

auto find_process(int pid) -> std::optional<ProcessId>
{
    auto const path = "/proc/" + std::to_string(pid) + "/stat";
    UniqueFd const file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file)
        return std::nullopt;
    char text[1024];
    auto const size = ::read(file.get(), text, sizeof text);
    if (size <= 0)
        return std::nullopt;
    auto const ticks = detail::pidfd_process::start_time({text, static_cast<std::size_t>(size)});
    if (!ticks)
        return std::nullopt;
    return ProcessId{pid, *ticks};
}

auto Process::open(ProcessId id) -> Process
{
    UniqueFd pidfd{static_cast<int>(::syscall(SYS_pidfd_open, id.pid, 0))};
    if (!pidfd) {
        if (errno == ESRCH || errno == EINVAL)
            return {};
        throw detail::system_failure(Errc::io_failed, "cannot open process " + std::to_string(id.pid), errno);
    }
    // Only now: the pidfd holds whoever has the pid, and that one's start time is what counts.
    if (find_process(id.pid) != id)
        return {};
    Process process{id, std::make_shared<detail::PidfdProcess>(std::move(pidfd))};
    return process.has_ended() ? Process{} : process;
}

namespace detail
{

PidfdProcess::PidfdProcess(UniqueFd pidfd) noexcept
    : pidfd_{std::move(pidfd)}
{
}

auto PidfdProcess::exit_status() -> ExitStatus
{
    std::lock_guard const lock{mutex_};
    if (status_)
        return *status_;
    siginfo_t info{};
    int result{};
    do
        result = ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED | WNOHANG);
    while (result < 0 && errno == EINTR);
    // ECHILD: not a child of ours, or the embedder ignores SIGCHLD or has reaped it.
    if (result < 0 || info.si_pid == 0)
        status_ = ExitStatus{};
    else if (info.si_code == CLD_EXITED)
        status_ = ExitStatus{ExitStatus::Kind::exited, info.si_status};
    else
        status_ = ExitStatus{ExitStatus::Kind::signaled, info.si_status};
    return *status_;
}

void PidfdProcess::signal(int number)
{
    if (::syscall(SYS_pidfd_send_signal, pidfd_.get(), number, nullptr, 0) < 0 && errno != ESRCH)
        throw system_failure(Errc::io_failed, "cannot signal a process", errno);
}

} // namespace detail

} // namespace vmwright::inline v0
