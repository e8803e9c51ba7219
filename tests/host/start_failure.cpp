// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "host/support.hpp"

#include <vmwright/host/detail/device_name.hpp>
#include <vmwright/host/detail/file_failure.hpp>
#include <vmwright/host/detail/start_failure.hpp>
#include <vmwright/host/detail/start_words.hpp>
#include <vmwright/qemu/option.hpp>
#include <vmwright/xml/domain.hpp>

#include <csignal>
#include <string>
#include <string_view>
#include <system_error>

using namespace vmwright;
using detail::HostQuestion;
using detail::StartFailure;

namespace
{

constexpr auto guest = R"(
<domain type='qemu'>
  <name>demo</name>
  <uuid>77f27ce7-c295-5f55-9292-ab816ceb9024</uuid>
  <memory unit='MiB'>64</memory>
  <memoryBacking><hugepages/></memoryBacking>
  <vcpu>2</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type><kernel>/boot/vmlinuz</kernel></os>
  <cpu mode='custom'><model>qemu64</model></cpu>
  <devices>
    <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/images/a.qcow2'/><target dev='vda'/></disk>
    <disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='/images/b,c.raw'/><target dev='vdb'/></disk>
    <serial type='tcp'><source mode='bind' host='127.0.0.1' service='5990'/><protocol type='raw'/></serial>
    <graphics type='vnc' port='5999'/>
    <graphics type='spice' port='5998'/>
    <input type='evdev'><source dev='/dev/input/event9'/></input>
    <rng model='virtio'><backend model='random'>/dev/hwrng</backend></rng>
    <interface type='user'><mac address='52:54:00:00:00:01'/></interface>
  </devices>
</domain>)";

struct World
{
    qemu::Capabilities capabilities{qemu::load_capabilities(qemu::profile_text("qemu-7.2-x86_64")).value()};
    qemu::Live live{};
    qemu::Plan plan{};

    World()
    {
        auto const facts = qemu::debian12();
        auto const config = xml::read_domain(guest).value();
        live = qemu::prepare(qemu::resolve(config, capabilities, facts).value(), facts, 1).value();
        plan = qemu::command_line(live, capabilities, facts).value();
    }

    /// Of a log in which `@PART@` stands for the option whose text has that part, as QEMU quotes it.
    [[nodiscard]] auto judge(std::string log, ExitStatus ended = {ExitStatus::Kind::exited, 1}) const -> StartFailure
    {
        for (auto at = log.find('@'); at != log.npos; at = log.find('@')) {
            auto const end = log.find('@', at + 1);
            log.replace(at, end + 1 - at, quoted(log.substr(at + 1, end - at - 1)));
        }
        return detail::judge({.log = log, .ended = ended, .plan = plan, .live = live.config, .capabilities = capabilities});
    }

private:
    [[nodiscard]] auto quoted(std::string_view part) const -> std::string
    {
        for (auto const& option : plan.options) {
            auto const text = "-" + option.name + " " + qemu::argument_text(option).value_or("");
            if (text.find(part) != text.npos)
                return text;
        }
        FAIL("no option has " << part);
        return {};
    }
};

auto world() -> World const&
{
    static World const it;
    return it;
}

constexpr auto me = "qemu-system-x86_64: ";

struct Case
{
    std::string_view log;
    Errc code{};
    std::string_view device{};
    std::string_view message{}; ///< a part of it
    HostQuestion question{};
};

} // namespace

