// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>
#include <vmwright/host/host_facts.hpp>
#include <vmwright/host/self_check.hpp>
#include <vmwright/machine/kvm.hpp>
#include <vmwright/machine/machine.hpp>
#include <vmwright/qemu/host_facts.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace vmwright::inline v0
{

namespace detail::self_check
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

/// Why a file cannot be opened for writing; nothing when it can.
auto obstacle(Machine& machine, std::string const& path) -> std::optional<std::string>
{
    try {
        [[maybe_unused]] auto const opened = machine.open_file(path, {.write = true});
        return std::nullopt;
    } catch (Error const& error) {
        return error.message();
    }
}

auto lines_of(std::string_view text) -> std::vector<std::string>
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

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

auto number_of(std::string_view text, int base = 10) -> std::uint64_t
{
    std::uint64_t value{};
    std::from_chars(text.data(), text.data() + text.size(), value, base);
    return value;
}

/// The items that the checks below find.
class Checklist
{
public:
    Checklist(Machine& machine, qemu::HostFacts facts)
        : machine_{machine}
        , facts_{std::move(facts)}
    {
    }

    [[nodiscard]] auto machine() const -> Machine& { return machine_; }
    [[nodiscard]] auto facts() const -> qemu::HostFacts const& { return facts_; }

    void pass(std::string name, std::string message) { add(std::move(name), CheckStatus::pass, std::move(message), {}); }
    void warn(std::string name, std::string message, std::string hint)
    {
        add(std::move(name), CheckStatus::warn, std::move(message), std::move(hint));
    }
    void fail(std::string name, std::string message, std::string hint)
    {
        add(std::move(name), CheckStatus::fail, std::move(message), std::move(hint));
    }
    [[nodiscard]] auto take() && -> SelfCheck { return std::move(found_); }

private:
    void add(std::string name, CheckStatus status, std::string message, std::string hint)
    {
        found_.items.push_back({std::move(name), status, std::move(message), std::move(hint)});
    }

    Machine& machine_;
    qemu::HostFacts facts_;
    SelfCheck found_{};
};

auto install(std::string_view package) -> std::string
{
    return fmt::format("on Debian: apt-get install {}", package);
}

/// Programs for administrators are not in everybody's PATH.
auto find(Machine& machine, std::string_view program) -> std::string
{
    if (auto const found = machine.find_program(program))
        return *found;
    for (auto const directory : {"/usr/sbin", "/sbin", "/usr/local/sbin"})
        if (auto path = fmt::format("{}/{}", directory, program); machine.status(path))
            return path;
    return {};
}

void check_kvm(Checklist& at)
{
    auto const kvm = kvm_status(at.machine());
    if (kvm.usable)
        at.pass("KVM", "domains of type='kvm' can run");
    else
        at.fail("KVM", kvm.reason, kvm.hint);
}

/// QEMU's words, with the part of the name of Debian's package that has the emulator.
constexpr auto emulators = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"aarch64", "arm"}, {"alpha", "misc"},  {"arm", "arm"},       {"i386", "x86"},      {"loongarch64", "misc"},
    {"m68k", "misc"},   {"mips", "mips"},   {"mips64", "mips"},   {"mips64el", "mips"}, {"mipsel", "mips"},
    {"ppc", "ppc"},     {"ppc64", "ppc"},   {"riscv32", "misc"},  {"riscv64", "misc"},  {"s390x", "misc"},
    {"sh4", "misc"},    {"sparc", "sparc"}, {"sparc64", "sparc"}, {"x86_64", "x86"},    {"xtensa", "misc"},
});

void check_emulators(Checklist& at)
{
    std::string found;
    std::string_view own_package = "x86";
    auto has_own = false;
    for (auto const& [arch, package] : emulators) {
        auto const is_own = arch == at.facts().arch;
        if (is_own)
            own_package = package;
        if (!at.machine().find_program(fmt::format("qemu-system-{}", arch)))
            continue;
        has_own = has_own || is_own;
        found += fmt::format("{}{}", found.empty() ? "" : ", ", arch);
    }
    auto const hint = install(fmt::format("qemu-system-{}", own_package));
    if (found.empty())
        at.fail("emulators", "QEMU is not installed", hint);
    else if (!has_own)
        at.warn("emulators", fmt::format("there are those for {}, not for {}", found, at.facts().arch), hint);
    else
        at.pass("emulators", fmt::format("for {}", found));
}

void check_vhost_net(Checklist& at)
{
    if (at.facts().vhost_net)
        at.pass("vhost-net", "/dev/vhost-net");
    else
        at.warn("vhost-net", "there is no /dev/vhost-net to open; virtio interfaces of bridges and tap devices are slower",
                "load the module vhost_net");
}

struct HelperProgram
{
    std::string_view name{};
    std::string_view package{};
    std::string_view purpose{};
};

