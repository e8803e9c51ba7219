// SPDX-License-Identifier: BSL-1.0
#include "first_process.hpp"

#include "signals.hpp"

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <system_error>

#include <sys/wait.h>
#include <unistd.h>

namespace
{

/// What the keyboard sends goes to the foreground's processes, which shall not be the first one: it would pass it on a
/// second time.
void take_foreground()
{
    // There is no shell that would let it go on.
    for (auto const signal : {SIGTSTP, SIGTTIN, SIGTTOU})
        std::signal(signal, SIG_IGN);
    setpgid(0, 0);
    if (tcgetpgrp(STDIN_FILENO) >= 0)
        tcsetpgrp(STDIN_FILENO, getpgrp());
}

/// Ends all children that are over. The exit status of `program`, if it is among them.
auto reap(pid_t program) -> std::optional<int>
{
    constexpr auto by_signal = 128;
    std::optional<int> result;
    int status{};
    for (pid_t child{}; (child = waitpid(-1, &status, WNOHANG)) > 0;)
        if (child == program)
            result = WIFSIGNALED(status) ? by_signal + WTERMSIG(status) : WEXITSTATUS(status);
    return result;
}

[[noreturn]] void be_first_process(pid_t program, sigset_t const& all)
{
    for (;;) {
        auto const signal = sigwaitinfo(&all, nullptr);
        if (signal == SIGCHLD) {
            if (auto const status = reap(program))
                std::_Exit(*status);
        } else if (signal > 0) {
            kill(program, signal);
        }
    }
}

} // namespace

void leave_first_process()
{
    if (getpid() != 1)
        return;
    auto const all = all_signals();
    sigset_t before;
    sigprocmask(SIG_BLOCK, &all, &before);
    auto const program = fork();
    if (program < 0)
        throw std::system_error{errno, std::generic_category(), "cannot begin a second process"};
    if (program > 0)
        be_first_process(program, all);
    take_foreground();
    sigprocmask(SIG_SETMASK, &before, nullptr);
}
