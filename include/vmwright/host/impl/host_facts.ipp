// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/host_facts.hpp>
#include <vmwright/machine/kvm.hpp>
#include <vmwright/machine/machine.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vmwright::inline v0
{

namespace detail::host_facts
{
namespace
{

/// Of a file that is not there, nothing.
auto text_of(Machine& machine, std::string const& path) -> std::string
{
    try {
        return machine.read_file(path);
    } catch (Error const&) {
        return {};
    }
}

auto names_in(Machine& machine, std::string const& path) -> std::vector<std::string>
{
    try {
        return machine.list_directory(path);
    } catch (Error const&) {
        return {};
    }
}

auto can_open(Machine& machine, std::string const& path) -> bool
{
    try {
        return static_cast<bool>(machine.open_file(path, {.write = true}));
    } catch (Error const&) {
        return false;
    }
}

void for_each_line(std::string_view text, std::function<void(std::string_view)> const& take)
{
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        take(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

/// Words between blanks.
auto words_of(std::string_view line) -> std::vector<std::string_view>
{
    std::vector<std::string_view> words;
    for (auto at = line.find_first_not_of(" \t"); at != line.npos; at = line.find_first_not_of(" \t", at)) {
        auto const end = std::min(line.find_first_of(" \t", at), line.size());
        words.push_back(line.substr(at, end - at));
        at = end;
    }
    return words;
}

template <class T>
auto number(std::string_view text, int base = 10) -> std::optional<T>
{
    T value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return error == std::errc{} ? std::optional{value} : std::nullopt;
}

auto hugepages_of(Machine& machine, std::optional<Size> default_size) -> std::vector<qemu::HugepageMount>
{
    std::vector<qemu::HugepageMount> mounts;
    for_each_line(text_of(machine, "/proc/self/mounts"), [&](std::string_view line) {
        auto const words = words_of(line);
        if (words.size() < 4 || words[2] != "hugetlbfs")
            return;
        auto size = default_size;
        constexpr auto option = std::string_view{"pagesize="};
        if (auto const at = words[3].find(option); at != words[3].npos) {
            auto const value = words[3].substr(at + option.size());
            auto const digits = std::min(value.find_first_not_of("0123456789"), value.size());
            auto const unit = value.substr(digits, std::min(value.find(',', digits), value.size()) - digits);
            if (auto const amount = number<std::uint64_t>(value))
                size = scaled_size(*amount, unit);
        }
        if (size)
            mounts.push_back({.path = std::string{words[1]}, .page_size = *size});
    });
    return mounts;
}

/// Those that somebody listens on, up to so many free ones: more than one start has any use for.
auto ports_taken(Machine& machine, qemu::HostFacts const& facts) -> std::vector<std::uint16_t>
{
    std::vector<std::uint16_t> taken;
    for (std::uint32_t const first : {qemu::first_websocket_port, facts.first_port}) {
        auto free = 32;
        for (auto port = first; port <= facts.last_port && free > 0; ++port)
            if (machine.port_is_taken(static_cast<std::uint16_t>(port)))
                taken.push_back(static_cast<std::uint16_t>(port));
            else
                --free;
    }
    return taken;
}

/// `0-3,5` names five.
auto count_cpus(std::string_view list) -> std::uint32_t
{
    std::uint32_t count{};
    while (!list.empty()) {
        auto const end = std::min(list.find(','), list.size());
        auto const range = list.substr(0, end);
        auto const dash = range.find('-');
        auto const from = number<std::uint32_t>(range);
        auto const to = dash == range.npos ? from : number<std::uint32_t>(range.substr(dash + 1));
        if (from && to && *to >= *from)
            count += *to - *from + 1;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return std::max(count, 1U);
}

auto trimmed(std::string text) -> std::string
{
    while (text.ends_with('\n') || text.ends_with(' ') || text.ends_with('\0'))
        text.pop_back();
    return text;
}

/// Of the descriptors, those of one name in a later directory take the place of those before; an empty one hides them.
auto firmware(Machine& machine) -> std::vector<qemu::FirmwareDescriptor>
{
    std::map<std::string, std::string> by_name;
    for (std::string const directory : {"/usr/share/qemu/firmware", "/etc/qemu/firmware"})
        for (auto const& name : names_in(machine, directory))
            if (name.ends_with(".json"))
                by_name[name] = text_of(machine, directory + "/" + name);
    std::vector<qemu::FirmwareDescriptor> list;
    for (auto const& [name, text] : by_name)
        if (auto image = qemu::read_firmware_descriptor(text); image.has_value())
            list.push_back(std::move(image).value());
    return list;
}

/// What the kernel tells of the host's own tables; serial numbers only to root.
auto smbios(Machine& machine) -> std::optional<SmbiosInfo>
{
    auto const table = [&](std::initializer_list<std::pair<std::string_view, std::string_view>> entries) {
        SmbiosTable list;
        for (auto const& [name, file] : entries) {
            auto text = trimmed(text_of(machine, fmt::format("/sys/class/dmi/id/{}", file)));
            if (!text.empty())
                list.push_back({std::string{name}, std::move(text)});
        }
        return list;
    };
    SmbiosInfo info{
        .bios = table(
            {{"vendor", "bios_vendor"}, {"version", "bios_version"}, {"date", "bios_date"}, {"release", "bios_release"}}),
        .system = table({{"manufacturer", "sys_vendor"},
                         {"product", "product_name"},
                         {"version", "product_version"},
                         {"serial", "product_serial"},
                         {"sku", "product_sku"},
                         {"family", "product_family"}}),
        .boards = {{table({{"manufacturer", "board_vendor"},
                           {"product", "board_name"},
                           {"version", "board_version"},
                           {"serial", "board_serial"},
                           {"asset", "board_asset_tag"}})}},
        .chassis = table({{"manufacturer", "chassis_vendor"},
                          {"version", "chassis_version"},
                          {"serial", "chassis_serial"},
                          {"asset", "chassis_asset_tag"}}),
    };
    std::erase_if(info.boards, [](SmbiosBoard const& board) { return board.entries.empty(); });
    return info == SmbiosInfo{} ? std::nullopt : std::optional{std::move(info)};
}

/// Images of the descriptors and of the templates that are there.
auto firmware_files(Machine& machine, qemu::HostFacts const& facts) -> std::vector<std::string>
{
    std::vector<std::string> files;
    auto const add = [&](std::string const& path) {
        if (std::ranges::find(files, path) == files.end() && machine.status(path))
            files.push_back(path);
    };
    for (auto const& image : facts.firmware)
        add(image.executable);
    for (auto const& image : facts.nvram_templates)
        add(image.loader);
    return files;
}

/// Of virtiofsd, the one that QEMU's package brings before others.
auto helpers(Machine& machine) -> qemu::HelperPrograms
{
    auto const program = [&](std::string_view name) { return machine.find_program(name).value_or(""); };
    qemu::HelperPrograms found{.swtpm = program("swtpm"), .swtpm_setup = program("swtpm_setup"), .passt = program("passt")};
    auto places = qemu::virtiofsd_places;
    while (!places.empty() && found.virtiofsd.empty()) {
        auto const end = std::min(places.find(", "), places.size());
        if (auto path = std::string{places.substr(0, end)}; machine.status(path))
            found.virtiofsd = std::move(path);
        places.remove_prefix(std::min(end + 2, places.size()));
    }
    if (found.virtiofsd.empty())
        found.virtiofsd = program("virtiofsd");
    return found;
}

/// By which local time is ahead of UTC.
auto utc_offset(std::int64_t now) -> std::int32_t
{
    auto const time = static_cast<std::time_t>(now);
    std::tm local{};
    return ::localtime_r(&time, &local) ? static_cast<std::int32_t>(local.tm_gmtoff) : 0;
}

constexpr auto arch() -> std::string_view
{
#if defined(__x86_64__)
    return "x86_64";
#elif defined(__i386__)
    return "i386";
#elif defined(__aarch64__)
    return "aarch64";
#elif defined(__arm__)
    return "arm";
#elif defined(__riscv)
    return "riscv64";
#elif defined(__s390x__)
    return "s390x";
#elif defined(__powerpc64__)
    return "ppc64";
#else
    return "";
#endif
}

} // namespace
} // namespace detail::host_facts

auto read_host_facts(Machine& machine) -> qemu::HostFacts
{
    using namespace detail::host_facts;
    qemu::HostFacts facts;
    facts.arch = arch();
    facts.cpus = count_cpus(text_of(machine, "/sys/devices/system/cpu/online"));
    auto const kvm = kvm_status(machine);
    facts.kvm = {.usable = kvm.usable, .reason = kvm.reason};
    facts.vhost_net = can_open(machine, "/dev/vhost-net");
    facts.vhost_vsock = can_open(machine, "/dev/vhost-vsock");
    facts.iommu = !names_in(machine, "/sys/kernel/iommu_groups").empty();
    facts.vfio = machine.status("/dev/vfio/vfio").has_value();
    facts.uuid = Uuid::parse(trimmed(text_of(machine, "/sys/class/dmi/id/product_uuid")));
    for_each_line(text_of(machine, "/proc/meminfo"), [&](std::string_view line) {
        auto const words = words_of(line);
        if (words.size() >= 2 && words[0] == "Hugepagesize:")
            if (auto const amount = number<std::uint64_t>(words[1]))
                facts.default_hugepage = KiB(*amount);
    });
    facts.hugepages = hugepages_of(machine, facts.default_hugepage);
    for (auto const& node : names_in(machine, "/dev/dri"))
        if (node.starts_with("renderD"))
            facts.render_nodes.push_back("/dev/dri/" + node);
    facts.ports_taken = ports_taken(machine, facts);
    facts.firmware = firmware(machine);
    facts.nvram_templates = qemu::usual_nvram_templates();
    facts.firmware_files = firmware_files(machine, facts);
    facts.smbios = smbios(machine);
    facts.helpers = helpers(machine);
    facts.now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    facts.utc_offset = utc_offset(facts.now);
    return facts;
}

} // namespace vmwright::inline v0
