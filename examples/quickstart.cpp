// SPDX-License-Identifier: BSL-1.0
//
// The main job: boots a VM from libvirt's XML, shows its console, shuts it down, and tells what it did.
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/vmwright.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace vw = vmwright;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace
{

constexpr auto boot_time = 120s; // what a guest under TCG may need to its first words, and to its last
constexpr auto quiet_time = 10s; // a guest that says nothing more has booted
constexpr auto power_off_time = 30s;

/// A directory that ends with the program.
struct PrivateRoot
{
    std::string path{(std::filesystem::temp_directory_path() / "vmwright-quickstart-XXXXXX").string()};

    PrivateRoot()
    {
        if (!mkdtemp(path.data()))
            throw vw::Error{std::error_code{errno, std::generic_category()}, fmt::format("cannot make '{}'", path)};
    }
    PrivateRoot(PrivateRoot const&) = delete;
    auto operator=(PrivateRoot const&) -> PrivateRoot& = delete;
    ~PrivateRoot()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

/// Shows what the guest writes, a line at a time with a mark before it.
class Console
{
public:
    explicit Console(std::string const& terminal)
        : fd_{open(terminal.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)}
    {
        if (fd_ < 0)
            throw vw::Error{std::error_code{errno, std::generic_category()}, fmt::format("cannot open '{}'", terminal)};
        termios settings{};
        tcgetattr(fd_, &settings);
        cfmakeraw(&settings);
        tcsetattr(fd_, TCSANOW, &settings);
    }
    Console(Console const&) = delete;
    auto operator=(Console const&) -> Console& = delete;
    ~Console() { close(fd_); }

    [[nodiscard]] auto first_line() const -> std::optional<Clock::time_point> { return first_line_; }

    /// Until a line holds `words` (none: until nothing came for quiet_time), the guest is gone, or the time is up.
    /// True when it was said, or all was quiet after some words.
    auto show(std::string_view words, std::chrono::seconds limit) -> bool
    {
        auto const end = Clock::now() + limit;
        while (Clock::now() < end) {
            pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
            auto const patience = words.empty() && first_line_ ? std::chrono::milliseconds{quiet_time} : 1000ms;
            auto const ready = poll(&waiting, 1, static_cast<int>(patience.count()));
            if (ready == 0 && words.empty() && first_line_)
                return true;
            if (ready <= 0)
                continue;
            char bytes[4096];
            auto const count = read(fd_, bytes, sizeof bytes);
            if (count <= 0 && errno != EAGAIN)
                return false; // the emulator has closed its end
            for (auto i = 0; i < count; ++i)
                if (add(bytes[i]) && !words.empty() && said_.find(words) != std::string::npos)
                    return true;
        }
        return false;
    }

private:
    /// True at the end of a line, which then is in said_.
    auto add(char c) -> bool
    {
        if (c != '\n') {
            if (c != '\r')
                line_ += c;
            return false;
        }
        if (!first_line_ && !line_.empty())
            first_line_ = Clock::now();
        fmt::print("  | {}\n", line_);
        std::fflush(stdout);
        said_ = std::exchange(line_, {});
        return true;
    }

    int fd_;
    std::string line_{};
    std::string said_{};
    std::optional<Clock::time_point> first_line_{};
};

void say(std::string_view step)
{
    fmt::print("==> {}\n", step);
    std::fflush(stdout);
}

auto seconds(Clock::duration time) -> std::string
{
    return fmt::format("{:.3f} s", std::chrono::duration<double>(time).count());
}

/// One option a line, with the place in the document that asked for it, or the rule.
void print_command_line(vw::StartReport const& report, std::string const& text, std::string const& file)
{
    vw::Diagnostics faults;
    auto const document = vw::xml::Document::parse(text, faults);
    for (auto const& [program, argument, origin] : report.command_line) {
        auto const place = origin.node.empty()
                               ? std::string{}
                               : fmt::format("{}:{} {}", file, document.locate(origin.node).line, origin.node);
        auto const separator = place.empty() || origin.rule.empty() ? "" : ", ";
        fmt::print("  {}{}{}\n      {}{}{}\n", program, program.empty() ? "" : " ", argument, place, separator, origin.rule);
    }
}

auto run(std::string const& file) -> int
{
    say(fmt::format("reading {}", file));
    std::ifstream in{file, std::ios::binary};
    std::string const text{std::istreambuf_iterator<char>{in}, {}};
    if (!in)
        throw vw::Error{vw::Errc::io_failed, fmt::format("cannot read '{}'", file)};
    auto const parsed = vw::xml::read_domain(text);
    for (auto const& diagnostic : parsed.diagnostics)
        fmt::print(stderr, "{}\n", format(diagnostic, file));
    if (parsed.has_errors())
        return 1;

    PrivateRoot const root;
    say(fmt::format("opening a host in {}", root.path));
    auto const host = vw::Host::open({.root = root.path, .profile_text = &vw::qemu::profile_text});

    say("defining the domain: machine, controllers and addresses are chosen and kept");
    auto const domain = host.define_xml(text);

    say(fmt::format("starting '{}', paused until its console is open", domain.name()));
    auto const begin = Clock::now();
    auto const report = domain.start({.paused = true});
    std::optional<Console> console;
    try {
        console.emplace(domain.console());
    } catch (vw::Error const& e) {
        fmt::print("    it has no console to show: {}\n", e.message());
    }
    domain.resume();
    auto const running = Clock::now();
    say(fmt::format("running: pid {}, {} after start()", report.pid, seconds(running - begin)));

    auto const is_ours = text.find("<name>quickstart</name>") != std::string::npos;
    if (console && !console->show(is_ours ? "vmwright guest: up" : "", boot_time) && domain.is_active())
        say("the guest has not said that it is up; its power button is pressed all the same");

    say("pressing the power button");
    if (domain.is_active())
        domain.shutdown(0ms);
    if (console)
        console->show("no guest says this", power_off_time);
    if (!domain.wait_until_off(console ? 1s : power_off_time)) {
        say("the guest ignores it: pulling the plug");
        domain.destroy();
    }
    auto const end = domain.last_end();

    say("what was started, and why");
    print_command_line(report, domain.definition(), "definition");
    say("how long it took");
    fmt::print("  from start() to running:               {}\n", seconds(running - begin));
    if (console && console->first_line())
        fmt::print("  from start() to the guest's first line: {}\n", seconds(*console->first_line() - begin));
    say(fmt::format("the guest ended: {}{}", end ? to_string(end->reason) : "nobody saw how",
                    end && !end->cause.empty() ? fmt::format(" ({})", end->cause) : ""));
    domain.undefine();
    return 0;
}

} // namespace

auto main(int argc, char** argv) -> int
{
    if (argc != 2) {
        fmt::print(stderr, "usage: quickstart FILE.xml\n");
        return 2;
    }
    try {
        return run(argv[1]);
    } catch (vw::ConfigError const& e) {
        for (auto const& diagnostic : e.diagnostics())
            fmt::print(stderr, "{}\n", format(diagnostic, argv[1]));
    } catch (std::exception const& e) {
        fmt::print(stderr, "{}: error: {}\n", argv[1], e.what());
    }
    return 1;
}
