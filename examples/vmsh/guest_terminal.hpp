// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell.hpp"

#include <vmwright/machine/fd.hpp>

#include <string>

#include <fcntl.h>

/// The guest's end of a console, which only one program at a time may read.
///
/// Two record locks on the terminal's own file tell whose it is, so nothing is left behind: the first byte belongs to the
/// one who reads, the second to one who wants it by force. Whoever wants it opens the file once more; the reader, who
/// watches the openings, looks then, and goes.
class GuestTerminal
{
public:
    GuestTerminal(std::string const& path, bool by_force);

    [[nodiscard]] auto fd() const -> int { return fd_.get(); }
    /// Readable after somebody has opened the terminal.
    [[nodiscard]] auto openings() const -> int { return openings_.get(); }

    /// Somebody wants it by force.
    [[nodiscard]] auto is_demanded() -> bool;

private:
    auto lock(off_t byte, int type, int command) -> bool;
    auto take_over() -> bool;

    std::string path_;
    vw::UniqueFd fd_;
    vw::UniqueFd openings_;
};

/// The key that leaves a console, of vmsh's option --escape.
[[nodiscard]] auto escape_key(std::string const& escape) -> char;
