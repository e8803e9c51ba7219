// SPDX-License-Identifier: BSL-1.0
#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/domain.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <functional>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

// A domain's XML to QEMU's arguments: ten devices, beside libvirt's embedded driver doing the same in the same run where it
// is installed; and how the cost per device grows up to 1,000 SCSI disks. Exit 1 past the goals.

using namespace vmwright;

namespace
{

constexpr auto rounds = 200;

auto ten_devices() -> std::string
{
    std::string text = R"(<domain type='qemu'>
  <name>bench</name>
  <uuid>5f1c9a52-7d3e-4c1b-9a64-0d2f3b8e6a10</uuid>
  <memory unit='MiB'>512</memory>
  <vcpu>2</vcpu>
  <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>
  <features><acpi/><apic/></features>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
)";
    for (auto const* const target : {"vda", "vdb", "vdc"})
        text += fmt::format("    <disk type='file' device='disk'><driver name='qemu' type='qcow2'/>"
                            "<source file='/var/lib/libvirt/images/{0}.qcow2'/><target dev='{0}' bus='virtio'/></disk>\n",
                            target);
    return text + R"(    <serial type='pty'/>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <input type='tablet' bus='usb'/>
    <graphics type='vnc' port='5901' autoport='no'/>
    <video><model type='vga'/></video>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
    <memballoon model='virtio'/>
  </devices>
</domain>
)";
}

auto scsi_disks(int count) -> std::string
{
    std::string text = "<domain type='qemu'><name>bench</name><memory unit='MiB'>512</memory>"
                       "<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os><devices>";
    for (auto i = 0; i < count; ++i)
        text += fmt::format(
            "<disk type='file'><source file='/images/{0}'/><target dev='sd{1}' bus='scsi'/>"
            "<address type='drive' controller='{2}' bus='0' target='{3}' unit='{4}'/></disk>",
            i,
            [n = i]() mutable {
                std::string letters;
                for (++n; n > 0; n = (n - 1) / 26)
                    letters.insert(letters.begin(), static_cast<char>('a' + (n - 1) % 26));
                return letters;
            }(),
            i / 1000, i % 100, i % 1000 / 100);
    return text + "</devices></domain>";
}

auto median_microseconds(int times, std::function<void()> const& work) -> double
{
    std::vector<double> list;
    for (auto i = 0; i < times; ++i) {
        auto const begin = std::chrono::steady_clock::now();
        work();
        list.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
    }
    std::ranges::sort(list);
    return list[list.size() / 2];
}

/// libvirt's library, found when the benchmark runs: it is a peer, never a dependency.
class Libvirt
{
public:
    Libvirt()
        : library_{::dlopen("libvirt.so.0", RTLD_NOW)}
    {
        if (library_ == nullptr)
            return;
        root_ = (std::filesystem::temp_directory_path() / "vmwright-bench-XXXXXX").string();
        if (::mkdtemp(root_.data()) == nullptr)
            return;
        hide_kvm();
        call<int()>("virEventRegisterDefaultImpl")();
        connection_ = call<void*(char const*)>("virConnectOpen")(("qemu:///embed?root=" + root_).c_str());
    }
    Libvirt(Libvirt const&) = delete;
    auto operator=(Libvirt const&) -> Libvirt& = delete;
    ~Libvirt()
    {
        if (connection_ != nullptr)
            call<int(void*)>("virConnectClose")(connection_);
        std::error_code ignored;
        if (!root_.empty())
            std::filesystem::remove_all(root_, ignored);
    }

    [[nodiscard]] auto is_there() const -> bool { return connection_ != nullptr; }
    void translate(std::string const& xml) const
    {
        using ToNative = char*(void*, char const*, char const*, unsigned);
        std::free(call<ToNative>("virConnectDomainXMLToNative")(connection_, "qemu-argv", xml.c_str(), 0));
    }

private:
    /// Where /dev/kvm is there and does not work, libvirt never believes what it knows of an emulator and asks it again for
    /// each document, which takes a second: that would be no peer.
    static void hide_kvm()
    {
        if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
            return;
        auto const devices = std::filesystem::temp_directory_path() / "vmwright-bench-dev";
        std::filesystem::create_directories(devices);
        if (::mount("tmpfs", devices.c_str(), "tmpfs", 0, nullptr) != 0)
            return;
        for (auto const* const name : {"null", "zero", "random", "urandom"}) {
            struct stat device
            {
            };
            if (::stat((std::string{"/dev/"} + name).c_str(), &device) == 0 &&
                ::mknod((devices / name).c_str(), device.st_mode, device.st_rdev) != 0)
                return;
        }
        ::mount(devices.c_str(), "/dev", nullptr, MS_MOVE, nullptr);
        std::filesystem::remove(devices);
    }

    template <class Function>
    [[nodiscard]] auto call(char const* name) const -> Function*
    {
        return reinterpret_cast<Function*>(::dlsym(library_, name));
    }

    void* library_{};
    void* connection_{};
    std::string root_{};
};

} // namespace

int main()
{
    auto const profile = qemu::load_capabilities(qemu::profile_text(qemu::shipped_profile("x86_64"))).value();
    auto const facts = qemu::debian12();
    auto const from_config = [&](DomainConfig config) {
        auto const plan = qemu::plan(std::move(config), profile, facts);
        if (plan.has_errors())
            throw ConfigError{plan.diagnostics};
        return qemu::arguments(plan.result);
    };
    auto const from_xml = [&](std::string const& text) { return from_config(xml::read_domain(text).value()); };

    auto const text = ten_devices();
    auto const config = xml::read_domain(text).value();
    auto const objects = median_microseconds(rounds, [&] { from_config(config); });
    Libvirt const libvirt;
    // Each by itself: taking turns, both would find nothing of theirs in the caches.
    auto const xml = median_microseconds(rounds, [&] { from_xml(text); });
    fmt::print("ten devices: objects to argv {:.0f} us (goal 100), XML to argv {:.0f} us (goal 200)\n", objects, xml);
    auto good = objects <= 100 && xml <= 200;
    if (libvirt.is_there()) {
        auto const theirs = median_microseconds(rounds, [&] { libvirt.translate(text); });
        auto const ratio = theirs / xml;
        fmt::print("libvirt's embedded driver: {:.0f} us, {:.1f} times ours (goal 10)\n", theirs, ratio);
        good = good && ratio >= 10;
    } else
        fmt::print("SKIPPED: libvirt is not installed\n");

    double first{};
    for (auto const count : {10, 100, 1000}) {
        auto const disks = scsi_disks(count);
        auto const per_disk = median_microseconds(count == 1000 ? 9 : 50, [&] { from_xml(disks); }) / count;
        fmt::print("{:4} SCSI disks: {:.1f} us each\n", count, per_disk);
        first = count == 10 ? per_disk : first;
        good = good && per_disk <= 1.5 * first;
    }
    return good ? 0 : 1;
}
