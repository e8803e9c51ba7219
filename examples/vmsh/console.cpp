// SPDX-License-Identifier: BSL-1.0
#include "console.hpp"

#include "commands.hpp"
#include "guest_terminal.hpp"
#include "signals.hpp"
#include "terminal.hpp"

#include <vmwright/machine/fd.hpp>

#include <array>
#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace
{

constexpr auto broken_stream = "stream had I/O failure";

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

auto start_options(Arguments const& arguments) -> vw::StartOptions
{
    return {.paused = arguments.has("paused") || arguments.has("console"),
            .owner = arguments.has("autodestroy") ? vw::OwnerPolicy::bound : vw::OwnerPolicy::detached};
}

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
