// SPDX-License-Identifier: BSL-1.0
//
// virsh's commands, without a daemon: vmsh [-c URI] COMMAND…
#include "first_process.hpp"
#include "help.hpp"
#include "parse.hpp"
#include "shell.hpp"
#include "terminal.hpp"

#include <vmwright/core/version.hpp>

#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <clocale>
#include <iostream>
#include <system_error>

#include <getopt.h>

namespace
{

auto version() -> std::string
{
    auto const [major, minor, patch] = vw::library_version();
    return fmt::format("{}.{}.{}", major, minor, patch);
}

constexpr auto usage = R"(
vmsh [OPTION]… ["COMMAND; COMMAND…"]
vmsh [OPTION]… COMMAND [WORD]…

  options:
    -c | --connect=URI      qemu:///system, qemu:///session or qemu:///embed?root=DIR
    -d | --debug=NUM        taken and ignored
    -e | --escape <char>    the key that leaves a console: a character, or ^ and one
    -h | --help             this help
    -k | --keepalive-interval=NUM
                            taken and ignored
    -K | --keepalive-count=NUM
                            taken and ignored
    -l | --log=FILE         taken and ignored
    -q | --quiet            print only what was asked for
    -r | --readonly         change nothing
    -t | --timing           print how long each command took
    -v                      print the version
    -V                      print the version and what else there is to know
         --version[=TYPE]   the same; TYPE is short or long
  commands (without any, they are read from the standard input):

)";

struct CommandLine
{
    ShellOptions options{};
    std::vector<std::string> words{};
    std::optional<int> exit_code{}; ///< nothing else is to be done
};

/// A character, or ^ and one that Ctrl makes a control character of.
auto is_escape(std::string_view text) -> bool
{
    if (text.size() != 2 || text[0] != '^')
        return text.size() == 1 && text != "^";
    auto const c = static_cast<unsigned char>(text[1]);
    return std::isalpha(c) != 0 || std::string_view{"@[\\]^_"}.find(text[1]) != text.npos;
}

auto number_of(std::string const& text) -> std::optional<int>
{
    int value{};
    auto const* const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, value);
    return read.ec == std::errc{} && read.ptr == end ? std::optional{value} : std::nullopt;
}

void print_version(bool is_long)
{
    if (is_long)
        fmt::print("vmsh, the shell of vmwright {}\n\nDrives QEMU by itself: no daemon is asked.\n", version());
    else
        fmt::print("{}\n", version());
}

constexpr auto long_options = std::to_array<option>({
    {"connect", required_argument, nullptr, 'c'},
    {"debug", required_argument, nullptr, 'd'},
    {"escape", required_argument, nullptr, 'e'},
    {"help", no_argument, nullptr, 'h'},
    {"keepalive-interval", required_argument, nullptr, 'k'},
    {"keepalive-count", required_argument, nullptr, 'K'},
    {"log", required_argument, nullptr, 'l'},
    {"quiet", no_argument, nullptr, 'q'},
    {"readonly", no_argument, nullptr, 'r'},
    {"timing", no_argument, nullptr, 't'},
    {"version", optional_argument, nullptr, 'v'},
    {nullptr, 0, nullptr, 0},
});

/// `'-c'/'--connect'`.
auto both_names(int key) -> std::string
{
    for (auto const& each : long_options)
        if (each.val == key)
            return fmt::format("'-{}'/'--{}'", static_cast<char>(key), each.name);
    return fmt::format("'-{}'", static_cast<char>(key));
}

