// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/controller.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<ControllerDriver> auto& v)
{
    at("@queues", v.queues);
    at("@cmd_per_lun", v.cmd_per_lun);
    at("@max_sectors", v.max_sectors);
    at("@ioeventfd", v.ioeventfd, on_off);
    at("@iothread", v.iothread);
    at(".", v.virtio);
}

void map(auto& at, Like<PciControllerTarget> auto& v)
{
    at("@chassisNr", v.chassis_nr);
    at("@chassis", v.chassis);
    at("@port", v.port, hex(1));
    at("@busNr", v.bus_nr);
    at("@index", v.index);
    at("@hotplug", v.hotplug, on_off);
    at("node", v.node);
}

void map(auto& at, Like<Controller> auto& v)
{
    at.expected("@type", "add type='pci', type='scsi' or another one; it counts as ide");
    at("@type", v.type);
    at("@index", v.index);
    at("@model", v.model);
    at("@ports", v.ports);
    at("@vectors", v.vectors);
    at.expected("master/@startport", "give the first port, or leave out <master>");
    at("master/@startport", v.master_startport);
    at("model/@name", v.model_name);
    at("target", v.target);
    at("driver", v.driver);
    at.scaled("pcihole64", v.pci_hole64);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
