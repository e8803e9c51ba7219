// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "sources.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fs = std::filesystem;
using sources::Include;

namespace
{

/// What a room may use besides the standard library and itself.
struct Room
{
    std::set<std::string> rooms{};                ///< other rooms
    std::vector<std::string> public_libraries{};  ///< prefixes of foreign headers in its public headers
    std::vector<std::string> private_libraries{}; ///< the same for its bodies and detail/, beside the public ones
    bool platform{};                              ///< headers of the operating system, in its bodies
};

auto table() -> std::map<std::string, Room> const&
{
    static auto const asio = std::vector<std::string>{"boost/asio/", "boost/system/", "boost/json/"};
    // A program that describes commands of its own needs the mapping; passing fds needs sendmsg(2).
    static auto const qmp = std::vector<std::string>{"boost/asio/", "boost/json/", "boost/describe", "boost/mp11/"};
    static auto const all =
        std::set<std::string>{"core", "domain", "storage", "network", "xml", "qemu", "qmp", "machine", "host"};
    // PCI addresses, encryption, bandwidth and the like are of domains, and of pools, volumes and networks too.
    static auto const with_domain = std::set<std::string>{"core", "domain"};
    static auto const values = std::set<std::string>{"core", "domain", "storage", "network"};
    static auto const with_xml = std::set<std::string>{"core", "domain", "storage", "network", "xml"};
    static auto const rooms = std::map<std::string, Room>{
        {"core", {.rooms = {}, .private_libraries = {"fmt/"}}},
        {"domain", {.rooms = {"core"}, .private_libraries = {"fmt/"}}},
        {"storage", {.rooms = with_domain, .private_libraries = {"fmt/"}}},
        {"network", {.rooms = with_domain, .private_libraries = {"fmt/"}}},
        {"xml", {.rooms = values, .private_libraries = {"fmt/", "pugixml.hpp"}}},
        {"qemu", {.rooms = with_xml, .private_libraries = {"fmt/", "boost/json", "boost/describe"}}},
        {"qmp", {.rooms = {"core"}, .public_libraries = qmp, .private_libraries = {"fmt/", "boost/"}, .platform = true}},
        {"machine",
         {.rooms = {"core"}, .public_libraries = asio, .private_libraries = {"fmt/", "boost/"}, .platform = true}},
        {"host", {.rooms = all, .public_libraries = asio, .private_libraries = {"fmt/", "boost/"}}},
        {"testing", {.rooms = all, .public_libraries = asio, .private_libraries = {"fmt/", "boost/"}}},
    };
    return rooms;
}

/// `core` of `vmwright/core/size.hpp`, empty for `vmwright/vmwright.hpp`.
auto room_of(fs::path const& path) -> std::string
{
    auto const inside = path.lexically_relative("vmwright");
    return inside.has_parent_path() ? inside.begin()->string() : std::string{};
}

auto is_public(fs::path const& header) -> bool
{
    auto const folder = header.parent_path().filename();
    return header.extension() == ".hpp" && folder != "impl" && folder != "detail";
}

auto starts_with_any(std::string_view name, std::vector<std::string> const& prefixes) -> bool
{
    return std::ranges::any_of(prefixes, [&](auto const& prefix) { return name.starts_with(prefix); });
}

/// `cstdint` is of the standard library; `unistd.h`, `sys/wait.h`, `linux/kvm.h` are of the platform.
auto is_standard(std::string_view name) -> bool
{
    return name.find_first_of("./") == name.npos;
}

auto is_platform(std::string_view name) -> bool
{
    return name.ends_with(".h");
}

/// Why a file of a room must not include this, if so. Paths are relative to include/.
auto objection(fs::path const& file, Include const& include) -> std::optional<std::string>
{
    auto const room = room_of(file);
    auto const& may = table().at(room);
    if (!include.angled)
        return "is written with quotes";
    if (is_standard(include.name))
        return {};
    if (include.name.starts_with("vmwright/")) {
        auto const other = room_of(include.name);
        if (other.empty())
            return "is the header of the whole library";
        if (other != room && !may.rooms.contains(other))
            return "room " + room + " may not include room " + other;
        if (include.name.ends_with(".ipp") && file.extension() != ".ipp")
            return "is a body";
        return {};
    }
    if (file == "vmwright/core/result.hpp" && include.name == "boost/system/result.hpp")
        return {};
    if (starts_with_any(include.name, may.public_libraries))
        return {};
    if (is_public(file))
        return "is not for public headers of room " + room;
    if (starts_with_any(include.name, may.private_libraries) || (is_platform(include.name) && may.platform))
        return {};
    return "is not for room " + room;
}

} // namespace