/// Takes one option of vmsh itself.
void take(int key, char** argv, CommandLine& line)
{
    auto const value = std::string{optarg != nullptr ? optarg : ""};
    switch (key) {
    case 'c': line.options.uri = value; break;
    case 'd': {
        auto const level = number_of(value);
        if (!level)
            throw Refusal{"option -d takes a numeric argument"};
        if (*level < 0 || *level > 4)
            print_error(fmt::format("ignoring debug level {} out of range [0-4]", *level));
        break;
    }
    case 'e':
        if (!is_escape(value))
            throw Refusal{fmt::format("Invalid string '{}' for escape sequence", value)};
        line.options.escape = value;
        break;
    case 'h':
        fmt::print("{}{}", usage, help_of_groups());
        line.exit_code = 0;
        break;
    case 'k':
    case 'K':
        if (!number_of(value))
            throw Refusal{fmt::format("Invalid value for option -{}", static_cast<char>(key))};
        break;
    case 'l': break;
    case 'q': line.options.quiet = true; break;
    case 'r': line.options.read_only = true; break;
    case 't': line.options.timing = true; break;
    case 'v':
    case 'V':
        print_version(key == 'V' || value == "long");
        line.exit_code = 0;
        break;
    case ':': throw Refusal{fmt::format("option {} requires an argument", both_names(optopt))};
    default:
        throw Refusal{optopt != 0 ? fmt::format("unsupported option '-{}'. See --help.", static_cast<char>(optopt))
                                  : fmt::format("unsupported option '{}'. See --help.", argv[optind - 1])};
    }
}

auto read_command_line(int argc, char** argv) -> CommandLine
{
    CommandLine line;
    opterr = 0;
    for (int key{};
         !line.exit_code && (key = getopt_long(argc, argv, "+:c:d:e:hk:K:l:qrtvV", long_options.data(), nullptr)) != -1;)
        take(key, argv, line);
    line.words.assign(argv + optind, argv + argc);
    return line;
}

void print_errors(Refusal const& refusal)
{
    for (auto const& line : refusal.lines())
        print_error(line);
}

/// The exit status that it means.
auto run(Shell& shell, Call const& call) -> int
{
    auto const begin = std::chrono::steady_clock::now();
    auto status = 1;
    try {
        status = call.command->run(shell, call.arguments) ? 0 : 1;
    } catch (Refusal const& refusal) {
        print_errors(refusal);
        status = refusal.exit_status();
    } catch (vw::Error const& error) {
        print_errors(Refusal{reasons(error)});
    }
    if (shell.has_quit())
        return 0;
    if (shell.options().timing) {
        std::chrono::duration<double, std::milli> const took = std::chrono::steady_clock::now() - begin;
        shell.print("\n(Time: {:.3f} ms)\n", took.count());
    }
    shell.tell("\n");
    std::fflush(stdout);
    return status;
}

/// The last one's.
auto run(Shell& shell, std::vector<Call> const& calls) -> int
{
    auto status = 0;
    for (auto const& call : calls)
        if (!shell.has_quit())
            status = run(shell, call);
    return status;
}

void run_lines(Shell& shell)
{
    shell.tell("Welcome to vmsh, virsh's commands without a daemon.\n\n"
               "Type:  'help' for help with commands\n       'quit' to quit\n\n");
    auto const echoes = isatty(STDIN_FILENO) == 0;
    for (std::string line; !shell.has_quit();) {
        shell.print("vmsh {} ", shell.options().read_only ? '>' : '#');
        std::fflush(stdout);
        if (!std::getline(std::cin, line))
            break;
        if (echoes)
            shell.print("{}\n", line);
        try {
            run(shell, parse_text(line));
        } catch (Refusal const& refusal) {
            print_errors(refusal);
        }
    }
    shell.print("\n");
}

auto run_all(CommandLine const& line) -> int
{
    Shell shell{line.options};
    if (!line.options.uri.empty()) [[maybe_unused]]
        auto const& connected = shell.host();
    if (line.words.empty()) {
        run_lines(shell);
        return 0;
    }
    if (line.words.size() > 1)
        return run(shell, {parse_words(line.words)});
    if (line.words.front().empty())
        return 1;
    return run(shell, parse_text(line.words.front()));
}

} // namespace

auto main(int argc, char** argv) -> int
{
    // A terminal's columns are counted in the user's characters.
    std::setlocale(LC_CTYPE, "");
    try {
        leave_first_process();
        auto const line = read_command_line(argc, argv);
        return line.exit_code ? *line.exit_code : run_all(line);
    } catch (Refusal const& refusal) {
        print_errors(refusal);
    } catch (std::exception const& error) {
        print_error(error.what());
    }
    return 1;
}
