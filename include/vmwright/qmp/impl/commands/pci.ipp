// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/commands/pci.hpp>

#include <vmwright/qmp/convert.hpp>

namespace vmwright::inline v0::qmp
{

BOOST_DESCRIBE_STRUCT(PciDeviceClass, (), (desc, class_))
BOOST_DESCRIBE_STRUCT(PciDeviceId, (), (device, vendor, subsystem, subsystem_vendor))
BOOST_DESCRIBE_STRUCT(PciBusInfo, (), (number, secondary, subordinate))
BOOST_DESCRIBE_STRUCT(PciBridgeInfo, (), (bus, devices))
BOOST_DESCRIBE_STRUCT(PciDeviceInfo, (), (bus, slot, function, class_info, id, qdev_id, pci_bridge))
BOOST_DESCRIBE_STRUCT(PciInfo, (), (bus, devices))

template struct CommandCodec<query_pci>;

} // namespace vmwright::inline v0::qmp
