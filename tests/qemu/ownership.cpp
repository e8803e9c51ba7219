// SPDX-License-Identifier: BSL-1.0
//
// explain tells whose each argument is: without a device, exactly the arguments that it owned are gone. Over the documents
// of tests/data, and of the corpus where VMWRIGHT_CORPUS names it.
#include "catch.hpp"

#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/domain.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

using namespace vmwright;

namespace
{

auto profile_of(DomainConfig const& config) -> qemu::Capabilities const&
{
    static std::map<std::string, qemu::Capabilities> known;
    auto const name = std::string{qemu::shipped_profile(qemu::emulator_arch(config))};
    if (!known.contains(name))
        known.emplace(name, qemu::load_capabilities(qemu::profile_text(name)).value());
    return known.at(name);
}

/// Which device, by kind and position in its list.
struct Which
{
    std::string kind{};
    std::size_t index{};

    [[nodiscard]] auto node() const { return fmt::format("/domain/devices/{}[{}]", kind, index + 1); }
};

template <class Visit>
void for_each_device(Devices const& devices, Visit&& visit)
{
    for_each_kind(devices, [&](std::string_view kind, auto const& list) {
        if constexpr (requires { list.size(); })
            for (std::size_t i = 0; i < list.size(); ++i)
                visit(Which{std::string{kind}, i}, list[i]);
        else if (list)
            visit(Which{std::string{kind}, 0}, *list);
    });
}

void remove(Devices& devices, Which const& which)
{
    for_each_kind(devices, [&](std::string_view kind, auto& list) {
        if (kind != which.kind)
            return;
        if constexpr (requires { list.size(); })
            list.erase(list.begin() + static_cast<std::ptrdiff_t>(which.index));
        else
            list.reset();
    });
}

/// The controllers that others sit on, as "pci 3".
auto controllers_in_use(Devices const& devices) -> std::set<std::string>
{
    std::set<std::string> used;
    auto const use = [&](std::string_view type, std::uint32_t index) { used.insert(fmt::format("{} {}", type, index)); };
    for_each_device(devices, [&](Which const&, auto const& device) {
        if constexpr (requires { device.info.address; }) {
            if (auto const* pci = address_as<PciAddress>(device.info))
                use("pci", pci->bus);
            if (auto const* usb = address_as<UsbAddress>(device.info))
                use("usb", usb->bus);
            if (auto const* ccid = address_as<CcidAddress>(device.info))
                use("ccid", ccid->controller);
            if (auto const* port = address_as<VirtioSerialAddress>(device.info))
                use("virtio-serial", port->controller);
            if (auto const* drive = address_as<DriveAddress>(device.info))
                for (auto const* type : {"ide", "scsi", "sata", "fdc"})
                    use(type, drive->controller);
        }
    });
    return used;
}

/// Another device's words, or all of the machine's, change with these.
auto has_dependents(Devices const& devices, Which const& which) -> bool
{
    if (which.kind == "controller") {
        auto const& c = devices.controllers[which.index];
        return controllers_in_use(devices).contains(fmt::format("{} {}", to_string(c.type), c.index.value_or(0))) ||
               c.type == ControllerType::usb; // companions; and a machine without one has its own
    }
    if (which.kind == "audio" || which.kind == "graphics" || which.kind == "hub" || which.kind == "redirfilter")
        return true; // sound, spice's channels, video and what is plugged into the hub speak of it
    if (which.kind == "console")
        return devices.consoles[which.index].target_type == "serial"; // the serial port's other name
    if (which.kind == "serial")
        return !devices.consoles.empty() && devices.consoles.front().target_type == "serial" && which.index == 0;
    if (which.kind == "disk") { // a floppy drive is its controller's; a group's limits and a helper are told once
        auto const& disk = devices.disks[which.index];
        return disk.target.bus == DiskBus::fdc || (disk.iotune && !disk.iotune->group_name.empty()) ||
               disk.source_options.reservations;
    }
    if (which.kind == "memory") { // parts of -machine
        auto const model = devices.memories[which.index].model;
        return model == MemoryModel::nvdimm || model == MemoryModel::sgx_epc;
    }
    if (which.kind == "iommu") // a part of -machine
        return devices.iommu->model == IommuModel::smmuv3;
    if (which.kind == "panic") // a flag of the CPU
        return devices.panics[which.index].model == PanicModel::hyperv;
    return false;
}

/// Boot indexes belong to the boot order, and so does what the first in it tells its firmware.
auto arguments_of(qemu::Plan const& plan, std::string_view without = {}) -> std::multiset<std::string>
{
    std::multiset<std::string> list;
    for (auto option : plan.options) {
        if (!without.empty() && (option.node == without || option.node.starts_with(fmt::format("{}/", without))))
            continue;
        std::erase_if(option.properties, [](auto const& property) {
            return property.first.starts_with("bootindex") || property.first == "loadparm";
        });
        list.insert(fmt::format("-{} {}", option.name, qemu::argument_text(option).value_or("")));
    }
    return list;
}

auto documents() -> std::vector<std::filesystem::path>
{
    std::vector<std::filesystem::path> list;
    auto const add = [&](std::filesystem::path const& directory) {
        for (auto const& entry : std::filesystem::directory_iterator{directory})
            if (entry.path().string().ends_with(".xml") && !entry.path().string().ends_with(".dump.xml"))
                list.push_back(entry.path());
    };
    add(std::filesystem::path{VMWRIGHT_TEST_DATA} / "argv");
    if (auto const* corpus = std::getenv("VMWRIGHT_CORPUS"))
        add(std::filesystem::path{corpus} / "accept");
    return list;
}

} // namespace

TEST_CASE("a device owns exactly the arguments that go with it")
{
    std::size_t removals = 0;
    for (auto const& path : documents()) {
        std::ifstream in{path, std::ios::binary};
        auto const parsed = xml::read_domain(std::string{std::istreambuf_iterator<char>{in}, {}});
        auto const& profile = profile_of(parsed.result);
        auto const facts = qemu::debian12();
        auto const live = qemu::prepare(qemu::resolve(parsed.result, profile, facts).value(), facts).value();
        auto const plan = qemu::command_line(live, profile, facts).value();
        for_each_device(live.config.devices, [&](Which const& which, auto const&) {
            if (has_dependents(live.config.devices, which))
                return;
            auto smaller = live;
            remove(smaller.config.devices, which);
            INFO(path.filename().string() << " without " << which.node());
            auto const expected = arguments_of(plan, which.node());
            auto const got = arguments_of(qemu::command_line(smaller, profile, facts).result);
            ++removals;
            CHECK(got == expected);
        });
    }
    CHECK(removals > 500);
}
