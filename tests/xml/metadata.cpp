// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/core/error.hpp>
#include <vmwright/xml/domain.hpp>
#include <vmwright/xml/metadata.hpp>

#include <optional>
#include <string>

using namespace vmwright;

namespace
{

auto domain(std::string const& content) -> std::string
{
    return "<domain type='qemu' xmlns:mine='http://example.org/mine'>\n  <name>a</name>\n" + content +
           "  <os><type>hvm</type></os>  <!-- kept -->\n</domain>\n";
}

auto changed(std::string const& text, std::string const& uri, std::string const& key, std::optional<std::string> element)
    -> std::string
{
    return xml::with_metadata(xml::read_domain(text), uri, key, element);
}

auto of(std::string const& text, std::string const& uri) -> std::string
{
    auto const parsed = xml::read_domain(text);
    return xml::metadata(parsed.document, uri).value_or("nothing");
}

auto code_of(auto const& call) -> Errc
{
    try {
        static_cast<void>(call());
    } catch (Error const& error) {
        return static_cast<Errc>(error.code().value());
    }
    return Errc::ok;
}

constexpr auto a = "http://example.org/a";
constexpr auto b = "http://example.org/b";

} // namespace

TEST_CASE("metadata of a namespace is set, read, replaced and removed, and nothing else changes")
{
    auto const one = changed(domain(""), a, "a", "<note level='1'>text<part/></note>");
    CHECK(one == domain("  <metadata>\n    <a:note xmlns:a='http://example.org/a' level='1'>text<a:part/></a:note>\n"
                        "  </metadata>\n"));
    CHECK(of(one, a) == "<note level=\"1\">text<part/></note>");
    CHECK(of(one, b) == "nothing");
    auto const two = changed(one, b, "b", "<b/>");
    CHECK(of(two, a) == of(one, a));
    CHECK(of(two, b) == "<b/>");
    auto const three = changed(two, a, "z", "<other/>");
    CHECK(three == domain("  <metadata>\n    <b:b xmlns:b='http://example.org/b'/>\n"
                          "    <z:other xmlns:z='http://example.org/a'/>\n  </metadata>\n"));
    CHECK(changed(three, a, "", std::nullopt) ==
          domain("  <metadata>\n    <b:b xmlns:b='http://example.org/b'/>\n  </metadata>\n"));
    CHECK(changed(domain(""), a, "", std::nullopt) == domain(""));
    CHECK(changed(one, a, "a", "<note/>") ==
          domain("  <metadata>\n    <a:note xmlns:a='http://example.org/a'/>\n  </metadata>\n"));
    CHECK(of(changed(domain("  <metadata/>\n"), a, "a", "<note/>"), a) == "<note/>");
}

TEST_CASE("metadata that was written by hand keeps its layout, and is known by what its prefix stands for")
{
    auto const text = domain("  <metadata><!-- by hand -->\n\t<mine:x   mine:y=\"1\" z='2'><other xmlns='urn:o'/></mine:x>\n"
                             "  </metadata>\n");
    CHECK(of(text, "http://example.org/mine") == "<x y=\"1\" z=\"2\">\n  <other xmlns=\"urn:o\"/>\n</x>");
    CHECK(changed(text, a, "a", "<n/>") ==
          domain("  <metadata><!-- by hand -->\n\t<mine:x   mine:y=\"1\" z='2'><other xmlns='urn:o'/></mine:x>\n"
                 "\t<a:n xmlns:a='http://example.org/a'/>\n  </metadata>\n"));
}

TEST_CASE("an element with namespaces of its own keeps them, and is not that of another namespace")
{
    auto const text = changed(domain(""), a, "a", "<x:y xmlns:x='urn:x'><z/></x:y>");
    CHECK(text.find("<x:y xmlns:x='urn:x' xmlns:a='http://example.org/a'>") != text.npos);
    CHECK(text.find("<a:z/>") != text.npos);
    CHECK(of(text, a) == "nothing");
    CHECK(of(text, "urn:x") == "<y xmlns:a=\"http://example.org/a\">\n  <a:z/>\n</y>");
}

TEST_CASE("metadata that cannot be is refused")
{
    auto const with = [](std::string const& key, std::string const& element) {
        return code_of([&] { return changed(domain(""), a, key, element); });
    };
    CHECK(with("a", "<open>") == Errc::invalid_config);
    CHECK(with("a", "") == Errc::invalid_config);
    CHECK(with("a", "<one/><two/>") == Errc::invalid_config);
    CHECK(with("", "<a/>") == Errc::invalid_argument);
    CHECK(with("1 2", "<a/>") == Errc::invalid_argument);
    CHECK(with("xmlns", "<a/>") == Errc::invalid_argument);
    CHECK(with("a", "<a xmlns:a='urn:else'/>") == Errc::invalid_argument);
}
