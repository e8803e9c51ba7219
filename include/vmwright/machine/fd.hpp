// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <utility>

namespace vmwright::inline v0
{

/// Owns a file descriptor and closes it; -1 when it owns none.
class UniqueFd
{
public:
    UniqueFd() noexcept = default;
    explicit UniqueFd(int fd) noexcept
        : fd_{fd}
    {
    }
    UniqueFd(UniqueFd&& other) noexcept
        : fd_{other.release()}
    {
    }
    auto operator=(UniqueFd&& other) noexcept -> UniqueFd&
    {
        reset(other.release());
        return *this;
    }
    ~UniqueFd() { reset(); }

    [[nodiscard]] auto get() const noexcept -> int { return fd_; }
    [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }

    /// Gives the descriptor to the caller, who closes it.
    [[nodiscard]] auto release() noexcept -> int { return std::exchange(fd_, -1); }
    void reset(int fd = -1) noexcept;

private:
    int fd_{-1};
};

} // namespace vmwright::inline v0
