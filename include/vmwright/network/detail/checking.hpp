// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/detail/findings.hpp>
#include <vmwright/domain/bandwidth.hpp>
#include <vmwright/domain/filter_ref.hpp>
#include <vmwright/domain/virtual_port.hpp>
#include <vmwright/domain/vlan.hpp>
#include <vmwright/network/network_ip.hpp>
#include <vmwright/network/port_owner.hpp>

#include <string>
#include <vector>

namespace vmwright::inline v0::detail
{

// Rules about what networks, their groups and their ports have in common.

void check_vlan(Vlan const& vlan, std::string const& node, Findings const& at);
/// `guarantees`: a floor can be asked for.
void check_bandwidth(Bandwidth const& bandwidth, bool guarantees, std::string const& node, Findings const& at);
/// `needs_type`: there is nothing that the type could come from.
void check_virtual_port(VirtualPort const& port, bool needs_type, std::string const& node, Findings const& at);
void check_filter_ref(FilterRef const& filter, std::string const& node, Findings const& at);
void check_owner(PortOwner const& owner, std::string const& node, Findings const& at);

/// The addresses of a network, each alone and all together.
void check_ips(std::vector<NetworkIp> const& ips, Findings const& at);
void check_routes(std::vector<NetworkRoute> const& routes, std::vector<NetworkIp> const& ips, Findings const& at);

void complete(Vlan& vlan);
/// Parameters in the order of their names.
void complete(FilterRef& filter);

} // namespace vmwright::inline v0::detail
