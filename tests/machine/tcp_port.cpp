// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/machine/tcp_port.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <vector>

using namespace vmwright;

TEST_CASE("A port is taken while somebody listens on any address, and free afterwards")
{
    using boost::asio::ip::tcp;
    boost::asio::io_context context;
    std::vector<boost::asio::ip::address> addresses{boost::asio::ip::address_v4::loopback(),
                                                    boost::asio::ip::address_v4::any()};
    boost::system::error_code no_v6;
    tcp::acceptor v6{context};
    v6.open(tcp::v6(), no_v6);
    if (!no_v6)
        v6.bind({boost::asio::ip::address_v6::loopback(), 0}, no_v6);
    if (!no_v6)
        addresses.push_back(boost::asio::ip::address_v6::loopback());
    for (auto const& address : addresses) {
        CAPTURE(address.to_string());
        tcp::acceptor acceptor{context, tcp::endpoint{address, 0}};
        auto const port = acceptor.local_endpoint().port();
        CHECK(tcp_port_is_taken(port));
        // A connection that has ended keeps its port for a minute, but from nobody who listens.
        tcp::socket client{context};
        client.connect({address.is_v6() ? address : boost::asio::ip::address_v4::loopback(), port});
        auto server = acceptor.accept();
        acceptor.close();
        server.close();
        client.close();
        CHECK_FALSE(tcp_port_is_taken(port));
    }
}
