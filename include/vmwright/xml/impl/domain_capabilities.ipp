// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/capabilities.hpp>
#include <vmwright/xml/detail/print.hpp>
#include <vmwright/xml/detail/writer.hpp>

#include <string_view>
#include <utility>

namespace vmwright::inline v0::xml::detail
{

namespace domain_capabilities
{

/// `<enum name='…'>`, which is there also without a value.
struct Words
{
    std::string_view name{};
    std::vector<std::string> values{};
};

template <class T, class C = Codec<T>>
auto words(std::string_view name, std::vector<T> const& values, C const& codec = {}) -> Words
{
    Words words{.name = name};
    for (auto const& value : values)
        words.values.push_back(codec.format(value));
    return words;
}

/// `<mode name='…' supported='…'>`.
struct Mode
{
    std::string name{};
    bool supported{};
    std::vector<Words> words{};
    std::vector<NamedCpu> models{};
};

inline void map(Writer& at, Words const& v)
{
    at("@name", std::string{v.name});
    at("value", v.values);
}

inline void map(Writer& at, Mode const& v)
{
    at("@name", v.name);
    at("@supported", v.supported);
    at("enum", v.words);
    at("model", v.models);
}

/// What is or is not there, with its lists where it is.
template <class T>
void put(Writer& at, T const& v, std::vector<Words> words)
{
    at("@supported", v.supported);
    if (v.supported)
        at("enum", words);
}

} // namespace domain_capabilities

inline void map(Writer& at, NamedCpu const& v)
{
    at("@usable", v.usable);
    if (v.deprecated)
        at("@deprecated", v.deprecated);
    at("@vendor", v.vendor);
    at(".", v.name);
}

inline void map(Writer& at, LoaderCapabilities const& v)
{
    using domain_capabilities::words;
    at("@supported", v.supported);
    if (!v.supported)
        return;
    at("value", v.paths);
    at("enum", std::vector{words("type", v.types), words("readonly", v.read_only), words("secure", v.secure)});
}

inline void map(Writer& at, OsCapabilities const& v)
{
    domain_capabilities::put(at, v, {domain_capabilities::words("firmware", v.firmware)});
    if (v.supported)
        at("loader", v.loader);
}

inline void map(Writer& at, CpuCapabilities const& v)
{
    using domain_capabilities::Mode;
    using domain_capabilities::words;
    std::vector<Mode> modes{{.name = "host-passthrough", .supported = v.host_passthrough},
                            {.name = "maximum", .supported = v.maximum},
                            {.name = "host-model", .supported = v.host_model},
                            {.name = "custom", .supported = v.custom, .models = v.models}};
    if (v.host_passthrough)
        modes[0].words = {words("hostPassthroughMigratable", v.host_passthrough_migratable, on_off)};
    if (v.maximum)
        modes[1].words = {words("maximumMigratable", v.maximum_migratable, on_off)};
    at("mode", modes);
}

inline void map(Writer& at, MemoryBackingCapabilities const& v)
{
    domain_capabilities::put(at, v, {domain_capabilities::words("sourceType", v.sources)});
}

inline void map(Writer& at, DiskCapabilities const& v)
{
    using domain_capabilities::words;
    domain_capabilities::put(at, v, {words("diskDevice", v.devices), words("bus", v.buses), words("model", v.models)});
}

inline void map(Writer& at, GraphicsCapabilities const& v)
{
    domain_capabilities::put(at, v, {domain_capabilities::words("type", v.types)});
}

inline void map(Writer& at, VideoCapabilities const& v)
{
    domain_capabilities::put(at, v, {domain_capabilities::words("modelType", v.models)});
}

inline void map(Writer& at, HostdevCapabilities const& v)
{
    using domain_capabilities::words;
    domain_capabilities::put(at, v,
                             {words("mode", v.modes), words("startupPolicy", v.startup_policies),
                              words("subsysType", v.subsystems), words("capsType", v.capabilities),
                              words("pciBackend", v.pci_backends)});
}

inline void map(Writer& at, RngCapabilities const& v)
{
    using domain_capabilities::words;
    domain_capabilities::put(at, v, {words("model", v.models), words("backendModel", v.backends)});
}

inline void map(Writer& at, FilesystemCapabilities const& v)
{
    domain_capabilities::put(at, v, {domain_capabilities::words("driverType", v.drivers)});
}

inline void map(Writer& at, TpmCapabilities const& v)
{
    using domain_capabilities::words;
    std::vector<domain_capabilities::Words> list{words("model", v.models), words("backendModel", v.backends)};
    if (!v.versions.empty())
        list.push_back(words("backendVersion", v.versions));
    domain_capabilities::put(at, v, std::move(list));
}

inline void map(Writer& at, RedirdevCapabilities const& v)
{
    domain_capabilities::put(at, v, {domain_capabilities::words("bus", v.buses)});
}

inline void map(Writer& at, ChannelCapabilities const& v)
{
    domain_capabilities::put(at, v, {domain_capabilities::words("type", v.types)});
}

inline void map(Writer& at, DeviceCapabilities const& v)
{
    at("disk", v.disk);
    at("graphics", v.graphics);
    at("video", v.video);
    at("hostdev", v.hostdev);
    at("rng", v.rng);
    at("filesystem", v.filesystem);
    at("tpm", v.tpm);
    at("redirdev", v.redirdev);
    at("channel", v.channel);
}

inline void map(Writer& at, SevCapabilities const& v)
{
    at("cbitpos", v.cbitpos);
    at("reducedPhysBits", v.reduced_phys_bits);
    at("maxGuests", v.max_guests);
    at("maxESGuests", v.max_es_guests);
}

inline void map(Writer& at, FeatureCapabilities const& v)
{
    using domain_capabilities::words;
    using List = std::vector<domain_capabilities::Words>;
    if (v.gic) {
        at("gic/@supported", !v.gic->empty());
        if (!v.gic->empty())
            at("gic/enum", List{words("version", *v.gic)});
    }
    at("vmcoreinfo/@supported", v.vmcoreinfo);
    at("genid/@supported", v.genid);
    at("backingStoreInput/@supported", v.backing_store_input);
    at("backup/@supported", v.backup);
    at("s390-pv/@supported", v.s390_pv);
    at("sev/@supported", v.sev.has_value());
    at("sev", v.sev);
    at("sgx/@supported", v.sgx);
    if (v.hyperv) {
        at("hyperv/@supported", true);
        at("hyperv/enum", List{words("features", *v.hyperv)});
    }
}

inline void map(Writer& at, DomainCapabilities const& v)
{
    at("path", v.path);
    at("domain", v.type);
    at("machine", v.machine);
    at("arch", v.arch);
    at("vcpu/@max", v.max_vcpus);
    at("iothreads/@supported", v.iothreads);
    at("os", v.os);
    at("cpu", v.cpu);
    at("memoryBacking", v.memory_backing);
    at("devices", v.devices);
    at("features", v.features);
}

} // namespace vmwright::inline v0::xml::detail

namespace vmwright::inline v0::xml
{

auto write_domain_capabilities(DomainCapabilities const& capabilities) -> std::string
{
    pugi::xml_document tree;
    auto const root = tree.append_child("domainCapabilities");
    detail::Writer writer{root};
    map(writer, capabilities);
    std::string text;
    detail::print(root, text);
    return text;
}

} // namespace vmwright::inline v0::xml
