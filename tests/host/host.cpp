// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "host/support.hpp"

#include <vmwright/machine/fake_machine.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using namespace vmwright;
using namespace std::chrono_literals;

namespace
{

/// Of a machine without any emulator: what needs none must work there.
auto options_on(std::shared_ptr<FakeMachine> machine) -> HostOptions
{
    auto options = options_in("/state");
    options.machine = std::move(machine);
    return options;
}

auto text_of_domain(std::string const& name, std::string const& more = {}) -> std::string
{
    return "<!-- mine -->\n<domain type='qemu'>\n  <name>" + name +
           "</name>\n  <memory unit='MiB'>64</memory> <!-- 内存 -->\n" + more +
           "  <os><type machine='q35'>hvm</type></os>\n</domain>\n";
}

} // namespace

TEST_CASE("A host is opened by a directory or by one of three URIs, and any other URI says so")
{
    TemporaryDirectory const root;
    CHECK(Host::open(options_in(root / "a")).uri() == "qemu:///embed?root=" + (root / "a"));
    CHECK(fs::exists(root / "a/domains"));
    auto const embedded = Host::open("qemu:///embed?root=" + (root / "b"));
    CHECK(embedded.root() == root / "b");
    CHECK(embedded.uri() == "qemu:///embed?root=" + (root / "b"));
    for (auto const* const uri :
         {"xen:///", "lxc:///", "test:///default", "qemu+ssh://host/system", "qemu:///", "", "qemu:///embed?root="}) {
        auto const error = error_of([&] { return Host::open(uri); });
        REQUIRE(error);
        CHECK(error->code() == Errc::not_supported_yet);
        CHECK(error->message() == std::string{"not supported yet: "} + uri);
    }
    CHECK(error_of([] { return Host::open(HostOptions{}); })->code() == Errc::invalid_argument);
}

TEST_CASE("qemu:///session and qemu:///system have directories of our own")
{
    auto const machine = std::make_shared<FakeMachine>();
    HostOptions options;
    options.machine = machine;
    CHECK(Host::open("qemu:///system", options).root() == "/var/lib/vmwright");
    auto const root = Host::open("qemu:///session", options).root();
    CHECK(root.ends_with("/vmwright"));
    CHECK(machine->status(root + "/domains"));
}

TEST_CASE("A state directory of another format is left alone")
{
    TemporaryDirectory const root;
    std::ofstream{root / "format"} << "99\n";
    CHECK(error_of([&] { return Host::open(options_in(root.path())); })->code() == Errc::corrupt_state);
}

TEST_CASE("Opening takes no more than milliseconds and starts nothing")
{
    auto const machine = std::make_shared<FakeMachine>();
    auto const host = Host::open(options_on(machine));
    CHECK(host.domains().empty());
    CHECK(machine->processes().empty());
    CHECK(machine->runs().empty());
}

TEST_CASE("What define keeps is the author's text, comments and all, with its choices in it")
{
    auto const host = Host::open(options_on(std::make_shared<FakeMachine>()));
    auto const domain = host.define_xml(text_of_domain("demo"));
    auto const kept = domain.definition();
    CHECK(kept.starts_with("<!-- mine -->\n<domain type='qemu'>\n  <name>demo</name>\n"));
    CHECK(kept.find("<!-- 内存 -->") != std::string::npos);
    CHECK(kept.find("<uuid>" + to_string(domain.uuid()) + "</uuid>") != std::string::npos);
    CHECK(kept.find("machine='pc-q35-7.2'") != std::string::npos);
    CHECK(domain.is_persistent());
    CHECK_FALSE(domain.is_active());
    CHECK(domain.xml().find("<!--") == std::string::npos);
    CHECK(domain.xml() == domain.xml(DomainXml::inactive));
    CHECK(error_of([&] { return domain.xml(DomainXml::live); })->code() == Errc::not_running);
}

TEST_CASE("Domains are found by name and uuid, and an unknown name gets a hint")
{
    auto const host = Host::open(options_on(std::make_shared<FakeMachine>()));
    auto const one = host.define(small_guest("first"));
    auto const two = host.define(small_guest("second"));
    CHECK(host.domains() == std::vector{one, two});
    CHECK(host.find_domain("first") == one);
    CHECK(host.find_domain(two.uuid()) == two);
    auto const error = error_of([&] { return host.find_domain("secnd"); });
    REQUIRE(error);
    CHECK(error->code() == Errc::not_found);
    CHECK(error->context().hint == "did you mean 'second'?");
    CHECK(error_of([&] { return host.find_domain(7); })->code() == Errc::not_found);
    CHECK(error_of([&] { return host.find_domain("../second"); })->code() == Errc::not_found);

    one.undefine();
    CHECK(host.domains() == std::vector{two});
    CHECK(error_of([&] { one.undefine(); })->code() == Errc::not_found);
    CHECK(error_of([&] { one.start(); })->code() == Errc::not_found);
}

