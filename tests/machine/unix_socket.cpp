// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "support.hpp"
#include "temporary_directory.hpp"

#include <vmwright/machine/local_machine.hpp>

#include <sys/socket.h>
#include <sys/stat.h>

using namespace vmwright;

TEST_CASE("A socket listens and connects below a directory of 600 bytes")
{
    LocalMachine machine;
    TemporaryDirectory const directory;
    auto root = directory.path();
    while (root.size() < 600)
        root += "/a-long-name-for-a-directory";
    machine.make_directories(root);
    auto const path = root + "/qmp0";

    auto const listener = machine.listen(path);
    CHECK(machine.status(path)->type == FileType::socket);
    auto const connection = machine.connect(path);
    REQUIRE(connection.outcome == ConnectOutcome::connected);
    UniqueFd const accepted{::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    CHECK(::write(accepted.get(), "greeting", 8) == 8);
    std::array<char, 8> text{};
    CHECK(::read(connection.fd.get(), text.data(), text.size()) == 8);
    CHECK((::fcntl(connection.fd.get(), F_GETFL) & O_NONBLOCK) != 0);
}

TEST_CASE("A socket is private from the first moment, whatever the umask")
{
    LocalMachine machine;
    TemporaryDirectory const directory;
    auto const before = ::umask(0);
    auto const listener = machine.listen(directory / "qmp0");
    ::umask(before);
    CHECK(machine.status(directory / "qmp0")->mode == 0600);
}

TEST_CASE("A full queue is busy, at once")
{
    LocalMachine machine;
    TemporaryDirectory const directory;
    auto const path = directory / "qmp0";
    auto const listener = machine.listen(path, 1);
    std::vector<Connection> queued;
    for (auto i = 0; i < 2; ++i)
        queued.push_back(machine.connect(path));
    for (auto const& connection : queued)
        CHECK(connection.outcome == ConnectOutcome::connected);
    auto const one_more = machine.connect(path);
    CHECK(one_more.outcome == ConnectOutcome::busy);
    CHECK_FALSE(one_more.fd);
}

TEST_CASE("Nobody listening and nothing there are told apart")
{
    LocalMachine machine;
    TemporaryDirectory const directory;
    auto const path = directory / "qmp0";
    CHECK(machine.connect(path).outcome == ConnectOutcome::absent);
    CHECK(machine.connect(directory / "nowhere/qmp0").outcome == ConnectOutcome::absent);
    static_cast<void>(machine.listen(path));
    CHECK(machine.connect(path).outcome == ConnectOutcome::refused);
}

TEST_CASE("Listening says why it cannot be")
{
    LocalMachine machine;
    TemporaryDirectory const directory;
    auto const path = directory / "qmp0";
    auto const listener = machine.listen(path);
    CHECK(error_of([&] { static_cast<void>(machine.listen(path)); })->context().cause == std::errc::address_in_use);
    CHECK(error_of([&] { static_cast<void>(machine.listen(directory / "nowhere/qmp0")); })->context().cause ==
          std::errc::no_such_file_or_directory);
    for (auto const& name : {directory / std::string(81, 'n'), directory / "", std::string{"qmp0"}})
        CHECK(error_of([&] { static_cast<void>(machine.listen(name)); })->code() == Errc::invalid_argument);
    CHECK(machine.listen(directory / std::string(80, 'n')));
}

TEST_CASE("A program accepts on the listener that it was given")
{
    LocalMachine machine;
    TemporaryDirectory const directory;
    auto const path = directory / "qmp0";
    auto listener = machine.listen(path);
    auto const process =
        machine.spawn({.executable = "/bin/sleep", .arguments = {"1000"}, .fds = {{.number = 3, .ours = listener.get()}}});
    listener.reset();
    CHECK(machine.connect(path).outcome == ConnectOutcome::connected);
    process.kill();
    process.wait();
    CHECK(machine.connect(path).outcome == ConnectOutcome::refused);
}
