// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/runtime.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/system/system_error.hpp>

#include <string>
#include <thread>

namespace vmwright::inline v0::detail
{

struct Runtime::Thread
{
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
    std::thread thread{};
};

namespace runtime
{
namespace
{

template <class Executor>
auto runs_here(boost::asio::any_io_executor const& executor) -> bool
{
    auto const* const target = executor.target<Executor>();
    return target != nullptr && target->running_in_this_thread();
}

} // namespace
} // namespace runtime

Runtime::Runtime(boost::asio::any_io_executor theirs, LogHook log)
    : theirs_{std::move(theirs)}
    , log_{std::move(log)}
{
    if (theirs_) {
        executor_ = boost::asio::make_strand(theirs_);
        return;
    }
    thread_ = std::make_unique<Thread>();
    executor_ = thread_->context.get_executor();
}

auto Runtime::make(boost::asio::any_io_executor theirs, LogHook log) -> std::shared_ptr<Runtime>
{
    std::shared_ptr<Runtime> const self{new Runtime{std::move(theirs), std::move(log)}};
    if (self->thread_)
        self->thread_->thread = std::thread{[self] {
            for (;;) {
                try {
                    self->thread_->context.run();
                    return;
                } catch (std::exception const& failure) {
                    self->log(LogLevel::warning, failure.what());
                }
            }
        }};
    return self;
}

Runtime::~Runtime() = default;

auto Runtime::is_on_own_thread() const -> bool
{
    using namespace boost::asio;
    if (thread_)
        return thread_->context.get_executor().running_in_this_thread();
    using runtime::runs_here;
    return runs_here<strand<any_io_executor>>(executor_) || runs_here<io_context::executor_type>(theirs_) ||
           runs_here<strand<any_io_executor>>(theirs_) || runs_here<strand<io_context::executor_type>>(theirs_) ||
           runs_here<thread_pool::executor_type>(theirs_);
}

void Runtime::log(LogLevel level, std::string_view text) const
{
    if (log_)
        log_(level, "host", text);
}

void Runtime::launch_background(std::shared_ptr<void> owner, std::function<boost::asio::awaitable<void>()> body)
{
    launch<void>(std::move(owner), std::move(body), [self = weak_from_this()](std::exception_ptr failure) {
        auto const runtime = self.lock();
        if (!failure || !runtime)
            return;
        try {
            std::rethrow_exception(failure);
        } catch (std::exception const& error) {
            runtime->log(LogLevel::debug, error.what());
        }
    });
}

void Runtime::close(std::function<void()> first)
{
    boost::asio::post(executor_, [self = shared_from_this(), first = std::move(first)] {
        first();
        self->is_closed_ = true;
        for (auto const& active : std::list{self->active_})
            active->cancel(boost::asio::cancellation_type::terminal);
    });
    if (!thread_)
        return;
    auto const here = is_on_own_thread();
    thread_->work.reset();
    if (here)
        thread_->thread.detach();
    else
        thread_->thread.join();
}

auto cancelled() -> std::exception_ptr
{
    return std::make_exception_ptr(Error{Errc::cancelled, "the operation was cancelled"});
}

auto as_error(std::exception_ptr failure) -> std::exception_ptr
{
    if (!failure)
        return failure;
    try {
        std::rethrow_exception(failure);
    } catch (Error const&) {
        return failure;
    } catch (boost::system::system_error const& error) {
        if (error.code() == boost::asio::error::operation_aborted)
            return cancelled();
        return std::make_exception_ptr(Error{Errc::io_failed, error.what(), {.cause = error.code()}});
    } catch (std::exception const&) {
        return failure;
    }
}

} // namespace vmwright::inline v0::detail
