// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vmwright::inline v0
{

/// How a process ended.
struct ExitStatus
{
    enum class Kind
    {
        exited,   ///< by itself; `code` is its exit code
        signaled, ///< by a signal; `code` is its number
        unknown,  ///< it has ended; only its parent is told how
    };

    Kind kind{Kind::unknown};
    int code{};

    [[nodiscard]] auto success() const noexcept -> bool { return kind == Kind::exited && code == 0; }

    bool operator==(ExitStatus const&) const = default;
};

/// Names one process of one boot: a pid alone is given to others later.
struct ProcessId
{
    int pid{};
    std::uint64_t start_time{}; ///< clock ticks since boot, as /proc tells it; 0 when it ended before that could be read

    bool operator==(ProcessId const&) const = default;
};

/// The process with this pid; nothing when there is none. A zombie has an id as well.
[[nodiscard]] auto find_process(int pid) -> std::optional<ProcessId>;

/// The running processes that have this file open. Those that we may not look into are left out; none without /proc.
[[nodiscard]] auto find_processes_with(std::string const& path) -> std::vector<ProcessId>;

/// What a machine puts behind a Process. Its functions may be called from any thread.
class ProcessBackend
{
public:
    virtual ~ProcessBackend() = default;
    /// Becomes readable when the process ends, and stays so.
    [[nodiscard]] virtual auto end_fd() const noexcept -> int = 0;
    /// Asked only after the end, any number of times, with the same answer.
    [[nodiscard]] virtual auto exit_status() -> ExitStatus = 0;
    virtual void signal(int number) = 0;
};

/// A process that was spawned or found. Copies mean the same process; they may be used from any thread.
/// Dropping the last one neither kills nor waits. An empty one answers operator bool and nothing else.
class Process
{
public:
    using WaitSignature = void(std::exception_ptr, ExitStatus);
    using WaitHandler = boost::asio::any_completion_handler<WaitSignature>;

    Process() = default;
    Process(ProcessId id, std::shared_ptr<ProcessBackend> backend);

    /// The running process of this id, which need not be a child of ours.
    /// Empty when it has ended (a zombie has) or when its pid belongs to another one by now.
    [[nodiscard]] static auto open(ProcessId id) -> Process;

    [[nodiscard]] explicit operator bool() const noexcept { return backend_ != nullptr; }
    [[nodiscard]] auto id() const noexcept -> ProcessId { return id_; }
    [[nodiscard]] auto pid() const noexcept -> int { return id_.pid; }

    [[nodiscard]] auto has_ended() const -> bool;
    /// Nothing while it runs. Reaps a child of ours.
    [[nodiscard]] auto exit_status() const -> std::optional<ExitStatus>;

    /// False when it has ended already.
    auto signal(int number) const -> bool;
    auto terminate() const -> bool; ///< SIGTERM
    auto kill() const -> bool;      ///< SIGKILL

    /// Blocks until it ends, and reaps a child of ours.
    auto wait() const -> ExitStatus;
    /// The same, for so long at most; nothing when it still runs then.
    auto wait_for(std::chrono::milliseconds duration) const -> std::optional<ExitStatus>;

    /// Completes when it ends, and reaps a child of ours. It goes on when this handle is gone.
    /// Cancellation of any kind ends the wait with Errc::cancelled; the process runs on.
    template <boost::asio::completion_token_for<WaitSignature> Token>
    auto async_wait(boost::asio::any_io_executor executor, Token&& token) const
    {
        return boost::asio::async_initiate<Token, WaitSignature>(
            [process = *this](WaitHandler handler, boost::asio::any_io_executor on) {
                process.start_wait(std::move(on), std::move(handler));
            },
            token, std::move(executor));
    }

private:
    void start_wait(boost::asio::any_io_executor executor, WaitHandler handler) const;

    ProcessId id_{};
    std::shared_ptr<ProcessBackend> backend_{};
};

} // namespace vmwright::inline v0
