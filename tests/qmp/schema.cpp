// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/core/error.hpp>
#include <vmwright/qmp/schema.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <vector>

using namespace vmwright;

namespace
{

auto parse(std::string const& text) -> qmp::Schema
{
    return qmp::Schema{boost::json::parse(text).as_array()};
}

/// The shape of blockdev-add, set-action and RESET, with opaque names as QEMU gives them.
auto const small = R"([
    {"name": "set-action", "meta-type": "command", "arg-type": "1", "ret-type": "0"},
    {"name": "0", "meta-type": "object", "members": []},
    {"name": "1", "meta-type": "object", "members": [{"name": "panic", "type": "2", "default": null}]},
    {"name": "2", "meta-type": "enum", "members": [{"name": "pause"}], "values": ["pause", "exit-failure"]},
    {"name": "blockdev-add", "meta-type": "command", "arg-type": "3", "ret-type": "0", "features": ["deprecated"]},
    {"name": "3", "meta-type": "object", "tag": "driver",
     "members": [{"name": "driver", "type": "4"}, {"name": "read-only", "type": "bool"}],
     "variants": [{"case": "file", "type": "5"}, {"case": "qcow2", "type": "6"}]},
    {"name": "4", "meta-type": "enum", "values": ["file", "qcow2"]},
    {"name": "5", "meta-type": "object", "members": [{"name": "filename", "type": "str"}, {"name": "aio", "type": "7"}]},
    {"name": "6", "meta-type": "object", "members": [{"name": "file", "type": "8"}, {"name": "backing", "type": "8"}]},
    {"name": "7", "meta-type": "enum", "values": ["threads", "native"]},
    {"name": "8", "meta-type": "alternate", "members": [{"type": "str"}, {"type": "3"}]},
    {"name": "query-status", "meta-type": "command", "arg-type": "0", "ret-type": "9"},
    {"name": "9", "meta-type": "object", "members": [{"name": "list", "type": "[5]"}]},
    {"name": "[5]", "meta-type": "array", "element-type": "5"},
    {"name": "RESET", "meta-type": "event", "arg-type": "10"},
    {"name": "10", "meta-type": "object", "members": [{"name": "guest", "type": "bool"}]},
    {"name": "bool", "meta-type": "builtin", "json-type": "boolean"},
    {"name": "str", "meta-type": "builtin", "json-type": "string"}
])";

} // namespace

TEST_CASE("a schema knows commands and events")
{
    auto const schema = parse(small);
    CHECK(schema.has_command("blockdev-add"));
    CHECK(!schema.has_command("RESET"));
    CHECK(!schema.has_command("3"));
    CHECK(schema.has_event("RESET"));
    CHECK(!schema.has_event("set-action"));
    CHECK(schema.has_feature("blockdev-add", "deprecated"));
    CHECK(!schema.has_feature("set-action", "deprecated"));
    CHECK(schema.commands() == std::vector<std::string>{"blockdev-add", "query-status", "set-action"});
}

TEST_CASE("a schema follows a path through objects, lists, variants and alternates")
{
    auto const schema = parse(small);
    CHECK(schema.has_argument("blockdev-add", "read-only"));
    CHECK(schema.has_argument("blockdev-add", "aio"));
    CHECK(schema.has_argument("blockdev-add", "file.backing.file.aio"));
    CHECK(schema.has_argument("blockdev-add", "driver=file.aio"));
    CHECK(!schema.has_argument("blockdev-add", "driver=qcow2.aio"));
    CHECK(schema.has_argument("blockdev-add", "driver=qcow2.file.driver=file.aio"));
    CHECK(!schema.has_argument("blockdev-add", "kind=file.aio"));
    CHECK(!schema.has_argument("blockdev-add", "read-only.aio"));
    CHECK(!schema.has_argument("blockdev-add", "file..aio"));
    CHECK(!schema.has_argument("nothing", "aio"));
    CHECK(schema.has_reply_member("query-status", "list.filename"));
    CHECK(!schema.has_reply_member("query-status", "filename"));
    CHECK(schema.has_event_member("RESET", "guest"));
    CHECK(!schema.has_event_member("RESET", "reason"));
}

TEST_CASE("a schema knows the words of an enum")
{
    auto const schema = parse(small);
    CHECK(schema.takes_word("set-action", "panic", "exit-failure"));
    CHECK(!schema.takes_word("set-action", "panic", "none"));
    CHECK(!schema.takes_word("blockdev-add", "read-only", "true"));
    CHECK(schema.takes_word("blockdev-add", "file.aio", "native"));
    CHECK(!schema.takes_word("blockdev-add", "file.aio", "io_uring"));
}

TEST_CASE("a broken schema is refused, an endless one has an end")
{
    CHECK_THROWS_WITH(parse(R"([{"name": "a"}])"), "query-qmp-schema: the member 'meta-type' is missing");
    CHECK_THROWS_AS(parse("[1]"), Error);
    auto const endless = parse(R"([
        {"name": "c", "meta-type": "command", "arg-type": "a"}, {"name": "d", "meta-type": "command", "arg-type": "gone"},
        {"name": "a", "meta-type": "alternate", "members": [{"type": "[a]"}, {"type": "o"}, {"type": "[a]"}]},
        {"name": "[a]", "meta-type": "array", "element-type": "a"},
        {"name": "o", "meta-type": "object", "tag": "t", "members": [],
         "variants": [{"case": "x", "type": "o"}, {"case": "y", "type": "a"}]}])");
    CHECK(!endless.has_argument("c", "x"));
    CHECK(!endless.has_argument("d", "x"));
}
