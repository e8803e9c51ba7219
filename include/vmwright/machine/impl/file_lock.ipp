// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/detail/system_failure.hpp>
#include <vmwright/machine/file_lock.hpp>

#include <cerrno>
#include <fcntl.h>

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

} // namespace
} // namespace detail::file_lock

auto try_lock_file(std::string const& path) -> UniqueFd
{
    UniqueFd file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!file)
        detail::throw_file_failure("open", path);
    auto lock = detail::file_lock::whole_file_for_writing();
    if (::fcntl(file.get(), F_OFD_SETLK, &lock) == 0)
        return file;
    if (errno != EAGAIN && errno != EACCES)
        detail::throw_file_failure("lock", path);
    return {};
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
