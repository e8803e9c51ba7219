// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/core/result.hpp>

using namespace vmwright;

TEST_CASE("a diagnostic prints as compilers print theirs")
{
    Diagnostic const d{.severity = Severity::error,
                       .fault = Fault::unknown_value,
                       .node = "/domain/devices/disk[1]/target/@bus",
                       .where = {12, 7},
                       .message = "'virtoi' is not a disk bus",
                       .hint = "did you mean 'virtio'?"};
    CHECK(format(d, "a.xml") == "a.xml:12:7: error: /domain/devices/disk[1]/target/@bus: "
                                "'virtoi' is not a disk bus; did you mean 'virtio'?");
    CHECK(format(d) == "error: /domain/devices/disk[1]/target/@bus: 'virtoi' is not a disk bus; did you mean 'virtio'?");
}

TEST_CASE("a value with errors beside it throws them all")
{
    Checked<int> checked{.result = 7};
    CHECK(checked.value() == 7);
    checked.diagnostics.add({.severity = Severity::warning, .message = "odd"});
    CHECK(checked.value() == 7);
    checked.diagnostics.add({.node = "/domain", .where = {1, 1}, .message = "first"});
    checked.diagnostics.add({.node = "/domain/name", .where = {2, 1}, .message = "second"});
    try {
        (void)checked.value();
        FAIL("did not throw");
    } catch (ConfigError const& e) {
        CHECK(std::string{e.what()} == "1:1: error: /domain: first (and 1 more)");
        CHECK(e.code() == Errc::invalid_config);
        CHECK(e.diagnostics().size() == 3);
    } catch (...) {
        FAIL("threw something else");
    }
}

TEST_CASE("strict turns warnings into errors and leaves notes")
{
    Diagnostics list;
    list.add({.severity = Severity::note});
    list.add({.severity = Severity::warning});
    CHECK_FALSE(list.has_errors());
    list.make_strict();
    CHECK(list[0].severity == Severity::note);
    CHECK(list[1].severity == Severity::error);
}

TEST_CASE("an error names object, step, hint and QEMU's words, and gains them on its way up")
{
    Error const low{std::make_error_code(std::errc::permission_denied), "cannot open /dev/kvm", {.step = "open"}};
    auto const high = low.with({.object = "domain 'demo'", .hint = "join the group kvm"});
    CHECK(std::string{high.what()} == "domain 'demo': open: cannot open /dev/kvm; join the group kvm");
    CHECK(high.code() == std::errc::permission_denied);
    CHECK(Error{Errc::timed_out, "x"}.code() == std::errc::timed_out);
}

TEST_CASE("the codes of what stands in the way of a start keep their numbers and names")
{
    CHECK(static_cast<int>(Errc::helper_failed) == 21);
    CHECK(static_cast<int>(Errc::in_use) == 22);
    CHECK(static_cast<int>(Errc::unreachable) == 30);
    CHECK(to_string(Errc::in_use) == "in-use");
    CHECK(to_string(Errc::unreachable) == "unreachable");
    CHECK(Error{Errc::in_use, "x"}.code() == std::errc::device_or_resource_busy);
    CHECK(Error{Errc::permission_denied, "x"}.code() == std::errc::permission_denied);
    CHECK(Error{Errc::no_space, "x"}.code() == std::errc::no_space_on_device);
    CHECK(Error{Errc::out_of_memory, "x"}.code() == std::errc::not_enough_memory);
}

TEST_CASE("a result throws its error")
{
    Result<int> const good = 3;
    CHECK(good.value() == 3);
    Result<int> const bad = Error{Errc::not_found, "no domain 'x'"};
    CHECK_THROWS_AS(bad.value(), Error);
}
