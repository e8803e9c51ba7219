// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/dns.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<DnsForwarder> auto& v)
{
    at("@domain", v.domain);
    at("@addr", v.address);
}

void map(auto& at, Like<DnsText> auto& v)
{
    at("@name", v.name);
    at("@value", v.value);
}

void map(auto& at, Like<DnsService> auto& v)
{
    at("@service", v.service);
    at("@protocol", v.protocol);
    at("@domain", v.domain);
    at("@target", v.target);
    at("@port", v.port);
    at("@priority", v.priority);
    at("@weight", v.weight);
}

void map(auto& at, Like<DnsHost> auto& v)
{
    at.required("@ip", "give its address");
    at("@ip", v.ip);
    at("hostname", v.names);
}

void map(auto& at, Like<NetworkDns> auto& v)
{
    at("@enable", v.enabled);
    at("@forwardPlainNames", v.forward_plain_names);
    at("forwarder", v.forwarders);
    at("txt", v.texts);
    at("srv", v.services);
    at("host", v.hosts);
}

} // namespace vmwright::inline v0::xml::detail