TEST_CASE("A name or uuid that another domain has is refused as libvirt refuses it")
{
    auto const host = Host::open(options_on(std::make_shared<FakeMachine>()));
    auto const domain = host.define(small_guest("demo"));
    auto again = small_guest("demo");
    auto error = error_of([&] { host.define(again); });
    REQUIRE(error);
    CHECK(error->code() == Errc::already_exists);
    CHECK(error->message() == "domain 'demo' already exists with uuid " + to_string(domain.uuid()));
    again.uuid = domain.uuid();
    again.memory = MiB(64);
    CHECK(host.define(again) == domain);
    CHECK(domain.info().max_memory == MiB(64));
    again.name = "other";
    error = error_of([&] { host.define(again); });
    REQUIRE(error);
    CHECK(error->message() == "domain 'demo' is already defined with uuid " + to_string(domain.uuid()));
}

TEST_CASE("Names that cannot be files are refused; commas and other letters are not")
{
    TemporaryDirectory const root;
    auto const host = Host::open(options_in(root / "state"));
    for (auto const& name : {std::string{}, std::string{"."}, std::string{".."}, std::string{"../evil"}, std::string{"a/b"},
                             std::string{"a\nb"}, std::string(256, 'x')})
        CHECK(error_of([&] { host.define(small_guest(name)); }));
    CHECK(host.domains().empty());
    CHECK_FALSE(fs::exists(root / "evil.xml"));
    for (auto const& name : {std::string{"a,b=c"}, std::string{"虚拟机"}, std::string{".hidden"}, std::string(250, 'x')})
        CHECK(host.find_domain(host.define(small_guest(name)).name()).name() == name);
}

TEST_CASE("A broken definition is told of when it is asked for, and hides no other domain")
{
    auto const machine = std::make_shared<FakeMachine>();
    auto options = options_on(machine);
    std::vector<std::string> warnings;
    options.log = [&](LogLevel level, std::string_view, std::string_view text) {
        if (level == LogLevel::warning)
            warnings.emplace_back(text);
    };
    auto const host = Host::open(options);
    auto const good = host.define(small_guest("good"));
    machine->write_file("/state/domains/bad.xml", "<domain type='qemu'><name>bad");
    machine->make_directories("/state/run/worse");
    machine->write_file("/state/run/worse/status", "rubbish");
    auto const alive = machine->try_lock("/state/run/worse/alive");
    CHECK(host.domains() == std::vector{good});
    CHECK(warnings.size() == 2);
    CHECK(error_of([&] { return host.find_domain("bad"); })->code() == Errc::corrupt_state);
}

TEST_CASE("An edit replaces only what it began with, and keeps name and uuid")
{
    auto const host = Host::open(options_on(std::make_shared<FakeMachine>()));
    auto const domain = host.define_xml(text_of_domain("demo"));
    auto const before = domain.definition();
    auto edited = before;
    edited.replace(edited.find(">64<"), 4, ">96<");
    domain.redefine(edited, before);
    CHECK(domain.info().max_memory == MiB(96));
    CHECK(domain.definition() == edited);

    CHECK(error_of([&] { domain.redefine(before, before); })->code() == Errc::wrong_state);
    auto renamed = edited;
    renamed.replace(renamed.find(">demo<"), 6, ">omed<");
    CHECK(error_of([&] { domain.redefine(renamed, edited); })->code() == Errc::invalid_config);
    auto const broken = error_of([&] { domain.redefine("<domain type='qemu'>\n  <name>demo</nam>\n</domain>", edited); });
    REQUIRE(broken);
    CHECK(std::string{broken->what()}.find("2:") != std::string::npos);
    CHECK(domain.definition() == edited);
}

TEST_CASE("A configuration with errors is refused with all of them, and nothing is kept")
{
    auto const host = Host::open(options_on(std::make_shared<FakeMachine>()));
    auto config = small_guest("demo");
    config.os.machine = "no-such-machine";
    try {
        host.define(config);
        FAIL("it was accepted");
    } catch (ConfigError const& error) {
        CHECK(error.diagnostics().has_errors());
    }
    CHECK(host.domains().empty());
    config = small_guest("demo");
    config.type = DomainType::xen;
    CHECK(error_of([&] { host.define(config); }));
}

