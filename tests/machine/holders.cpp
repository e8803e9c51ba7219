// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "temporary_directory.hpp"

#include <vmwright/machine/access.hpp>
#include <vmwright/machine/fake_machine.hpp>
#include <vmwright/machine/holders.hpp>
#include <vmwright/machine/local_machine.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <vector>

using namespace vmwright;

TEST_CASE("Of the processes that have a file open, those with a lock on it are its holders")
{
    TemporaryDirectory const directory;
    LocalMachine machine;
    auto const path = directory / "image";
    auto lock = machine.try_lock(path);
    CHECK(lock_holders(machine, path).empty()); // ourselves
    auto const reader = machine.open_file(path);
    auto const spawn = [&](int fd) {
        return machine.spawn({.executable = "/bin/sleep", .arguments = {"1000"}, .fds = {{.number = 3, .ours = fd}}});
    };
    auto const holder = spawn(lock.get());
    auto const other = spawn(reader.get());
    lock.reset();
    CHECK(machine.processes_with(path).size() == 3); // we still read it
    CHECK(lock_holders(machine, path) == std::vector{holder.id()});
    CHECK(arguments_of(machine, holder.id()) == std::vector<std::string>{"/bin/sleep", "1000"});
    CHECK(process_state(machine, holder.id()) == 'S');
    for (auto const& process : {holder, other}) {
        process.kill();
        process.wait();
    }
    CHECK(lock_holders(machine, path).empty());
    CHECK(lock_holders(machine, directory / "nothing").empty());
    CHECK(arguments_of(machine, holder.id()).empty());
    CHECK(process_state(machine, holder.id()) == ' ');
}

TEST_CASE("Who listens on a port is found, on either family")
{
    using boost::asio::ip::tcp;
    LocalMachine machine;
    boost::asio::io_context context;
    tcp::acceptor acceptor{context, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}};
    auto const port = acceptor.local_endpoint().port();
    CHECK(port_holders(machine, port) == std::vector{machine.self()});
    acceptor.close();
    CHECK(port_holders(machine, port).empty());
}

TEST_CASE("What a file's permission bits say of its user is told, with what would help")
{
    FakeMachine machine;
    machine.make_directories("/proc/thread-self");
    machine.make_directories("/etc");
    auto const be = [&](std::string const& user, std::string const& groups) {
        machine.write_file("/proc/thread-self/status",
                           "Name:\tx\nUid:\t0\t" + user + "\t0\t0\nGid:\t0\t7\t7\t7\nGroups:\t" + groups + "\n");
    };
    machine.write_file("/etc/passwd", "root:x:0:0::/root:/bin/sh\nme:x:1000:1000::/:/bin/sh\n");
    machine.write_file("/etc/group", "root:x:0:\n");
    machine.make_directories("/images/mine", 0755);
    machine.write_file("/images/a", "", {.mode = 0600});
    machine.write_file("/images/b", "", {.mode = 0644});
    be("1000", "4 5");
    auto const denial = explain_denial(machine, "/images/a", true);
    CHECK(denial.reason == "user 'me' may not write to '/images/a', which is root:root's with mode 0600");
    CHECK(denial.hint.find("setfacl -m u:me:rw") != std::string::npos);
    CHECK(denial.group.empty());
    CHECK(explain_denial(machine, "/images/b", false) == Denial{});
    CHECK(explain_denial(machine, "/images/b", true).reason.find("'/images/b'") != std::string::npos);
    CHECK(explain_denial(machine, "/images/none", true) == Denial{});
    machine.make_directories("/closed", 0700);
    machine.write_file("/closed/a", "", {.mode = 0666});
    CHECK(explain_denial(machine, "/closed/a", true).reason ==
          "user 'me' may not enter the directory '/closed', which is root:root's with mode 0700");
    // A user without a name, and of the file's group.
    be("1001", "0");
    machine.write_file("/images/c", "", {.mode = 0640});
    CHECK(explain_denial(machine, "/images/c", false) == Denial{});
    CHECK(explain_denial(machine, "/images/c", true).reason.starts_with("user '1001' may not write to"));
    // Nothing of this stops root.
    be("0", "");
    CHECK(explain_denial(machine, "/images/a", true).hint.find("root_squash") != std::string::npos);
}
