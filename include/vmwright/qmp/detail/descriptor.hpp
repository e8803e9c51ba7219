// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <unistd.h>

#include <utility>

namespace vmwright::inline v0::qmp::detail
{

/// Owns a file descriptor.
class Descriptor
{
public:
    explicit Descriptor(int fd) noexcept
        : fd_{fd}
    {
    }
    Descriptor(Descriptor&& other) noexcept
        : fd_{other.release()}
    {
    }
    auto operator=(Descriptor&& other) noexcept -> Descriptor&
    {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor()
    {
        if (fd_ >= 0)
            ::close(fd_);
    }

    [[nodiscard]] auto get() const noexcept -> int { return fd_; }
    [[nodiscard]] auto release() noexcept -> int { return std::exchange(fd_, -1); }

private:
    int fd_;
};

} // namespace vmwright::inline v0::qmp::detail
