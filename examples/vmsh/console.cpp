// SPDX-License-Identifier: BSL-1.0
#include "console.hpp"

#include "commands.hpp"
#include "signals.hpp"
#include "terminal.hpp"

#include <vmwright/machine/fd.hpp>

#include <array>
#include <cctype>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>

namespace
{

constexpr auto broken_stream = "stream had I/O failure";

/// The guest's end of a console, which only one program at a time may read.
///
/// Two record locks on the terminal's own file tell whose it is, so nothing is left behind: the first byte belongs to the
/// one who reads, the second to one who wants it by force. Whoever wants it opens the file once more; the reader, who
/// watches the openings, looks then, and goes.
class GuestTerminal
{
public:
    GuestTerminal(std::string const& path, bool by_force)
        : path_{path}
        , fd_{open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)}
        , openings_{inotify_init1(IN_NONBLOCK | IN_CLOEXEC)}
    {
        if (!fd_ || !openings_ || inotify_add_watch(openings_.get(), path.c_str(), IN_OPEN) < 0)
            throw Refusal{fmt::format("cannot open '{}': {}", path, std::generic_category().message(errno))};
        if (!lock(reader, F_WRLCK, F_OFD_SETLK) && !(by_force && take_over()))
            throw Refusal{"operation failed: Active console session exists for this domain"};
    }

    [[nodiscard]] auto fd() const -> int { return fd_.get(); }
    /// Readable after somebody has opened the terminal.
    [[nodiscard]] auto openings() const -> int { return openings_.get(); }

