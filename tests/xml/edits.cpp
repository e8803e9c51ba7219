// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/xml/detail/edits.hpp>

#include <functional>
#include <string>

using namespace vmwright;
using xml::Document;
using xml::detail::Edits;

namespace
{

/// A document's text and tree with edits on it, and nodes by path.
struct Fixture
{
    explicit Fixture(std::string_view text)
        : document{Document::parse(text, diagnostics)}
        , edits{document}
    {
        REQUIRE_FALSE(diagnostics.has_errors());
    }

    auto node(std::string_view path) const -> pugi::xml_node
    {
        bool exact{};
        auto const found = document.tree().find(path, &exact);
        REQUIRE(exact);
        return found;
    }

    void insert(std::string_view parent, std::string_view after, char const* element)
    {
        pugi::xml_document other;
        REQUIRE(other.load_string(element));
        edits.insert_element(node(parent), after.empty() ? pugi::xml_node{} : node(after), other.document_element());
    }

    Diagnostics diagnostics;
    Document document;
    Edits edits;
};

/// The text after what `change` does; it must be well-formed again.
auto edited(std::string_view text, std::function<void(Fixture&)> const& change) -> std::string
{
    Fixture fixture{text};
    change(fixture);
    auto result = fixture.edits.apply();
    CHECK(fixture.edits.empty() == (result == text));
    Diagnostics out;
    CHECK(Document::parse(result, out).has_root());
    return result;
}

} // namespace

TEST_CASE("without a change the bytes are the same")
{
    auto const text = "\xEF\xBB\xBF<?xml version=\"1.0\"?>\r\n<a  b = 'x'><c></c >\r\n</a>\r\n<!-- end -->";
    CHECK(edited(text, [](Fixture&) {}) == text);
    CHECK(edited(text, [](Fixture& f) {
              f.edits.set_attribute(f.node("/a"), "b", "x");
              f.edits.remove_attribute(f.node("/a"), "none");
              f.edits.set_text(f.node("/a/c"), "");
          }) == text);
}

TEST_CASE("an attribute's value changes inside its own quotes")
{
    CHECK(edited("<a b = \"x\" c='y'/>", [](Fixture& f) {
              f.edits.set_attribute(f.node("/a"), "b", "it's \"<&>\"\n");
              f.edits.set_attribute(f.node("/a"), "c", "it's \"<&>\"");
          }) == "<a b = \"it's &quot;&lt;&amp;&gt;&quot;&#10;\" c='it&apos;s \"&lt;&amp;&gt;\"'/>");
}

TEST_CASE("a new attribute stands after the last one, as that one does")
{
    CHECK(edited("<a/>", [](Fixture& f) { f.edits.set_attribute(f.node("/a"), "b", "1"); }) == "<a b='1'/>");
    CHECK(edited("<a b=\"1\" />", [](Fixture& f) {
              f.edits.set_attribute(f.node("/a"), "c", "2");
              f.edits.set_attribute(f.node("/a"), "d", "3");
          }) == "<a b=\"1\" c=\"2\" d=\"3\" />");
    CHECK(edited("<a b='1'\n   c='2'>x</a>", [](Fixture& f) { f.edits.set_attribute(f.node("/a"), "d", "3"); }) ==
          "<a b='1'\n   c='2'\n   d='3'>x</a>");
    CHECK(edited("<a x=\"\"><b/></a>", [](Fixture& f) { f.edits.set_attribute(f.node("/a/b"), "c", "1"); }) ==
          "<a x=\"\"><b c=\"1\"/></a>");
}

TEST_CASE("an attribute is removed with the white space before it")
{
    auto const text = "<a b='1'\n   c='2' d='3'/>";
    CHECK(edited(text, [](Fixture& f) { f.edits.remove_attribute(f.node("/a"), "c"); }) == "<a b='1' d='3'/>");
    CHECK(edited(text, [](Fixture& f) {
              for (auto const name : {"b", "c", "d"})
                  f.edits.remove_attribute(f.node("/a"), name);
          }) == "<a/>");
    CHECK(edited(text, [](Fixture& f) {
              f.edits.remove_attribute(f.node("/a"), "d");
              f.edits.set_attribute(f.node("/a"), "e", "4");
          }) == "<a b='1'\n   c='2' e='4'/>");
}