TEST_CASE("QEMU's words tell the cause and, by the option that they quote, the device")
{
    Case const cases[] = {
        {R"(@/images/a.qcow2@: Could not open '/images/a.qcow2': No such file or directory)", Errc::not_found, "disk 'vda'",
         "there is no file '/images/a.qcow2'", HostQuestion::what_file},
        {R"(@"driver":"qcow2"@: Image is not in qcow2 format)", Errc::bad_file, "disk 'vda'", "format qcow2"},
        {R"(@"driver":"qcow2"@: Could not open backing file: Could not open '/x': No such file or directory)",
         Errc::not_found, "disk 'vda'", "'/x', on which its image is based", HostQuestion::what_file},
        {R"(@"driver":"qcow2"@: Words that nobody knows)", Errc::bad_file, "disk 'vda'", "Words that nobody knows"},
        {R"(@"id":"virtio-disk1"@: Could not open '/images/b,c.raw': Permission denied)", Errc::permission_denied,
         "disk 'vdb'", "'/images/b,c.raw' may not be opened", HostQuestion::access},
        {R"(@"id":"virtio-disk1"@: Could not open '/images/b,c.raw': Read-only file system)", Errc::read_only, "disk 'vdb'",
         "mounted read-only"},
        {R"(@5990@: Failed to find an available port: Address already in use)", Errc::in_use, "serial 'serial0'",
         "port 5990 is taken", HostQuestion::port_holder},
        {R"(@-vnc@: Failed to find an available port: Address already in use)", Errc::in_use, "graphics 'vnc'",
         "port 5999 is taken", HostQuestion::port_holder},
        {R"(@-vnc@: Failed to bind socket: Cannot assign requested address)", Errc::not_found, "graphics 'vnc'",
         "no address '127.0.0.1'"},
        {R"(@"id":"rng0"@: Property 'virtio-rng-pci.max-byte' not found)", Errc::not_supported, "rng 'rng0'",
         "no property 'max-byte'"},
        {R"(@"id":"rng0"@: 'virtio-rng-pcy' is not a valid device model name)", Errc::not_supported, "rng 'rng0'",
         "no device model 'virtio-rng-pcy'"},
        {"qemu: could not open kernel file '/boot/vmlinuz': No such file or directory", Errc::not_found, "kernel",
         "'/boot/vmlinuz'", HostQuestion::what_file},
        {"unsupported machine type\nUse -machine help to list supported machines", Errc::not_supported, "",
         "has no machine 'pc-q35-7.2'"},
        {"unable to find CPU model 'qemu46'", Errc::not_supported, "CPU", "has no CPU 'qemu46'"},
        {"Could not open '/dev/input/event9': No such file or directory", Errc::not_found, "input 'input0'",
         "there is no device", HostQuestion::what_file},
        {"Could not open '/dev/hwrng': No such device", Errc::not_found, "rng 'rng0'", "no device behind '/dev/hwrng'"},
        {"unable to map backing store for guest RAM: Cannot allocate memory", Errc::out_of_memory, "memory", "huge pages",
         HostQuestion::huge_pages},
        {"warning: Spice: ../server/reds.cpp:2585:reds_init_socket: binding socket to 127.0.0.1:5998 failed\n"
         "qemu-system-x86_64: failed to initialize spice server",
         Errc::in_use, "graphics 'spice'", "127.0.0.1:5998", HostQuestion::port_holder},
        {"warning: TCG doesn't support requested feature: CPUID.07H:EBX.rdseed [bit 18]\n"
         "qemu-system-x86_64: warning: TCG doesn't support requested feature: CPUID.07H:EBX.sha-ni [bit 29]\n"
         "qemu-system-x86_64: TCG doesn't support requested features",
         Errc::not_supported, "CPU", "TCG does not have the features of the CPU: rdseed, sha-ni"},
        {"failed to create signalfd: Too many open files", Errc::limit_exceeded, "", "Too many open files"},
        {"something else", Errc::emulator_failed, "", "the emulator ended while it started"},
    };
    for (auto const& each : cases) {
        INFO(each.log);
        auto const failure = world().judge(std::string{each.log.starts_with("qemu: ") ? "" : me}.append(each.log));
        CHECK(failure.code == each.code);
        CHECK(failure.device == each.device);
        INFO(failure.message);
        CHECK(failure.message.find(each.message) != std::string::npos);
        CHECK(failure.question == each.question);
        CHECK_FALSE(failure.hint.empty());
    }
}

