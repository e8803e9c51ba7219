// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "support.hpp"
#include "temporary_directory.hpp"

#include <atomic>
#include <csignal>
#include <fstream>
#include <map>
#include <sstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <thread>

using namespace vmwright;

namespace
{

auto failure_of(ProcessSpec const& spec) -> Error
{
    auto const error = error_of([&] { static_cast<void>(spawn(spec)); });
    REQUIRE(error);
    return *error;
}

auto lines(std::string const& text) -> std::vector<std::string>
{
    std::vector<std::string> list;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);)
        list.push_back(line);
    return list;
}

/// The set of signals that /proc/PID/status of the program tells under this name.
auto signals_of_child(std::string const& name) -> std::uint64_t
{
    auto const text = output_of({.executable = "/bin/cat", .arguments = {"/proc/self/status"}});
    for (auto const& line : lines(text))
        if (line.starts_with(name + ":"))
            return std::stoull(line.substr(name.size() + 1), nullptr, 16);
    FAIL("no line " << name);
    return 0;
}

} // namespace

TEST_CASE("A program that is not there names exec and ENOENT")
{
    auto const error = failure_of({.executable = "/nowhere/program"});
    CHECK(error.code() == Errc::spawn_failed);
    CHECK(error.context().step == "spawn: exec");
    CHECK(error.context().cause == std::errc::no_such_file_or_directory);
    CHECK(std::string{error.what()} == "spawn: exec: cannot start '/nowhere/program': No such file or directory");
}

TEST_CASE("A file that is no program names exec and EACCES or ENOEXEC")
{
    TemporaryDirectory const directory;
    auto const path = directory / "file";
    std::ofstream{path} << "no program";
    CHECK(failure_of({.executable = path}).context().cause == std::errc::permission_denied);
    ::chmod(path.c_str(), 0700);
    auto const error = failure_of({.executable = path});
    CHECK(error.context().step == "spawn: exec");
    CHECK(error.context().cause == std::errc::executable_format_error);
}

TEST_CASE("A missing working directory names chdir")
{
    auto const error = failure_of({.executable = "/bin/true", .directory = "/nowhere"});
    CHECK(error.context().step == "spawn: chdir");
    CHECK(error.context().cause == std::errc::no_such_file_or_directory);
}

TEST_CASE("A bad file descriptor names dup2")
{
    auto const error = failure_of({.executable = "/bin/true", .fds = {{.number = 3, .ours = 9999}}});
    CHECK(error.context().step == "spawn: dup2");
    CHECK(error.context().cause == std::errc::bad_file_descriptor);
}

TEST_CASE("A death signal that does not exist names prctl")
{
    auto const error = failure_of({.executable = "/bin/true", .death_signal = 1000});
    CHECK(error.context().step == "spawn: prctl");
    CHECK(error.context().cause == std::errc::invalid_argument);
}

TEST_CASE("What cannot be meant is refused before anything starts")
{
    CHECK(failure_of({.executable = "true"}).code() == Errc::invalid_argument);
    CHECK(failure_of({.executable = "/bin/true", .fds = {{.number = -1, .ours = 1}}}).code() == Errc::invalid_argument);
    CHECK(failure_of({.executable = "/bin/true", .fds = {{.number = 3, .ours = 1}, {.number = 3, .ours = 2}}}).code() ==
          Errc::invalid_argument);
}

TEST_CASE("A program gets its arguments, environment and directory")
{
    TemporaryDirectory const directory;
    auto spec = shell("echo \"$0|$1|$WORD|$HOME\"; pwd -P");
    spec.arguments.insert(spec.arguments.end(), {"zero", "two words, a comma"});
    spec.environment = {"WORD=value"};
    spec.directory = directory.path();
    auto const real = std::filesystem::canonical(directory.path()).string();
    CHECK(output_of(spec) == "zero|two words, a comma|value|\n" + real + "\n");

    spec.more_environment = {"WORD=better", "OTHER=word"};
    spec.arguments[1] = "echo \"$WORD|$OTHER\"";
    CHECK(output_of(spec) == "better|word\n");

    CHECK(output_of(shell("echo $PATH")) == std::string{std::getenv("PATH")} + "\n");

    spec = shell("echo \"$HOME|$WORD|$PATH\"");
    spec.more_environment = {"HOME=/replaced", "WORD=added"};
    CHECK(output_of(spec) == "/replaced|added|" + std::string{std::getenv("PATH")} + "\n");
}