TEST_CASE("of two changes to one thing the later holds")
{
    auto const text = "<a b='1'>x</a>";
    CHECK(edited(text, [](Fixture& f) {
              f.edits.set_attribute(f.node("/a"), "b", "2");
              f.edits.set_attribute(f.node("/a"), "b", "1");
              f.edits.set_attribute(f.node("/a"), "c", "2");
              f.edits.remove_attribute(f.node("/a"), "c");
              f.edits.set_text(f.node("/a"), "y");
              f.edits.set_text(f.node("/a"), "x");
          }) == text);
    CHECK(edited(text, [](Fixture& f) {
              f.edits.remove_attribute(f.node("/a"), "b");
              f.edits.set_attribute(f.node("/a"), "b", "3");
              f.edits.set_text(f.node("/a"), "y");
              f.edits.set_text(f.node("/a"), "z");
          }) == "<a b='3'>z</a>");
}

TEST_CASE("a text changes and the comments around it stay")
{
    auto const set = [](std::string_view text, std::string_view value) {
        return edited(text, [&](Fixture& f) { f.edits.set_text(f.document.tree().root(), value); });
    };
    CHECK(set("<a>x</a>", "1 < 2 & 'so'") == "<a>1 &lt; 2 &amp; 'so'</a>");
    CHECK(set("<a>\n  x\n</a>", "y") == "<a>y</a>");
    CHECK(set("<a/>", "y") == "<a>y</a>");
    CHECK(set("<a b='1' />", "y") == "<a b='1'>y</a>");
    CHECK(set("<a></a>", "y") == "<a>y</a>");
    CHECK(set("<a> </a>", "y") == "<a>y</a>");
    CHECK(set("<a>x</a>", "") == "<a></a>");
    CHECK(set("<a><!-- c -->x</a>", "y") == "<a><!-- c -->y</a>");
    CHECK(set("<a>x<!-- c -->z</a>", "y") == "<a>y<!-- c --></a>");
    CHECK(set("<a><![CDATA[x]]></a>", "y") == "<a>y</a>");
    CHECK(set("<a>\n  <b/>\n</a>", "y") == "<a>y\n  <b/>\n</a>");
}

TEST_CASE("an inserted element takes the indent, line ends and quotes of its file")
{
    CHECK(edited("<a>\n    <b/>\n    <c/>\n</a>\n", [](Fixture& f) {
              f.insert("/a", "/a/b", "<n x='1'><m>t</m><o/></n>");
          }) == "<a>\n    <b/>\n    <n x='1'>\n        <m>t</m>\n        <o/>\n    </n>\n    <c/>\n</a>\n");
    CHECK(edited("<a v=\"\">\r\n\t<b/>\r\n</a>", [](Fixture& f) { f.insert("/a", "/a/b", "<n x='1'><m/></n>"); }) ==
          "<a v=\"\">\r\n\t<b/>\r\n\t<n x=\"1\">\r\n\t\t<m/>\r\n\t</n>\r\n</a>");
    CHECK(edited("<a>\n  <b>\n    <c/>\n  </b>\n</a>", [](Fixture& f) { f.insert("/a/b", "", "<n/>"); }) ==
          "<a>\n  <b>\n    <n/>\n    <c/>\n  </b>\n</a>");
}

TEST_CASE("a document on one line stays on one line")
{
    CHECK(edited("<a><b/></a>", [](Fixture& f) {
              f.insert("/a", "/a/b", "<n><m/></n>");
              f.insert("/a", "", "<first/>");
              f.insert("/a/b", "", "<in/>");
          }) == "<a><first/><b><in/></b><n><m/></n></a>");
    CHECK(edited("<a/>", [](Fixture& f) { f.insert("/a", "", "<n/>"); }) == "<a><n/></a>");
    CHECK(edited("<a>text</a>", [](Fixture& f) { f.insert("/a", "", "<n/>"); }) == "<a><n/>text</a>");
}

TEST_CASE("an empty parent is opened")
{
    auto const insert_two = [](std::string_view text) {
        return edited(text, [](Fixture& f) {
            f.insert("/a/b", "", "<n/>");
            f.insert("/a/b", "", "<m><o/></m>");
            f.edits.set_attribute(f.node("/a/b"), "x", "1");
        });
    };
    auto const expected = "<a>\n  <b x='1'>\n    <n/>\n    <m>\n      <o/>\n    </m>\n  </b>\n</a>";
    CHECK(insert_two("<a>\n  <b/>\n</a>") == expected);
    CHECK(insert_two("<a>\n  <b />\n</a>") == expected);
    CHECK(insert_two("<a>\n  <b></b>\n</a>") == expected);
    CHECK(insert_two("<a>\n  <b>\n  </b>\n</a>") == expected);
    CHECK(insert_two("<a>\n  <b><!-- c -->\n  </b>\n</a>") ==
          "<a>\n  <b x='1'><!-- c -->\n    <n/>\n    <m>\n      <o/>\n    </m>\n  </b>\n</a>");
}

