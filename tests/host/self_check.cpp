// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "host/support.hpp"

#include <vmwright/host/node_info.hpp>
#include <vmwright/host/self_check.hpp>
#include <vmwright/machine/fake_machine.hpp>
#include <vmwright/machine/machine.hpp>

#include <algorithm>
#include <cerrno>
#include <initializer_list>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

using namespace vmwright;

namespace
{

void write(Machine& machine, std::initializer_list<std::pair<std::string, std::string>> files)
{
    for (auto const& [path, text] : files) {
        machine.make_directories(path.substr(0, path.rfind('/')));
        machine.write_file(path, text);
    }
}

auto item(SelfCheck const& check, std::string_view name) -> SelfCheckItem
{
    auto const found = std::ranges::find(check.items, name, &SelfCheckItem::name);
    REQUIRE(found != check.items.end());
    return *found;
}

auto check_of(Machine& machine) -> SelfCheck
{
    machine.make_directories("/state");
    return self_check(machine, "/state");
}

} // namespace

TEST_CASE("A machine with nothing on it fails for want of KVM and an emulator, and is warned of all else")
{
    FakeMachine machine;
    auto const check = check_of(machine);
    CHECK(check.has_failures());
    for (auto const& [name, status, message, hint] : check.items) {
        CAPTURE(name, message);
        CHECK_FALSE(message.empty());
        if (name == "root directory") {
            CHECK(status == CheckStatus::pass);
            continue;
        }
        CHECK(status == (name == "KVM" || name == "emulators" ? CheckStatus::fail : CheckStatus::warn));
        CHECK_FALSE(hint.empty());
    }
    CHECK(item(check, "KVM").message == "there is no /dev/kvm");
    CHECK(item(check, "emulators").hint == "on Debian: apt-get install qemu-system-x86");
    CHECK(item(check, "qemu-img") == SelfCheckItem{"qemu-img", CheckStatus::warn,
                                                   "it is not installed: disk images cannot be made or resized",
                                                   "on Debian: apt-get install qemu-utils"});
    CHECK(machine.list_directory("/state").empty());
}