TEST_CASE("A program gets the file descriptors that it is given and no others")
{
    // Neither is marked close-on-exec, as in an embedder that does not care.
    UniqueFd const low{::dup(0)};
    UniqueFd const high{::fcntl(0, F_DUPFD, 500)};
    Pipe passed;
    ProcessSpec spec{.executable = "/bin/ls", .arguments = {"/proc/self/fd"}};
    CHECK(lines(output_of(spec)) == std::vector<std::string>{"0", "1", "2", "3"}); // 3 is the listing itself

    spec.fds = {{.number = 7, .ours = passed.reading.get()}, {.number = 4, .ours = high.get()}};
    CHECK(lines(output_of(spec)) == std::vector<std::string>{"0", "1", "2", "3", "4", "7"});
}

TEST_CASE("Passed file descriptors may swap their numbers")
{
    Pipe first;
    Pipe second;
    auto const a = first.writing.get();
    auto const b = second.writing.get();
    // The shell's own numbers end at 9, so the swap is shown by a program that takes any: a second shell's /proc.
    auto spec = shell("echo one > /proc/self/fd/" + std::to_string(a) + "; echo two > /proc/self/fd/" + std::to_string(b));
    spec.fds = {{.number = b, .ours = a}, {.number = a, .ours = b}};
    CHECK(spawn(spec).wait().success());
    first.writing.reset();
    second.writing.reset();
    CHECK(read_to_end(first.reading.get()) == "two\n");
    CHECK(read_to_end(second.reading.get()) == "one\n");
}

TEST_CASE("One file descriptor can be passed under several numbers")
{
    Pipe pipe;
    auto spec = shell("echo out; echo err >&2; echo three >&3");
    for (auto const number : {1, 2, 3})
        spec.fds.push_back({.number = number, .ours = pipe.writing.get()});
    CHECK(spawn(spec).wait().success());
    pipe.writing.reset();
    CHECK(read_to_end(pipe.reading.get()) == "out\nerr\nthree\n");
}

TEST_CASE("Standard input is empty and standard error is nowhere unless given")
{
    CHECK(output_of(shell("cat; readlink /proc/self/fd/0 /proc/self/fd/2")) == "/dev/null\n/dev/null\n");
}

TEST_CASE("A new session has no terminal and its own group")
{
    auto const session = [](bool fresh) {
        auto spec = shell("cut -d' ' -f1,6 /proc/$$/stat");
        spec.new_session = fresh;
        std::istringstream text{output_of(spec)};
        int pid{};
        int session{};
        text >> pid >> session;
        return std::pair{pid, session};
    };
    auto const [pid, own] = session(true);
    CHECK(pid == own);
    auto const [other_pid, other] = session(false);
    CHECK(other == ::getsid(0));
    CHECK(other_pid != other);
}

TEST_CASE("A program starts with no signal blocked or ignored, and ours stay as they are")
{
    sigset_t blocked;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGUSR1);
    sigset_t before;
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
    struct sigaction ignore
    {
    };
    ignore.sa_handler = SIG_IGN;
    struct sigaction old
    {
    };
    ::sigaction(SIGUSR2, &ignore, &old);

    CHECK(signals_of_child("SigBlk") == 0);
    CHECK(signals_of_child("SigIgn") == 0);

    sigset_t after;
    ::pthread_sigmask(SIG_SETMASK, &before, &after);
    CHECK(::sigismember(&after, SIGUSR1) == 1);
    struct sigaction still
    {
    };
    ::sigaction(SIGUSR2, &old, &still);
    CHECK(still.sa_handler == SIG_IGN);
}

TEST_CASE("The death signal comes when the thread that spawned ends")
{
    Process process;
    std::thread{[&process] {
        ProcessSpec spec{.executable = "/bin/sleep", .arguments = {"1000"}};
        spec.death_signal = SIGKILL;
        process = spawn(spec);
    }}.join();
    CHECK(process.wait() == ExitStatus{ExitStatus::Kind::signaled, SIGKILL});
}

TEST_CASE("Threads may spawn at the same time, and others work on meanwhile")
{
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    std::atomic<bool> done{false};
    std::thread busy{[&] {
        std::map<int, std::string> memory;
        for (auto i = 0; !done; ++i) {
            memory[i % 100] = std::string(100, 'x');
            UniqueFd const fd{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
        }
    }};
    for (auto t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (auto i = 0; i < 10; ++i) {
                if (spawn(shell("exit " + std::to_string(t))).wait() != ExitStatus{ExitStatus::Kind::exited, t})
                    ++wrong;
                if (!error_of([] { static_cast<void>(spawn({.executable = "/nowhere"})); }))
                    ++wrong;
            }
        });
    for (auto& thread : threads)
        thread.join();
    done = true;
    busy.join();
    CHECK(wrong == 0);
}