constexpr auto helper_programs = std::to_array<HelperProgram>({
    {"qemu-img", "qemu-utils", "disk images cannot be made or resized"},
    {"swtpm", "swtpm", "emulated TPMs cannot be had"},
    {"swtpm_setup", "swtpm-tools", "emulated TPMs cannot be had"},
    {"passt", "passt", "interfaces with <backend type='passt'/> cannot be had"},
    {"slirp4netns", "slirp4netns", "namespaces of an ordinary user cannot be given a network"},
    {"dnsmasq", "dnsmasq-base", "virtual networks have no DHCP and DNS"},
    {"nft", "nftables", "virtual networks cannot be routed or filtered"},
});

void check_helpers(Checklist& at)
{
    for (auto const& [name, package, purpose] : helper_programs)
        if (auto path = find(at.machine(), name); !path.empty())
            at.pass(std::string{name}, std::move(path));
        else
            at.warn(std::string{name}, fmt::format("it is not installed: {}", purpose), install(package));
    if (auto const& virtiofsd = at.facts().helpers.virtiofsd; !virtiofsd.empty())
        at.pass("virtiofsd", virtiofsd);
    else
        at.warn("virtiofsd", "it is not installed: filesystems with <driver type='virtiofs'/> cannot be had",
                install("qemu-system-common, or virtiofsd from Debian 13 on"));
}

void check_firmware(Checklist& at)
{
    auto const& arch = at.facts().arch;
    auto const package = arch == "aarch64" ? "qemu-efi-aarch64" : arch == "arm" ? "qemu-efi-arm" : "ovmf";
    if (auto const count = at.facts().firmware_files.size(); count != 0)
        at.pass("UEFI firmware", fmt::format("{} images", count));
    else
        at.warn("UEFI firmware", "there is none: guests cannot boot by UEFI", install(package));
}

void check_namespaces(Checklist& at)
{
    auto const name = std::string{"user namespaces"};
    auto const value = [&](std::string_view file) { return text_of(at.machine(), fmt::format("/proc/sys/{}", file)); };
    auto const purpose = std::string_view{"passt and virtiofsd of an ordinary user cannot confine themselves"};
    auto const limit = value("user/max_user_namespaces");
    if (!at.machine().status("/proc/self/ns/user"))
        at.warn(name, fmt::format("the kernel has none: {}", purpose), "use a kernel with CONFIG_USER_NS, and mount /proc");
    else if (!limit.empty() && number_of(limit) == 0)
        at.warn(name, fmt::format("none may be made: {}", purpose), "set the sysctl user.max_user_namespaces");
    else if (value("kernel/unprivileged_userns_clone").starts_with('0'))
        at.warn(name, fmt::format("only root may make them: {}", purpose),
                "set the sysctl kernel.unprivileged_userns_clone to 1");
    else if (value("kernel/apparmor_restrict_unprivileged_userns").starts_with('1'))
        at.warn(name, fmt::format("AppArmor restricts them: {}", purpose),
                "set the sysctl kernel.apparmor_restrict_unprivileged_userns to 0, or give these programs a profile");
    else
        at.pass(name, limit.empty() ? "without a limit" : fmt::format("up to {}", number_of(limit)));
}

/// Whether this process may make and change network interfaces.
auto administers_networks(Machine& machine) -> bool
{
    constexpr auto net_admin = 12;
    for (auto const& line : lines_of(text_of(machine, "/proc/self/status")))
        if (auto const words = words_of(line); words.size() == 2 && words[0] == "CapEff:")
            return ((number_of(words[1], 16) >> net_admin) & 1) != 0;
    return false;
}

void check_networks(Checklist& at)
{
    auto const tun = std::string{"/dev/net/tun"};
    auto const other_way = std::string_view{"<interface type='user'/> works without"};
    if (!at.machine().status(tun))
        at.warn(tun, "it is not there: no tap device can be made",
                fmt::format("load the module tun, or give the container {}; {}", tun, other_way));
    else if (auto const why = obstacle(at.machine(), tun))
        at.warn(tun, *why, fmt::format("run as root; {}", other_way));
    else if (!administers_networks(at.machine()))
        at.warn(tun, "this user may not make network interfaces", fmt::format("run with CAP_NET_ADMIN; {}", other_way));
    else
        at.pass(tun, "tap devices can be made");

    std::string bridges;
    for (auto const& device : names_in(at.machine(), "/sys/class/net"))
        if (at.machine().status(fmt::format("/sys/class/net/{}/bridge", device)))
            bridges += fmt::format("{}{}", bridges.empty() ? "" : ", ", device);
    if (bridges.empty())
        at.warn("bridges", "there is none for <interface type='bridge'/>",
                fmt::format("ip link add br0 type bridge; {}", other_way));
    else
        at.pass("bridges", bridges);
}

