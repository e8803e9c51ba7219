// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "support.hpp"
#include "temporary_directory.hpp"

#include <vmwright/machine/fake_machine.hpp>
#include <vmwright/machine/local_machine.hpp>

#include <boost/asio/io_context.hpp>

#include <csignal>
#include <sys/socket.h>

using namespace vmwright;

namespace
{

/// Does the same things on any machine below a directory, and tells what came of each.
auto tour(Machine& machine, std::string const& root) -> std::vector<std::string>
{
    std::vector<std::string> log;
    auto const at = [&](std::string const& name) { return root + "/" + name; };
    auto const attempt = [&](std::string const& what, auto const& call) {
        std::string outcome{"done"};
        if (auto const error = error_of(call))
            outcome =
                std::string{to_string(static_cast<Errc>(error->code().value()))} + ", " + error->context().cause.message();
        log.push_back(what + ": " + outcome);
    };
    auto const note = [&](std::string const& what, auto const& value) {
        log.push_back(what + ": " + Catch::Detail::stringify(value));
    };

    attempt("make", [&] { machine.make_directories(at("a/b/")); });
    attempt("make again", [&] { machine.make_directories(at("a/b")); });
    attempt("write", [&] { machine.write_file(at("a/file"), "text"); });
    attempt("write nowhere", [&] { machine.write_file(at("nowhere/file"), "text"); });
    attempt("write below a file", [&] { machine.write_file(at("a/file/file"), "text"); });
    attempt("write a directory", [&] { machine.write_file(at("a/b"), "text"); });
    attempt("directory over a file", [&] { machine.make_directories(at("a/file")); });
    attempt("directory below a file", [&] { machine.make_directories(at("a/file/b")); });
    note("read", machine.read_file(at("a/file")));
    attempt("read too much", [&] { static_cast<void>(machine.read_file(at("a/file"), 3)); });
    attempt("read a directory", [&] { static_cast<void>(machine.read_file(at("a"))); });
    attempt("read nothing", [&] { static_cast<void>(machine.read_file(at("b"))); });
    note("size", machine.status(at("a/file"))->size);
    note("mode", machine.status(at("a/file"))->mode);
    note("directory's mode", machine.status(at("a/b"))->mode);
    note("no status", machine.status(at("b")).has_value());

    auto const text = machine.open_file(at("a/log"), {.append = true, .create = true});
    note("append",
         ::write(text.get(), "one", 3) + ::write(machine.open_file(at("a/log"), {.append = true}).get(), "two", 3));
    note("appended", machine.read_file(at("a/log")));
    attempt("open nothing", [&] { static_cast<void>(machine.open_file(at("b"))); });
    attempt("fifo", [&] { machine.make_fifo(at("a/fifo")); });
    attempt("fifo again", [&] { machine.make_fifo(at("a/fifo")); });
    note("fifo's type", static_cast<int>(machine.status(at("a/fifo"))->type));
    note("list", machine.list_directory(at("a")));
    attempt("list a file", [&] { static_cast<void>(machine.list_directory(at("a/file"))); });
    attempt("list nothing", [&] { static_cast<void>(machine.list_directory(at("b"))); });

    attempt("remove full", [&] { machine.remove(at("a")); });
    attempt("rename", [&] { machine.rename(at("a"), at("c")); });
    attempt("rename nothing", [&] { machine.rename(at("a"), at("c")); });
    note("moved", machine.read_file(at("c/file")));
    note("remove", machine.remove(at("c/file")));
    note("remove nothing", machine.remove(at("c/file")));
    note("remove empty", machine.remove(at("c/b")));

    auto lock = machine.try_lock(at("lock"));
    note("locked", machine.is_locked(at("lock")));
    note("second lock", static_cast<bool>(machine.try_lock(at("lock"))));
    lock.reset();
    note("unlocked", machine.is_locked(at("lock")));
    note("no lock", machine.is_locked(at("b")));

    auto listener = machine.listen(at("qmp0"));
    attempt("listen again", [&] { static_cast<void>(machine.listen(at("qmp0"))); });
    auto const first = machine.connect(at("qmp0"));
    auto const second = machine.connect(at("qmp0"));
    note("connect", static_cast<int>(first.outcome));
    note("queued", static_cast<int>(second.outcome));
    note("full", static_cast<int>(machine.connect(at("qmp0")).outcome));
    listener.reset();
    note("refused", static_cast<int>(machine.connect(at("qmp0")).outcome));
    note("socket", static_cast<int>(machine.status(at("qmp0"))->type));
    note("absent", static_cast<int>(machine.connect(at("b")).outcome));
    return log;
}

} // namespace

