// SPDX-License-Identifier: BSL-1.0
#include "fake_qemu.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace json = boost::json;
using vmwright::ExitStatus;
using vmwright::UniqueFd;

namespace fake_qemu
{

/// A monitor: a listening socket with at most one client, or the journal's two files.
struct FakeQemu::Slot
{
    int listener{-1};
    UniqueFd input{};
    UniqueFd output{}; ///< empty for a socket, whose input goes both ways
    bool is_negotiated{};
    std::string partial{};

    [[nodiscard]] auto hears_events() const -> bool { return is_negotiated && (output || input); }
    void write(std::string_view text)
    {
        while (!text.empty()) {
            auto const count = output ? ::write(output.get(), text.data(), text.size())
                                      : ::send(input.get(), text.data(), text.size(), MSG_NOSIGNAL);
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0)
                return hang_up();
            text.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    void hang_up()
    {
        input.reset();
        is_negotiated = is_negotiated && static_cast<bool>(output);
        partial.clear();
    }
};

struct FakeQemu::Refused
{
    std::string error_class{"GenericError"};
    std::string description{};
};

namespace
{

constexpr auto greeting = std::string_view{
    R"({"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "fake"}, "capabilities": ["oob"]}})"
    "\r\n"};

/// `socket,id=qmp0,fd=10` as its parts; the first, without a name, is under the empty one. A doubled comma is a comma.
auto parts_of(std::string_view text) -> std::map<std::string, std::string>
{
    std::map<std::string, std::string> parts;
    while (!text.empty()) {
        std::string part;
        while (!text.empty() && (text.front() != ',' || text.starts_with(",,"))) {
            part += text.front();
            text.remove_prefix(text.starts_with(",,") ? 2 : 1);
        }
        text.remove_prefix(std::min<std::size_t>(1, text.size()));
        auto const equals = part.find('=');
        auto const is_first = parts.empty() && equals == part.npos;
        auto const value = equals == part.npos ? std::string{"on"} : part.substr(equals + 1);
        parts[is_first ? std::string{} : part.substr(0, equals)] = is_first ? part : value;
    }
    return parts;
}

auto number_in(std::string_view text) -> long long
{
    long long number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// `size=65536k` as bytes; a number without a unit is MiB.
auto bytes_in(std::string_view text) -> long long
{
    auto const number = number_in(text);
    switch (text.empty() ? 'm' : text.back()) {
    case 'b': return number;
    case 'k': return number << 10;
    case 'g':
    case 'G': return number << 30;
    default: return number << 20;
    }
}

auto timestamp() -> json::object
{
    using namespace std::chrono;
    auto const now = duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
    return {{"seconds", now / 1'000'000}, {"microseconds", now % 1'000'000}};
}

} // namespace

FakeQemu::FakeQemu(World world)
    : world_{std::move(world)}
{
}

FakeQemu::~FakeQemu() = default;

auto FakeQemu::run() -> ExitStatus
{
    obey("start", nullptr);
    if (!end_)
        read_arguments();
    while (!end_)
        poll_once();
    return *end_;
}

void FakeQemu::read_arguments()
{
    auto const& arguments = world_.arguments;
    for (std::size_t i = 0; i < arguments.size() && !end_; ++i) {
        auto const& option = arguments[i];
        auto const value = i + 1 < arguments.size() ? arguments[i + 1] : std::string{};
        if (option == "-S")
            status_ = "prelaunch";
        else if (option == "-name")
            name_ = parts_of(value)["guest"];
        else if (option == "-uuid")
            uuid_ = value;
        else if (option == "-m")
            memory_ = bytes_in(parts_of(value).contains("size") ? parts_of(value)["size"] : parts_of(value)[""]);
        else if (option == "-smp")
            read_cpus(value);
        else if (option == "-action")
            read_action(value);
        else if (option == "-no-shutdown")
            actions_["shutdown"] = "pause";
        else if (option == "-no-reboot")
            actions_["reboot"] = "shutdown";
        else if (option == "-chardev")
            chardevs_[parts_of(value)["id"]] = parts_of(value);
        else if (option == "-mon")
            add_monitor(parts_of(value)["chardev"]);
    }
    balloon_ = memory_;
}

void FakeQemu::read_action(std::string_view text)
{
    for (auto const& [event, action] : parts_of(text))
        actions_[event] = action;
}

