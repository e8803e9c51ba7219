// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "host/support.hpp"

#include <vmwright/machine/local_machine.hpp>
#include <vmwright/xml/domain.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <cstdint>
#include <list>
#include <string>
#include <variant>
#include <vector>

using namespace vmwright;

namespace
{

/// This machine, where somebody takes the display's port in the moment before the emulator would.
class ContestedMachine final : public LocalMachine
{
public:
    std::vector<std::uint16_t> wanted{}; ///< by each start
    std::size_t thefts{};

    auto spawn(ProcessSpec const& spec) -> Process override
    {
        using boost::asio::ip::tcp;
        auto const vnc = std::ranges::find(spec.arguments, "-vnc");
        REQUIRE(vnc != spec.arguments.end());
        auto const& address = *std::next(vnc);
        wanted.push_back(static_cast<std::uint16_t>(5900 + std::stoi(address.substr(address.find(':') + 1))));
        if (taken_.size() < thefts)
            taken_.emplace_back(context_, tcp::endpoint{boost::asio::ip::address_v4::loopback(), wanted.back()});
        return LocalMachine::spawn(spec);
    }

private:
    boost::asio::io_context context_;
    std::list<boost::asio::ip::tcp::acceptor> taken_;
};

auto guest_with_display(VncGraphics vnc) -> DomainConfig
{
    auto config = small_guest("demo");
    config.devices.graphics.push_back({.type = std::move(vnc)});
    return config;
}

} // namespace

TEST_CASE("A start whose display port is taken in the last moment takes the next one")
{
    TemporaryDirectory const root;
    auto const machine = std::make_shared<ContestedMachine>();
    machine->thefts = 2;
    auto options = options_in(root.path());
    options.machine = machine;
    auto const domain = Host::open(options).define(guest_with_display({.autoport = true}));
    Ended const ended{domain};
    domain.start({.paused = true});
    REQUIRE(machine->wanted.size() == 3);
    CHECK(machine->wanted[0] != machine->wanted[1]);
    CHECK(machine->wanted[1] != machine->wanted[2]);
    auto const live = xml::read_domain(domain.xml(DomainXml::live)).value();
    REQUIRE(live.devices.graphics.size() == 1);
    CHECK(std::get<VncGraphics>(live.devices.graphics[0].type).port == machine->wanted[2]);
}

TEST_CASE("A port that the definition gives is not replaced by another one")
{
    TemporaryDirectory const root;
    auto const machine = std::make_shared<ContestedMachine>();
    machine->thefts = 1;
    auto options = options_in(root.path());
    options.machine = machine;
    auto const domain = Host::open(options).define(guest_with_display({.port = 5999, .autoport = false}));
    auto const error = error_of([&] { return domain.start({.paused = true}); });
    REQUIRE(error);
    CHECK(error->code() == Errc::in_use);
    CHECK(error->context().detail.find("-vnc 127.0.0.1:99") != std::string::npos);
    CHECK(machine->wanted.size() == 1);
}
