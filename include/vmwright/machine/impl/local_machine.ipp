// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/detail/replacement.hpp>
#include <vmwright/machine/detail/system_failure.hpp>
#include <vmwright/machine/file_lock.hpp>
#include <vmwright/machine/local_machine.hpp>
#include <vmwright/machine/tcp_port.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

namespace vmwright::inline v0
{

namespace detail::local_machine
{
namespace
{

auto file_type(mode_t mode) -> FileType
{
    switch (mode & S_IFMT) {
    case S_IFREG: return FileType::regular;
    case S_IFDIR: return FileType::directory;
    case S_IFSOCK: return FileType::socket;
    case S_IFIFO: return FileType::fifo;
    case S_IFBLK: return FileType::block_device;
    case S_IFCHR: return FileType::character_device;
    default: return FileType::other;
    }
}

auto parent_directory(std::string const& path) -> std::string
{
    auto const slash = path.rfind('/');
    if (slash == path.npos)
        return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

auto is_program(std::string const& path) -> bool
{
    struct stat status
    {
    };
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

void write_all(int fd, std::string_view text, std::string const& path)
{
    while (!text.empty()) {
        auto const count = ::write(fd, text.data(), text.size());
        if (count >= 0)
            text.remove_prefix(static_cast<std::size_t>(count));
        else if (errno != EINTR)
            throw_file_failure("write", path);
    }
}

void sync_directory(std::string const& path)
{
    UniqueFd const directory{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!directory || ::fsync(directory.get()) < 0)
        throw_file_failure("sync", path);
}

} // namespace
} // namespace detail::local_machine

void LocalMachine::before(std::string_view, std::string const&) {}

auto LocalMachine::spawn(ProcessSpec const& spec) -> Process
{
    before("spawn", spec.executable);
    return vmwright::spawn(spec);
}

auto LocalMachine::open_process(ProcessId id) -> Process
{
    return Process::open(id);
}

auto LocalMachine::processes_with(std::string const& path) -> std::vector<ProcessId>
{
    return find_processes_with(path);
}

auto LocalMachine::self() -> ProcessId
{
    auto const id = find_process(::getpid());
    if (!id)
        throw Error{Errc::io_failed, "cannot read /proc/self/stat", {.hint = "mount /proc"}};
    return *id;
}

auto LocalMachine::find_program(std::string_view name) -> std::optional<std::string>
{
    auto const* const variable = std::getenv("PATH");
    std::string_view directories{variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin"};
    while (!directories.empty()) {
        auto const end = std::min(directories.find(':'), directories.size());
        auto const directory = directories.substr(0, end);
        directories.remove_prefix(std::min(end + 1, directories.size()));
        auto path = std::string{directory}.append("/").append(name);
        if (directory.starts_with('/') && detail::local_machine::is_program(path))
            return path;
    }
    return std::nullopt;
}

void LocalMachine::start_run(RunSpec spec, boost::asio::any_io_executor executor, RunHandler handler)
{
    vmwright::start_run(std::move(spec), std::move(executor), std::move(handler));
}

auto LocalMachine::read_file(std::string const& path, std::size_t limit) -> std::string
{
    UniqueFd const file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file)
        detail::throw_file_failure("read", path);
    std::string text;
    std::array<char, 16384> buffer;
    for (;;) {
        auto const count = ::read(file.get(), buffer.data(), buffer.size());
        if (count == 0)
            return text;
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            detail::throw_file_failure("read", path);
        if (static_cast<std::size_t>(count) > limit - text.size())
            throw Error{Errc::limit_exceeded, "'" + path + "' is longer than " + std::to_string(limit) + " bytes"};
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

void LocalMachine::write_file(std::string const& path, std::string_view text, WriteOptions options)
{
    using namespace detail::local_machine;
    before("create", path);
    detail::Replacement replacement{path, options.mode};
    before("write", path);
    write_all(replacement.fd(), text, path);
    if (options.durable) {
        before("sync", path);
        if (::fsync(replacement.fd()) < 0)
            detail::throw_file_failure("sync", path);
    }
    before("rename", path);
    replacement.commit();
    if (options.durable) {
        before("sync the directory of", path);
        sync_directory(parent_directory(path));
    }
}

void LocalMachine::append_lines(std::string const& path, std::string_view lines)
{
    auto const file = open_file(path, {.append = true, .create = true});
    before("append to", path);
    vmwright::append_lines(file.get(), lines);
}

void LocalMachine::remove_unfinished(std::string const& directory)
{
    detail::remove_replacements(directory);
}

auto LocalMachine::open_file(std::string const& path, OpenOptions options) -> UniqueFd
{
    auto flags = O_CLOEXEC;
    flags |= options.write || options.append ? O_RDWR : O_RDONLY;
    flags |= options.append ? O_APPEND : 0;
    flags |= options.create ? O_CREAT : 0;
    flags |= options.truncate ? O_TRUNC : 0;
    before("open", path);
    UniqueFd file{::open(path.c_str(), flags, options.mode)};
    if (!file)
        detail::throw_file_failure("open", path);
    return file;
}

auto LocalMachine::status(std::string const& path) -> std::optional<FileStatus>
{
    struct stat found
    {
    };
    if (::stat(path.c_str(), &found) < 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return std::nullopt;
        detail::throw_file_failure("look at", path);
    }
    using namespace std::chrono;
    auto const modified = seconds{found.st_mtim.tv_sec} + nanoseconds{found.st_mtim.tv_nsec};
    return FileStatus{
        .type = detail::local_machine::file_type(found.st_mode),
        .mode = found.st_mode & 07777,
        .size = static_cast<std::uint64_t>(found.st_size),
        .owner = found.st_uid,
        .group = found.st_gid,
        .modified = system_clock::time_point{duration_cast<system_clock::duration>(modified)},
        .device = found.st_dev,
        .inode = found.st_ino,
    };
}

auto LocalMachine::remove(std::string const& path) -> bool
{
    before("remove", path);
    if (std::remove(path.c_str()) == 0)
        return true;
    if (errno == ENOENT || errno == ENOTDIR)
        return false;
    detail::throw_file_failure("remove", path);
}

void LocalMachine::rename(std::string const& from, std::string const& to)
{
    before("rename", from);
    if (std::rename(from.c_str(), to.c_str()) < 0)
        detail::throw_file_failure("rename", from);
}

void LocalMachine::make_directories(std::string const& path, std::uint32_t mode)
{
    before("make the directory", path);
    if (::mkdir(path.c_str(), mode) == 0)
        return;
    if (errno == ENOENT && path.find('/') != path.npos) {
        make_directories(detail::local_machine::parent_directory(path), mode);
        if (::mkdir(path.c_str(), mode) == 0)
            return;
    }
    if (errno == EEXIST) {
        auto const found = status(path);
        if (found && found->type == FileType::directory)
            return;
        errno = EEXIST;
    }
    detail::throw_file_failure("make the directory", path);
}

void LocalMachine::make_fifo(std::string const& path, std::uint32_t mode)
{
    before("make the fifo", path);
    if (::mkfifo(path.c_str(), mode) < 0)
        detail::throw_file_failure("make the fifo", path);
}

auto LocalMachine::list_directory(std::string const& path) -> std::vector<std::string>
{
    std::unique_ptr<DIR, int (*)(DIR*)> const directory{::opendir(path.c_str()), &::closedir};
    if (!directory)
        detail::throw_file_failure("list", path);
    std::vector<std::string> names;
    for (;;) {
        errno = 0;
        auto const* const entry = ::readdir(directory.get());
        if (entry == nullptr && errno != 0)
            detail::throw_file_failure("list", path);
        if (entry == nullptr)
            break;
        std::string_view const name{entry->d_name};
        if (name != "." && name != "..")
            names.emplace_back(name);
    }
    std::ranges::sort(names);
    return names;
}

auto LocalMachine::try_lock(std::string const& path) -> UniqueFd
{
    before("lock", path);
    return try_lock_file(path);
}

auto LocalMachine::wait_for_lock(std::string const& path) -> UniqueFd
{
    before("lock", path);
    return wait_for_lock_file(path);
}

auto LocalMachine::replace_lock(std::string const& path, std::string_view text) -> UniqueFd
{
    before("replace the lock", path);
    return replace_lock_file(path, text);
}

auto LocalMachine::is_locked(std::string const& path) -> bool
{
    return file_is_locked(path);
}

auto LocalMachine::listen(std::string const& path, int backlog) -> UniqueFd
{
    before("listen at", path);
    return listen_unix(path, backlog);
}

auto LocalMachine::connect(std::string const& path) -> Connection
{
    before("connect to", path);
    return connect_unix(path);
}

auto LocalMachine::socket_pair() -> std::pair<UniqueFd, UniqueFd>
{
    return unix_pair();
}

auto LocalMachine::port_is_taken(std::uint16_t port) -> bool
{
    return tcp_port_is_taken(port);
}

void LocalMachine::fill_random(std::span<std::byte> bytes)
{
    while (!bytes.empty()) {
        auto const count = ::getrandom(bytes.data(), bytes.size(), 0);
        if (count >= 0)
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        else if (errno != EINTR)
            throw detail::system_failure(Errc::io_failed, "cannot get random bytes", errno);
    }
}

auto LocalMachine::boot_id() -> std::string
{
    auto text = read_file("/proc/sys/kernel/random/boot_id");
    while (text.ends_with('\n'))
        text.pop_back();
    return text;
}

} // namespace vmwright::inline v0
