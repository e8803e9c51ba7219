// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/detail/system_failure.hpp>
#include <vmwright/machine/fd.hpp>
#include <vmwright/machine/run.hpp>
#include <vmwright/machine/spawn.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace vmwright::inline v0
{

namespace detail::run
{
namespace
{

namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;

/// A file without a name: the child reads at its own pace, nobody has to feed it, and there is no pipe to break.
auto input_file(std::string_view text) -> UniqueFd
{
    UniqueFd file{::memfd_create("vmwright-input", MFD_CLOEXEC)};
    while (file && !text.empty()) {
        auto const count = ::write(file.get(), text.data(), text.size());
        if (count >= 0)
            text.remove_prefix(static_cast<std::size_t>(count));
        else if (errno != EINTR)
            file.reset();
    }
    if (!file || ::lseek(file.get(), 0, SEEK_SET) < 0)
        throw system_failure(Errc::spawn_failed, "cannot hold the input of a program", errno, "spawn: memfd_create");
    return file;
}

/// One run, alive until its process has been reaped. Everything but the constructor happens on its strand.
class Run : public std::enable_shared_from_this<Run>
{
public:
    Run(RunSpec spec, asio::any_io_executor const& executor, RunHandler handler)
        : spec_{std::move(spec)}
        , executor_{executor}
        , strand_{executor}
        , output_{.pipe = Descriptor{strand_}, .name = "output"}
        , error_{.pipe = Descriptor{strand_}, .name = "error"}
        , deadline_{strand_}
        , handler_{std::move(handler)}
        , handler_work_{
              asio::prefer(asio::get_associated_executor(handler_, executor), asio::execution::outstanding_work.tracked)}
    {
    }

    /// An io_context that is destroyed drops its operations; the process must not outlive this one.
    ~Run()
    {
        if (process_ && kill())
            process_.wait();
    }

    void start()
    {
        if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected())
            slot.assign([weak = weak_from_this()](asio::cancellation_type) {
                if (auto const self = weak.lock())
                    asio::post(self->strand_, [self] { self->fail(Errc::cancelled, "was cancelled"); });
            });
        asio::post(strand_, [self = shared_from_this()] { self->begin(); });
    }

private:
    struct Stream
    {
        Descriptor pipe;
        std::string text{};
        std::string_view name{};
    };

    void begin()
    {
        if (failure_)
            return finish({});
        try {
            launch();
        } catch (...) {
            failure_ = std::current_exception();
            return finish({});
        }
        collect(output_);
        collect(error_);
        if (spec_.timeout) {
            deadline_.expires_after(*spec_.timeout);
            deadline_.async_wait([self = shared_from_this()](boost::system::error_code error) {
                if (!error)
                    self->fail(Errc::timed_out, "did not end in time and was killed");
            });
        }
        process_.async_wait(strand_, [self = shared_from_this()](std::exception_ptr failure, ExitStatus status) {
            if (failure && !self->failure_)
                self->failure_ = failure;
            self->drain(self->output_);
            self->drain(self->error_);
            self->finish(status);
        });
    }

    void launch()
    {
        ProcessSpec spec{.executable = spec_.executable,
                         .arguments = spec_.arguments,
                         .environment = spec_.environment,
                         .directory = spec_.directory};
        UniqueFd input;
        if (!spec_.input.empty()) {
            input = input_file(spec_.input);
            spec.fds.push_back({.number = 0, .ours = input.get()});
        }
        auto const output = open_pipe(output_);
        auto const error = open_pipe(error_);
        spec.fds.push_back({.number = 1, .ours = output.get()});
        spec.fds.push_back({.number = 2, .ours = error.get()});
        process_ = vmwright::spawn(spec);
    }

    /// Keeps the reading end and returns the other.
    static auto open_pipe(Stream& stream) -> UniqueFd
    {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) < 0)
            throw system_failure(Errc::spawn_failed, "cannot take the output of a program", errno, "spawn: pipe2");
        UniqueFd reading{ends[0]};
        UniqueFd writing{ends[1]};
        ::fcntl(reading.get(), F_SETFL, O_NONBLOCK);
        stream.pipe.assign(reading.get());
        static_cast<void>(reading.release());
        return writing;
    }

    void collect(Stream& stream)
    {
        stream.pipe.async_wait(Descriptor::wait_read, [self = shared_from_this(), &stream](boost::system::error_code error) {
            if (!error && self->drain(stream))
                self->collect(stream);
        });
    }

    /// Takes what is in the pipe now; false when no more is wanted or will come.
    auto drain(Stream& stream) -> bool
    {
        std::array<char, 16384> buffer;
        while (!failure_) {
            auto const count = ::read(stream.pipe.native_handle(), buffer.data(), buffer.size());
            if (count == 0)
                return false;
            if (count < 0) {
                if (errno == EINTR)
                    continue;
                return errno == EAGAIN;
            }
            auto const size = static_cast<std::size_t>(count);
            if (size > spec_.output_limit - stream.text.size())
                fail(Errc::limit_exceeded, "wrote more than " + std::to_string(spec_.output_limit) + " bytes of standard " +
                                               std::string{stream.name});
            else
                stream.text.append(buffer.data(), size);
        }
        return false;
    }

    /// The end of the process completes the operation, so a failure has only to bring it about.
    void fail(Errc code, std::string const& what)
    {
        if (failure_ || finished_)
            return;
        failure_ = std::make_exception_ptr(Error{code, "'" + spec_.executable + "' " + what});
        if (process_)
            kill();
    }

    /// False where we may not: a program with the rights of another user, which we can only wait for.
    auto kill() const noexcept -> bool
    {
        try {
            process_.kill();
            return true;
        } catch (Error const&) {
            return false;
        }
    }

    void finish(ExitStatus status)
    {
        finished_ = true;
        deadline_.cancel();
        output_.pipe.close();
        error_.pipe.close();
        auto result = failure_ ? RunResult{} : RunResult{status, std::move(output_.text), std::move(error_.text)};
        asio::post(executor_, asio::append(std::move(handler_), failure_, std::move(result)));
        handler_work_ = {};
    }

    RunSpec spec_;
    asio::any_io_executor executor_;
    asio::strand<asio::any_io_executor> strand_;
    Stream output_;
    Stream error_;
    asio::steady_timer deadline_;
    RunHandler handler_;
    asio::any_completion_executor handler_work_; ///< its context waits for us
    Process process_{};
    std::exception_ptr failure_{};
    bool finished_{false};
};

} // namespace
} // namespace detail::run

void start_run(RunSpec spec, boost::asio::any_io_executor executor, RunHandler handler)
{
    std::make_shared<detail::run::Run>(std::move(spec), executor, std::move(handler))->start();
}

} // namespace vmwright::inline v0