TEST_CASE("The fake machine's files, locks and sockets are as the real one's")
{
    LocalMachine local;
    TemporaryDirectory const directory;
    FakeMachine fake;
    fake.make_directories("/root/dir");
    CHECK(tour(fake, "/root/dir") == tour(local, directory.path()));
    CHECK(fake.list_directory("/") == std::vector<std::string>{"root", "usr"});
}

TEST_CASE("The test answers what the fake machine runs, and sees it afterwards")
{
    FakeMachine machine;
    CHECK(error_of([&] { static_cast<void>(machine.run({.executable = "/bin/program"})); })->code() == Errc::spawn_failed);
    machine.on_run = [](RunSpec const& spec) { return RunResult{{ExitStatus::Kind::exited, 0}, spec.arguments.at(0), ""}; };
    CHECK(machine.run({.executable = "/bin/program", .arguments = {"word"}}).output == "word");
    CHECK(machine.runs().size() == 2);
    CHECK(machine.runs().back().arguments == std::vector<std::string>{"word"});
}

TEST_CASE("The test plays a program of the fake machine")
{
    FakeMachine machine;
    auto listener = machine.listen("/qmp0");
    auto const process = machine.spawn({.executable = "/bin/program", .fds = {{.number = 3, .ours = listener.get()}}});
    listener.reset();
    auto const program = machine.processes().at(0);
    CHECK(program->spec().executable == "/bin/program");

    auto const connection = machine.connect("/qmp0");
    UniqueFd const accepted{::accept4(program->fd(3), nullptr, nullptr, SOCK_CLOEXEC)};
    CHECK(::write(accepted.get(), "greeting", 8) == 8);
    std::array<char, 8> text{};
    CHECK(::read(connection.fd.get(), text.data(), text.size()) == 8);

    program->obeys_terminate = false;
    CHECK(process.terminate());
    CHECK_FALSE(process.has_ended());
    CHECK(program->signals() == std::vector<int>{SIGTERM});
    CHECK(machine.open_process(process.id()));

    boost::asio::io_context context;
    ExitStatus status;
    process.async_wait(context.get_executor(), [&](std::exception_ptr, ExitStatus how) { status = how; });
    program->end({ExitStatus::Kind::exited, 3});
    context.run();
    CHECK(status == ExitStatus{ExitStatus::Kind::exited, 3});
    CHECK(process.wait() == status);
    CHECK_FALSE(process.kill());
    CHECK_FALSE(machine.open_process(process.id()));
    CHECK(machine.connect("/qmp0").outcome == ConnectOutcome::refused);
}

TEST_CASE("A program of the fake machine may fail to start")
{
    FakeMachine machine;
    machine.on_spawn = [](auto const&) { throw Error{Errc::spawn_failed, "no"}; };
    CHECK(error_of([&] { static_cast<void>(machine.spawn({.executable = "/bin/program"})); }));
    CHECK(machine.processes().empty());
}

TEST_CASE("The fake machine can fail at any file and be booted again")
{
    FakeMachine machine;
    machine.write_file("/file", "old");
    machine.on_file = [](std::string_view function, std::string const& path) {
        if (function == "write_file")
            throw Error{Errc::io_failed, "no space for " + path};
    };
    CHECK(error_of([&] { machine.write_file("/file", "new"); }));
    CHECK(machine.read_file("/file") == "old");

    auto const process = machine.spawn({.executable = "/bin/program"});
    auto const before = machine.boot_id();
    machine.reboot();
    CHECK(machine.boot_id() != before);
    CHECK(process.wait() == ExitStatus{});
}

TEST_CASE("Programs of the fake machine are files in /usr/bin")
{
    FakeMachine machine;
    CHECK_FALSE(machine.find_program("program"));
    machine.write_file("/usr/bin/program", "");
    CHECK(machine.find_program("program") == "/usr/bin/program");
}
