// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/detail/system_failure.hpp>
#include <vmwright/machine/fd.hpp>

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace vmwright::inline v0
{

void UniqueFd::reset(int fd) noexcept
{
    if (auto const old = std::exchange(fd_, fd); old >= 0)
        ::close(old);
}

auto read_at(int fd, std::uint64_t offset, std::size_t limit) -> std::string
{
    std::string text(limit, '\0');
    std::size_t size{};
    while (size < limit) {
        auto const count = ::pread(fd, text.data() + size, limit - size, static_cast<off_t>(offset + size));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw detail::system_failure(Errc::io_failed, "cannot read", errno);
        if (count == 0)
            break;
        size += static_cast<std::size_t>(count);
    }
    text.resize(size);
    return text;
}

void write_all(int fd, std::string_view text)
{
    while (!text.empty()) {
        auto const count = ::write(fd, text.data(), text.size());
        if (count >= 0)
            text.remove_prefix(static_cast<std::size_t>(count));
        else if (errno != EINTR)
            throw detail::system_failure(Errc::io_failed, "cannot write", errno);
    }
}

void append_lines(int fd, std::string_view lines)
{
    auto const fail = [] { return detail::system_failure(Errc::io_failed, "cannot write", errno); };
    auto const size = ::lseek(fd, 0, SEEK_END);
    if (size < 0)
        throw fail();
    auto const cut = [&](off_t at) {
        if (::ftruncate(fd, at) < 0)
            throw fail();
    };
    constexpr off_t piece = 4096;
    auto whole = size;
    while (whole > 0) {
        auto const from = std::max<off_t>(whole - piece, 0);
        auto const text = read_at(fd, static_cast<std::uint64_t>(from), static_cast<std::size_t>(whole - from));
        if (auto const end = text.rfind('\n'); end != text.npos) {
            whole = from + static_cast<off_t>(end) + 1;
            break;
        }
        whole = from;
    }
    if (whole != size)
        cut(whole);
    try {
        write_all(fd, lines);
    } catch (...) {
        cut(whole);
        throw;
    }
}

void overwrite(int fd, std::string_view text)
{
    if (::ftruncate(fd, 0) < 0 || ::lseek(fd, 0, SEEK_SET) < 0)
        throw detail::system_failure(Errc::io_failed, "cannot write", errno);
    write_all(fd, text);
}

} // namespace vmwright::inline v0
