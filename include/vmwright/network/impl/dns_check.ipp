// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/detail/findings.hpp>
#include <vmwright/network/dns.hpp>

#include <fmt/format.h>

#include <map>

namespace vmwright::inline v0::detail
{

namespace dns_check
{
namespace
{

void check_service(DnsService const& service, std::string const& node, Findings const& at)
{
    if (service.service.empty())
        at.error(node, Fault::missing, "the record names no service", "add service='…'");
    if (service.protocol.empty())
        at.error(node, Fault::missing, "the record names no protocol", "add protocol='tcp'");
    else if (service.protocol != "tcp" && service.protocol != "udp")
        at.warning(node + "/@protocol", Fault::unknown_value,
                   fmt::format("'{}' is not a protocol of services", service.protocol), "use tcp or udp");
    if (service.port == std::uint16_t{})
        at.error(node + "/@port", Fault::bad_number, "0 is not a port", "give 1 to 65535");
    auto const needs_target = [&](std::optional<std::uint16_t> const& number, std::string_view name) {
        if (number && service.target.empty())
            at.error(fmt::format("{}/@{}", node, name), Fault::conflict,
                     fmt::format("a {} says nothing without a target", name), "add target='…', or remove it");
    };
    needs_target(service.port, "port");
    needs_target(service.priority, "priority");
    needs_target(service.weight, "weight");
}

void check_text(DnsText const& text, std::string const& node, Findings const& at)
{
    if (text.name.empty())
        at.error(node, Fault::missing, "the record has no name", "add name='…'");
    else if (text.name.find_first_of(" ,") != std::string::npos)
        at.error(node + "/@name", Fault::bad_text, fmt::format("'{}' is not the name of a record", text.name),
                 "use a name without spaces and commas");
    if (!text.value)
        at.error(node, Fault::missing, "the record has no value", "add value='…'");
}

} // namespace
} // namespace dns_check

void check_dns(NetworkDns const& dns, Findings const& at)
{
    auto const place = [](std::string_view kind, std::size_t i) { return fmt::format("/network/dns/{}[{}]", kind, i + 1); };
    if (dns.enabled == false && !(dns.forwarders.empty() && dns.texts.empty() && dns.services.empty() && dns.hosts.empty()))
        at.error("/network/dns", Fault::conflict, "the DNS server is not enabled, and has something to say",
                 "remove enable='no', or all that is in there");
    for (std::size_t i = 0; i < dns.forwarders.size(); ++i)
        if (!dns.forwarders[i].address && !dns.forwarders[i].domain)
            at.error(place("forwarder", i), Fault::missing, "the forwarder has neither an address nor a domain",
                     "add addr='…' or domain='…'");
    for (std::size_t i = 0; i < dns.texts.size(); ++i)
        dns_check::check_text(dns.texts[i], place("txt", i), at);
    for (std::size_t i = 0; i < dns.services.size(); ++i)
        dns_check::check_service(dns.services[i], place("srv", i), at);
    std::map<std::pair<std::string, IpFamily>, std::size_t> names;
    for (std::size_t i = 0; i < dns.hosts.size(); ++i) {
        auto const& host = dns.hosts[i];
        if (host.names.empty())
            at.error(place("host", i), Fault::missing, fmt::format("{} has no name", to_string(host.ip)),
                     "add <hostname>…</hostname>");
        for (std::size_t n = 0; n < host.names.size(); ++n) {
            auto const node = fmt::format("{}/hostname[{}]", place("host", i), n + 1);
            if (host.names[n].empty())
                at.error(node, Fault::missing, "the name is empty", "give one, or remove it");
            else if (auto const [first, is_new] = names.emplace(std::pair{host.names[n], host.ip.family}, i); !is_new)
                at.warning(
                    node, Fault::duplicate,
                    fmt::format("'{}' is a name of {} already", host.names[n], to_string(dns.hosts[first->second].ip)),
                    "remove one");
        }
    }
}

} // namespace vmwright::inline v0::detail
