// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <exception>
#include <functional>
#include <utility>

namespace vmwright::inline v0::detail
{

template <class T>
struct Completes
{
    using Signature = void(std::exception_ptr, T);
};
template <>
struct Completes<void>
{
    using Signature = void(std::exception_ptr);
};

/// A completion token for an operation that ends with an error or a T.
template <class Token, class T>
concept TokenFor = boost::asio::completion_token_for<Token, typename Completes<T>::Signature>;

/// An operation of the Host that has not begun: `async_op` gives it a token, `op` blocks for it.
template <class T>
class Operation
{
public:
    using Signature = typename Completes<T>::Signature;
    using Handler = boost::asio::any_completion_handler<Signature>;
    using Start = std::function<void(Handler)>;

    explicit Operation(Start start)
        : start_{std::move(start)}
    {
    }

    template <class Token>
    auto begin(Token&& token) &&
    {
        return boost::asio::async_initiate<Token, Signature>(
            [](auto handler, Start const& start) { start(Handler{std::move(handler)}); }, token, std::move(start_));
    }

private:
    Start start_;
};

} // namespace vmwright::inline v0::detail
