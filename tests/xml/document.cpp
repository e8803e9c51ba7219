// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/xml/detail/tree.hpp>
#include <vmwright/xml/document.hpp>

#include <string>
#include <utility>

using namespace vmwright;
using xml::Document;

namespace
{

constexpr std::string_view guest = "<?xml version='1.0'?>\n"
                                   "<domain type=\"kvm\" xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>\n"
                                   "  <name>\n"
                                   "    demo</name>\n"
                                   "  <devices>\n"
                                   "    <disk/><!-- one --><disk type='file' ><target bus='virtio' dev='vda'/></disk >\n"
                                   "    <rng/>\n"
                                   "  </devices>\n"
                                   "  <qemu:commandline><qemu:arg value='-x'/></qemu:commandline>\n"
                                   "</domain>\n";

auto parse(std::string_view text) -> Document
{
    Diagnostics out;
    auto document = Document::parse(text, out);
    for (auto const& d : out)
        UNSCOPED_INFO(format(d, "text"));
    REQUIRE(out.empty());
    REQUIRE(document.has_root());
    return document;
}

auto cut(Document const& document, xml::detail::Span span) -> std::string
{
    return std::string{document.text().substr(span.begin, span.end - span.begin)};
}

} // namespace

TEST_CASE("a document keeps the bytes it was given")
{
    CHECK(parse(guest).text() == guest);
    CHECK(parse("\xEF\xBB\xBF<a/>\r\n").text() == "\xEF\xBB\xBF<a/>\r\n");
    CHECK(Document{}.text().empty());
    CHECK_FALSE(Document{}.has_root());
}

TEST_CASE("a node's place is found by its path")
{
    auto const document = parse(guest);
    CHECK(document.locate("/domain") == Location{2, 1});
    CHECK(document.locate("/domain/@type") == Location{2, 9});
    CHECK(document.locate("/domain/name/text()") == Location{4, 5});
    CHECK(document.locate("/domain/devices/disk") == Location{6, 5});
    CHECK(document.locate("/domain/devices/disk[2]") == Location{6, 24});
    CHECK(document.locate("/domain/devices/disk[2]/target/@bus") == Location{6, 51});
    CHECK(document.locate("/domain/qemu:commandline/qemu:arg[1]/@value") == Location{9, 31});
}

TEST_CASE("of a node that is not there, the nearest ancestor's place is told")
{
    auto const document = parse(guest);
    CHECK(document.locate("/domain/devices/disk[3]/target/@bus") == Location{5, 3});
    CHECK(document.locate("/domain/devices/disk[2]/target/@nothing") == Location{6, 43});
    CHECK(document.locate("/domain/devices/disk[1]/text()") == Location{6, 5});
    CHECK(document.locate("/network/bridge") == Location{2, 1});
    CHECK(document.locate("") == Location{2, 1});
    CHECK(Document{}.locate("/domain") == Location{0, 0});
}

TEST_CASE("place fills in what has a node and no place yet")
{
    auto const document = parse(guest);
    Diagnostics list;
    list.add({.node = "/domain/devices/rng", .message = "a"});
    list.add({.node = "/domain/devices/rng", .where = {1, 2}, .message = "b"});
    list.add({.message = "c"});
    document.place(list);
    CHECK(list[0].where == Location{7, 5});
    CHECK(list[1].where == Location{1, 2});
    CHECK(list[2].where == Location{0, 0});
}

TEST_CASE("an element's path has an index only where it needs one")
{
    auto const document = parse(guest);
    auto const& tree = document.tree();
    auto const devices = tree.root().child("devices");
    CHECK(tree.path(devices) == "/domain/devices");
    CHECK(tree.path(devices.child("rng")) == "/domain/devices/rng");
    CHECK(tree.path(devices.first_child()) == "/domain/devices/disk[1]");
    auto const target = devices.child("rng").previous_sibling().child("target");
    CHECK(tree.path(target, "bus") == "/domain/devices/disk[2]/target/@bus");
    bool exact = false;
    CHECK(tree.find(tree.path(target), &exact) == target);
    CHECK(exact);
    CHECK(tree.find("/domain/devices/disk[2]/target/@bus", &exact) == target);
    CHECK(exact);
    CHECK(tree.find("/domain/devices/hub", &exact) == devices);
    CHECK_FALSE(exact);
    CHECK(tree.find("/network", &exact).empty());
    CHECK_FALSE(exact);
}

