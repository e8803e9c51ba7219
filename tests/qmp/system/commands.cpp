// SPDX-License-Identifier: BSL-1.0
#include "qmp/system/qemu.hpp"

#include <vmwright/qmp/client.hpp>
#include <vmwright/qmp/commands.hpp>
#include <vmwright/qmp/error.hpp>
#include <vmwright/qmp/events.hpp>
#include <vmwright/qmp/schema.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <functional>
#include <poll.h>
#include <string>

using namespace vmwright;
using namespace qmp_tests;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace
{

/// Runs a conversation with a freshly connected client to its end.
void talk(Qemu const& qemu, std::function<asio::awaitable<void>(qmp::Client&, qmp::Greeting const&)> conversation)
{
    asio::io_context io{1};
    qmp::Client client{io.get_executor(), qemu.connect()};
    auto const whole = [&]() -> asio::awaitable<void> {
        auto const greeting = co_await client.async_handshake(20s);
        co_await conversation(client, greeting);
    };
    std::exception_ptr error;
    asio::co_spawn(io, whole(), [&](std::exception_ptr e) {
        error = e;
        client.close();
    });
    io.run();
    if (error)
        std::rethrow_exception(error);
}

auto has(auto const& list, std::string_view name) -> bool
{
    return std::ranges::any_of(list, [&](auto const& entry) { return entry.name == name; });
}

} // namespace

TEST_CASE("what the probe asks is answered as its types say")
{
    Qemu qemu{{"-machine", "none"}};
    talk(qemu, [](qmp::Client& client, qmp::Greeting const& greeting) -> asio::awaitable<void> {
        auto const version = co_await client.async_execute(qmp::query_version{}, 20s);
        CHECK(version == greeting.version);
        CHECK(version.qemu >= qmp::VersionTriple{7, 2, 0});

        auto const machines = co_await client.async_execute(qmp::query_machines{}, 20s);
        CHECK(has(machines, "none"));
        CHECK(std::ranges::any_of(machines, [](auto const& machine) { return machine.alias == "q35"; }));

        auto const cpus = co_await client.async_execute(qmp::query_cpu_definitions{}, 20s);
        CHECK(has(cpus, "max"));

        auto request = qmp::query_cpu_model_expansion{qmp::CpuModelExpansionType::full, {.name = "max"}};
        auto const model = co_await client.async_execute(request, 20s);
        CHECK(model.model.props->size() > 50);

        auto const qom_list_types = qmp::qom_list_types{.implements = "device"};
        auto const types = co_await client.async_execute(qom_list_types, 20s);
        CHECK(has(types, "virtio-blk-pci"));

        auto const device_list_properties = qmp::device_list_properties{"virtio-blk-pci"};
        auto const properties = co_await client.async_execute(device_list_properties, 20s);
        CHECK(has(properties, "drive"));

        auto const reply = co_await client.async_execute(qmp::query_qmp_schema{}, 20s);
        auto const schema = qmp::Schema{reply};
        CHECK(schema.commands().size() > 100);
        for (auto const name : {qmp::query_status::name, qmp::set_action::name, qmp::system_wakeup::name,
                                qmp::inject_nmi::name, qmp::query_pci::name, qmp::remove_fd::name, qmp::query_vnc::name})
            CHECK(schema.has_command(name));
        CHECK(schema.has_event(qmp::events::shutdown::name));
        CHECK(schema.has_event_member("SHUTDOWN", "reason"));
        CHECK(schema.takes_word("set-action", "panic", "exit-failure"));
        CHECK(schema.takes_word("blockdev-add", "driver=file.aio", "threads"));
        CHECK(schema.has_argument("blockdev-add", "file.file.filename"));
        CHECK(!schema.has_argument("blockdev-add", "driver=qcow2.filename"));
        CHECK(schema.has_reply_member("query-block", "inserted.image.backing-image.backing-image.virtual-size"));
        CHECK(!schema.has_command("no-such-command"));
    });
}

