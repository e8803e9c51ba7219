// SPDX-License-Identifier: BSL-1.0
#include "guest_terminal.hpp"

#include <array>
#include <cctype>
#include <cerrno>
#include <system_error>

#include <sys/inotify.h>
#include <unistd.h>

namespace
{

constexpr off_t reader = 0, demander = 1;

auto range_of(off_t byte, int type) -> struct flock
{
    struct flock range
    {
    };
    range.l_type = static_cast<short>(type);
    range.l_whence = SEEK_SET;
    range.l_start = byte;
    range.l_len = 1;
    return range;
}

} // namespace

GuestTerminal::GuestTerminal(std::string const& path, bool by_force)
    : path_{path}
    , fd_{open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)}
    , openings_{inotify_init1(IN_NONBLOCK | IN_CLOEXEC)}
{
    if (!fd_ || !openings_ || inotify_add_watch(openings_.get(), path.c_str(), IN_OPEN) < 0)
        throw Refusal{fmt::format("cannot open '{}': {}", path, std::generic_category().message(errno))};
    if (!lock(reader, F_WRLCK, F_OFD_SETLK) && !(by_force && take_over()))
        throw Refusal{"operation failed: Active console session exists for this domain"};
}

auto GuestTerminal::is_demanded() -> bool
{
    std::array<char, 4096> events{};
    while (read(openings_.get(), events.data(), events.size()) > 0) {
    }
    struct flock range = range_of(demander, F_WRLCK);
    return fcntl(fd_.get(), F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
}

auto GuestTerminal::lock(off_t byte, int type, int command) -> bool
{
    auto range = range_of(byte, type);
    return fcntl(fd_.get(), command, &range) == 0;
}

auto GuestTerminal::take_over() -> bool
{
    if (!lock(demander, F_WRLCK, F_OFD_SETLK))
        return false;
    vw::UniqueFd const opened_again{open(path_.c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
    auto const taken = lock(reader, F_WRLCK, F_OFD_SETLKW);
    return lock(demander, F_UNLCK, F_OFD_SETLK) && taken;
}

auto escape_key(std::string const& escape) -> char
{
    if (escape.size() == 1)
        return escape.front();
    return static_cast<char>(std::toupper(static_cast<unsigned char>(escape[1])) & 0x1f);
}
