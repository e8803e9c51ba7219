// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/ip_address.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vmwright::inline v0
{

/// Where questions go that the network cannot answer.
struct DnsForwarder
{
    std::optional<std::string> domain{}; ///< those about this domain only
    std::optional<IpAddress> address{};  ///< the host's own servers when absent

    bool operator==(DnsForwarder const&) const = default;
};

struct DnsText
{
    std::string name{};
    std::optional<std::string> value{};

    bool operator==(DnsText const&) const = default;
};

/// Where a service is found.
struct DnsService
{
    std::string service{};
    std::string protocol{};
    std::string domain{};
    std::string target{}; ///< the service is not there when empty
    std::optional<std::uint16_t> port{};
    std::optional<std::uint16_t> priority{};
    std::optional<std::uint16_t> weight{};

    bool operator==(DnsService const&) const = default;
};

struct DnsHost
{
    IpAddress ip{};
    std::vector<std::string> names{};

    bool operator==(DnsHost const&) const = default;
};

/// What the network's DNS server says.
struct NetworkDns
{
    std::optional<bool> enabled{};
    std::optional<bool> forward_plain_names{}; ///< also questions about names without a domain
    std::vector<DnsForwarder> forwarders{};
    std::vector<DnsText> texts{};
    std::vector<DnsService> services{};
    std::vector<DnsHost> hosts{};

    bool operator==(NetworkDns const&) const = default;
};

} // namespace vmwright::inline v0