    /// Somebody wants it by force.
    [[nodiscard]] auto is_demanded() -> bool
    {
        std::array<char, 4096> events{};
        while (read(openings_.get(), events.data(), events.size()) > 0) {
        }
        struct flock range = range_of(demander, F_WRLCK);
        return fcntl(fd_.get(), F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
    }

private:
    static constexpr off_t reader = 0, demander = 1;

    static auto range_of(off_t byte, int type) -> struct flock
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

    auto
    lock(off_t byte, int type, int command) -> bool
    {
        auto range = range_of(byte, type);
        return fcntl(fd_.get(), command, &range) == 0;
    }

    auto take_over() -> bool
    {
        if (!lock(demander, F_WRLCK, F_OFD_SETLK))
            return false;
        vw::UniqueFd const opened_again{open(path_.c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
        auto const taken = lock(reader, F_WRLCK, F_OFD_SETLKW);
        return lock(demander, F_UNLCK, F_OFD_SETLK) && taken;
    }

    std::string path_;
    vw::UniqueFd fd_;
    vw::UniqueFd openings_;
};

auto escape_key(std::string const& escape) -> char
{
    if (escape.size() == 1)
        return escape.front();
    return static_cast<char>(std::toupper(static_cast<unsigned char>(escape[1])) & 0x1f);
}

/// Carries keys to the guest and its words to the terminal, until the escape key or the domain's end.
class Session
{
public:
    Session(GuestTerminal& guest, char escape)
        : guest_{guest}
        , escape_{escape}
    {
    }

    void run(EndingSignals& signals)
    {
        while (!is_over_) {
            std::array<pollfd, 4> ready{{{STDIN_FILENO, POLLIN, 0},
                                         {guest_.fd(), static_cast<short>(to_guest_.empty() ? POLLIN : POLLIN | POLLOUT), 0},
                                         {guest_.openings(), POLLIN, 0},
                                         {signals.fd(), POLLIN, 0}}};
            if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR)
                throw Refusal{broken_stream};
            auto const& [keys, guest, opening, signal] = ready;
            // The mask is given back, and the signal with it, once the terminal is restored.
            if (signal.revents != 0) {
                raise(signals.take());
                return;
            }
            if (guest.revents != 0)
                from_guest();
            if (keys.revents != 0)
                from_keys();
            if ((guest.revents & POLLOUT) != 0)
                send();
            if (opening.revents != 0 && !is_over_ && guest_.is_demanded())
                throw Refusal{broken_stream};
        }
    }

private:
    void from_guest()
    {
        std::array<char, 4096> piece{};
        auto const length = read(guest_.fd(), piece.data(), piece.size());
        if (length > 0)
            vw::write_all(STDOUT_FILENO, {piece.data(), static_cast<std::size_t>(length)});
        else if (length == 0 || (errno != EAGAIN && errno != EINTR))
            is_over_ = true;
    }

    void from_keys()
    {
        std::array<char, 256> piece{};
        auto const length = read(STDIN_FILENO, piece.data(), piece.size());
        if (length < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        std::string_view const typed{piece.data(), static_cast<std::size_t>(length > 0 ? length : 0)};
        auto const escape = typed.find(escape_);
        to_guest_ += typed.substr(0, escape);
        is_over_ = typed.empty() || escape != typed.npos;
        send();
    }

    void send()
    {
        auto const length = write(guest_.fd(), to_guest_.data(), to_guest_.size());
        if (length > 0)
            to_guest_.erase(0, static_cast<std::size_t>(length));
    }

    GuestTerminal& guest_;
    char escape_;
    std::string to_guest_{};
    bool is_over_{};
};

struct ConsoleOptions
{
    std::string device{}; ///< its alias; the first when empty
    bool force{};
};

auto path_of(vw::Domain const& domain, std::string const& device) -> std::string
{
    try {
        return domain.console(device);
    } catch (vw::Error const& error) {
        if (error.code() == vw::Errc::not_found)
            throw Refusal{
                fmt::format("internal error: cannot find character device {}", device.empty() ? "<null>" : device)};
        throw;
    }
}

void require_terminal()
{
    if (!has_terminal())
        throw Refusal{"Cannot run interactive console without a controlling TTY"};
}

void greet(Shell const& shell, vw::Domain const& domain)
{
    auto const& escape = shell.options().escape;
    shell.tell("Connected to domain '{}'\n", domain.name());
    shell.tell("Escape character is {}", escape);
    if (escape.size() > 1)
        shell.tell(" (Ctrl + {})", escape[1]);
    shell.tell("\n");
    std::fflush(stdout);
}

/// `attached` is called when nothing that the guest says is lost any more.
void attach(Shell& shell, vw::Domain const& domain, ConsoleOptions const& options, std::function<void()> const& attached)
{
    {
        std::optional<GuestTerminal> guest;
        try {
            guest.emplace(path_of(domain, options.device), options.force);
        } catch (...) {
            // virsh says that it is connected before it tries.
            greet(shell, domain);
            throw;
        }
        greet(shell, domain);
        EndingSignals signals;
        RawTerminal const raw;
        attached();
        Session{*guest, escape_key(shell.options().escape)}.run(signals);
    }
    shell.print("\n");
}

auto console(Shell& shell, Arguments const& arguments) -> bool
{
    auto const domain = shell.find_domain(arguments);
    shell.require_write("virDomainOpenConsole");
    if (!domain.is_active())
        throw Refusal{"The domain is not running"};
    require_terminal();
    attach(shell, domain, {.device = arguments.text("devname").value_or(""), .force = arguments.has("force")}, [] {});
    return true;
}

} // namespace

auto run_console_of_start(Shell& shell, vw::Domain const& domain, bool stays_paused) -> bool
{
    auto const go_on = [&] {
        if (!std::exchange(stays_paused, true))
            domain.resume();
    };
    try {
        require_terminal();
        attach(shell, domain, {}, go_on);
    } catch (...) {
        go_on();
        throw;
    }
    return true;
}

auto console_commands() -> std::vector<Command>
{
    return {{.name = "console",
             .summary = "sit down at the console of a domain",
             .description = "Its first console or serial port. Ctrl+] leaves, if no other key was set with -e.",
             .options = {which_domain(), text("devname", "alias of another console or serial port"),
                         flag("force", "push away who sits there"),
                         flag("safe", "only when nobody else can sit there, which is always so")},
             .run = console}};
}
