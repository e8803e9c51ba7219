// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "support.hpp"
#include "temporary_directory.hpp"

#include <vmwright/machine/file_lock.hpp>

#include <sys/wait.h>

using namespace vmwright;

TEST_CASE("One holds the lock, others are told so, in one process too")
{
    TemporaryDirectory const directory;
    auto const path = directory / "lock";
    CHECK_FALSE(file_is_locked(path));
    auto lock = try_lock_file(path);
    REQUIRE(lock);
    CHECK(file_is_locked(path));
    CHECK_FALSE(try_lock_file(path));
    CHECK(file_is_locked(path)); // neither the question nor the attempt has broken it
    lock.reset();
    CHECK_FALSE(file_is_locked(path));
    CHECK(try_lock_file(path));
}

TEST_CASE("A process holds the lock that it was given until it ends, as a zombie no more")
{
    TemporaryDirectory const directory;
    auto const path = directory / "alive";
    auto lock = try_lock_file(path);
    Process const process =
        spawn({.executable = "/bin/sleep", .arguments = {"1000"}, .fds = {{.number = 3, .ours = lock.get()}}});
    lock.reset();
    CHECK(file_is_locked(path));
    process.kill();
    siginfo_t info{};
    REQUIRE(::waitid(P_PID, static_cast<id_t>(process.pid()), &info, WEXITED | WNOWAIT) == 0);
    CHECK_FALSE(file_is_locked(path));
    process.wait();
}

TEST_CASE("A lock in a directory that is not there is an error, the question is not")
{
    CHECK(error_of([] { static_cast<void>(try_lock_file("/nowhere/lock")); }));
    CHECK_FALSE(file_is_locked("/nowhere/lock"));
}
