// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/network.hpp>
#include <vmwright/xml/network_port.hpp>
#include <vmwright/xml/nwfilter.hpp>
#include <vmwright/xml/nwfilter_binding.hpp>

#include <vmwright/xml/detail/read.hpp>
#include <vmwright/xml/impl/network.ipp>
#include <vmwright/xml/impl/network_port.ipp>
#include <vmwright/xml/impl/nwfilter.ipp>
#include <vmwright/xml/impl/nwfilter_binding.ipp>

namespace vmwright::inline v0::xml
{

auto read_network(std::string_view text, Limits limits) -> Parsed<NetworkConfig>
{
    return detail::read<NetworkConfig>(text, "network", limits);
}

auto write_network(NetworkConfig const& config) -> std::string
{
    return detail::write(config, "network");
}

auto update_network(Document const& document, NetworkConfig const& config) -> std::string
{
    return detail::update(document, config);
}

auto read_network_port(std::string_view text, Limits limits) -> Parsed<NetworkPortConfig>
{
    return detail::read<NetworkPortConfig>(text, "networkport", limits);
}

auto write_network_port(NetworkPortConfig const& config) -> std::string
{
    return detail::write(config, "networkport");
}

auto update_network_port(Document const& document, NetworkPortConfig const& config) -> std::string
{
    return detail::update(document, config);
}

auto read_nwfilter(std::string_view text, Limits limits) -> Parsed<NwFilterConfig>
{
    return detail::read<NwFilterConfig>(text, "filter", limits);
}

auto write_nwfilter(NwFilterConfig const& config) -> std::string
{
    return detail::write(config, "filter");
}

auto update_nwfilter(Document const& document, NwFilterConfig const& config) -> std::string
{
    return detail::update(document, config);
}

auto read_nwfilter_binding(std::string_view text, Limits limits) -> Parsed<NwFilterBindingConfig>
{
    return detail::read<NwFilterBindingConfig>(text, "filterbinding", limits);
}

auto write_nwfilter_binding(NwFilterBindingConfig const& config) -> std::string
{
    return detail::write(config, "filterbinding");
}

auto update_nwfilter_binding(Document const& document, NwFilterBindingConfig const& config) -> std::string
{
    return detail::update(document, config);
}

} // namespace vmwright::inline v0::xml
