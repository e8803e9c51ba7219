// SPDX-License-Identifier: BSL-1.0
//
// What runs beside the emulator comes and goes with it, whoever of them dies first.
#include "catch.hpp"
#include "host/support.hpp"
#include "skip.hpp"

#include <vmwright/host/host_facts.hpp>
#include <vmwright/machine/local_machine.hpp>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace fs = std::filesystem;
using namespace vmwright;
using namespace std::chrono_literals;

namespace
{

/// This machine, which remembers what it starts, and can die in between.
class RememberingMachine final : public LocalMachine
{
public:
    auto spawn(ProcessSpec const& spec) -> Process override
    {
        if (!refused.empty() && spec.executable.find(refused) != std::string::npos)
            throw Error{Errc::spawn_failed, "refused by the test"};
        auto process = LocalMachine::spawn(spec);
        std::lock_guard const lock{mutex_};
        started_.emplace_back(spec.executable.substr(spec.executable.rfind('/') + 1), process);
        return process;
    }

    std::string refused{}; ///< a part of the name of a program that cannot be started

    [[nodiscard]] auto count(std::string_view program) const -> std::size_t
    {
        std::lock_guard const lock{mutex_};
        return static_cast<std::size_t>(
            std::count_if(started_.begin(), started_.end(), [&](auto const& s) { return s.first == program; }));
    }
    [[nodiscard]] auto last(std::string_view program) const -> Process
    {
        std::lock_guard const lock{mutex_};
        Process found;
        for (auto const& [name, process] : started_)
            if (name == program)
                found = process;
        return found;
    }
    [[nodiscard]] auto has_started(int pid) const -> bool
    {
        std::lock_guard const lock{mutex_};
        return std::ranges::any_of(started_, [&](auto const& s) { return s.second.pid() == pid; });
    }
    /// Those that are still there, zombies too.
    [[nodiscard]] auto remains() const -> std::string
    {
        std::lock_guard const lock{mutex_};
        std::string list;
        for (auto const& [name, process] : started_)
            if (find_process(process.pid()) == process.id())
                list += name + " ";
        return list;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::pair<std::string, Process>> started_;
};

struct World
{
    TemporaryDirectory root{};
    std::shared_ptr<RememberingMachine> machine{std::make_shared<RememberingMachine>()};

    World() = default;
    World(World const&) = delete;
    auto operator=(World const&) -> World& = delete;
    /// swtpm_setup leaves the swtpm that it ran to the init process, whose part this test program plays.
    ~World()
    {
        siginfo_t info{};
        while (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0 &&
               !machine->has_started(info.si_pid))
            ::waitpid(info.si_pid, nullptr, 0);
    }

