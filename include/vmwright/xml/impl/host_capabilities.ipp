// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/capabilities.hpp>
#include <vmwright/xml/detail/print.hpp>
#include <vmwright/xml/detail/writer.hpp>

namespace vmwright::inline v0::xml::detail
{

namespace host_capabilities
{

/// Pages that are there, but not counted.
struct PageSize
{
    Size size{};
};

inline void map(Writer& at, PageSize const& v)
{
    at("@unit", std::string{"KiB"});
    at("@size", v.size.kib());
}

} // namespace host_capabilities

inline void map(Writer& at, HostPages const& v)
{
    map(at, host_capabilities::PageSize{v.size});
    at(".", v.count);
}

inline void map(Writer& at, HostDistance const& v)
{
    at("@id", v.id);
    at("@value", v.value);
}

inline void map(Writer& at, HostProcessor const& v)
{
    at("@id", v.id);
    at("@socket_id", v.socket);
    at("@die_id", v.die);
    at("@core_id", v.core);
    at("@siblings", v.siblings);
}

inline void map(Writer& at, HostCell const& v)
{
    at("@id", v.id);
    at.scaled("memory", v.memory);
    at("pages", v.pages);
    at("distances/sibling", v.distances);
    at("cpus/@num", v.processors.size());
    at("cpus/cpu", v.processors);
}

inline void map(Writer& at, HostCache const& v)
{
    at("@id", v.id);
    at("@level", v.level);
    at("@type", v.type);
    at.pretty("@size", v.size);
    at("@cpus", v.processors);
}

inline void map(Writer& at, GuestMachine const& v)
{
    at("@canonical", v.canonical);
    at("@maxCpus", v.max_cpus);
    if (v.deprecated)
        at("@deprecated", v.deprecated);
    at(".", v.name);
}

inline void map(Writer& at, GuestSwitch const& v)
{
    at("@default", v.default_, on_off);
    at("@toggle", v.toggle);
}

inline void map(Writer& at, GuestFeatures const& v)
{
    at.flag("pae", v.pae);
    at.flag("nonpae", v.non_pae);
    at("acpi", v.acpi);
    at("apic", v.apic);
    at.flag("cpuselection", v.cpu_selection);
    at.flag("deviceboot", v.device_boot);
    at("disksnapshot", v.disk_snapshot);
}

namespace host_capabilities
{

/// `<domain type='…'/>`.
struct Type
{
    DomainType type{};
};

inline void map(Writer& at, Type const& v)
{
    at("@type", v.type);
}

} // namespace host_capabilities

inline void map(Writer& at, GuestCapabilities const& v)
{
    at("os_type", std::string{"hvm"});
    at("arch/@name", v.arch);
    at("arch/wordsize", v.word_size);
    at("arch/emulator", v.emulator);
    at("arch/machine", v.machines);
    std::vector<host_capabilities::Type> types;
    for (auto const type : v.types)
        types.push_back({type});
    at("arch/domain", types);
    at("features", v.features);
}

inline void map(Writer& at, HostCapabilities const& v)
{
    at("host/uuid", v.uuid);
    at("host/cpu/arch", v.arch);
    std::vector<host_capabilities::PageSize> sizes;
    for (auto const size : v.topology.page_sizes)
        sizes.push_back({size});
    at("host/cpu/pages", sizes);
    at("host/iommu/@support", v.iommu);
    if (!v.topology.cells.empty()) {
        at("host/topology/cells/@num", v.topology.cells.size());
        at("host/topology/cells/cell", v.topology.cells);
    }
    at("host/cache/bank", v.topology.caches);
    at("guest", v.guests);
}

} // namespace vmwright::inline v0::xml::detail

namespace vmwright::inline v0::xml
{

auto write_host_capabilities(HostCapabilities const& capabilities) -> std::string
{
    pugi::xml_document tree;
    auto const root = tree.append_child("capabilities");
    detail::Writer writer{root};
    map(writer, capabilities);
    std::string text;
    detail::print(root, text);
    return text;
}

} // namespace vmwright::inline v0::xml
