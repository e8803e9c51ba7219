// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/process.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

/// A program to run to its end, its words wanted.
struct RunSpec
{
    std::string executable{};                              ///< an absolute path
    std::vector<std::string> arguments{};                  ///< without argv[0], which is the executable
    std::optional<std::vector<std::string>> environment{}; ///< of `NAME=value`; ours when absent
    std::string directory{};                               ///< to work in; ours when empty
    std::string input{};                                   ///< what it reads from standard input
    std::size_t output_limit{1 << 20}; ///< bytes of standard output, and of standard error; more is an error
    std::optional<std::chrono::milliseconds> timeout{}; ///< it is killed then; none when absent

    bool operator==(RunSpec const&) const = default;
};

struct RunResult
{
    ExitStatus status{};
    std::string output{}; ///< standard output
    std::string error{};  ///< standard error

    bool operator==(RunResult const&) const = default;
};

using RunSignature = void(std::exception_ptr, RunResult);
using RunHandler = boost::asio::any_completion_handler<RunSignature>;

/// Runs a program on this machine. Done when it has ended, also if a child of its own still holds its output open.
/// Fails with Errc::spawn_failed, timed_out, limit_exceeded or cancelled: it is dead and reaped then.
void start_run(RunSpec spec, boost::asio::any_io_executor executor, RunHandler handler);

} // namespace vmwright::inline v0
