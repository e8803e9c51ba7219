// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "host/support.hpp"

#include <vmwright/host/detail/store.hpp>
#include <vmwright/machine/fake_machine.hpp>
#include <vmwright/machine/local_machine.hpp>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace vmwright;
using detail::RunStatus;
using detail::Store;

TEST_CASE("The status of a run is read as it was written, and a broken one is told of")
{
    auto const machine = std::make_shared<FakeMachine>();
    Store const store{machine, "/state"};
    store.open();
    machine->make_directories(store.run_path("demo"));
    auto const process = machine->spawn({.executable = "/usr/bin/qemu"});
    RunStatus status{.boot_id = "b",
                     .process = process.id(),
                     .id = 3,
                     .uuid = *Uuid::parse("5f1c9a52-7d3e-4c1b-9a64-0d2f3b8e6a10"),
                     .emulator = "/usr/bin/qemu",
                     .started = std::chrono::system_clock::time_point{std::chrono::microseconds{12345}},
                     .started_paused = true,
                     .reboot_pending = true,
                     .booting = true};
    store.write_run_status("demo", status);
    CHECK(store.run_status("demo") == status);
    auto const alive = machine->try_lock(store.run_path("demo", "alive"));
    CHECK_FALSE(store.running("demo")); // its start is not complete
    status.is_complete = true;
    store.write_run_status("demo", status);
    CHECK(store.running("demo") == status);
    process.kill();
    CHECK_FALSE(store.running("demo")); // somebody else keeps a copy of the lock

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
        auto const lock = store.try_lock(path, "first", "to start it");
        REQUIRE(lock);
        CHECK_FALSE(store.try_lock(path, "second", "to stop it"));
        auto const holder = store.lock_holder(path);
        REQUIRE(holder);
        CHECK(format(*holder).starts_with("first (pid 1000, since 2"));
        CHECK(format(*holder).ends_with(" UTC, to start it)"));
    }
    CHECK(store.try_lock(path, "second", "to stop it"));
    CHECK(store.lock_holder(path)->program == "second");
}

TEST_CASE("A lock that only a child of its dead holder still has is taken")
{
    TemporaryDirectory const root;
    auto const machine = std::make_shared<LocalMachine>();
    Store const store{machine, root.path()};
    store.open();
    auto const path = store.lock_path("demo");
    int ready[2]{};
    REQUIRE(::pipe(ready) == 0);
    // The holder forks and dies; its child keeps all that it had open, until this test closes the other pipe.
    int over[2]{};
    REQUIRE(::pipe(over) == 0);
    auto const holder = ::fork();
    if (holder == 0) {
        auto const lock = store.try_lock(path, "holder", "to hold it");
        if (::fork() == 0) {
            char byte{};
            ::close(over[1]);
            [[maybe_unused]] auto const written = ::write(ready[1], "x", 1);
            [[maybe_unused]] auto const end = ::read(over[0], &byte, 1);
            ::_exit(0);
        }
        ::pause();
    }
    char byte{};
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    CHECK_FALSE(store.try_lock(path, "other", "to take it"));
    ::kill(holder, SIGKILL);
    ::waitpid(holder, nullptr, 0);
    CHECK(machine->is_locked(path));
    auto const taken = store.try_lock(path, "other", "to take it");
    CHECK(taken);
    CHECK(store.lock_holder(path)->program == "other");
    CHECK_FALSE(store.try_lock(path, "third", "to take it, too"));
    for (auto const fd : {ready[0], ready[1], over[0], over[1]})
        ::close(fd);
    while (::waitpid(-1, nullptr, 0) > 0)
        ;
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

TEST_CASE("The state of a TPM goes with what was begun and not completed, and stays with what was")
{
    auto const machine = std::make_shared<FakeMachine>();
    Store const store{machine, "/state"};
    store.open();
    auto const uuid = *Uuid::parse("5f1c9a52-7d3e-4c1b-9a64-0d2f3b8e6a10");
    auto const state = store.path("tpm/" + to_string(uuid));
    auto const intent = store.path("intents/" + to_string(uuid));
    auto const definition = "<domain><uuid>" + to_string(uuid) + "</uuid></domain>";
    auto const make_state = [&] {
        machine->make_directories(state);
        machine->write_file(state + "/tpm2-00.permall", "keys");
    };

    // A start that died: also of a defined domain, whose state was only being made.
    store.write_definition("demo", definition);
    make_state();
    store.begin_tpm_state("demo", uuid);
    store.sweep("a test");
    CHECK_FALSE(machine->status(state));
    CHECK_FALSE(machine->status(intent));

    // One that was complete and died before it said so.
    make_state();
    store.begin_tpm_state("demo", uuid);
    machine->make_directories(store.run_path("demo"));
    auto const alive = machine->try_lock(store.run_path("demo", "alive"));
    store.write_run_status("demo", {.process = machine->spawn({.executable = "/usr/bin/qemu"}).id(), .is_complete = true});
    store.sweep("a test");
    CHECK(machine->status(state));
    CHECK_FALSE(machine->status(intent));

    // Somebody is at work on the domain: it is theirs.
    store.begin_tpm_state("demo", uuid);
    {
        auto const lock = store.try_lock(store.lock_path("demo"), "another", "to start it");
        store.sweep("a test");
    }
    CHECK(machine->status(intent));
    store.forget_intent(uuid);

    // A removal that died before its definition was gone, and one that died after.
    machine->write_file(intent, "undefine\ndemo");
    store.sweep("a test");
    CHECK(machine->status(state));
    CHECK_FALSE(machine->status(intent));
    machine->write_file(intent, "undefine\ndemo");
    machine->remove(store.path("domains/demo.xml"));
    store.sweep("a test");
    CHECK_FALSE(machine->status(state));

    // One that came to its end.
    store.write_definition("demo", definition);
    make_state();
    store.remove_definition("demo", {uuid});
    CHECK_FALSE(machine->status(state));
    CHECK_FALSE(machine->status(intent));
}

TEST_CASE("What is left of domains that nobody knows any more is swept, and nothing of those that are known or at work")
{
    auto const machine = std::make_shared<FakeMachine>();
    Store const store{machine, "/state"};
    store.open();
    store.write_definition("known", "<domain/>");
    for (auto const* const name : {"known", "gone", "starting"}) {
        machine->write_file(store.path("ended/" + std::string{name}), "{}");
        machine->write_file(store.path("log/" + std::string{name} + ".log"), "words");
        store.hint(name);
    }
    auto const lock = store.try_lock(store.lock_path("starting"), "another", "to start it");
    store.sweep("a test");
    for (auto const* const leaf : {"ended", "hints"})
        CHECK(machine->list_directory(store.path(leaf)) == std::vector<std::string>{"known", "starting"});
    CHECK(machine->list_directory(store.path("log")) == std::vector<std::string>{"known.log", "starting.log"});
    CHECK(machine->list_directory(store.path("locks")) == std::vector<std::string>{"starting"});
}
