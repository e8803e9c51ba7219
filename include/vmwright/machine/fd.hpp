// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
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

/// What a file holds from `offset` on, at most `limit` bytes; its position stays.
[[nodiscard]] auto read_at(int fd, std::uint64_t offset, std::size_t limit) -> std::string;
/// At the descriptor's position, waiting where that is needed.
void write_all(int fd, std::string_view text);
/// Adds whole lines to a file that was opened for appending; see Machine::append_lines.
void append_lines(int fd, std::string_view lines);
/// Makes this the whole content of the file.
void overwrite(int fd, std::string_view text);

} // namespace vmwright::inline v0
