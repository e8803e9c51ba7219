// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/detail/checking.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace vmwright::inline v0
{

auto NetworkIp::prefix_length() const -> unsigned
{
    if (prefix.value_or(0) != 0)
        return std::min(*prefix, address.bits());
    auto const of_mask = netmask ? netmask->as_prefix() : std::nullopt;
    return of_mask.value_or(address.natural_prefix());
}

} // namespace vmwright::inline v0

namespace vmwright::inline v0::detail
{

namespace network_ip_check
{
namespace
{

/// An address whose family is said beside it.
void check_family(IpAddress const& address, std::optional<IpFamily> family, std::string const& node, Findings const& at)
{
    if (address.is_ipv4() == (family.value_or(IpFamily::ipv4) == IpFamily::ipv4))
        return;
    if (!family)
        at.error(node, Fault::missing, fmt::format("{} is an address of IPv6, and no family is said", to_string(address)),
                 "add family='ipv6'");
    else
        at.error(node + "/@family", Fault::conflict,
                 fmt::format("{} is not an address of {}", to_string(address), to_string(*family)),
                 fmt::format("use family='{}'", to_string(address.family)));
}

/// What says where the network's part of an address ends.
void check_length(IpAddress const& address, std::optional<IpAddress> const& netmask, std::optional<std::uint32_t> prefix,
                  std::string const& node, Findings const& at)
{
    if (netmask && prefix)
        at.error(node + "/@netmask", Fault::conflict, "a network has a prefix or a netmask, not both", "remove one");
    if (prefix && *prefix > address.bits())
        at.error(node + "/@prefix", Fault::bad_number,
                 fmt::format("{} is not a prefix of {}", *prefix, to_string(address.family)),
                 fmt::format("give 0 to {}", address.bits()));
    if (netmask && !address.is_ipv4())
        at.error(node + "/@netmask", Fault::not_supported, "a network of IPv6 has no netmask", "use prefix='64'");
    else if (netmask && !netmask->is_ipv4())
        at.error(node + "/@netmask", Fault::bad_text, fmt::format("{} is not a netmask of IPv4", to_string(*netmask)),
                 "as 255.255.255.0");
    else if (netmask && !netmask->as_prefix())
        at.warning(node + "/@netmask", Fault::bad_text,
                   fmt::format("{} is not a netmask: it has ones behind a zero", to_string(*netmask)), "as 255.255.255.0");
}

void check_lease(std::optional<DhcpLease> const& lease, std::string const& node, Findings const& at)
{
    constexpr std::uint64_t least_seconds = 120;
    if (!lease || lease->expiry == 0)
        return;
    auto const unit = lease->unit.value_or(LeaseUnit::minutes);
    auto const seconds = unit == LeaseUnit::seconds ? 1U : unit == LeaseUnit::minutes ? 60U : 3600U;
    if (lease->expiry < (least_seconds + seconds - 1) / seconds)
        at.error(node + "/lease/@expiry", Fault::bad_number,
                 fmt::format("a lease of {} {} is too short", lease->expiry, to_string(unit)), "give 2 minutes or more");
}

/// The rules of one address that have to do with its network.
struct Subnet
{
    NetworkIp const& ip;
    std::string const& node;
    Findings const& at;