TEST_CASE("A second Host on the same root sees what the first defines")
{
    TemporaryDirectory const root;
    auto const first = Host::open(options_in(root.path()));
    auto const second = Host::open(options_in(root.path()));
    auto const domain = first.define(small_guest("demo"));
    CHECK(second.find_domain("demo").uuid() == domain.uuid());
    second.find_domain("demo").undefine();
    CHECK(first.domains().empty());
}

TEST_CASE("Events of definitions are heard by callback and by stream, whoever caused them, in order")
{
    TemporaryDirectory const root;
    auto const mine = Host::open(options_in(root.path()));
    auto const theirs = Host::open(options_in(root.path()));
    auto stream = mine.events();
    std::promise<void> three;
    std::vector<std::string> heard;
    auto const subscription = mine.on_event([&](Event const& event) {
        heard.push_back(to_string(event));
        if (heard.size() == 3)
            three.set_value();
    });
    // The watch begins on the Host's thread; this passes through it.
    CHECK(mine.define(small_guest("own")).name() == "own");
    CHECK(to_string(*stream.next()) == "own: Defined Added");

    auto const domain = theirs.define(small_guest("demo"));
    CHECK(to_string(*stream.next()) == "demo: Defined Added");
    domain.undefine();
    auto const event = *stream.next();
    CHECK(to_string(event) == "demo: Undefined Removed");
    CHECK(event.uuid == domain.uuid());
    REQUIRE(three.get_future().wait_for(10s) == std::future_status::ready);
    CHECK(heard == std::vector<std::string>{"own: Defined Added", "demo: Defined Added", "demo: Undefined Removed"});
}

TEST_CASE("A subscription that has ended hears nothing more, and one that throws does no harm")
{
    auto const host = Host::open(options_on(std::make_shared<FakeMachine>()));
    auto stream = host.events();
    auto count = 0;
    auto subscription = host.on_event([&](Event const&) { ++count; });
    auto const thrower = host.on_event([](Event const&) { throw std::runtime_error{"no"}; });
    subscription.end();
    CHECK(host.define(small_guest("demo")).name() == "demo");
    CHECK(stream.next());
    CHECK(count == 0);
}

TEST_CASE("A blocking call on the Host's own thread is refused instead of waiting for itself")
{
    auto const host = Host::open(options_on(std::make_shared<FakeMachine>()));
    std::promise<std::optional<Error>> told;
    boost::asio::post(host.get_executor(), [&] { told.set_value(error_of([&] { host.define(small_guest("demo")); })); });
    auto const error = told.get_future().get();
    REQUIRE(error);
    CHECK(error->code() == Errc::deadlock);
}

TEST_CASE("A Host may run on an embedder's executor, which ends when nothing is left to do")
{
    boost::asio::io_context context;
    auto options = options_on(std::make_shared<FakeMachine>());
    options.executor = context.get_executor();
    auto const host = Host::open(options);
    std::optional<std::string> name;
    host.async_define(small_guest("demo"), [&](std::exception_ptr failure, Domain const& domain) {
        CHECK_FALSE(failure);
        name = domain.name();
        CHECK(error_of([&] { host.define(small_guest("other")); })->code() == Errc::deadlock);
    });
    CHECK_FALSE(name);
    context.run();
    CHECK(name == "demo");
}

TEST_CASE("The last handle may be dropped on the Host's own thread")
{
    auto host = std::make_shared<std::optional<Host>>(Host::open(options_on(std::make_shared<FakeMachine>())));
    std::promise<void> dropped;
    boost::asio::post((*host)->get_executor(), [&, host] {
        host->reset();
        dropped.set_value();
    });
    dropped.get_future().wait();
    CHECK_FALSE(*host);
}

TEST_CASE("Operations of a Host that is closed end as cancelled")
{
    auto const machine = std::make_shared<FakeMachine>();
    std::promise<std::exception_ptr> ended;
    {
        auto const host = Host::open(options_on(machine));
        auto stream = host.events();
        // Waits for an event that never comes.
        stream.async_next([&](std::exception_ptr failure, std::optional<Event> const& event) {
            CHECK_FALSE(event);
            ended.set_value(failure);
        });
    }
    CHECK(ended.get_future().wait_for(10s) == std::future_status::ready);
}