void FakeQemu::read_cpus(std::string_view text)
{
    auto parts = parts_of(text);
    auto const number = [&](std::string const& name, long long otherwise) {
        return parts.contains(name) ? number_in(parts[name]) : otherwise;
    };
    auto const at_start = number("", 1);
    auto const most = number("maxcpus", at_start);
    auto const threads = number("threads", 1);
    auto const cores = number("cores", 1) * number("dies", 1);
    cpus_.clear();
    for (long long i = 0; i < most; ++i)
        cpus_.push_back({.socket = i / threads / cores,
                         .core = i / threads % cores,
                         .thread = i % threads,
                         .path = i < at_start ? "/machine/unattached/device[" + std::to_string(i) + "]" : ""});
}

auto FakeQemu::cpus() const -> json::array
{
    // The last one first, as QEMU tells them.
    json::array list;
    for (auto cpu = cpus_.rbegin(); cpu != cpus_.rend(); ++cpu) {
        json::object each{
            {"type", "qemu64-x86_64-cpu"},
            {"vcpus-count", 1},
            {"props", json::object{{"socket-id", cpu->socket}, {"core-id", cpu->core}, {"thread-id", cpu->thread}}}};
        if (!cpu->path.empty())
            each["qom-path"] = cpu->path;
        list.push_back(std::move(each));
    }
    return list;
}

void FakeQemu::plug(json::object const& arguments)
{
    if (!arguments.at("driver").as_string().ends_with("-cpu"))
        throw Refused{.description = "a fake QEMU plugs CPUs only"};
    for (auto& cpu : cpus_)
        if (cpu.socket == arguments.at("socket-id").to_number<long long>() &&
            cpu.core == arguments.at("core-id").to_number<long long>() &&
            cpu.thread == arguments.at("thread-id").to_number<long long>()) {
            if (!cpu.path.empty())
                throw Refused{.description = "CPU[0] with such an address exists"};
            cpu.path = "/machine/peripheral/" + std::string{arguments.at("id").as_string()};
            return;
        }
    throw Refused{.description = "Invalid CPU address"};
}

void FakeQemu::unplug(std::string const& id)
{
    auto const path = "/machine/peripheral/" + id;
    for (auto& cpu : cpus_)
        if (cpu.path == path) {
            cpu.path.clear();
            return emit("DEVICE_DELETED", {{"device", id}, {"path", path}});
        }
    throw Refused{"DeviceNotFound", "Device '" + id + "' not found"};
}

void FakeQemu::add_monitor(std::string const& chardev)
{
    auto const& parts = chardevs_[chardev];
    auto const kind = parts.find("");
    auto slot = std::make_unique<Slot>();
    if (kind != parts.end() && kind->second == "socket" && parts.contains("fd")) {
        slot->listener = world_.fd(static_cast<int>(number_in(parts.at("fd"))));
        if (slot->listener < 0 || ::listen(slot->listener, 1) < 0) {
            world_.say("fake-qemu: -chardev " + chardev + ": no such descriptor\n");
            end_ = ExitStatus{ExitStatus::Kind::exited, 1};
        }
    } else if (kind != parts.end() && kind->second == "pipe" && parts.contains("path")) {
        slot->input = world_.open(parts.at("path") + ".in");
        slot->output = world_.open(parts.at("path") + ".out");
        slot->write(greeting);
    }
    slots_.push_back(std::move(slot));
}

void FakeQemu::poll_once()
{
    std::vector<pollfd> fds{{world_.terminate_fd, POLLIN, 0}, {world_.kill_fd, POLLIN, 0}};
    for (auto const& slot : slots_)
        fds.push_back({slot->input ? slot->input.get() : slot->listener, POLLIN, 0});
    if (::poll(fds.data(), fds.size(), -1) < 0)
        return;
    if (fds[1].revents != 0) {
        end_ = ExitStatus{ExitStatus::Kind::signaled, SIGKILL};
        return;
    }
    if (fds[0].revents != 0 && obey("sigterm", nullptr)) {
        emit("SHUTDOWN", {{"guest", false}, {"reason", "host-signal"}});
        end_ = ExitStatus{ExitStatus::Kind::exited, 0};
    }
    for (std::size_t i = 0; i < slots_.size() && !end_; ++i)
        if (fds[i + 2].revents != 0)
            serve(*slots_[i]);
}

void FakeQemu::serve(Slot& slot)
{
    if (!slot.input) {
        slot.input.reset(::accept4(slot.listener, nullptr, nullptr, SOCK_CLOEXEC));
        if (slot.input && obey("greeting", &slot) && !end_)
            slot.write(greeting);
        return;
    }
    char buffer[4096];
    auto const count = ::read(slot.input.get(), buffer, sizeof buffer);
    if (count <= 0)
        return slot.hang_up();
    slot.partial.append(buffer, static_cast<std::size_t>(count));
    // A complete object is a command, with or without a line's end.
    for (auto end = slot.partial.find('\n'); end != slot.partial.npos && !end_; end = slot.partial.find('\n')) {
        auto const line = slot.partial.substr(0, end);
        slot.partial.erase(0, end + 1);
        if (!line.empty() && line != "\r")
            answer(slot, line);
    }
}

