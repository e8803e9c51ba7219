// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/resolving.hpp>
#include <vmwright/qemu/pipeline.hpp>

namespace vmwright::inline v0::qemu
{

auto resolve(DomainConfig config, Capabilities const& capabilities, HostFacts const& facts) -> Checked<Resolved>
{
    Checked<Resolved> checked;
    auto& resolved = checked.result;
    resolved.config = std::move(config);
    detail::Resolving at{.config = resolved.config,
                         .capabilities = capabilities,
                         .facts = facts,
                         .origins = resolved.origins,
                         .out = checked.diagnostics};
    complete_machine(at);
    at.board = detail::board_of(resolved.config);
    complete_cpus(at);
    complete_iothreads(at);
    complete_numa(at);
    complete_memory(at);
    complete_numatune(at);
    complete_cputune(at);
    complete_firmware(at);
    complete_sysinfo(at);
    complete_security(at);
    complete_resource(at);
    complete_clock(at);
    drop_chosen_aliases(at);
    sort_devices(at);
    assign_hostdev_drives(at);
    add_board_devices(at);
    complete_devices(at);
    complete_loadparms(at);
    pair_consoles(at);
    add_drive_controllers(at);
    check_scsi_targets(at);
    assign_spapr_registers(at);
    add_default_devices(at);
    assign_virtio_serial_ports(at);
    assign_virtio_addresses(at);
    assign_pci_addresses(at);
    assign_zpci_addresses(at);
    assign_usb_ports(at);
    assign_memory_slots(at);
    return checked;
}

} // namespace vmwright::inline v0::qemu
