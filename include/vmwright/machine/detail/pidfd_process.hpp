// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/fd.hpp>
#include <vmwright/machine/process.hpp>

#include <mutex>
#include <optional>

namespace vmwright::inline v0::detail
{

/// A process of this machine, held by its pidfd.
class PidfdProcess final : public ProcessBackend
{
public:
    explicit PidfdProcess(UniqueFd pidfd) noexcept;

    [[nodiscard]] auto end_fd() const noexcept -> int override { return pidfd_.get(); }
    [[nodiscard]] auto exit_status() -> ExitStatus override;
    void signal(int number) override;

private:
    UniqueFd pidfd_;
    std::mutex mutex_;
    std::optional<ExitStatus> status_;
};

} // namespace vmwright::inline v0::detail