void FakeQemu::answer(Slot& slot, std::string_view line)
{
    json::object reply;
    std::string name;
    try {
        auto const command = json::parse(line).as_object();
        if (auto const* const id = command.if_contains("id"))
            reply["id"] = *id;
        name = command.at("execute").as_string();
        auto const* const arguments = command.if_contains("arguments");
        auto const is_to_do = obey(name, &slot);
        if (end_)
            return;
        if (name == "qmp_capabilities")
            slot.is_negotiated = true;
        reply["return"] = is_to_do ? execute(name, arguments != nullptr ? arguments->as_object() : json::object{})
                                   : json::value(json::object{});
    } catch (Refused const& refused) {
        reply["error"] = json::object{{"class", refused.error_class}, {"desc", refused.description}};
    } catch (std::exception const& error) {
        reply["error"] = json::object{{"class", "GenericError"}, {"desc", error.what()}};
    }
    if (slot.output || slot.input)
        slot.write(json::serialize(reply) + "\r\n");
    if (!end_)
        obey(name + "+", &slot);
}

auto FakeQemu::execute(std::string const& name, json::object const& arguments) -> Reply
{
    auto const is_running = status_ == "running";
    if (name == "query-status")
        return json::object{{"status", status_}, {"singlestep", false}, {"running", is_running}};
    if (name == "query-uuid")
        return json::object{{"UUID", uuid_}};
    if (name == "query-name")
        return json::object{{"name", name_}};
    if (name == "query-balloon")
        return json::object{{"actual", balloon_}};
    if (name == "query-hotpluggable-cpus")
        return cpus();
    if (name == "balloon") {
        auto const before = std::exchange(balloon_, arguments.at("value").to_number<long long>());
        if (balloon_ != before)
            emit("BALLOON_CHANGE", {{"actual", balloon_}});
    } else if (name == "device_add")
        plug(arguments);
    else if (name == "device_del")
        unplug(std::string{arguments.at("id").as_string()});
    else if (name == "query-chardev" || name == "query-block" || name == "query-cpus-fast")
        return json::array{};
    else if (name == "cont") {
        if (status_ == "shutdown")
            throw Refused{.description = "Resetting the Virtual Machine is required"};
        if (!is_running) {
            status_ = "running";
            emit("RESUME");
        }
    } else if (name == "stop") {
        if (is_running)
            pause("paused");
    } else if (name == "quit") {
        emit("SHUTDOWN", {{"guest", false}, {"reason", "host-qmp-quit"}});
        end_ = ExitStatus{ExitStatus::Kind::exited, 0};
    } else if (name == "system_reset")
        reset("host-qmp-system-reset", false);
    else if (name == "system_powerdown") {
        emit("POWERDOWN");
        if (is_running)
            guest("poweroff");
    } else if (name == "set-action") {
        for (auto const& [event, action] : arguments)
            actions_[std::string{event}] = action.as_string();
    } else if (name == "qom-set")
        properties_[std::string{arguments.at("path").as_string()} + " " +
                    std::string{arguments.at("property").as_string()}] = arguments.at("value");
    else if (name == "qom-get")
        return properties_[std::string{arguments.at("path").as_string()} + " " +
                           std::string{arguments.at("property").as_string()}];
    else if (name == "dump-guest-memory") {
        auto const protocol = std::string{arguments.at("protocol").as_string()};
        constexpr auto prefix = std::string_view{"file:"};
        if (!protocol.starts_with(prefix))
            throw Refused{.description = "a fake QEMU dumps into files only"};
        UniqueFd const file{::open(protocol.substr(prefix.size()).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0400)};
        if (!file || ::write(file.get(), "memory", 6) != 6)
            throw Refused{.description = "could not open '" + protocol.substr(prefix.size()) + "'"};
        if (auto const* const detach = arguments.if_contains("detach"); detach != nullptr && detach->as_bool())
            emit("DUMP_COMPLETED", {{"result", json::object{{"total", 6}, {"status", "completed"}, {"completed", 6}}}});
    } else if (name == "query-dump-guest-memory-capability")
        return json::object{{"formats", json::array{"elf", "kdump-zlib"}}};
    else if (name == "screendump") {
        auto const path = std::string{arguments.at("filename").as_string()};
        UniqueFd const file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)};
        if (!file || ::write(file.get(), "picture", 7) != 7)
            throw Refused{.description = "failed to open file '" + path + "'"};
    } else if (name == "system_wakeup") {
        if (status_ != "suspended")
            throw Refused{.description = "Unable to wake up: guest is not in suspended state"};
        status_ = "running";
        emit("WAKEUP");
    } else if (name == "x-guest")
        guest(std::string{arguments.at("does").as_string()});
    else if (name == "human-monitor-command")
        return json::string{""};
    else if (name != "qmp_capabilities" && name != "set_link" && name != "set_password" && name != "expire_password" &&
             name != "block_set_io_throttle" && name != "inject-nmi" && name != "send-key")
        throw Refused{"CommandNotFound", "The command " + name + " has not been found"};
    return json::object{};
}

