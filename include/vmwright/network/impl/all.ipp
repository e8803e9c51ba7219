// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/impl/dns_check.ipp>
#include <vmwright/network/impl/filter_match.ipp>
#include <vmwright/network/impl/filter_value.ipp>
#include <vmwright/network/impl/network.ipp>
#include <vmwright/network/impl/network_check.ipp>
#include <vmwright/network/impl/network_ip_check.ipp>
#include <vmwright/network/impl/network_port.ipp>
#include <vmwright/network/impl/nwfilter.ipp>
#include <vmwright/network/impl/nwfilter_binding.ipp>
#include <vmwright/network/impl/nwfilter_check.ipp>
#include <vmwright/network/impl/port_rules.ipp>