    [[nodiscard]] auto first() const { return ip.address.first_of(ip.prefix_length()); }
    [[nodiscard]] auto last() const { return ip.address.last_of(ip.prefix_length()); }
    [[nodiscard]] auto text() const { return fmt::format("{}/{}", to_string(first()), ip.prefix_length()); }
    [[nodiscard]] auto contains(IpAddress const& a) const -> bool
    {
        return a.family == ip.address.family && first() <= a && a <= last();
    }
    void range(DhcpRange const& range, std::string const& place) const;
    void ranges() const;
    void host(DhcpHost const& host, std::string const& place) const;
    void hosts() const;
    void services() const;
};

void Subnet::range(DhcpRange const& range, std::string const& place) const
{
    constexpr std::uint64_t most = 65535;
    auto const& [start, end] = range.addresses;
    if (start.family != ip.address.family || end.family != ip.address.family)
        return at.error(place, Fault::conflict,
                        fmt::format("the range {} to {} is not of {}, as the network is", to_string(start), to_string(end),
                                    to_string(ip.address.family)),
                        fmt::format("give addresses in {}", text()));
    if (end < start)
        return at.error(place, Fault::bad_number,
                        fmt::format("the range {} to {} ends before it starts", to_string(start), to_string(end)),
                        "swap start and end");
    for (auto const* bound : {&start, &end})
        if (!contains(*bound))
            return at.error(fmt::format("{}/@{}", place, bound == &start ? "start" : "end"), Fault::conflict,
                            fmt::format("{} is not in the network {}", to_string(*bound), text()),
                            fmt::format("give {} to {}", to_string(first()), to_string(last())));
    auto const has_ends = ip.address.is_ipv4() && ip.prefix_length() < 31;
    if (has_ends && start == first())
        at.error(place + "/@start", Fault::conflict, fmt::format("{} is the network itself", to_string(start)),
                 "begin with the next address");
    if (has_ends && end == last())
        at.error(place + "/@end", Fault::conflict, fmt::format("{} is the broadcast address", to_string(end)),
                 "end with the address before");
    if (!count_of(start, end, most))
        at.error(place, Fault::limit,
                 fmt::format("the range {} to {} has more than {} addresses", to_string(start), to_string(end), most),
                 "make it smaller");
}

void Subnet::ranges() const
{
    auto const& ranges = ip.dhcp.ranges;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        auto const place = fmt::format("{}/dhcp/range[{}]", node, i + 1);
        range(ranges[i], place);
        check_lease(ranges[i].lease, place, at);
        auto const& a = ranges[i].addresses;
        for (std::size_t j = 0; j < i; ++j)
            if (auto const& b = ranges[j].addresses; a.start <= b.end && b.start <= a.end)
                at.warning(place, Fault::duplicate,
                           fmt::format("the range {} to {} overlaps range {}", to_string(a.start), to_string(a.end), j + 1),
                           "give each its own addresses");
    }
}

void Subnet::host(DhcpHost const& host, std::string const& place) const
{
    constexpr std::string_view id_chars = "0123456789abcdefABCDEF:";
    auto const is_ipv4 = ip.address.is_ipv4();
    auto const is_alnum = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (host.mac && host.mac->is_multicast())
        at.error(place + "/@mac", Fault::bad_text, fmt::format("{} is a multicast address", to_string(*host.mac)),
                 "its first byte must be even");
    if (host.mac && !is_ipv4)
        at.error(place + "/@mac", Fault::not_supported, "a host of IPv6 is known by its id or name, not by its MAC address",
                 "use id='…', its DUID");
    if (is_ipv4 && !host.mac && !host.name)
        at.error(place, Fault::missing, "the host has neither a MAC address nor a name", "add mac='…' or name='…'");
    if (!is_ipv4 && host.id.empty() && !host.name)
        at.error(place, Fault::missing, "the host has neither an id nor a name", "add id='…', its DUID, or name='…'");
    if (host.id.find_first_not_of(id_chars) != std::string::npos)
        at.error(place + "/@id", Fault::bad_text, fmt::format("'{}' is not the id of a host", host.id),
                 "use hex digits and colons");
    if (host.name && (host.name->empty() || !is_alnum(host.name->front())))
        at.error(place + "/@name", Fault::bad_text, fmt::format("'{}' is not the name of a host", *host.name),
                 "begin it with a letter or digit");
    if (!host.ip)
        at.error(place, Fault::missing, "the host has no address", "add ip='…'");
    else if (!contains(*host.ip))
        at.warning(place + "/@ip", Fault::conflict, fmt::format("{} is not in the network {}", to_string(*host.ip), text()),
                   fmt::format("give {} to {}", to_string(first()), to_string(last())));
    else if (*host.ip == ip.address)
        at.warning(place + "/@ip", Fault::duplicate, fmt::format("{} is the address of the network", to_string(*host.ip)),
                   "give another one");
}

void Subnet::hosts() const
{
    std::map<std::string, std::size_t> known;
    auto const& hosts = ip.dhcp.hosts;
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        auto const place = fmt::format("{}/dhcp/host[{}]", node, i + 1);
        host(hosts[i], place);
        check_lease(hosts[i].lease, place, at);
        auto const is_own = [&](std::string_view name, std::string const& value) {
            auto const [first, is_new] = known.emplace(fmt::format("{}={}", name, value), i);
            if (!is_new)
                at.warning(fmt::format("{}/@{}", place, name), Fault::duplicate,
                           fmt::format("host {} has '{}' too", first->second + 1, value), "give each its own");
        };
        if (hosts[i].mac)
            is_own("mac", to_string(*hosts[i].mac));
        if (!hosts[i].id.empty())
            is_own("id", hosts[i].id);
        if (hosts[i].name && !hosts[i].name->empty())
            is_own("name", *hosts[i].name);
        if (hosts[i].ip)
            is_own("ip", to_string(*hosts[i].ip));
    }
}

void Subnet::services() const
{
    auto const is_ipv4 = ip.address.is_ipv4();
    if (!ip.tftp_root.empty() && !is_ipv4)
        at.error(node + "/tftp", Fault::not_supported, "an address of IPv6 serves no TFTP", "move it to an address of IPv4");
    auto const& bootp = ip.dhcp.bootp;
    if (bootp.file.empty() && bootp.server)
        at.warning(node + "/dhcp/bootp", Fault::ignored, "nothing to boot is named; it is ignored", "add file='…'");
    else if (!bootp.file.empty() && !is_ipv4)
        at.warning(node + "/dhcp/bootp", Fault::ignored, "an address of IPv6 boots nothing; it is ignored",
                   "move it to an address of IPv4");
    auto const step = is_ipv4 ? 8U : 4U;
    if (ip.local_ptr == true && ip.prefix_length() % step != 0)
        at.warning(node + "/@localPtr", Fault::conflict,
                   fmt::format("the network {} has no domain of reverse names, so it does not start", text()),
                   fmt::format("use a prefix that is a multiple of {}, or remove localPtr", step));
}

} // namespace
} // namespace network_ip_check