auto FakeQemu::obey(std::string_view when, Slot* slot) -> bool
{
    auto is_to_do = true;
    for (auto const& rule : world_.script) {
        if (rule.when != when || end_)
            continue;
        if (rule.action == "exit") {
            auto const blank = std::min(rule.argument.find(' '), rule.argument.size());
            if (auto const text = std::string_view{rule.argument}.substr(blank); !text.empty())
                world_.say(std::string{text.substr(1)} + "\n");
            end_ = ExitStatus{ExitStatus::Kind::exited, static_cast<int>(number_in(rule.argument))};
        } else if (rule.action == "crash")
            end_ = ExitStatus{ExitStatus::Kind::signaled, SIGKILL};
        else if (rule.action == "hang") {
            pollfd killed{world_.kill_fd, POLLIN, 0};
            while (::poll(&killed, 1, -1) < 1)
                ;
            end_ = ExitStatus{ExitStatus::Kind::signaled, SIGKILL};
        } else if (rule.action == "slow")
            std::this_thread::sleep_for(std::chrono::milliseconds{number_in(rule.argument)});
        else if (rule.action == "garbage" && slot != nullptr)
            slot->write("}{ no JSON \xff\r\n");
        else if (rule.action == "cut" && slot != nullptr) {
            slot->hang_up();
            is_to_do = false;
        } else if (rule.action == "refuse")
            throw Refused{.description = rule.argument};
        else if (rule.action == "ignore")
            is_to_do = false;
        else if (rule.action == "guest")
            guest(rule.argument);
    }
    return is_to_do;
}

void FakeQemu::guest(std::string_view deed)
{
    if (deed == "poweroff")
        power_off("guest-shutdown", true);
    else if (deed == "reboot")
        reset("guest-reset", true);
    else if (deed == "sleep") {
        emit("SUSPEND");
        status_ = "suspended";
    } else if (deed == "panic") {
        auto const& action = actions_["panic"];
        auto const ends = action == "exit-failure" || (action == "shutdown" && actions_["shutdown"] == "poweroff");
        emit("GUEST_PANICKED", {{"action", action == "none" ? "run" : ends ? "poweroff" : "pause"}});
        if (action == "none")
            return;
        pause("guest-panicked");
        if (ends)
            power_off("guest-panic", true);
    } else if (deed == "io-error") {
        emit("BLOCK_IO_ERROR", {{"device", ""},
                                {"qom-path", "/machine/peripheral/virtio-disk0/virtio-backend"},
                                {"operation", "write"},
                                {"action", "stop"},
                                {"nospace", true},
                                {"reason", "No space left on device"}});
        pause("io-error");
    }
}

void FakeQemu::power_off(std::string_view reason, bool by_guest)
{
    emit("SHUTDOWN", {{"guest", by_guest}, {"reason", reason}});
    if (actions_["shutdown"] == "pause")
        pause("shutdown");
    else
        end_ = ExitStatus{ExitStatus::Kind::exited, 0};
}

void FakeQemu::reset(std::string_view reason, bool by_guest)
{
    if (actions_["reboot"] == "shutdown")
        return power_off(reason, by_guest);
    emit("RESET", {{"guest", by_guest}, {"reason", reason}});
    if (status_ != "running")
        status_ = "prelaunch";
}

void FakeQemu::pause(std::string_view status)
{
    emit("STOP");
    status_ = status;
}

void FakeQemu::emit(std::string_view event, json::object data)
{
    json::object message{{"timestamp", timestamp()}, {"event", event}};
    if (!data.empty())
        message["data"] = std::move(data);
    auto const line = json::serialize(message) + "\r\n";
    for (auto const& slot : slots_)
        if (slot->hears_events())
            slot->write(line);
}

} // namespace fake_qemu
