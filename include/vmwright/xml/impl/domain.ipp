// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/audio.ipp>
#include <vmwright/xml/impl/chardev.ipp>
#include <vmwright/xml/impl/clock.ipp>
#include <vmwright/xml/impl/controller.ipp>
#include <vmwright/xml/impl/cpu.ipp>
#include <vmwright/xml/impl/disk.ipp>
#include <vmwright/xml/impl/features.ipp>
#include <vmwright/xml/impl/filesystem.ipp>
#include <vmwright/xml/impl/graphics.ipp>
#include <vmwright/xml/impl/input.ipp>
#include <vmwright/xml/impl/interface.ipp>
#include <vmwright/xml/impl/iommu.ipp>
#include <vmwright/xml/impl/iothreads.ipp>
#include <vmwright/xml/impl/lease.ipp>
#include <vmwright/xml/impl/memballoon.ipp>
#include <vmwright/xml/impl/nvram.ipp>
#include <vmwright/xml/impl/os.ipp>
#include <vmwright/xml/impl/panic.ipp>
#include <vmwright/xml/impl/rng.ipp>
#include <vmwright/xml/impl/sound.ipp>
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

void map(auto& at, Like<PowerManagement> auto& v)
{
    at("suspend-to-mem/@enabled", v.suspend_to_mem);
    at("suspend-to-disk/@enabled", v.suspend_to_disk);
}

void map(auto& at, Like<Devices> auto& v)
{
    static constexpr auto not_yet =
        name_list("hostdev", "hub", "memory", "parallel", "redirdev", "redirfilter", "shmem", "smartcard");
    at("emulator", v.emulator);
    for_each_kind(v, at);
    at.not_yet(not_yet);
}

void map(auto& at, Like<DomainConfig> auto& v)
{
    static constexpr auto not_yet =
        name_list("blkiotune", "bootloader", "bootloader_args", "cputune", "genid", "idmap", "keywrap", "launchSecurity",
                  "maxMemory", "memoryBacking", "memtune", "numatune", "on_lockfailure", "perf", "qemu:capabilities",
                  "qemu:commandline", "qemu:override", "resource", "seclabel", "sysinfo", "vcpus");
    at("@type", v.type);
    at("name", v.name);
    at("uuid", v.uuid);
    at("title", v.title);
    at("description", v.description);
    at.raw("metadata", v.metadata);
    at("memory/@dumpCore", v.dump_core, on_off);
    at.scaled("memory", v.memory);
    at.scaled("currentMemory", v.current_memory);
    at("vcpu", v.vcpus);
    at("iothreads", v.iothreads);
    at("iothreadids/iothread", v.iothread_ids);
    at("defaultiothread", v.default_iothread);
    at.required("os", "add <os><type>hvm</type></os>");
    at("os", v.os);
    at("features", v.features);
    at("cpu", v.cpu);
    at("clock", v.clock);
    at("on_poweroff", v.on_poweroff);
    at("on_reboot", v.on_reboot);
    at("on_crash", v.on_crash);
    at("pm", v.pm);
    at("devices", v.devices);
    at.not_yet(not_yet);
}

} // namespace vmwright::inline v0::xml::detail
