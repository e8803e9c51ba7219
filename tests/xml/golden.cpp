// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "golden_kinds.hpp"

#include <pugixml.hpp>

#include <algorithm>
#include <map>

using namespace vmwright;

namespace
{

auto lines_of(Diagnostics const& diagnostics) -> std::string
{
    std::string lines;
    for (auto const& diagnostic : diagnostics)
        lines += format(diagnostic, "x") + '\n';
    return lines;
}

auto attributes_of(pugi::xml_node element)
{
    std::map<std::string, std::string> all;
    for (auto const attribute : element.attributes())
        all.emplace(attribute.name(), attribute.value());
    return all;
}

/// Equal but for white space between elements, the order of attributes and the kind of quotes.
auto is_same(pugi::xml_node a, pugi::xml_node b) -> bool
{
    if (a.type() != b.type() || std::string_view{a.name()} != b.name() || std::string_view{a.value()} != b.value() ||
        attributes_of(a) != attributes_of(b))
        return false;
    return std::ranges::equal(a.children(), b.children(), is_same);
}

auto is_same_tree(std::string const& a, std::string const& b) -> bool
{
    pugi::xml_document left, right;
    return left.load_string(a.c_str()) && right.load_string(b.c_str()) && is_same(left, right);
}

} // namespace

TEST_CASE("every kind has its documents")
{
    std::size_t pairs = 0;
    golden::for_each_kind([&](auto const& kind) {
        INFO(kind.root);
        auto const documents = golden::documents(kind.root);
        CHECK_FALSE(documents.empty());
        for (auto const& path : documents) {
            INFO(path.filename().string());
            CHECK_FALSE(golden::text_of(path).empty());
            CHECK_FALSE(golden::dump_of(path).empty());
            ++pairs;
        }
    });
    CHECK(pairs >= 100);
}

TEST_CASE("a document is read and checked without an error, and completed it is what libvirt prints")
{
    golden::for_each_kind([](auto const& kind) {
        for (auto const& path : golden::documents(kind.root)) {
            INFO(path.filename().string());
            auto const parsed = kind.read(golden::text_of(path));
            INFO(lines_of(parsed.diagnostics));
            CHECK(parsed.diagnostics.empty());
            auto const found = kind.check(parsed.result);
            INFO(lines_of(found));
            CHECK_FALSE(found.has_errors());
            auto const written = kind.write(kind.complete(parsed.result));
            INFO(written);
            CHECK(is_same_tree(written, golden::dump_of(path)));
        }
    });
}

TEST_CASE("what libvirt prints is read and printed byte for byte")
{
    golden::for_each_kind([](auto const& kind) {
        for (auto const& path : golden::documents(kind.root)) {
            INFO(path.filename().string());
            auto const text = golden::dump_of(path);
            auto const parsed = kind.read(text);
            INFO(lines_of(parsed.diagnostics));
            CHECK(parsed.diagnostics.empty());
            // metadata is another program's; libvirt keeps its quotes, the normal form has its own
            if (text.find("<metadata>") == std::string::npos)
                CHECK(kind.write(parsed.result) == text);
            CHECK(kind.complete(parsed.result) == parsed.result);
        }
    });
}

TEST_CASE("a value is the same after it was printed and read")
{
    golden::for_each_kind([](auto const& kind) {
        for (auto const& path : golden::documents(kind.root)) {
            INFO(path.filename().string());
            auto const value = kind.read(golden::text_of(path)).result;
            CHECK(kind.read(kind.write(value)).result == value);
            CHECK(kind.read(kind.write(kind.complete(value))).result == kind.complete(value));
        }
    });
}

TEST_CASE("an update without an edit leaves every byte, one with the defaults says them")
{
    golden::for_each_kind([](auto const& kind) {
        for (auto const& path : golden::documents(kind.root)) {
            INFO(path.filename().string());
            auto const text = golden::text_of(path);
            auto const parsed = kind.read(text);
            CHECK(kind.update(parsed.document, parsed.result) == text);
            auto const completed = kind.complete(parsed.result);
            auto const updated = kind.update(parsed.document, completed);
            INFO(updated);
            // elements of a list keep their places, which define does not ask for
            CHECK(kind.complete(kind.read(updated).result) == completed);
        }
    });
}