void check_cgroup(Checklist& at)
{
    auto const name = std::string{"cgroup delegation"};
    auto const hint = std::string{"run under systemd with Delegate=yes, as by systemd-run --user --scope -p Delegate=yes"};
    std::optional<std::string> own;
    for (auto const& line : lines_of(text_of(at.machine(), "/proc/self/cgroup")))
        if (line.starts_with("0::"))
            own = line.substr(3);
    if (!own || !at.machine().status("/sys/fs/cgroup/cgroup.controllers"))
        return at.warn(name, "version 2 of cgroups is not what this system uses",
                       "boot with systemd.unified_cgroup_hierarchy=1");
    auto const directory = fmt::format("/sys/fs/cgroup{}", *own == "/" ? "" : *own);
    for (auto const file : {"cgroup.procs", "cgroup.subtree_control"})
        if (auto const why = obstacle(at.machine(), fmt::format("{}/{}", directory, file)))
            return at.warn(name, *why, hint);
    auto controllers = text_of(at.machine(), directory + "/cgroup.controllers");
    while (controllers.ends_with('\n'))
        controllers.pop_back();
    if (controllers.empty())
        return at.warn(name, fmt::format("{} has no controllers", directory), hint);
    at.pass(name, controllers);
}

void check_hugepages(Checklist& at)
{
    auto const name = std::string{"hugepages"};
    constexpr auto pools = std::string_view{"/sys/kernel/mm/hugepages"};
    std::string reserved;
    for (auto const& pool : names_in(at.machine(), std::string{pools}))
        if (auto const count = number_of(text_of(at.machine(), fmt::format("{}/{}/nr_hugepages", pools, pool))); count != 0)
            reserved += fmt::format("{}{} of {}", reserved.empty() ? "" : ", ", count,
                                    std::string_view{pool}.substr(std::min(pool.find('-') + 1, pool.size())));
    if (reserved.empty())
        at.warn(name, "none are reserved, so <hugepages/> cannot be had", "set the sysctl vm.nr_hugepages");
    else if (at.facts().hugepages.empty())
        at.warn(name, fmt::format("{} are reserved, but no hugetlbfs is mounted", reserved),
                "mount -t hugetlbfs hugetlbfs /dev/hugepages");
    else
        at.pass(name, reserved);
}

void check_file_descriptors(Checklist& at)
{
    auto const name = std::string{"file descriptors"};
    constexpr std::uint64_t enough = 1024;
    for (auto const& line : lines_of(text_of(at.machine(), "/proc/self/limits"))) {
        auto const words = words_of(line);
        if (words.size() < 5 || !line.starts_with("Max open files"))
            continue;
        if (words[3] != "unlimited" && number_of(words[3]) < enough)
            return at.warn(name, fmt::format("this process may open {} files, few for many domains", words[3]),
                           fmt::format("ulimit -n {}", words[4]));
        return at.pass(name, fmt::format("up to {}", words[3]));
    }
    at.warn(name, "the limit is not told", "mount /proc");
}

/// The kind of file system that a path is on, by the mount nearest above it; empty when nobody knows.
auto file_system_of(Machine& machine, std::string_view path) -> std::string
{
    std::size_t longest{};
    std::string kind;
    auto const text = text_of(machine, "/proc/self/mountinfo");
    for (auto const& line : lines_of(text)) {
        auto const words = words_of(line);
        auto const dash = std::ranges::find(words, "-");
        if (words.size() < 5 || words.end() - dash < 2)
            continue;
        // What the kernel writes as \040 and the like is in no path that matters here.
        auto const place = words[4] == "/" ? std::string_view{} : words[4];
        auto const is_above = path.starts_with(place) && (path.size() == place.size() || path[place.size()] == '/');
        if (is_above && place.size() + 1 > longest) {
            longest = place.size() + 1;
            kind = std::string{*(dash + 1)};
        }
    }
    return kind;
}

constexpr auto network_file_systems = std::to_array<std::string_view>(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "ceph", "afs", "ncpfs", "ocfs2", "gfs2", "lustre",
     "glusterfs", "fuse.glusterfs", "fuse.sshfs", "fuse.s3fs", "fuse.ceph", "fuse.rclone"});

void check_root(Checklist& at, std::string const& root)
{
    auto const name = std::string{"root directory"};
    auto const other = std::string{"name another: qemu:///embed?root=DIR"};
    auto const kind = file_system_of(at.machine(), root);
    if (std::ranges::find(network_file_systems, kind) != network_file_systems.end())
        return at.fail(name, fmt::format("'{}' is on {}, whose locks do not tell what lives on this host", root, kind),
                       other);
    auto const file = fmt::format("{}/.self-check-{}", root, at.machine().self().pid);
    try {
        at.machine().write_file(file, "");
        at.machine().remove(file);
    } catch (Error const& error) {
        return at.fail(name, error.message(), other);
    }
    at.pass(name, kind.empty() ? root : fmt::format("{}, on {}", root, kind));
}

} // namespace
} // namespace detail::self_check

auto SelfCheck::has_failures() const noexcept -> bool
{
    return std::ranges::any_of(items, [](SelfCheckItem const& item) { return item.status == CheckStatus::fail; });
}

auto self_check(Machine& machine, std::string const& root) -> SelfCheck
{
    using namespace detail::self_check;
    Checklist at{machine, read_host_facts(machine)};
    check_kvm(at);
    check_emulators(at);
    check_root(at, root);
    check_vhost_net(at);
    check_helpers(at);
    check_firmware(at);
    check_namespaces(at);
    check_networks(at);
    check_cgroup(at);
    check_hugepages(at);
    check_file_descriptors(at);
    return std::move(at).take();
}

} // namespace vmwright::inline v0
