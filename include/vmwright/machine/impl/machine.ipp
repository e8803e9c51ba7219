// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/machine.hpp>

#include <boost/asio/io_context.hpp>

namespace vmwright::inline v0
{

auto Machine::run(RunSpec spec) -> RunResult
{
    boost::asio::io_context context{1};
    std::exception_ptr failure;
    RunResult result;
    start_run(std::move(spec), context.get_executor(), [&](std::exception_ptr error, RunResult what) {
        failure = error;
        result = std::move(what);
    });
    context.run();
    if (failure)
        std::rethrow_exception(failure);
    return result;
}

} // namespace vmwright::inline v0
