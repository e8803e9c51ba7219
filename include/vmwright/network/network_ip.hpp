// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/ip_address.hpp>
#include <vmwright/core/mac.hpp>
#include <vmwright/network/forward.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

enum class LeaseUnit
{
    seconds,
    minutes,
    hours,
};
constexpr auto enum_names(LeaseUnit)
{
    return name_list("seconds", "minutes", "hours");
}

/// How long a guest may keep an address; 0 is forever.
struct DhcpLease
{
    std::uint64_t expiry{};
    std::optional<LeaseUnit> unit{}; ///< minutes when absent

    bool operator==(DhcpLease const&) const = default;
};

/// Addresses that are given to whoever asks.
struct DhcpRange
{
    IpRange addresses{};
    std::optional<DhcpLease> lease{};

    bool operator==(DhcpRange const&) const = default;
};

/// The address that one guest gets.
struct DhcpHost
{
    std::optional<Mac> mac{}; ///< IPv4
    std::string id{};         ///< the DUID of IPv6, or the client identifier
    std::optional<std::string> name{};
    std::optional<IpAddress> ip{};
    std::optional<DhcpLease> lease{};

    bool operator==(DhcpHost const&) const = default;
};

/// What is booted over the network.
struct Bootp
{
    std::string file{};
    std::optional<IpAddress> server{}; ///< the network's own when absent

    bool operator==(Bootp const&) const = default;
};

struct NetworkDhcp
{
    std::vector<DhcpRange> ranges{};
    std::vector<DhcpHost> hosts{};
    Bootp bootp{};

    bool operator==(NetworkDhcp const&) const = default;
};

/// An address that the host has in the network, and what it serves there.
struct NetworkIp
{
    std::optional<IpFamily> family{}; ///< ipv4 when absent
    IpAddress address{};
    std::optional<IpAddress> netmask{};    ///< IPv4: this, or the prefix, or that of the address's class
    std::optional<std::uint32_t> prefix{}; ///< of IPv6 64 when absent
    std::optional<bool> local_ptr{};       ///< reverse questions about the network are not forwarded
    std::string tftp_root{};
    NetworkDhcp dhcp{};

    bool operator==(NetworkIp const&) const = default;

    /// The number of bits that all addresses of the network begin with.
    [[nodiscard]] auto prefix_length() const -> unsigned;
};

/// The way to a network behind one of the guests.
struct NetworkRoute
{
    std::optional<IpFamily> family{}; ///< ipv4 when absent
    IpAddress address{};
    std::optional<IpAddress> netmask{};
    std::optional<std::uint32_t> prefix{};
    IpAddress gateway{};
    std::optional<std::uint32_t> metric{}; ///< from 1

    bool operator==(NetworkRoute const&) const = default;
};

} // namespace vmwright::inline v0