void check_ips(std::vector<NetworkIp> const& ips, Findings const& at)
{
    namespace of = network_ip_check;
    std::array<std::optional<std::size_t>, 2> with_dhcp;
    for (std::size_t i = 0; i < ips.size(); ++i) {
        auto const& ip = ips[i];
        auto const node = fmt::format("/network/ip[{}]", i + 1);
        of::check_family(ip.address, ip.family, node, at);
        of::check_length(ip.address, ip.netmask, ip.prefix, node, at);
        of::Subnet const subnet{ip, node, at};
        subnet.ranges();
        subnet.hosts();
        subnet.services();
        for (std::size_t j = 0; j < i; ++j)
            if (ips[j].address == ip.address)
                at.warning(node + "/@address", Fault::duplicate,
                           fmt::format("{} is the address of ip {} too", to_string(ip.address), j + 1), "remove one");
        if (ip.dhcp.ranges.empty() && ip.dhcp.hosts.empty())
            continue;
        auto& first = with_dhcp[ip.address.is_ipv4() ? 0 : 1];
        if (first)
            at.error(node + "/dhcp", Fault::duplicate,
                     fmt::format("ip {} has DHCP for {} already, and a network has it once", *first + 1,
                                 to_string(ip.address.family)),
                     "remove one");
        else
            first = i;
    }
}

void check_routes(std::vector<NetworkRoute> const& routes, std::vector<NetworkIp> const& ips, Findings const& at)
{
    namespace of = network_ip_check;
    for (std::size_t i = 0; i < routes.size(); ++i) {
        auto const& route = routes[i];
        auto const node = fmt::format("/network/route[{}]", i + 1);
        of::check_family(route.address, route.family, node, at);
        of::check_length(route.address, route.netmask, route.prefix, node, at);
        if (route.gateway.family != route.address.family) {
            at.error(node + "/@gateway", Fault::conflict,
                     fmt::format("{} is not an address of {}, as the network is", to_string(route.gateway),
                                 to_string(route.address.family)),
                     "give one of the same family");
            continue;
        }
        if (route.metric == 0U)
            at.error(node + "/@metric", Fault::bad_number, "0 is not a metric", "give 1 or more");
        // without a length only the way to everywhere is a network
        auto const of_zero = route.address.is_zero() ? 0U : route.address.bits();
        auto const mask = route.netmask.value_or(IpAddress{route.address.family}.last_of(0).first_of(
            std::min(route.prefix.value_or(of_zero), route.address.bits())));
        if (route.address.masked(mask) != route.address || (!route.netmask && !route.prefix && of_zero != 0))
            at.error(node + "/@address", Fault::bad_text,
                     fmt::format("{} is the address of a host, not of a network", to_string(route.address)),
                     route.netmask || route.prefix ? fmt::format("use {}", to_string(route.address.masked(mask)))
                                                   : "add prefix='…'");
        auto const reaches = [&](NetworkIp const& ip) {
            auto const length = ip.prefix_length();
            return ip.address.family == route.gateway.family &&
                   ip.address.first_of(length) == route.gateway.first_of(length);
        };
        if (std::ranges::none_of(ips, reaches))
            at.error(node + "/@gateway", Fault::conflict,
                     fmt::format("no address of the network reaches {}", to_string(route.gateway)),
                     "give an address in one of its subnets");
    }
}

} // namespace vmwright::inline v0::detail
