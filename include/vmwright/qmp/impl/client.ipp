// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/client.hpp>

#include <vmwright/qmp/detail/connection.hpp>

namespace vmwright::inline v0::qmp
{

Client::Client(boost::asio::any_io_executor executor, int fd, ClientOptions options)
    : connection_{std::make_shared<detail::Connection>(std::move(executor), detail::Descriptor{fd}, std::move(options))}
{
}

auto Client::operator=(Client&& other) noexcept -> Client&
{
    std::swap(connection_, other.connection_);
    return *this;
}

Client::~Client()
{
    if (connection_)
        connection_->close();
}

auto Client::get_executor() const -> boost::asio::any_io_executor
{
    return connection_->get_executor();
}

auto Client::subscribe(std::size_t limit) -> Subscription
{
    return connection_->subscribe(limit);
}

auto Client::is_open() const -> bool
{
    return connection_->is_open();
}

void Client::close()
{
    connection_->close();
}

void Client::start_handshake(std::shared_ptr<detail::Connection> const& connection, CallOptions options,
                             boost::asio::any_completion_handler<void(std::exception_ptr, Greeting)> handler)
{
    connection->handshake(options.deadline, std::move(handler));
}

void Client::start_execute(std::shared_ptr<detail::Connection> const& connection, std::string_view command,
                           boost::json::object arguments, CallOptions options,
                           boost::asio::any_completion_handler<void(std::exception_ptr, boost::json::value)> handler)
{
    connection->execute(command, std::move(arguments), options, std::move(handler));
}

} // namespace vmwright::inline v0::qmp
