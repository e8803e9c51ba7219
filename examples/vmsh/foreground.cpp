// SPDX-License-Identifier: BSL-1.0
#include "foreground.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace
{

/// As much as a pipe takes without making us wait, once it is ready.
constexpr std::size_t one_write = 4096;
/// What we keep for somebody who does not take it; then whoever gives it has to wait.
constexpr std::size_t most_kept = 1 << 16;

/// libvirt's numbers of what happens to a domain.
constexpr unsigned by_guest = 1, panicked = 0;
constexpr unsigned stopped_shutdown = 0, stopped_destroyed = 1, stopped_crashed = 2, stopped_failed = 5;

auto code_of(std::exception_ptr const& failure) -> std::error_code
{
    try {
        std::rethrow_exception(failure);
    } catch (vw::Error const& error) {
        return error.code();
    }
}

/// A terminal of which another job is in the foreground is not ours to read.
auto may_read_input() -> bool
{
    if (isatty(STDIN_FILENO) == 0)
        return true;
    auto const foreground = tcgetpgrp(STDIN_FILENO);
    return foreground < 0 || foreground == getpgrp();
}

/// The emulator's end of a terminal, for us as well: if the emulator alone had it, its end would take along what the guest
/// said last. Empty where the kernel does not let us, as in some containers.
auto other_end(int emulator, std::string_view terminal) -> vw::UniqueFd
{
    auto const wanted = fmt::format("tty-index:\t{}", terminal.substr(terminal.rfind('/') + 1));
    vw::UniqueFd const process{static_cast<int>(syscall(SYS_pidfd_open, emulator, 0))};
    std::error_code failed;
    std::filesystem::directory_iterator files{fmt::format("/proc/{}/fdinfo", emulator), failed};
    for (; process && !failed && files != std::filesystem::directory_iterator{}; files.increment(failed)) {
        std::ifstream file{files->path()};
        for (std::string line; std::getline(file, line);)
            if (line == wanted)
                return vw::UniqueFd{static_cast<int>(
                    syscall(SYS_pidfd_getfd, process.get(), std::atoi(files->path().filename().c_str()), 0))};
    }
    return {};
}

} // namespace

Inbox::Inbox()
    : arrival_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)}
{
    if (!arrival_)
        throw Refusal{fmt::format("cannot wait for events: {}", std::generic_category().message(errno))};
}

void Inbox::put(std::function<void()> work)
{
    std::lock_guard const lock{mutex_};
    work_.push_back(std::move(work));
    eventfd_write(arrival_.get(), 1);
}

void Inbox::work_off()
{
    for (;;) {
        std::function<void()> next;
        {
            std::lock_guard const lock{mutex_};
            if (work_.empty()) {
                eventfd_t count{};
                eventfd_read(arrival_.get(), &count);
                return;
            }
            next = std::move(work_.front());
            work_.erase(work_.begin());
        }
        next();
    }
}

Foreground::Foreground(Shell& shell, std::string name, Options options)
    : shell_{shell}
    , name_{std::move(name)}
    , options_{options}
{
    subscription_ = shell_.host().on_event(
        [inbox = inbox_, this](vw::Event const& event) { inbox->put([this, event] { hear(event); }); });
}

Foreground::~Foreground()
{
    raw_.reset();
    if (!domain_ || outcome_)
        return;
    try {
        domain_->destroy();
    } catch (vw::Error const& error) {
        if (error.code() != vw::Errc::not_running)
            print_error(error.what());
    }
}

void Foreground::start(std::string text)
{
    notify(fmt::format("STATUS=Domain '{}' is being started", name_));
    start_cancellation_ = std::make_shared<boost::asio::cancellation_signal>();
    // Paused, so that nothing that the guest says is lost.
    shell_.host().async_create_xml(
        std::move(text), {.paused = true, .owner = vw::OwnerPolicy::bound_flushing},
        boost::asio::bind_cancellation_slot(
            start_cancellation_->slot(),
            // The signal lives as long as what it may end.
            [inbox = inbox_, signal = start_cancellation_, this](std::exception_ptr failure, vw::Domain domain) {
                inbox->put([this, failure = std::move(failure), domain = std::move(domain)]() mutable {
                    created(failure, std::move(domain));
                });
            }));
    while (!is_running_ && !outcome_)
        wait_for_something();
}

auto Foreground::wait() -> Outcome
{
    while (!outcome_)
        wait_for_something();
    drain();
    raw_.reset();
    return *outcome_;
}

