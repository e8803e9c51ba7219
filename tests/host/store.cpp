// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "host/support.hpp"

#include <vmwright/host/detail/store.hpp>
#include <vmwright/machine/fake_machine.hpp>

using namespace vmwright;
using detail::RunStatus;
using detail::Store;

TEST_CASE("The status of a run is read as it was written, and a broken one is told of")
{
    auto const machine = std::make_shared<FakeMachine>();
    Store const store{machine, "/state"};
    store.open();
    machine->make_directories(store.run_path("demo"));
    RunStatus const status{.boot_id = "b",
                           .process = {.pid = 7, .start_time = 1ULL << 40U},
                           .id = 3,
                           .uuid = *Uuid::parse("5f1c9a52-7d3e-4c1b-9a64-0d2f3b8e6a10"),
                           .emulator = "/usr/bin/qemu",
                           .started = std::chrono::system_clock::time_point{std::chrono::microseconds{12345}},
                           .started_paused = true,
                           .reboot_pending = true};
    store.write_run_status("demo", status);
    CHECK(store.run_status("demo") == status);
    CHECK_FALSE(store.running("demo"));
    auto const alive = machine->try_lock(store.run_path("demo", "alive"));
    CHECK(store.running("demo") == status);

    for (auto const* const broken : {"", "{}", "[]", "{\"boot\":1}", "rubbish"}) {
        machine->write_file(store.run_path("demo", "status"), broken);
        CHECK(error_of([&] { return store.run_status("demo"); })->code() == Errc::corrupt_state);
    }
}

TEST_CASE("Ids are given once each")
{
    auto const machine = std::make_shared<FakeMachine>();
    Store const store{machine, "/state"};
    store.open();
    CHECK(store.next_id() == 1);
    CHECK(store.next_id() == 2);
    CHECK(Store{machine, "/state"}.next_id() == 3);
}

TEST_CASE("A lock tells who has it")
{
    auto const machine = std::make_shared<FakeMachine>();
    Store const store{machine, "/state"};
    store.open();
    auto const path = store.lock_path("demo");
    {
        auto const lock = store.try_lock(path, "first");
        REQUIRE(lock);
        CHECK_FALSE(store.try_lock(path, "second"));
        CHECK(store.lock_holder(path) == "first (pid 1000)");
    }
    CHECK(store.try_lock(path, "second"));
}

TEST_CASE("What a run left is swept; its log stays with a defined domain")
{
    auto const machine = std::make_shared<FakeMachine>();
    Store const store{machine, "/state"};
    store.open();
    for (auto const* const name : {"kept", "gone"}) {
        machine->make_directories(store.run_path(name, "channel/target"));
        machine->write_file(store.run_path(name, "channel/target/x"), "");
        machine->write_file(store.run_path(name, "log"), "words");
    }
    store.write_definition("kept", "<domain/>");
    store.sweep_run("kept");
    store.sweep_run("gone");
    CHECK(store.run_names().empty());
    CHECK(machine->read_file("/state/log/kept.log") == "words");
    CHECK(machine->list_directory("/state/log").size() == 1);
    store.remove_definition("kept");
    CHECK(machine->list_directory("/state/log").empty());
}
