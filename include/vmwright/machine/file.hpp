// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstdint>

namespace vmwright::inline v0
{

enum class FileType
{
    regular,
    directory,
    socket,
    fifo,
    block_device,
    character_device,
    other,
};

/// What stat tells of a file; links are followed.
struct FileStatus
{
    FileType type{};
    std::uint32_t mode{}; ///< the permission bits
    std::uint64_t size{};
    std::uint32_t owner{};
    std::uint32_t group{};
    std::chrono::system_clock::time_point modified{};
    std::uint64_t device{};
    std::uint64_t inode{};

    bool operator==(FileStatus const&) const = default;
};

/// How to write a file in one step.
struct WriteOptions
{
    std::uint32_t mode{0600};
    bool durable{true}; ///< on the disk before the call returns; a file that means nothing after a reboot can do without

    bool operator==(WriteOptions const&) const = default;
};

/// How to open a file; without any of these it is opened for reading.
struct OpenOptions
{
    bool write{false};        ///< for reading and writing, so a fifo does not wait for its reader
    bool append{false};       ///< the same, each write going to its end, whoever else writes
    bool create{false};       ///< when it is not there
    bool truncate{false};     ///< to nothing; with write or append
    std::uint32_t mode{0600}; ///< of a new file

    bool operator==(OpenOptions const&) const = default;
};

} // namespace vmwright::inline v0
