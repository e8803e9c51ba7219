// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/fd.hpp>
#include <vmwright/machine/file.hpp>
#include <vmwright/machine/process.hpp>
#include <vmwright/machine/run.hpp>
#include <vmwright/machine/spawn.hpp>
#include <vmwright/machine/unix_socket.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vmwright::inline v0
{

/// The only door to the operating system: all that is above it starts, opens and connects through one of these.
///
/// Any thread may call it. What is quick blocks (files, sockets, spawn); what takes as long as a process takes has an
/// async form. Failures throw Error: Errc::io_failed where nothing else is said, the context's cause being the errno.
class Machine
{
public:
    Machine() = default;
    Machine(Machine const&) = delete;
    auto operator=(Machine const&) -> Machine& = delete;
    virtual ~Machine() = default;

    /// Starts a program and leaves it running; see spawn.hpp.
    [[nodiscard]] virtual auto spawn(ProcessSpec const& spec) -> Process = 0;
    /// The running process of this id, whoever started it; empty when it has ended.
    [[nodiscard]] virtual auto open_process(ProcessId id) -> Process = 0;
    /// The running processes that have this file open, as far as this process may look.
    [[nodiscard]] virtual auto processes_with(std::string const& path) -> std::vector<ProcessId> = 0;
    /// This process.
    [[nodiscard]] virtual auto self() -> ProcessId = 0;
    /// The absolute path of a program in PATH.
    [[nodiscard]] virtual auto find_program(std::string_view name) -> std::optional<std::string> = 0;

    /// Runs a program to its end; see run.hpp. A program that fails is a result, not an error.
    [[nodiscard]] auto run(RunSpec spec) -> RunResult;
    template <boost::asio::completion_token_for<RunSignature> Token>
    auto async_run(RunSpec spec, boost::asio::any_io_executor executor, Token&& token)
    {
        return boost::asio::async_initiate<Token, RunSignature>(
            [this](RunHandler handler, RunSpec what, boost::asio::any_io_executor on) {
                start_run(std::move(what), std::move(on), std::move(handler));
            },
            token, std::move(spec), std::move(executor));
    }

    /// The whole of a file; Errc::limit_exceeded when it is longer than `limit` bytes.
    [[nodiscard]] virtual auto read_file(std::string const& path, std::size_t limit = 16 << 20) -> std::string = 0;
    /// Puts a whole file in the place of the old one in one step: whatever happens, one of the two is there.
    virtual void write_file(std::string const& path, std::string_view text, WriteOptions options = {}) = 0;
    /// Adds whole lines to a file, which is made when it is not there; the rest of a line that was not finished goes. What
    /// fails leaves the file with its whole lines. The caller sees to it that nobody else writes.
    virtual void append_lines(std::string const& path, std::string_view lines) = 0;
    /// Removes what a process that was killed in write_file left in the directory.
    virtual void remove_unfinished(std::string const& directory) = 0;
    [[nodiscard]] virtual auto open_file(std::string const& path, OpenOptions options = {}) -> UniqueFd = 0;
    /// Nothing when there is no such file.
    [[nodiscard]] virtual auto status(std::string const& path) -> std::optional<FileStatus> = 0;
    /// A file or an empty directory; false when there was none.
    virtual auto remove(std::string const& path) -> bool = 0;
    virtual void rename(std::string const& from, std::string const& to) = 0;
    /// The directory and those above it that are missing; what is there keeps its mode.
    virtual void make_directories(std::string const& path, std::uint32_t mode = 0700) = 0;
    virtual void make_fifo(std::string const& path, std::uint32_t mode = 0600) = 0;
    /// The names in it, in order, without `.` and `..`.
    [[nodiscard]] virtual auto list_directory(std::string const& path) -> std::vector<std::string> = 0;

    /// See file_lock.hpp.
    [[nodiscard]] virtual auto try_lock(std::string const& path) -> UniqueFd = 0;
    [[nodiscard]] virtual auto wait_for_lock(std::string const& path) -> UniqueFd = 0;
    [[nodiscard]] virtual auto replace_lock(std::string const& path, std::string_view text) -> UniqueFd = 0;
    [[nodiscard]] virtual auto is_locked(std::string const& path) -> bool = 0;

    /// See unix_socket.hpp.
    [[nodiscard]] virtual auto listen(std::string const& path, int backlog = 1) -> UniqueFd = 0;
    [[nodiscard]] virtual auto connect(std::string const& path) -> Connection = 0;
    [[nodiscard]] virtual auto socket_pair() -> std::pair<UniqueFd, UniqueFd> = 0;

    /// See tcp_port.hpp.
    [[nodiscard]] virtual auto port_is_taken(std::uint16_t port) -> bool = 0;

    virtual void fill_random(std::span<std::byte> bytes) = 0;
    /// Differs after each boot.
    [[nodiscard]] virtual auto boot_id() -> std::string = 0;

protected:
    virtual void start_run(RunSpec spec, boost::asio::any_io_executor executor, RunHandler handler) = 0;
};

} // namespace vmwright::inline v0