TEST_CASE("A room includes only what the table allows it")
{
    for (auto const& file : sources::files_under("include/vmwright")) {
        auto const inside = file.lexically_relative("include");
        if (room_of(inside).empty())
            continue;
        INFO(file);
        REQUIRE(table().contains(room_of(inside)));
        for (auto const& include : sources::includes_of(file)) {
            auto const fault = objection(inside, include);
            INFO("line " << include.line << ": " << include.name << " " << fault.value_or(""));
            CHECK_FALSE(fault);
        }
    }
}

TEST_CASE("The judge of includes can say no")
{
    auto const says = [](char const* file, char const* include) {
        return objection(file, {.name = include, .angled = true, .line = 1}).value_or("");
    };
    CHECK(says("vmwright/core/size.hpp", "vmwright/xml/read.hpp") == "room core may not include room xml");
    CHECK(says("vmwright/qmp/impl/client.ipp", "vmwright/machine/files.hpp") == "room qmp may not include room machine");
    CHECK(says("vmwright/domain/disk.hpp", "fmt/format.h") == "is not for public headers of room domain");
    CHECK(says("vmwright/qemu/impl/disk.ipp", "unistd.h") == "is not for room qemu");
    CHECK(says("vmwright/host/impl/host.ipp", "fcntl.h") == "is not for room host");
    CHECK(says("vmwright/machine/spawn.hpp", "sys/wait.h") == "is not for public headers of room machine");
    CHECK(says("vmwright/xml/read.hpp", "vmwright/xml/impl/read.ipp") == "is a body");
    CHECK(says("vmwright/xml/read.hpp", "vmwright/vmwright.hpp") == "is the header of the whole library");
    CHECK(says("vmwright/machine/impl/spawn.ipp", "sys/wait.h").empty());
    CHECK(says("vmwright/core/result.hpp", "boost/system/result.hpp").empty());
}

TEST_CASE("A room's source is its list of bodies and nothing else, and src.hpp lists all rooms")
{
    auto const rooms = sources::rooms();
    auto lists = std::set<std::string>{};
    for (auto const& room : rooms) {
        INFO(room);
        auto const list = "vmwright/" + room + "/impl/all.ipp";
        lists.insert(list);
        auto const of_source = sources::includes_of("src/" + room + ".cpp");
        REQUIRE(of_source.size() == 1);
        CHECK(of_source[0].name == list);
    }

    auto const of_all = sources::includes_of("include/vmwright/src.hpp");
    auto listed = std::set<std::string>{};
    std::ranges::transform(of_all, std::inserter(listed, listed.end()), &Include::name);
    CHECK(listed == lists);
    CHECK(of_all.size() == lists.size());

    for (auto const& file : sources::files_under("include/vmwright"))
        if (file.filename() == "all.ipp")
            CHECK(lists.contains(file.lexically_relative("include").string()));
}

TEST_CASE("Every body is reached from src.hpp, every header from there or from vmwright.hpp")
{
    auto reached = std::set<std::string>{};
    auto const follow = [&](auto const& self, std::string const& name) -> void {
        if (name.starts_with("vmwright/") && reached.insert(name).second)
            for (auto const& include : sources::includes_of("include/" + name))
                self(self, include.name);
    };
    follow(follow, "vmwright/vmwright.hpp");
    follow(follow, "vmwright/src.hpp");

    auto unreached = std::set<std::string>{};
    for (auto const& file : sources::files_under("include/vmwright"))
        if (auto const name = file.lexically_relative("include").string(); !reached.contains(name))
            unreached.insert(name);
    CHECK(unreached == std::set<std::string>{});
}

TEST_CASE("Examples use public headers only")
{
    for (auto const& file : sources::files_under("examples"))
        for (auto const& include : sources::includes_of(file))
            if (include.name.starts_with("vmwright/")) {
                INFO(file << " line " << include.line);
                CHECK(is_public(include.name));
                CHECK(include.name != "vmwright/src.hpp");
            }
}