void Foreground::wait_for_something()
{
    auto const takes_more = output_.size() < most_kept;
    auto const keys_wanted = has_keys_ && keys_.size() < most_kept;
    auto const on_guest = (takes_more ? POLLIN : 0) | (keys_.empty() ? 0 : POLLOUT);
    // A negative number is not looked at.
    std::array<pollfd, 6> ready{{
        {signals_.fd(), POLLIN, 0},
        {inbox_->fd(), POLLIN, 0},
        {guest_ && on_guest != 0 ? guest_->fd() : -1, static_cast<short>(on_guest), 0},
        {guest_ ? guest_->openings() : -1, POLLIN, 0},
        {keys_wanted ? STDIN_FILENO : -1, POLLIN, 0},
        {output_.empty() ? -1 : STDOUT_FILENO, POLLOUT, 0},
    }};
    if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR)
        throw Refusal{fmt::format("cannot wait for events: {}", std::generic_category().message(errno))};
    auto const& [signal, news, guest, opening, keys, output] = ready;
    if (output.revents != 0)
        to_output();
    if ((guest.revents & ~POLLOUT) != 0)
        from_guest();
    if (keys.revents != 0)
        from_keys();
    if (guest_ && (guest.revents & POLLOUT) != 0)
        to_guest();
    if (guest_ && opening.revents != 0 && guest_->is_demanded()) {
        guest_.reset();
        raw_.reset();
        has_keys_ = false;
        say("the console was taken by another program");
    }
    if (news.revents != 0)
        inbox_->work_off();
    if (signal.revents != 0 && !outcome_)
        take_signal(signals_.take());
}

void Foreground::take_signal(int signal)
{
    if (is_let_go_)
        return stop();
    if (std::exchange(early_signal_, signal))
        return;
    if (domain_)
        destroy();
    else
        boost::asio::post(shell_.host().get_executor(),
                          [cancel = start_cancellation_] { cancel->emit(boost::asio::cancellation_type::total); });
}

void Foreground::created(std::exception_ptr const& failure, vw::Domain domain)
{
    if (failure && early_signal_ && code_of(failure) == vw::Errc::cancelled) {
        outcome_ = Outcome::destroyed;
        return;
    }
    if (failure)
        std::rethrow_exception(failure);
    domain_ = std::move(domain);
    // The signal came when the start could not be cancelled any more.
    if (early_signal_)
        return destroy();
    attach();
    is_let_go_ = true;
    domain_->async_resume([inbox = inbox_, this](std::exception_ptr result) {
        inbox->put([this, result = std::move(result)] { resumed(result); });
    });
}

void Foreground::resumed(std::exception_ptr const& failure)
{
    // How an emulator ended that is gone already is told by an event.
    if (failure && (is_destroying_ || !domain_->is_active()))
        return;
    if (failure)
        std::rethrow_exception(failure);
    is_running_ = true;
    if (!is_stopping_)
        notify(fmt::format("READY=1\nSTATUS=Domain '{}' runs", name_));
}

void Foreground::hear(vw::Event const& event)
{
    // A domain of that name that ended before ours began is not meant.
    if (event.domain != name_ || !domain_ || event.uuid != domain_->uuid())
        return;
    auto const* const life = std::get_if<vw::LifecycleEvent>(&event.data);
    if (life == nullptr)
        return;
    switch (life->kind) {
    case vw::LifecycleKind::resumed: has_crashed_ = has_crashed_ && is_stopping_; break;
    case vw::LifecycleKind::crashed:
        has_crashed_ = has_crashed_ || life->detail == panicked;
        if (has_crashed_)
            notify(fmt::format("STATUS=The guest of domain '{}' has crashed", name_));
        if (has_crashed_ && is_stopping_)
            destroy();
        break;
    case vw::LifecycleKind::shutdown:
        has_powered_off_ = has_powered_off_ || (is_stopping_ && life->detail == by_guest);
        // It was us who asked for that, and not for a guest that begins anew.
        if (has_powered_off_ && options_.restarts)
            destroy();
        break;
    case vw::LifecycleKind::stopped: conclude(life->detail); break;
    default: break;
    }
}

void Foreground::stop()
{
    if (std::exchange(is_stopping_, true))
        return destroy();
    notify(fmt::format("STOPPING=1\nSTATUS=Domain '{}' was asked to power off", name_));
    domain_->async_state([inbox = inbox_, this](std::exception_ptr failure, vw::DomainState state) {
        inbox->put([this, failure = std::move(failure), state] { ask(failure, state); });
    });
}

void Foreground::ask(std::exception_ptr const& failure, vw::DomainState state)
{
    if (is_destroying_ || (failure && code_of(failure) == vw::Errc::not_running))
        return;
    // An emulator that does not answer does not hear the button, and neither does a guest that has crashed.
    if (failure)
        return asked(failure, {});
    has_crashed_ = state.phase == vw::RunPhase::crashed;
    if (has_crashed_)
        return destroy();
    say(fmt::format("domain '{}' was asked to power off", name_));
    domain_->async_shutdown(options_.stop_timeout,
                            [inbox = inbox_, this](std::exception_ptr failure, vw::ShutdownOutcome outcome) {
                                inbox->put([this, failure = std::move(failure), outcome] { asked(failure, outcome); });
                            });
}

