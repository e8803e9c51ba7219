// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <termios.h>
#include <unistd.h>

/// Somebody sits there who can be asked.
inline auto has_terminal() -> bool
{
    return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
}

/// The terminal gives every key as it is typed and shows none, as long as this lives. What was typed already stays.
class RawTerminal
{
public:
    RawTerminal()
    {
        tcgetattr(STDIN_FILENO, &before_);
        auto raw = before_;
        cfmakeraw(&raw);
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    }
    RawTerminal(RawTerminal const&) = delete;
    auto operator=(RawTerminal const&) -> RawTerminal& = delete;
    ~RawTerminal() { tcsetattr(STDIN_FILENO, TCSADRAIN, &before_); }

private:
    termios before_{};
};