TEST_CASE("what is asked of a machine is answered as its types say")
{
    Qemu qemu{{"-machine", "q35", "-m", "64", "-name", "demo", "-uuid", "6a0c5d1e-0000-4000-8000-000000000001", "-device",
               "pcie-root-port,id=rp1", "-blockdev", R"({"driver":"null-co","node-name":"n","size":1048576})", "-device",
               "virtio-blk-pci,id=vda,bus=rp1,drive=n", "-chardev", "null,id=serial", "-device", "virtio-balloon-pci"}};
    talk(qemu, [](qmp::Client& client, qmp::Greeting const&) -> asio::awaitable<void> {
        auto const status = co_await client.async_execute(qmp::query_status{}, 20s);
        CHECK(!status.running);
        CHECK(status.status == qmp::RunState::prelaunch);
        auto const kvm = co_await client.async_execute(qmp::query_kvm{}, 20s);
        CHECK(!kvm.enabled);
        auto const uuid = co_await client.async_execute(qmp::query_uuid{}, 20s);
        CHECK(uuid.uuid == "6a0c5d1e-0000-4000-8000-000000000001");
        auto const name = co_await client.async_execute(qmp::query_name{}, 20s);
        CHECK(name.name == "demo");
        auto const chardevs = co_await client.async_execute(qmp::query_chardev{}, 20s);
        CHECK(std::ranges::find(chardevs, "serial", &qmp::ChardevInfo::label) != chardevs.end());
        auto const vnc = co_await client.async_execute(qmp::query_vnc{}, 20s);
        CHECK(!vnc.enabled);
        auto const blocks = co_await client.async_execute(qmp::query_block{}, 20s);
        REQUIRE(blocks.size() == 1);
        CHECK(blocks[0].inserted->image.virtual_size == 1048576);
        auto const cpus = co_await client.async_execute(qmp::query_cpus_fast{}, 20s);
        REQUIRE(cpus.size() == 1);
        CHECK(cpus[0].target == "x86_64");
        auto const balloon = co_await client.async_execute(qmp::query_balloon{}, 20s);
        CHECK(balloon.actual == 64 << 20);
        auto const qom_list = qmp::qom_list{"/machine/peripheral"};
        auto const objects = co_await client.async_execute(qom_list, 20s);
        CHECK(has(objects, "vda"));
        auto const qom_get = qmp::qom_get{"/machine/peripheral/vda", "type"};
        auto const type = co_await client.async_execute(qom_get, 20s);
        CHECK(type == "virtio-blk-pci");
        auto const buses = co_await client.async_execute(qmp::query_pci{}, 20s);
        auto const& devices = buses.at(0).devices;
        auto const port = std::ranges::find(devices, "rp1", &qmp::PciDeviceInfo::qdev_id);
        REQUIRE(port != devices.end());
        CHECK(port->pci_bridge);
        auto const human_monitor_command = qmp::human_monitor_command{.command_line = "info name"};
        auto const text = co_await client.async_execute(human_monitor_command, 20s);
        CHECK(text == "demo\r\n");
    });
}

TEST_CASE("a machine's life is told by typed events")
{
    Qemu qemu{{"-machine", "q35", "-m", "64"}};
    talk(qemu, [](qmp::Client& client, qmp::Greeting const&) -> asio::awaitable<void> {
        auto events = client.subscribe();
        auto const next = [&]() -> asio::awaitable<qmp::Event> {
            auto event = co_await events.async_next();
            REQUIRE(event);
            co_return std::move(*event);
        };
        auto const action = qmp::set_action{.reboot = qmp::RebootAction::reset, .shutdown = qmp::ShutdownAction::pause};
        co_await client.async_execute(action, 20s);
        co_await client.async_execute(qmp::cont{}, 20s);
        auto event = co_await next();
        CHECK(qmp::as<qmp::events::resume>(event));
        co_await client.async_execute(qmp::system_powerdown{}, 20s);
        event = co_await next();
        CHECK(qmp::as<qmp::events::powerdown>(event));
        co_await client.async_execute(qmp::system_reset{}, 20s);
        event = co_await next();
        auto const reset = qmp::as<qmp::events::reset>(event);
        REQUIRE(reset);
        CHECK(reset->reason == qmp::ShutdownCause::host_qmp_system_reset);
        co_await client.async_execute(qmp::inject_nmi{}, 20s);
        co_await client.async_execute(qmp::stop{}, 20s);
        event = co_await next();
        CHECK(qmp::as<qmp::events::stop>(event));
        auto const status = co_await client.async_execute(qmp::query_status{}, 20s);
        CHECK(status.status == qmp::RunState::paused);
        std::string refusal;
        try {
            co_await client.async_execute(qmp::query_balloon{}, 20s);
        } catch (qmp::CommandError const& error) {
            refusal = error.error_class();
        }
        CHECK(refusal == "DeviceNotActive");
        co_await client.async_execute(qmp::quit{}, 20s);
        event = co_await next();
        auto const shutdown = qmp::as<qmp::events::shutdown>(event);
        REQUIRE(shutdown);
        CHECK(shutdown->reason == qmp::ShutdownCause::host_qmp_quit);
        auto const end = co_await events.async_next();
        CHECK(!end);
        CHECK(!client.is_open());
    });
    CHECK(qemu.wait() == 0);
}