    [[nodiscard]] auto open() const -> Host
    {
        auto options = options_in(root.path());
        options.machine = machine;
        return Host::open(options);
    }
};

/// By itself, whoever looks or not.
auto ends(Process const& process) -> bool
{
    boost::asio::io_context context;
    process.async_wait(context.get_executor(), [](std::exception_ptr, ExitStatus) {});
    context.run_for(5s);
    return process.has_ended();
}

/// Starts the guest, kills its emulator while no program looks, and tells whether the helper ends.
auto ends_with_emulator(World const& world, DomainConfig const& config, std::string_view helper) -> bool
{
    world.open().define(config).start({.paused = true});
    auto const emulator = world.machine->last("qemu-system-x86_64");
    CHECK_FALSE(world.machine->last(helper).has_ended());
    emulator.kill();
    emulator.wait();
    return ends(world.machine->last(helper)) && world.machine->remains().empty();
}

auto has_swtpm() -> bool
{
    LocalMachine machine;
    auto const found = read_host_facts(machine).helpers;
    return !found.swtpm.empty() && !found.swtpm_setup.empty();
}

auto guest_with_tpm() -> DomainConfig
{
    auto config = small_guest("demo");
    config.devices.tpms.push_back({.model = TpmModel::crb, .backend = EmulatedTpm{.version = TpmVersion::v2_0}});
    return config;
}

auto guest_with_files(std::string directory) -> DomainConfig
{
    auto config = small_guest("demo");
    config.memory_backing = {.source = MemorySourceType::memfd, .access = MemoryAccess::shared};
    Filesystem files{.driver = FilesystemDriver{.type = FilesystemDriverType::virtiofs}, .target = "files"};
    files.source.dir = std::move(directory);
    config.devices.filesystems.push_back(std::move(files));
    return config;
}

} // namespace

TEST_CASE("A guest has its TPM, whose keys stay from start to start and go with the definition")
{
    if (!has_swtpm())
        return skip("swtpm is not installed");
    World const world;
    auto const host = world.open();
    auto const domain = host.define(guest_with_tpm());
    Ended const ended{domain};
    auto const report = domain.start({.paused = true});
    CHECK(report.command_line.front().program == "/usr/bin/swtpm_setup");
    CHECK(domain.qmp_command(R"({"execute":"query-tpm"})").find(R"("type":"emulator")") != std::string::npos);
    auto const state = fmt::format("{}/tpm/{}/tpm2/tpm2-00.permall", world.root.path(), to_string(domain.uuid()));
    REQUIRE(fs::exists(state));
    auto const sockets = [&] {
        std::size_t count = 0;
        for (auto const& entry : fs::directory_iterator{world.root / "run/demo"})
            if (fs::is_socket(entry))
                ++count;
        return count;
    };
    CHECK(sockets() == 8); // the monitors
    domain.destroy();
    CHECK(world.machine->remains().empty());
    CHECK_FALSE(fs::exists(world.root / "run/demo"));

    auto const keys = text_of(state);
    domain.start({.paused = true});
    CHECK(world.machine->count("swtpm_setup") == 1);
    CHECK(text_of(state) == keys);
    domain.destroy();
    domain.undefine({.keep_tpm = true});
    CHECK(fs::exists(state));
    auto config = guest_with_tpm();
    config.uuid = domain.uuid();
    host.define(config).undefine();
    CHECK_FALSE(fs::exists(world.root / "tpm/" + to_string(domain.uuid())));

    std::get<EmulatedTpm>(config.devices.tpms.front().backend).persistent_state = true;
    fs::create_directories(world.root / "tpm/" + to_string(domain.uuid()));
    host.define(config).undefine();
    CHECK(fs::exists(world.root / "tpm/" + to_string(domain.uuid())));
    host.define(config).undefine({.keep_tpm = false});
    CHECK_FALSE(fs::exists(world.root / "tpm/" + to_string(domain.uuid())));
}

TEST_CASE("A TPM whose program is killed is gone, and the guest with it leaves nothing")
{
    if (!has_swtpm())
        return skip("swtpm is not installed");
    World const world;
    auto const domain = world.open().define(guest_with_tpm());
    Ended const ended{domain};
    domain.start({.paused = true});
    world.machine->last("swtpm").kill();
    CHECK(domain.is_active());
    domain.destroy();
    CHECK(world.machine->remains().empty());
    CHECK_FALSE(fs::exists(world.root / "run/demo"));
}

TEST_CASE("When the emulator is killed its TPM ends, with a program that watches and without")
{
    if (!has_swtpm())
        return skip("swtpm is not installed");
    World const world;
    CHECK(ends_with_emulator(world, guest_with_tpm(), "swtpm"));
    auto const domain = world.open().find_domain("demo");
    Ended const ended{domain};
    domain.start({.paused = true});
    world.machine->last("qemu-system-x86_64").kill();
    CHECK(domain.wait_until_off(5s));
    CHECK(world.machine->remains().empty());
    CHECK_FALSE(fs::exists(world.root / "run/demo"));
}

TEST_CASE("A program that adopts a guest ends a helper that hangs")
{
    if (!has_swtpm())
        return skip("swtpm is not installed");
    World const world;
    {
        auto const host = world.open();
        host.define(guest_with_tpm()).start({.paused = true});
    }
    world.machine->last("swtpm").signal(SIGSTOP);
    auto const domain = world.open().find_domain("demo");
    Ended const ended{domain};
    domain.destroy(100ms); // the emulator, too, waits for it
    CHECK(world.machine->last("swtpm").has_ended());
    CHECK_FALSE(fs::exists(world.root / "run/demo"));
    world.machine->last("qemu-system-x86_64").wait();
    world.machine->last("swtpm").wait();
}

TEST_CASE("Of a start that fails no helper and no first state is left")
{
    if (!has_swtpm())
        return skip("swtpm is not installed");
    World const world;
    auto const host = world.open();
    auto config = guest_with_tpm();
    auto const domain = host.define(config);
    world.machine->refused = "qemu-system";
    CHECK(error_of([&] { return domain.start(); })->code() == Errc::spawn_failed);
    CHECK(world.machine->count("swtpm") == 1);
    CHECK(world.machine->remains().empty());
    CHECK_FALSE(fs::exists(world.root / "run/demo"));

    // A transient domain has nothing that could be kept for it.
    config.name = "passing";
    CHECK(error_of([&] { return host.create(config); })->code() == Errc::spawn_failed);
    CHECK(world.machine->count("swtpm") == 2);
    std::size_t states = 0;
    for ([[maybe_unused]] auto const& entry : fs::directory_iterator{world.root / "tpm"})
        ++states;
    CHECK(states == 2); // the first domain's, and what signs certificates

    config.uuid.reset();
    config.name = "other";
    fs::remove_all(world.root / "tpm/ca/keys");
    std::ofstream{world.root / "tpm/ca/keys"} << "no directory";
    auto const error = error_of([&] { return host.create(config); });
    REQUIRE(error);
    CHECK(error->code() == Errc::helper_failed);
    CHECK(error->context().detail.find("Authoring the TPM state failed") != std::string::npos);
    CHECK(world.machine->count("swtpm") == 2);
    CHECK(world.machine->remains().empty());
}

TEST_CASE("A directory of the host is served as long as the emulator lives")
{
    LocalMachine machine;
    auto const program = read_host_facts(machine).helpers.virtiofsd;
    if (program.empty())
        return skip("virtiofsd is not installed");
    if (::geteuid() != 0)
        return skip("virtiofsd of QEMU 7.2 needs root");
    World const world;
    auto const name = program.substr(program.rfind('/') + 1);
    CHECK(ends_with_emulator(world, guest_with_files(world.root.path()), name));
    auto const domain = world.open().find_domain("demo");
    Ended const ended{domain};
    domain.start({.paused = true});
    CHECK(domain.qmp_command(R"({"execute":"query-chardev"})").find("chr-vu-fs0") != std::string::npos);
    world.machine->last(name).kill();
    domain.destroy();
    CHECK(world.machine->remains().empty());
    CHECK_FALSE(fs::exists(world.root / "run/demo"));
}

TEST_CASE("passt carries a network of the user's as long as the emulator lives")
{
    LocalMachine machine;
    if (read_host_facts(machine).helpers.passt.empty())
        return skip("passt is not installed");
    World const world;
    auto config = small_guest("demo");
    auto nic = Interface::user();
    nic.backend.type = InterfaceBackendType::passt;
    config.devices.interfaces.push_back(nic);
    CHECK(ends_with_emulator(world, config, "passt"));
    auto const domain = world.open().find_domain("demo");
    Ended const ended{domain};
    domain.start({.paused = true});
    CHECK(domain.hmp_command("info network").find("stream") != std::string::npos);
    world.machine->last("passt").kill();
    domain.destroy();
    CHECK(world.machine->remains().empty());
}
