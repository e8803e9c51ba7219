// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/detail/replacement.hpp>
#include <vmwright/machine/detail/system_failure.hpp>
#include <vmwright/machine/file_lock.hpp>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace vmwright::inline v0
{

namespace detail::file_lock
{
namespace
{

/// The whole file, however long; OFD locks want no pid.
auto whole_file_for_writing() -> flock
{
    flock lock{};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

/// Whether the open file is the one that has this name.
auto has_name(int fd, std::string const& path) -> bool
{
    struct stat open
    {
    }, named{};
    return ::fstat(fd, &open) == 0 && ::stat(path.c_str(), &named) == 0 && open.st_ino == named.st_ino &&
           open.st_dev == named.st_dev;
}

} // namespace

} // namespace detail::file_lock

auto detail::lock_whole_file(int fd, std::string const& path) -> bool
{
    auto lock = file_lock::whole_file_for_writing();
    if (::fcntl(fd, F_OFD_SETLK, &lock) == 0)
        return true;
    if (errno != EAGAIN && errno != EACCES)
        throw_file_failure("lock", path);
    return false;
}

namespace detail::file_lock
{
namespace
{

/// Empty when `lock` says that somebody else has it.
template <class Lock>
auto open_and_lock(std::string const& path, Lock const& lock) -> UniqueFd
{
    for (;;) {
        UniqueFd file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
        if (!file)
            throw_file_failure("open", path);
        if (!lock(file.get()))
            return {};
        if (has_name(file.get(), path))
            return file;
    }
}

} // namespace
} // namespace detail::file_lock

auto try_lock_file(std::string const& path) -> UniqueFd
{
    return detail::file_lock::open_and_lock(path, [&](int fd) { return detail::lock_whole_file(fd, path); });
}

auto wait_for_lock_file(std::string const& path) -> UniqueFd
{
    return detail::file_lock::open_and_lock(path, [&](int fd) {
        auto lock = detail::file_lock::whole_file_for_writing();
        int result{};
        do
            result = ::fcntl(fd, F_OFD_SETLKW, &lock);
        while (result < 0 && errno == EINTR);
        if (result < 0)
            detail::throw_file_failure("lock", path);
        return true;
    });
}

auto replace_lock_file(std::string const& path, std::string_view text) -> UniqueFd
{
    detail::Replacement replacement{path, 0600};
    write_all(replacement.fd(), text);
    replacement.commit();
    return replacement.release();
}

auto file_is_locked(std::string const& path) -> bool
{
    UniqueFd const file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file && errno == ENOENT)
        return false;
    if (!file)
        detail::throw_file_failure("open", path);
    auto lock = detail::file_lock::whole_file_for_writing();
    if (::fcntl(file.get(), F_OFD_GETLK, &lock) < 0)
        detail::throw_file_failure("ask for the lock of", path);
    return lock.l_type != F_UNLCK;
}

} // namespace vmwright::inline v0
