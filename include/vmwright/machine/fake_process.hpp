// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/fd.hpp>
#include <vmwright/machine/process.hpp>
#include <vmwright/machine/spawn.hpp>

#include <map>
#include <mutex>
#include <vector>

namespace vmwright::inline v0
{

/// A program that a FakeMachine was asked to start, seen from its inside: the test plays it.
class FakeProcess final : public ProcessBackend
{
public:
    /// Takes duplicates of the descriptors it is passed, as a real one would.
    explicit FakeProcess(ProcessSpec spec);

    [[nodiscard]] auto spec() const noexcept -> ProcessSpec const& { return spec_; }
    /// The descriptor that the program has under this number, -1 when it has none. It stays the program's.
    [[nodiscard]] auto fd(int number) const -> int;
    /// Ends it: whoever waits is told, its descriptors are closed.
    void end(ExitStatus status);
    /// Whether it has the file open that this descriptor of ours is of.
    [[nodiscard]] auto has_open(int ours) const -> bool;
    /// The signals it was sent while it ran.
    [[nodiscard]] auto signals() const -> std::vector<int>;

    /// Whether SIGTERM ends it; SIGKILL always does.
    bool obeys_terminate{true};

    [[nodiscard]] auto end_fd() const noexcept -> int override { return end_.get(); }
    [[nodiscard]] auto exit_status() -> ExitStatus override;
    void signal(int number) override;

private:
    ProcessSpec spec_;
    UniqueFd end_;
    mutable std::mutex mutex_;
    std::map<int, UniqueFd> fds_;
    std::vector<int> signals_;
    ExitStatus status_{};
    bool ended_{false};
};

} // namespace vmwright::inline v0