TEST_CASE("an fd passed with a command arrives in QEMU")
{
    Qemu qemu{{"-machine", "none"}};
    talk(qemu, [](qmp::Client& client, qmp::Greeting const&) -> asio::awaitable<void> {
        auto const null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
        auto const with_fd = qmp::CallOptions{20s, {null}};
        auto const getfd = qmp::getfd{"mine"};
        co_await client.async_execute(getfd, with_fd);
        auto const closefd = qmp::closefd{"mine"};
        co_await client.async_execute(closefd, 20s);
        auto const add_fd = qmp::add_fd{.opaque = "test"};
        auto const added = co_await client.async_execute(add_fd, with_fd);
        ::close(null);
        auto const sets = co_await client.async_execute("query-fdsets", {}, 20s);
        CHECK(sets.at(0).at("fdset-id") == added.fdset_id);
        auto const remove_fd = qmp::remove_fd{.fdset_id = added.fdset_id};
        co_await client.async_execute(remove_fd, 20s);
    });
}

TEST_CASE("the answer of a client that died never reaches the next one")
{
    Qemu qemu{{"-machine", "none"}};
    int foreign = 0;
    for (int round = 0; round < 100; ++round) {
        {
            // Dies at another moment each round, from before QEMU reads the command to after it answers.
            auto const dying = qemu.connect();
            std::string_view const negotiation{R"({"execute":"qmp_capabilities","id":"x0"})"};
            std::string_view const command{R"({"execute":"query-qmp-schema","id":"x1"})"};
            REQUIRE(::send(dying, negotiation.data(), negotiation.size(), MSG_NOSIGNAL) > 0);
            std::string heard;
            while (heard.find("x0") == std::string::npos) {
                char buffer[1024];
                auto const size = ::recv(dying, buffer, sizeof buffer, 0);
                REQUIRE(size > 0);
                heard.append(buffer, static_cast<std::size_t>(size));
            }
            REQUIRE(::send(dying, command.data(), command.size(), MSG_NOSIGNAL) > 0);
            ::pollfd answer{dying, POLLIN, 0};
            ::poll(&answer, 1, round % 25);
            ::close(dying);
        }
        asio::io_context io{1};
        qmp::Client client{
            io.get_executor(), qemu.connect(), {.log = [&](LogLevel, std::string_view, std::string_view text) {
                foreign += text.starts_with("dropped");
            }}};
        auto const ask = [&]() -> asio::awaitable<void> {
            co_await client.async_handshake(20s);
            auto const version = co_await client.async_execute(qmp::query_version{}, 20s);
            CHECK(version.qemu.major >= 7);
            auto const status = co_await client.async_execute(qmp::query_status{}, 20s);
            CHECK(status.status == qmp::RunState::prelaunch);
        };
        std::exception_ptr error;
        asio::co_spawn(io, ask(), [&](std::exception_ptr e) {
            error = e;
            client.close();
        });
        io.run();
        if (error)
            std::rethrow_exception(error);
    }
    CHECK(foreign > 0);
}
