// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "command.hpp"
#include "shell.hpp"

#include <vmwright/xml/domain.hpp>

#include <optional>

/// What --config, --live and --current name; nothing where none is given. Refuses --current with one of the others.
inline auto affected(Arguments const& arguments) -> std::optional<vw::Affects>
{
    arguments.exclude("current", "live");
    arguments.exclude("current", "config");
    if (arguments.has("live"))
        return arguments.has("config") ? vw::Affects::both : vw::Affects::live;
    if (arguments.has("config"))
        return vw::Affects::config;
    return arguments.has("current") ? std::optional{vw::Affects::current} : std::nullopt;
}

/// Refuses where there is no definition.
inline void require_definition(vw::Domain const& domain)
{
    if (!domain.is_persistent())
        throw Refusal{"Requested operation is not valid: transient domains do not have any persistent config"};
}

inline void require_running(vw::Domain const& domain)
{
    if (!domain.is_active())
        throw Refusal{"Requested operation is not valid: domain is not running"};
}

/// The value of one of a domain's documents.
inline auto config_of(vw::Domain const& domain, vw::DomainXml which = vw::DomainXml::current) -> vw::DomainConfig
{
    return vw::xml::read_domain(domain.xml(which)).result;
}

/// virsh's words for a domain whose guest cannot be asked.
inline void refuse_agent(vw::Domain const& domain, std::string_view what)
{
    auto const config = config_of(domain, vw::DomainXml::live);
    for (auto const& channel : config.devices.channels)
        if (channel.name == "org.qemu.guest_agent.0")
            throw Refusal{fmt::format("not supported yet: {}, which asks the guest agent", what)};
    throw Refusal{"argument unsupported: QEMU guest agent is not configured"};
}