TEST_CASE("several insertions at one place keep the order of the calls")
{
    CHECK(edited("<a>\n  <b/>\n</a>", [](Fixture& f) {
              f.insert("/a", "/a/b", "<one/>");
              f.insert("/a", "/a/b", "<two/>");
              f.insert("/a", "", "<zero/>");
          }) == "<a>\n  <zero/>\n  <b/>\n  <one/>\n  <two/>\n</a>");
}

TEST_CASE("a comment at the end of a line stays with what it speaks of")
{
    CHECK(edited("<a> <!-- all -->\n  <b/> <!-- of b -->\n  <c/>\n</a>", [](Fixture& f) {
              f.insert("/a", "/a/b", "<n/>");
              f.insert("/a", "", "<m/>");
          }) == "<a> <!-- all -->\n  <m/>\n  <b/> <!-- of b -->\n  <n/>\n  <c/>\n</a>");
    CHECK(edited("<a>\n  <b/><!-- of c --><c/>\n</a>", [](Fixture& f) { f.insert("/a", "/a/b", "<n/>"); }) ==
          "<a>\n  <b/>\n  <n/><!-- of c --><c/>\n</a>");
}

TEST_CASE("a removed element takes its line along, comments stay")
{
    auto const remove = [](std::string_view text) {
        return edited(text, [](Fixture& f) { f.edits.remove_element(f.node("/a/b")); });
    };
    CHECK(remove("<a>\n  <!-- c -->\n  <b>\n    <x/>\n  </b>  \n  <c/>\n</a>") == "<a>\n  <!-- c -->\n  <c/>\n</a>");
    CHECK(remove("<a>\r\n\t<b/>\r\n\t<c/>\r\n</a>") == "<a>\r\n\t<c/>\r\n</a>");
    CHECK(remove("<a>\n  <b/> <!-- c -->\n</a>") == "<a>\n  <!-- c -->\n</a>");
    CHECK(remove("<a>\n  <!-- c --> <b/>\n</a>") == "<a>\n  <!-- c -->\n</a>");
    CHECK(remove("<a><x/><b/><c/></a>") == "<a><x/><c/></a>");
    CHECK(remove("<a>\n  <b/>\n</a>") == "<a>\n</a>");
}

TEST_CASE("removing an element outdoes what was changed inside, not what comes behind it")
{
    CHECK(edited("<a>\n  <b x='1'>t<c/></b>\n  <d/>\n</a>", [](Fixture& f) {
              f.edits.set_attribute(f.node("/a/b"), "x", "2");
              f.edits.set_text(f.node("/a/b"), "u");
              f.edits.set_attribute(f.node("/a/b/c"), "y", "2");
              f.insert("/a/b/c", "", "<n/>");
              f.edits.remove_element(f.node("/a/b/c"));
              f.edits.remove_element(f.node("/a/b"));
              f.insert("/a", "/a/b", "<new/>");
              f.edits.set_attribute(f.node("/a/d"), "z", "3");
          }) == "<a>\n  <new/>\n  <d z='3'/>\n</a>");
    CHECK(edited("<a>\n  <b/>\n  <b/>  \n  <b/>\n</a>", [](Fixture& f) {
              for (auto const path : {"/a/b[3]", "/a/b[1]", "/a/b[2]"})
                  f.edits.remove_element(f.node(path));
              f.insert("/a", "/a/b[2]", "<n/>");
          }) == "<a>\n  <n/>\n</a>");
}

TEST_CASE("elements print in libvirt's normal form")
{
    pugi::xml_document other;
    REQUIRE(other.load_string(
        "<a b=\"it's\"><c>1 &lt; 'two'</c><d></d><!-- e --><f><g/>mixed<h/></f><?pi x?><i><![CDATA[<]]></i></a>",
        pugi::parse_full));
    std::string out;
    xml::detail::print(other.document_element(), out, 1);
    CHECK(out == "  <a b='it&apos;s'>\n"
                 "    <c>1 &lt; &apos;two&apos;</c>\n"
                 "    <d/>\n"
                 "    <!-- e -->\n"
                 "    <f><g/>mixed<h/></f>\n"
                 "    <?pi x?>\n"
                 "    <i><![CDATA[<]]></i>\n"
                 "  </a>\n");
}

TEST_CASE("what XML cannot say never gets into a text")
{
    CHECK(xml::detail::escape_text(std::string_view{"a\x01\0b\r\n\xFFz", 8}) == "ab&#13;\n\xEF\xBF\xBDz");
    CHECK(xml::detail::escape_attribute("\t'\"\n", '"') == "&#9;'&quot;&#10;");
}