TEST_CASE("A lock's image is named by the line after it")
{
    auto const failure = world().judge(std::string{me} + R"(@"id":"virtio-disk0"@: Failed to get "write" lock)" +
                                       "\nIs another process using the image [/images/a.qcow2]?\n");
    CHECK(failure.code == Errc::in_use);
    CHECK(failure.file == "/images/a.qcow2");
    CHECK(failure.device == "disk 'vda'");
    CHECK(failure.node == "/domain/devices/disk[1]");
    CHECK(failure.question == HostQuestion::lock_holder);
    // A log that was cut there is no reason to read past its end.
    CHECK(world().judge(R"(Failed to get "write" lock)").file.empty());
    CHECK(world().judge("Failed to get shared \"write\" lock\nx").file.empty());
}

TEST_CASE("The cause is found among times, warnings and modules that are missing")
{
    std::string const log =
        "2026-01-31T12:00:05.123456Z qemu-system-x86_64: warning: host doesn't support requested feature\n"
        "qemu: module block-block-curl not found, do you want to install qemu-block-extra package?\n"
        "2026-01-31T12:00:05.123457Z qemu-system-x86_64: ";
    auto const driver = world().judge(log + "Unknown driver 'http'\n");
    CHECK(driver.code == Errc::not_installed);
    CHECK(driver.hint == "install Debian's package qemu-block-extra");
    CHECK(world().judge(log + "invalid kernel header\n").code == Errc::bad_file);
    auto const module = world().judge(log + "no words that are known\n");
    CHECK(module.code == Errc::not_installed);
    CHECK(module.message == "the part 'block-block-curl' of the emulator is not installed");
}

TEST_CASE("Without a word the exit status is told")
{
    auto const killed = world().judge("", {ExitStatus::Kind::signaled, SIGKILL});
    CHECK(killed.message == "the emulator was ended by signal 9 (SIGKILL) while it started");
    CHECK(killed.hint.find("lack of memory") != std::string::npos);
    CHECK(world().judge("", {ExitStatus::Kind::signaled, 62}).message.find("signal 62 while") != std::string::npos);
    CHECK(world().judge("", {ExitStatus::Kind::exited, 3}).message.find("with status 3") != std::string::npos);
    // Words say more than the signal that they end with.
    CHECK(world()
              .judge("qemu: qemu_thread_create: Resource temporarily unavailable", {ExitStatus::Kind::signaled, SIGABRT})
              .code == Errc::limit_exceeded);
}

TEST_CASE("Files, programs and devices have the names that people use")
{
    CHECK(detail::package_of("/usr/share/OVMF/OVMF_CODE_4M.fd") == "ovmf");
    CHECK(detail::package_of("/usr/bin/qemu-system-aarch64") == "qemu-system-arm");
    CHECK(detail::package_of("/usr/bin/qemu-system-s390x") == "qemu-system-misc");
    CHECK(detail::package_of("/home/me/disk.qcow2").empty());
    CHECK(detail::device_name("/domain/devices/disk[2]/source", world().live.config) == "disk 'vdb'");
    CHECK(detail::device_name("/domain/devices/disk[9]", world().live.config).empty());
    CHECK(detail::device_name("/domain/devices/interface", world().live.config) == "interface '52:54:00:00:00:01'");
    CHECK(detail::device_name("/domain/os/initrd", world().live.config) == "initrd");
    CHECK(detail::device_name("/domain/name", world().live.config).empty());
    CHECK(detail::file_failure("/x", std::errc::no_space_on_device, true).code == Errc::no_space);
    CHECK(detail::file_failure("/x", std::errc::io_error, true).code == Errc::io_failed);
    CHECK(detail::reason_at_end("x: No such device or address") == std::errc::no_such_device_or_address);
    CHECK_FALSE(detail::reason_at_end("x: fine"));
}
