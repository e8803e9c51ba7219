// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/detail/system_failure.hpp>
#include <vmwright/machine/fd.hpp>
#include <vmwright/machine/process.hpp>

#include <boost/asio/compose.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>

namespace vmwright::inline v0
{

namespace detail::process
{
namespace
{

namespace asio = boost::asio;

/// Asio allows one descriptor object a file descriptor, so each wait has a duplicate of its own.
struct Wait
{
    std::shared_ptr<ProcessBackend> backend;
    std::unique_ptr<asio::posix::stream_descriptor> end;
    bool started{false};
    int failure{0};

    template <class Self>
    void operator()(Self& self, boost::system::error_code error = {})
    {
        if (!started) {
            started = true;
            self.reset_cancellation_state(asio::enable_total_cancellation());
            start(self);
            return;
        }
        end.reset();
        if (failure != 0)
            finish(self, system_failure(Errc::io_failed, "cannot wait for a process", failure));
        else if (error == asio::error::operation_aborted)
            finish(self, Error{Errc::cancelled, "waiting for a process was cancelled"});
        else if (error)
            finish(self, system_failure(Errc::io_failed, "cannot wait for a process", error.value()));
        else
            self.complete(nullptr, backend->exit_status());
    }

private:
    template <class Self>
    void start(Self& self)
    {
        auto& descriptor = *end;
        UniqueFd duplicate{::fcntl(backend->end_fd(), F_DUPFD_CLOEXEC, 0)};
        boost::system::error_code error;
        if (!duplicate)
            failure = errno;
        else if (descriptor.assign(duplicate.get(), error); error)
            failure = error.value();
        if (failure != 0) {
            asio::post(descriptor.get_executor(), std::move(self));
            return;
        }
        static_cast<void>(duplicate.release());
        descriptor.async_wait(asio::posix::descriptor_base::wait_read, std::move(self));
    }

    template <class Self>
    static void finish(Self& self, Error error)
    {
        self.complete(std::make_exception_ptr(std::move(error)), ExitStatus{});
    }
};

auto wait_for_end(int fd, int timeout) -> bool
{
    pollfd end{.fd = fd, .events = POLLIN, .revents = 0};
    for (;;) {
        auto const count = ::poll(&end, 1, timeout);
        if (count >= 0)
            return count > 0;
        if (errno != EINTR)
            throw system_failure(Errc::io_failed, "cannot wait for a process", errno);
    }
}

} // namespace
} // namespace detail::process

Process::Process(ProcessId id, std::shared_ptr<ProcessBackend> backend)
    : id_{id}
    , backend_{std::move(backend)}
{
}

auto Process::has_ended() const -> bool
{
    return detail::process::wait_for_end(backend_->end_fd(), 0);
}

auto Process::exit_status() const -> std::optional<ExitStatus>
{
    if (!has_ended())
        return std::nullopt;
    return backend_->exit_status();
}

auto Process::signal(int number) const -> bool
{
    if (has_ended())
        return false;
    backend_->signal(number);
    return true;
}

auto Process::terminate() const -> bool
{
    return signal(SIGTERM);
}

auto Process::kill() const -> bool
{
    return signal(SIGKILL);
}

auto Process::wait() const -> ExitStatus
{
    detail::process::wait_for_end(backend_->end_fd(), -1);
    return backend_->exit_status();
}

auto Process::wait_for(std::chrono::milliseconds duration) const -> std::optional<ExitStatus>
{
    if (!detail::process::wait_for_end(backend_->end_fd(), static_cast<int>(duration.count())))
        return std::nullopt;
    return backend_->exit_status();
}

void Process::start_wait(boost::asio::any_io_executor executor, WaitHandler handler) const
{
    using detail::process::Wait;
    auto end = std::make_unique<boost::asio::posix::stream_descriptor>(executor);
    boost::asio::async_compose<WaitHandler, WaitSignature>(Wait{.backend = backend_, .end = std::move(end)}, handler,
                                                           executor);
}

} // namespace vmwright::inline v0