TEST_CASE("spans cut nodes out of the text as they were written")
{
    auto const document = parse(guest);
    auto const& tree = document.tree();
    auto const name = tree.root().child("name");
    auto const disk = tree.find("/domain/devices/disk[2]");
    CHECK(cut(document, tree.element(disk)) == "<disk type='file' ><target bus='virtio' dev='vda'/></disk >");
    CHECK(cut(document, tree.start_tag(disk)) == "<disk type='file' >");
    CHECK(cut(document, tree.content(disk)) == "<target bus='virtio' dev='vda'/>");
    CHECK(cut(document, tree.attribute(disk.attribute("type"))) == "type='file'");
    CHECK(cut(document, tree.attribute_value(disk.attribute("type"))) == "file");
    CHECK(cut(document, tree.attribute(tree.root().attribute("type"))) == "type=\"kvm\"");
    CHECK(cut(document, tree.content(name)) == "\n    demo");
    CHECK(cut(document, tree.node(name.first_child())) == "\n    demo");
    CHECK(cut(document, tree.node(disk.previous_sibling())) == "<!-- one -->");
    CHECK(tree.self_closing(disk.child("target")));
    CHECK(cut(document, tree.content(disk.child("target"))).empty());
    CHECK_FALSE(tree.self_closing(disk));
    CHECK(tree.quote() == '\'');
}

TEST_CASE("values are decoded, spans are not")
{
    auto const document = parse("<a b=' &lt;&#xE9;\n&amp; ' c=''><![CDATA[<&]]>\r\n&gt;<?pi some thing?></a>");
    auto const& tree = document.tree();
    auto const a = tree.root();
    CHECK(a.attribute("b").value() == std::string{" <\xC3\xA9 & "});
    CHECK(cut(document, tree.attribute_value(a.attribute("b"))) == " &lt;&#xE9;\n&amp; ");
    CHECK(cut(document, tree.attribute(a.attribute("c"))) == "c=''");
    CHECK(cut(document, tree.node(a.first_child())) == "<![CDATA[<&]]>");
    CHECK(a.first_child().next_sibling().value() == std::string{"\n>"});
    CHECK(cut(document, tree.node(a.first_child().next_sibling())) == "\r\n&gt;");
    CHECK(cut(document, tree.node(a.last_child())) == "<?pi some thing?>");
}

TEST_CASE("lines and columns count from 1, columns in bytes, and a byte order mark takes none")
{
    auto const document = parse("\xEF\xBB\xBF<a>\r\n\xC3\xA9<b/>\n</a>");
    CHECK(document.location(3) == Location{1, 1});
    CHECK(document.location(4) == Location{1, 2});
    CHECK(document.locate("/a/b") == Location{2, 3});
    CHECK(document.location(10'000) == Location{3, 5});

    std::string text = "<a>";
    for (int i = 0; i < 5000; ++i)
        text += std::string(static_cast<std::size_t>(i % 7), ' ') + "<b/>\n";
    text += "</a>";
    auto const long_document = parse(text);
    CHECK(long_document.locate("/a/b[5000]") == Location{5000, 4999 % 7 + 1});
    CHECK(long_document.locate("/a/b[1]") == Location{1, 4});
    CHECK(long_document.location(text.size()) == Location{5001, 5});
}

TEST_CASE("a text with an error has no root, but its text and its places")
{
    Diagnostics out;
    auto const document = Document::parse("<a>\n<b>\n</a>", out);
    CHECK(out.has_errors());
    CHECK_FALSE(document.has_root());
    CHECK(document.text() == "<a>\n<b>\n</a>");
    CHECK(document.location(4) == Location{2, 1});
    CHECK(document.locate("/a/b") == Location{1, 1});
}

TEST_CASE("a moved document takes its tree along")
{
    auto first = parse(guest);
    auto const second = std::move(first);
    CHECK(second.locate("/domain/devices/rng") == Location{7, 5});
    first = parse("<a/>");
    CHECK(first.has_root());
}
