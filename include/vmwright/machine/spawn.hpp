// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/process.hpp>

#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

/// A file descriptor of ours that a new process gets under a number of its own.
struct PassedFd
{
    int number{-1}; ///< there
    int ours{-1};   ///< here; it stays open and ours

    bool operator==(PassedFd const&) const = default;
};

/// A program to start. It gets the file descriptors named here and no others, all signals at their defaults, none blocked.
struct ProcessSpec
{
    std::string executable{};                              ///< an absolute path
    std::vector<std::string> arguments{};                  ///< without argv[0], which is the executable
    std::optional<std::vector<std::string>> environment{}; ///< of `NAME=value`; ours when absent
    std::vector<std::string> more_environment{};           ///< on top of it, in place of those of the same name
    std::string directory{};                               ///< to work in; ours when empty
    std::vector<PassedFd> fds{};                           ///< 0, 1 and 2 are /dev/null unless they stand here
    bool new_session{false};                               ///< setsid: no terminal of ours reaches it
    int death_signal{0};                                   ///< PR_SET_PDEATHSIG, when the *thread* that spawns it ends

    bool operator==(ProcessSpec const&) const = default;
};

/// Starts a program on this machine; returns when it runs. Quick however large this process is, and safe beside other
/// threads. Throws Errc::spawn_failed: the context's step is one of `spawn: clone`, `setsid`, `dup2`, `close_range`,
/// `chdir`, `prctl` and `exec`, its cause the errno. Nothing is left of a failed start.
[[nodiscard]] auto spawn(ProcessSpec const& spec) -> Process;

} // namespace vmwright::inline v0
