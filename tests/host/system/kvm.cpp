// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "host/support.hpp"
#include "skip.hpp"

#include <vmwright/machine/detail/system_failure.hpp>
#include <vmwright/machine/kvm.hpp>
#include <vmwright/machine/local_machine.hpp>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <string>

namespace fs = std::filesystem;
using namespace vmwright;
using namespace std::chrono_literals;

namespace
{

/// This machine with another /dev/kvm and another emulator than it has.
class OtherMachine final : public LocalMachine
{
public:
    std::string kvm{"/dev/kvm"};
    int kvm_error{};                     ///< what opening it fails with
    std::optional<ProcessSpec> emulator; ///< started in the emulator's place
    int spawned{};

    auto status(std::string const& path) -> std::optional<FileStatus> override
    {
        return LocalMachine::status(path == "/dev/kvm" ? kvm : path);
    }
    auto open_file(std::string const& path, OpenOptions options = {}) -> UniqueFd override
    {
        if (path != "/dev/kvm")
            return LocalMachine::open_file(path, options);
        if (kvm_error != 0)
            throw detail::system_failure(Errc::io_failed, "cannot open '/dev/kvm'", kvm_error);
        return LocalMachine::open_file(kvm, options);
    }
    auto spawn(ProcessSpec const& spec) -> Process override
    {
        ++spawned;
        if (!emulator)
            return LocalMachine::spawn(spec);
        auto other = spec;
        other.executable = emulator->executable;
        other.arguments = emulator->arguments;
        return LocalMachine::spawn(other);
    }
};

/// What a start says on that machine of a guest that wants KVM, which must leave nothing behind.
auto refusal(std::shared_ptr<OtherMachine> const& machine, StartOptions start = {}) -> std::optional<Error>
{
    TemporaryDirectory const root;
    auto options = options_in(root.path());
    options.machine = machine;
    auto const host = Host::open(options);
    auto config = small_guest("demo");
    config.type = DomainType::kvm;
    auto const domain = host.define(config);
    auto error = error_of([&] { return domain.start(start); });
    CHECK_FALSE(domain.is_active());
    CHECK_FALSE(fs::exists(root / "run/demo"));
    return error;
}

auto has_kvm() -> bool
{
    LocalMachine machine;
    auto const status = kvm_status(machine);
    if (!status.usable)
        skip(status.reason);
    return status.usable;
}

} // namespace

TEST_CASE("A machine without /dev/kvm says so and what to do, and TCG does not take its place")
{
    auto const machine = std::make_shared<OtherMachine>();
    machine->kvm = "/no/such/kvm";
    auto const error = refusal(machine);
    REQUIRE(error);
    CHECK(error->code() == Errc::accelerator_unusable);
    CHECK(error->message() == "KVM cannot be used: there is no /dev/kvm");
    CHECK(error->context().hint.find("kvm_intel") != std::string::npos);
    CHECK(error->context().hint.find("type='qemu'") != std::string::npos);
    CHECK(machine->spawned == 0);
}

TEST_CASE("A /dev/kvm that we may not open names the group that helps")
{
    auto const machine = std::make_shared<OtherMachine>();
    machine->kvm = "/dev/null"; // is there
    machine->kvm_error = EACCES;
    auto const error = refusal(machine);
    REQUIRE(error);
    CHECK(error->code() == Errc::accelerator_unusable);
    CHECK(error->message() == "KVM cannot be used: cannot open '/dev/kvm': Permission denied");
    CHECK(error->context().hint.find("group kvm") != std::string::npos);
    CHECK(machine->spawned == 0);
}

TEST_CASE("A /dev/kvm that does not know KVM's requests is told with the kernel's words")
{
    auto const machine = std::make_shared<OtherMachine>();
    machine->kvm = "/dev/null";
    auto const error = refusal(machine);
    REQUIRE(error);
    CHECK(error->code() == Errc::accelerator_unusable);
    CHECK(error->message() == "KVM cannot be used: /dev/kvm does not answer: Inappropriate ioctl for device");
    CHECK(error->context().hint.find("type='qemu'") != std::string::npos);
    CHECK(machine->spawned == 0);
}

TEST_CASE("An emulator that hangs with KVM is ended after its deadline, and KVM is named")
{
    if (!has_kvm())
        return;
    auto const machine = std::make_shared<OtherMachine>();
    machine->emulator = {.executable = "/bin/sleep", .arguments = {"1000"}};
    auto const error = refusal(machine, {.deadline = 100ms});
    REQUIRE(error);
    CHECK(error->code() == Errc::accelerator_unusable);
    CHECK(error->message() == "KVM cannot be used: the emulator has not answered within 100 ms");
    CHECK(error->context().hint.find("type='qemu'") != std::string::npos);
    CHECK(machine->spawned == 1);
}

TEST_CASE("An emulator that cannot initialize KVM is quoted")
{
    if (!has_kvm())
        return;
    auto const machine = std::make_shared<OtherMachine>();
    machine->emulator = {.executable = "/bin/sh",
                         .arguments = {"-c", "echo 'qemu: failed to initialize kvm: No such device' >&2; exit 1"}};
    auto const error = refusal(machine);
    REQUIRE(error);
    CHECK(error->code() == Errc::accelerator_unusable);
    CHECK(error->message() == "KVM cannot be used: the emulator could not initialize it");
    CHECK(error->context().detail == "qemu: failed to initialize kvm: No such device");
    CHECK(machine->spawned == 1);
}
