// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/audio.ipp>
#include <vmwright/xml/impl/blkiotune.ipp>
#include <vmwright/xml/impl/chardev.ipp>
#include <vmwright/xml/impl/clock.ipp>
#include <vmwright/xml/impl/controller.ipp>
#include <vmwright/xml/impl/cpu.ipp>
#include <vmwright/xml/impl/cputune.ipp>
#include <vmwright/xml/impl/disk.ipp>
#include <vmwright/xml/impl/features.ipp>
#include <vmwright/xml/impl/filesystem.ipp>
#include <vmwright/xml/impl/graphics.ipp>
#include <vmwright/xml/impl/hostdev.ipp>
#include <vmwright/xml/impl/hub.ipp>
#include <vmwright/xml/impl/input.ipp>
#include <vmwright/xml/impl/interface.ipp>
#include <vmwright/xml/impl/iommu.ipp>
#include <vmwright/xml/impl/iothreads.ipp>
#include <vmwright/xml/impl/lease.ipp>
#include <vmwright/xml/impl/memballoon.ipp>
#include <vmwright/xml/impl/memory.ipp>
#include <vmwright/xml/impl/memory_backing.ipp>
#include <vmwright/xml/impl/memtune.ipp>
#include <vmwright/xml/impl/numatune.ipp>
#include <vmwright/xml/impl/nvram.ipp>
#include <vmwright/xml/impl/os.ipp>
#include <vmwright/xml/impl/panic.ipp>
#include <vmwright/xml/impl/qemu_extensions.ipp>
#include <vmwright/xml/impl/redirdev.ipp>
#include <vmwright/xml/impl/resource.ipp>
#include <vmwright/xml/impl/rng.ipp>
#include <vmwright/xml/impl/security.ipp>
#include <vmwright/xml/impl/shmem.ipp>
#include <vmwright/xml/impl/smartcard.ipp>
#include <vmwright/xml/impl/sound.ipp>
#include <vmwright/xml/impl/sysinfo.ipp>
#include <vmwright/xml/impl/tpm.ipp>
#include <vmwright/xml/impl/video.ipp>
#include <vmwright/xml/impl/vsock.ipp>
#include <vmwright/xml/impl/watchdog.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<Vcpus> auto& v)
{
    at("@placement", v.placement);
    at("@cpuset", v.cpuset);
    at("@current", v.current);
    at(".", v.count);
}

void map(auto& at, Like<Vcpu> auto& v)
{
    at.required("@id", "give the number of the vCPU, from 0");
    at.required("@enabled", "add enabled='yes' or enabled='no'");
    at("@id", v.id);
    at("@enabled", v.enabled);
    at("@hotpluggable", v.hotpluggable);
    at("@order", v.order);
}

void map(auto& at, Like<PowerManagement> auto& v)
{
    at("suspend-to-mem/@enabled", v.suspend_to_mem);
    at("suspend-to-disk/@enabled", v.suspend_to_disk);
}

void map(auto& at, Like<Devices> auto& v)
{
    at("emulator", v.emulator);
    for_each_kind(v, at);
}

/// An empty element asks for one.
struct GenidCodec
{
    auto parse(std::string_view text, Uuid& value, Complaint& complaint) const -> bool
    {
        if (trimmed(text).empty())
            return value = {}, true;
        auto const is_uuid = Codec<Uuid>{}.parse(text, value, complaint);
        complaint.expected = "a uuid, or leave it empty and one is made at define";
        return is_uuid;
    }
    auto format(Uuid const& value) const -> std::string { return to_string(value); }
};

void map(auto& at, Like<DomainConfig> auto& v)
{
    at("@type", v.type);
    at.live_only("@id");
    at.name_space("qemu", qemu_namespace, v.qemu);
    at("name", v.name);
    at("uuid", v.uuid);
    at("genid", v.genid, GenidCodec{});
    at("title", v.title);
    at("description", v.description);
    at.raw("metadata", v.metadata);
    at("maxMemory/@slots", v.memory_slots);
    at.scaled("maxMemory", v.max_memory);
    at("memory/@dumpCore", v.dump_core, on_off);
    at.scaled("memory", v.memory);
    at.scaled("currentMemory", v.current_memory);
    at("blkiotune", v.blkiotune);
    at("memtune", v.memtune);
    at("memoryBacking", v.memory_backing);
    at("vcpu", v.vcpus);
    at("vcpus/vcpu", v.individual_vcpus);
    at("iothreads", v.iothreads);
    at("iothreadids/iothread", v.iothread_ids);
    at("defaultiothread", v.default_iothread);
    at("cputune", v.cputune);
    at("numatune", v.numatune);
    at("resource", v.resource);
    at("sysinfo", v.sysinfos);
    at("bootloader", v.bootloader);
    at("bootloader_args", v.bootloader_args);
    at.required("os", "add <os><type>hvm</type></os>");
    at("os", v.os);
    at("idmap", v.id_map);
    at("features", v.features);
    at("cpu", v.cpu);
    at("clock", v.clock);
    at("on_poweroff", v.on_poweroff);
    at("on_reboot", v.on_reboot);
    at("on_crash", v.on_crash);
    at("on_lockfailure", v.on_lock_failure);
    at("pm", v.pm);
    at("perf/event", v.perf);
    at("devices", v.devices);
    at("seclabel", v.security_labels);
    at(".", v.qemu);
    at("keywrap/cipher", v.key_wrap);
    at("launchSecurity", v.launch_security);
}

} // namespace vmwright::inline v0::xml::detail
