// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "script.hpp"

#include <vmwright/machine/fd.hpp>
#include <vmwright/machine/process.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fake_qemu
{

/// The world of one fake QEMU: this process's own, or that of a FakeProcess on a thread of a test.
struct World
{
    std::vector<std::string> arguments{}; ///< without argv[0]
    std::vector<Rule> script{};
    /// Opens a file for reading and writing.
    std::function<vmwright::UniqueFd(std::string const& path)> open{};
    /// The descriptor that the program has under this number.
    std::function<int(int number)> fd{};
    std::function<void(std::string_view text)> say{}; ///< on its standard error
    int terminate_fd{-1};                             ///< readable when somebody asked it to end by SIGTERM
    int kill_fd{-1};                                  ///< readable when it must be gone; -1 where the kernel sees to that
};

/// A QEMU without a guest. It takes the argv that a start makes, opens the monitors in it, keeps the journal, answers the
/// commands that hosts send, and ends as QEMU 7.2 does. Commands that it does not know are refused as QEMU refuses them.
/// One that QEMU has not: `x-guest` with `does`, a deed of the guest's as in a script.
class FakeQemu
{
public:
    explicit FakeQemu(World world);
    FakeQemu(FakeQemu const&) = delete;
    auto operator=(FakeQemu const&) -> FakeQemu& = delete;
    ~FakeQemu();

    /// Blocks until it ends.
    auto run() -> vmwright::ExitStatus;

private:
    struct Slot;
    struct Refused;
    /// A place for a CPU.
    struct Cpu
    {
        long long socket{};
        long long core{};
        long long thread{};
        std::string path{}; ///< of the CPU that is there
    };
    using Reply = boost::json::value;

    void read_arguments();
    void read_action(std::string_view text);
    void read_cpus(std::string_view text);
    void add_monitor(std::string const& chardev);
    void poll_once();
    void serve(Slot& slot);
    void answer(Slot& slot, std::string_view line);
    [[nodiscard]] auto execute(std::string const& name, boost::json::object const& arguments) -> Reply;
    [[nodiscard]] auto cpus() const -> boost::json::array;
    void plug(boost::json::object const& arguments);
    void unplug(std::string const& id);

    /// Carries out the rules of that moment; whether the command itself is still to be carried out.
    auto obey(std::string_view when, Slot* slot) -> bool;
    void guest(std::string_view deed);
    void power_off(std::string_view reason, bool by_guest);
    void reset(std::string_view reason, bool by_guest);
    void pause(std::string_view status);
    void emit(std::string_view event, boost::json::object data = {});

    World world_;
    std::vector<std::unique_ptr<Slot>> slots_;
    std::map<std::string, std::map<std::string, std::string>> chardevs_;
    std::map<std::string, std::string> actions_{
        {"reboot", "reset"}, {"shutdown", "poweroff"}, {"panic", "shutdown"}, {"watchdog", "reset"}};
    std::string status_{"running"};
    std::string name_;
    std::string uuid_{"00000000-0000-0000-0000-000000000000"};
    long long memory_{128LL << 20};
    long long balloon_{};
    std::vector<Cpu> cpus_{Cpu{.path = "/machine/unattached/device[0]"}};
    std::map<std::string, boost::json::value> properties_; ///< by path and name, as they were set
    std::optional<vmwright::ExitStatus> end_;
};

} // namespace fake_qemu