TEST_CASE("What is installed passes, with what was found")
{
    FakeMachine machine;
    write(machine, {{"/usr/bin/qemu-system-x86_64", ""},
                    {"/usr/bin/qemu-system-aarch64", ""},
                    {"/usr/bin/qemu-img", ""},
                    {"/usr/sbin/dnsmasq", ""},
                    {"/usr/lib/qemu/virtiofsd", ""},
                    {"/usr/share/OVMF/OVMF_CODE.fd", ""},
                    {"/dev/vhost-net", ""},
                    {"/dev/net/tun", ""},
                    {"/sys/class/net/br0/bridge/forward_delay", "0\n"},
                    {"/sys/class/net/eth0/mtu", "1500\n"},
                    {"/proc/self/ns/user", ""},
                    {"/proc/sys/user/max_user_namespaces", "96365\n"},
                    {"/proc/self/status", "Name:\tx\nCapEff:\t0000000000001000\n"},
                    {"/proc/self/cgroup", "0::/user.slice/a.scope\n"},
                    {"/sys/fs/cgroup/cgroup.controllers", "cpu memory\n"},
                    {"/sys/fs/cgroup/user.slice/a.scope/cgroup.procs", ""},
                    {"/sys/fs/cgroup/user.slice/a.scope/cgroup.subtree_control", ""},
                    {"/sys/fs/cgroup/user.slice/a.scope/cgroup.controllers", "cpu memory\n"},
                    {"/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "16\n"},
                    {"/proc/self/mounts", "none /dev/hugepages hugetlbfs rw,pagesize=2M 0 0\n"},
                    {"/proc/self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /state rw - xfs /dev/sdb rw\n"},
                    {"/proc/self/limits", "Limit Soft Hard Units\nMax open files            1024   4096   files\n"}});
    auto const check = check_of(machine);
    auto const passes = [&](std::string_view name, std::string_view message) {
        CHECK(item(check, name) == SelfCheckItem{std::string{name}, CheckStatus::pass, std::string{message}, ""});
    };
    passes("emulators", "for aarch64, x86_64");
    passes("qemu-img", "/usr/bin/qemu-img");
    passes("dnsmasq", "/usr/sbin/dnsmasq");
    passes("virtiofsd", "/usr/lib/qemu/virtiofsd");
    passes("UEFI firmware", "1 images");
    passes("vhost-net", "/dev/vhost-net");
    passes("/dev/net/tun", "tap devices can be made");
    passes("bridges", "br0");
    passes("user namespaces", "up to 96365");
    passes("cgroup delegation", "cpu memory");
    passes("hugepages", "16 of 2048kB");
    passes("file descriptors", "up to 1024");
    passes("root directory", "/state, on xfs");
}

TEST_CASE("What is there and does not do says why")
{
    FakeMachine machine;
    write(machine, {{"/usr/bin/qemu-system-aarch64", ""},
                    {"/dev/net/tun", ""},
                    {"/proc/self/ns/user", ""},
                    {"/proc/self/status", "CapEff:\t0000000000000000\n"},
                    {"/proc/self/cgroup", "0::/\n"},
                    {"/sys/fs/cgroup/cgroup.controllers", "cpu\n"},
                    {"/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "16\n"},
                    {"/proc/self/limits", "Max open files            256   4096   files\n"}});
    auto const warns = [&](std::string_view name, std::string_view message) {
        auto const found = item(check_of(machine), name);
        CHECK(found.status == CheckStatus::warn);
        CHECK(found.message == message);
    };
    warns("emulators", "there are those for aarch64, not for x86_64");
    warns("/dev/net/tun", "this user may not make network interfaces");
    warns("cgroup delegation", "cannot open '/sys/fs/cgroup/cgroup.procs': No such file or directory");
    warns("hugepages", "16 of 2048kB are reserved, but no hugetlbfs is mounted");
    warns("file descriptors", "this process may open 256 files, few for many domains");

    auto const purpose = std::string{": passt and virtiofsd of an ordinary user cannot confine themselves"};
    write(machine, {{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n"}});
    warns("user namespaces", "AppArmor restricts them" + purpose);
    write(machine, {{"/proc/sys/kernel/unprivileged_userns_clone", "0\n"}});
    warns("user namespaces", "only root may make them" + purpose);
    write(machine, {{"/proc/sys/user/max_user_namespaces", "0\n"}});
    warns("user namespaces", "none may be made" + purpose);
}

TEST_CASE("A root directory on another host's disk, or that takes no files, fails")
{
    FakeMachine machine;
    write(machine, {{"/proc/self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:50 / /state rw - nfs4 s:/x rw\n"
                                             "3 1 0:51 / /st rw - tmpfs none rw\n"}});
    auto const remote = item(check_of(machine), "root directory");
    CHECK(remote.status == CheckStatus::fail);
    CHECK(remote.message == "'/state' is on nfs4, whose locks do not tell what lives on this host");

    write(machine, {{"/proc/self/mountinfo", ""}});
    machine.on_file = [](std::string_view function, std::string const& path) {
        if (function == "write_file" && path.starts_with("/state/"))
            throw Error{Errc::io_failed, "cannot write '" + path + "': Read-only file system"};
    };
    auto const full = item(check_of(machine), "root directory");
    CHECK(full.status == CheckStatus::fail);
    CHECK(full.message.ends_with("Read-only file system"));
}

TEST_CASE("Processors and memory are counted as libvirt counts them")
{
    FakeMachine machine;
    std::string const cpus = "/sys/devices/system/cpu/";
    write(machine, {{cpus + "online", "0-3\n"},
                    {"/proc/meminfo", "MemTotal:       22243540 kB\nMemFree: 1 kB\n"},
                    {"/proc/cpuinfo", "processor\t: 0\ncpu MHz\t\t: 2445.406\nprocessor\t: 1\ncpu MHz\t\t: 800.1\n"},
                    {"/sys/devices/system/node/online", "0\n"},
                    {"/sys/devices/system/node/node0/cpulist", "0-3\n"}});
    for (auto i = 0; i < 4; ++i) {
        auto const topology = cpus + "cpu" + std::to_string(i) + "/topology/";
        write(machine, {{topology + "physical_package_id", "0\n"},
                        {topology + "core_id", std::to_string(i / 2) + "\n"},
                        {topology + "thread_siblings_list", i < 2 ? "0-1\n" : "2-3\n"}});
    }
    NodeInfo const expected{.model = "x86_64",
                            .memory = KiB(22243540),
                            .cpus = 4,
                            .mhz = 2445,
                            .cells = 1,
                            .sockets = 1,
                            .cores = 2,
                            .threads = 2};
    CHECK(read_node_info(machine) == expected);
    write(machine, {{"/sys/devices/system/node/node0/meminfo", "Node 0 MemTotal:       16777216 kB\n"}});
    CHECK(read_node_info(machine).memory == GiB(16));

    // One thread of the second core is off, so the numbers do not multiply any more.
    write(machine, {{cpus + "online", "0-2\n"},
                    {"/sys/devices/system/node/node0/cpulist", "0-2\n"},
                    {cpus + "cpu2/topology/thread_siblings_list", "2\n"}});
    auto const odd = read_node_info(machine);
    CHECK(odd.cpus == 3);
    CHECK((odd.cells == 1 && odd.sockets == 1 && odd.cores == 3 && odd.threads == 1));
}