void Foreground::asked(std::exception_ptr const& failure, vw::ShutdownOutcome outcome)
{
    if (is_destroying_ || (failure && code_of(failure) == vw::Errc::not_running))
        return;
    if (!failure && outcome == vw::ShutdownOutcome::off)
        return;
    try {
        if (failure)
            std::rethrow_exception(failure);
        say(fmt::format("domain '{}' has not powered off within {} s", name_, options_.stop_timeout.count()));
    } catch (vw::Error const& error) {
        say(error.what());
    }
    destroy();
}

void Foreground::destroy()
{
    if (std::exchange(is_destroying_, true))
        return;
    domain_->async_destroy([inbox = inbox_, this](std::exception_ptr failure) {
        inbox->put([failure = std::move(failure)] {
            if (failure && code_of(failure) != vw::Errc::not_running)
                std::rethrow_exception(failure);
        });
    });
}

void Foreground::conclude(unsigned stopped_detail)
{
    if (has_crashed_ || stopped_detail == stopped_crashed)
        outcome_ = Outcome::crashed;
    else if (has_powered_off_ || stopped_detail == stopped_shutdown)
        outcome_ = Outcome::powered_off;
    else if (stopped_detail == stopped_failed)
        outcome_ = Outcome::emulator_failed;
    else if (stopped_detail == stopped_destroyed && is_destroying_)
        outcome_ = Outcome::destroyed;
    else
        outcome_ = Outcome::ended_by_others;
}

void Foreground::attach()
{
    std::string path;
    try {
        path = domain_->console();
    } catch (vw::Error const& error) {
        // It has none, and can do without.
        if (error.code() != vw::Errc::not_found)
            throw;
        return;
    }
    guest_.emplace(path, false);
    if (auto const emulator = domain_->pid())
        other_end_ = other_end(*emulator, path);
    has_keys_ = may_read_input();
    if (!has_keys_ || isatty(STDIN_FILENO) == 0)
        return;
    auto const& escape = shell_.options().escape;
    say(fmt::format("{} asks domain '{}' to power off; once more, it is destroyed", escape, name_));
    raw_.emplace();
}

void Foreground::from_guest()
{
    std::array<char, one_write> piece{};
    auto const length = read(guest_->fd(), piece.data(), piece.size());
    if (length > 0 && has_output_)
        output_.append(piece.data(), static_cast<std::size_t>(length));
    else if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR))
        guest_.reset(); // the emulator is gone
}

void Foreground::from_keys()
{
    std::array<char, one_write> piece{};
    auto const length = read(STDIN_FILENO, piece.data(), piece.size());
    if (length < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    has_keys_ = length > 0;
    std::string_view typed{piece.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0))};
    // Only a person leaves by a key; what comes from a program or a file may contain any.
    for (auto at = typed.npos; raw_ && (at = typed.find(escape_key(shell_.options().escape))) != typed.npos;) {
        keys_ += typed.substr(0, at);
        typed.remove_prefix(at + 1);
        take_signal(SIGTERM);
    }
    keys_ += typed;
    if (guest_)
        to_guest();
}

void Foreground::to_guest()
{
    auto const length = write(guest_->fd(), keys_.data(), keys_.size());
    if (length > 0)
        keys_.erase(0, static_cast<std::size_t>(length));
}

void Foreground::to_output()
{
    auto const length = write(STDOUT_FILENO, output_.data(), std::min(output_.size(), one_write));
    if (length >= 0)
        output_.erase(0, static_cast<std::size_t>(length));
    else if (errno != EAGAIN && errno != EINTR) {
        // Nobody is there any more who would read it. The guest runs on.
        has_output_ = false;
        output_.clear();
    }
}

void Foreground::drain()
{
    constexpr auto a_moment = 1000;
    // The kernel hands over what was written last a little later.
    constexpr auto a_blink = 20;
    for (;;) {
        while (guest_ && output_.size() < most_kept) {
            pollfd more{guest_->fd(), POLLIN, 0};
            if (poll(&more, 1, a_blink) <= 0)
                break;
            from_guest();
        }
        pollfd ready{STDOUT_FILENO, POLLOUT, 0};
        if (output_.empty() || poll(&ready, 1, a_moment) <= 0)
            return;
        to_output();
    }
}

void Foreground::say(std::string_view words) const
{
    if (!shell_.options().quiet)
        fmt::print(stderr, "vmsh: {}{}\n", words, raw_ ? "\r" : "");
}

void Foreground::notify(std::string_view words)
{
    if (!has_supervisor_)
        return;
    try {
        shell_.supervisor().tell(words);
    } catch (Refusal const& refusal) {
        has_supervisor_ = false;
        say(refusal.lines().front());
    }
}
