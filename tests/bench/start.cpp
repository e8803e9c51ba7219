// SPDX-License-Identifier: BSL-1.0
#include <vmwright/host/host.hpp>
#include <vmwright/machine/local_machine.hpp>
#include <vmwright/qemu/profiles.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

// start() to running and destroy() to reaped, beside a bare program that spawns the same QEMU with the same options and
// says qmp_capabilities, cont and quit to it; in turns, as times drift. Rounds: argv[1], or 30. Exit 1 past the goals.

using namespace vmwright;

namespace
{

using Steady = std::chrono::steady_clock;
constexpr auto start_phases = static_cast<std::size_t>(StartPhase::end_);

struct Times
{
    std::vector<double> start{};
    std::vector<double> stop{};
    std::array<std::vector<double>, start_phases> phases{}; ///< of ours alone
};

auto milliseconds_since(Steady::time_point begin) -> double
{
    return std::chrono::duration<double, std::milli>(Steady::now() - begin).count();
}

auto median(std::vector<double> list) -> double
{
    std::ranges::sort(list);
    return list[list.size() / 2];
}

/// This machine, which remembers how QEMU was started.
class RecordingMachine final : public LocalMachine
{
public:
    ProcessSpec last{};

    auto spawn(ProcessSpec const& spec) -> Process override
    {
        last = spec;
        return LocalMachine::spawn(spec);
    }
};

void ours(Domain const& domain, Times& times)
{
    auto begin = Steady::now();
    auto const report = domain.start();
    times.start.push_back(milliseconds_since(begin));
    for (std::size_t i = 0; i < start_phases; ++i)
        times.phases[i].push_back(std::chrono::duration<double, std::milli>(report.timings[i]).count());
    begin = Steady::now();
    domain.destroy();
    times.stop.push_back(milliseconds_since(begin));
}

class Talk
{
public:
    explicit Talk(int fd)
        : fd_{fd}
    {
    }

    void expect(std::string const& word)
    {
        while (buffer_.find(word) == buffer_.npos) {
            pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
            ::poll(&ready, 1, -1);
            char piece[4096];
            auto const size = ::read(fd_, piece, sizeof piece);
            if (size <= 0)
                throw std::runtime_error{"QEMU ended"};
            buffer_.append(piece, static_cast<std::size_t>(size));
        }
        buffer_.clear();
    }
    void say(std::string const& line) { write_all(fd_, line); }

private:
    int fd_;
    std::string buffer_;
};

/// The same options, their sockets and the journal's files in a directory of our own.
void bare(ProcessSpec const& like, std::string const& run, std::string const& directory, Times& times)
{
    LocalMachine machine;
    auto begin = Steady::now();
    std::filesystem::create_directory(directory);
    auto spec = like;
    for (auto& argument : spec.arguments)
        for (auto at = argument.find(run); at != argument.npos; at = argument.find(run, at + directory.size()))
            argument.replace(at, run.size(), directory);
    constexpr auto first = 10, slots = 8;
    std::vector<UniqueFd> fds;
    spec.fds.clear();
    for (auto i = 0; i < slots; ++i) {
        fds.push_back(machine.listen(directory + "/qmp" + std::to_string(i)));
        spec.fds.push_back({.number = first + i, .ours = fds.back().get()});
    }
    machine.make_fifo(directory + "/journal.in");
    auto const input = machine.open_file(directory + "/journal.in", {.write = true});
    auto const output = machine.open_file(directory + "/journal.out", {.write = true, .create = true});
    auto const process = machine.spawn(spec);
    fds.clear();
    auto const connection = machine.connect(directory + "/qmp0");
    Talk talk{connection.fd.get()};
    talk.expect("QMP");
    talk.say("{\"execute\":\"qmp_capabilities\"}");
    talk.expect("return");
    talk.say("{\"execute\":\"cont\"}");
    talk.expect("return");
    times.start.push_back(milliseconds_since(begin));
    begin = Steady::now();
    talk.say("{\"execute\":\"quit\"}");
    process.wait();
    times.stop.push_back(milliseconds_since(begin));
    std::filesystem::remove_all(directory);
}

} // namespace

int main(int argc, char** argv)
{
    auto const rounds = argc > 1 ? std::atoi(argv[1]) : 30;
    auto root = (std::filesystem::temp_directory_path() / "vmwright-bench-XXXXXX").string();
    if (::mkdtemp(root.data()) == nullptr)
        return 2;
    auto const machine = std::make_shared<RecordingMachine>();
    HostOptions options;
    options.root = root + "/state";
    options.profile_text = &qemu::profile_text;
    options.machine = machine;
    Times host_times, bare_times;
    {
        auto const begin = Steady::now();
        auto const host = Host::open(options);
        std::printf("open %.2f ms\n", milliseconds_since(begin));
        DomainConfig config{.name = "bench", .memory = MiB(256)};
        config.os.machine = "q35";
        config.features.acpi = true;
        config.devices.consoles.push_back({});
        auto const image = root + "/disk.raw";
        auto const file = machine->open_file(image, {.write = true, .create = true});
        std::filesystem::resize_file(image, 1 << 20);
        config.devices.disks.push_back(Disk::file(image, "vda"));
        auto const domain = host.define(config);
        Times first;
        ours(domain, first);
        std::printf("first start %.1f ms\n", first.start.front());
        for (auto i = 0; i < rounds; ++i) {
            ours(domain, host_times);
            bare(machine->last, options.root + "/run/bench", root + "/bare", bare_times);
        }
    }
    std::filesystem::remove_all(root);
    auto const start = median(host_times.start) / median(bare_times.start);
    auto const stop = median(host_times.stop) / median(bare_times.stop);
    std::printf("start %.1f ms, bare %.1f ms, ratio %.2f (goal 1.15)\n", median(host_times.start), median(bare_times.start),
                start);
    for (std::size_t i = 0; i < start_phases; ++i)
        std::printf("      %-9s %.2f ms\n", to_string(static_cast<StartPhase>(i)).data(), median(host_times.phases[i]));
    std::printf("stop  %.1f ms, bare %.1f ms, ratio %.2f (goal 1.5)\n", median(host_times.stop), median(bare_times.stop),
                stop);
    return start <= 1.15 && stop <= 1.5 ? 0 : 1;
}
