// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/xml/document.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace vmwright;
using namespace std::string_view_literals;
using xml::Document;

namespace
{

/// What a text is told to have, one `LINE:COLUMN: SEVERITY: MESSAGE` each.
auto told(std::string_view text, xml::Limits limits = {}) -> std::vector<std::string>
{
    Diagnostics out;
    auto const document = Document::parse(text, out, limits);
    CHECK(document.has_root() == !out.has_errors());
    std::vector<std::string> lines;
    for (auto const& d : out)
        lines.push_back(std::to_string(d.where.line) + ":" + std::to_string(d.where.column) + ": " +
                        std::string{to_string(d.severity)} + ": " + d.message);
    return lines;
}

/// The only thing that a text is told to have.
auto only(std::string_view text, xml::Limits limits = {}) -> std::string
{
    auto const lines = told(text, limits);
    CAPTURE(lines);
    CHECK(lines.size() == 1);
    return lines.empty() ? "" : lines[0];
}

auto nested(std::size_t depth) -> std::string
{
    std::string text;
    for (std::size_t i = 0; i < depth; ++i)
        text += "<a>";
    for (std::size_t i = 0; i < depth; ++i)
        text += "</a>";
    return text;
}

auto utf16(std::u16string_view text, bool big_endian) -> std::string
{
    std::string bytes;
    for (auto const unit : text) {
        char const pair[]{static_cast<char>(unit >> 8), static_cast<char>(unit & 0xFF)};
        bytes += pair[big_endian ? 0 : 1];
        bytes += pair[big_endian ? 1 : 0];
    }
    return bytes;
}

} // namespace

TEST_CASE("well-formed texts are read without a word")
{
    for (auto const text : {
             "<a/>"sv,
             " \n<!-- -><- --><?pi?><a></a ><!----><?pi x?y?>\n"sv,
             "<?xml version='1.0' encoding=\"utf-8\" standalone = 'no' ?>\n<a/>"sv,
             "<?xml version='1.1'?><a/>"sv,
             "<a b='&lt;&#9;>\"' c=\"'&#x10FFFF;\">&amp;&#xE9;]] > ]><![CDATA[<&]]]]></a>"sv,
             "<\xC3\xA9t\xC3\xA9 \xE5\x90\x8D='\xF0\x9F\x90\xA7'/>"sv,
             "<a xmlns='u' xmlns:b='v'><b:c b:d='' xml:lang='de'><e xmlns:f='w' f:g=''/></b:c></a>"sv,
             "<a>\x7F\xC2\x80</a>"sv,
         })
        CHECK(told(text) == std::vector<std::string>{});
}

TEST_CASE("a text without an element is refused")
{
    CHECK(only("") == "1:1: error: the text is empty");
    CHECK(only(" \n ") == "1:1: error: the text is empty");
    CHECK(only("\xEF\xBB\xBF") == "1:1: error: the text is empty");
    CHECK(only("<!-- a -->\n") == "2:1: error: there is no root element");
}

TEST_CASE("there is one root and nothing beside it")
{
    CHECK(only("<a/>\n<b/>") == "2:1: error: <b> is a second root element");
    CHECK(only("<a/>\n x") == "2:2: error: text after the root element");
    CHECK(only("x<a/>") == "1:1: error: text before the root element");
    CHECK(only("<a/><![CDATA[]]>") == "1:5: error: text after the root element");
    CHECK(only("<a/></a>") == "1:5: error: </a> closes nothing");
}

TEST_CASE("tags must match, and the message says which was opened where")
{
    CHECK(only("<a>\n<b>\n</a>") == "2:1: error: <b> is not closed before </a> on line 3");
    CHECK(only("<a>\n<b>\n") == "3:1: error: <b>, opened at line 2, is never closed");
    CHECK(only("<a></ab>") == "1:4: error: </ab> where <a>, opened at line 1, must be closed first");
    CHECK(only("<a></a b>") == "1:8: error: 'b' in the end tag of <a>");
    CHECK(only("<a></a") == "1:7: error: the end of the text in the end tag of <a>");
}

TEST_CASE("names and attributes are checked")
{
    CHECK(only("<a>1 < 2</a>") == "1:6: error: '<' followed by white space is no tag");
    CHECK(only("<1/>") == "1:1: error: '<' followed by '1' is no tag");
    CHECK(only("<\xC3\x97/>") == "1:1: error: '<' followed by '\xC3\x97' is no tag");
    CHECK(only("<a") == "1:1: error: the start tag of <a> is not closed");
    CHECK(only("<a b='1' =''/>") == "1:10: error: '=' where an attribute of <a>, '>' or '/>' is expected");
    CHECK(only("<a b/>") == "1:4: error: attribute 'b' has no value");
    CHECK(only("<a b=c/>") == "1:6: error: the value of attribute 'b' must stand in quotes");
    CHECK(only("<a b='c/>") == "1:6: error: the quote of attribute 'b' is not closed");
    CHECK(only("<a b='1'c='2'/>") == "1:9: error: white space is missing before attribute 'c'");
    CHECK(only("<a b='<'/>") == "1:7: error: '<' in the value of attribute 'b'");
    CHECK(only("<a c='1' b='2'\n c='3'/>") == "2:2: error: <a> has attribute 'c' twice");
}

TEST_CASE("references must name what there is")
{
    CHECK(only("<a>&nbsp;</a>") == "1:4: error: entity 'nbsp' is not defined");
    CHECK(only("<a b='&x;'/>") == "1:7: error: entity 'x' is not defined");
    CHECK(only("<a>R&D</a>") == "1:5: error: '&' stands alone");
    CHECK(only("<a>&amp</a>") == "1:4: error: '&' stands alone");
    CHECK(only("<a>&#0;</a>") == "1:4: error: &#0; is no character that XML allows");
    CHECK(only("<a>&#xD800;</a>") == "1:4: error: &#xD800; is no character that XML allows");
    CHECK(only("<a>&#99999999999999999999;</a>") == "1:4: error: &#99999999999999999999; is no character that XML allows");
    for (auto const text : {"<a>&#;</a>", "<a>&#x;</a>", "<a>&#1a;</a>", "<a>&#X41;</a>", "<a>&#65</a>"})
        CHECK(only(text) == "1:4: error: a character reference has the form &#233; or &#xE9;");
}

TEST_CASE("characters that XML forbids and bytes that are not UTF-8 are refused at their place")
{
    CHECK(only("<a>\n\x01</a>") == "2:1: error: character U+0001 is not allowed in XML");
    CHECK(only("<a b='\0'/>"sv) == "1:7: error: a NUL byte is not allowed in XML");
    CHECK(only("<a/>\0"sv) == "1:5: error: a NUL byte is not allowed in XML");
    CHECK(only("<a>\xEF\xBF\xBE</a>") == "1:4: error: character U+FFFE is not allowed in XML");
    for (auto const bad : {"\xC0\x80", "\xE9", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF0\x8F\xBF\xBF", "\x80"}) {
        auto const message = only(std::string{"<a>x"} + bad + "</a>");
        CHECK(message.starts_with("1:5: error: byte 0x"));
        CHECK(message.ends_with(" is not UTF-8"));
    }
    CHECK(only("<a>\xE4\xB8") == "1:4: error: byte 0xe4 is not UTF-8");
}

TEST_CASE("comments, sections and instructions are checked")
{
    CHECK(only("<a><!-- b -- c --></a>") == "1:11: error: '--' inside a comment");
    CHECK(only("<a><!-- b ---></a>") == "1:11: error: '--' inside a comment");
    CHECK(only("<a>\n<!-- b </a>") == "2:1: error: the comment is not closed");
    CHECK(only("<a>]]></a>") == "1:4: error: ']]>' in a text");
    CHECK(only("<a><![CDATA[ ]></a>") == "1:4: error: the CDATA section is not closed");
    CHECK(only("<a><?b c></a>") == "1:4: error: the processing instruction 'b' is not closed");
    CHECK(only("<a><? b?></a>") == "1:4: error: a processing instruction must start with a name");
    CHECK(only("<a><?b+?></a>") == "1:7: error: white space is missing after 'b'");
    CHECK(only("\n<?xml version='1.0'?><a/>") ==
          "2:1: error: an XML declaration may only stand at the very start of the text");
    CHECK(only("<a/><?XML x?>") == "1:5: error: an XML declaration may only stand at the very start of the text");
    CHECK(only("<a><!ELEMENT a></a>") == "1:4: error: '<' followed by '!' is no tag");
}

TEST_CASE("the XML declaration is checked")
{
    auto const malformed = [](std::string_view declaration) {
        auto const message = only(std::string{declaration} + "<a/>");
        CHECK(message.find("error: the XML declaration is malformed: ") != message.npos);
        return message.substr(message.rfind(": ") + 2);
    };
    CHECK(malformed("<?xml ?>") == "the version is missing");
    CHECK(malformed("<?xml encoding='UTF-8'?>") == "the version must come first");
    CHECK(malformed("<?xml version='2.0'?>") == "'2.0' is not a possible version");
    CHECK(malformed("<?xml version='1.0'encoding='UTF-8'?>") == "white space is missing");
    CHECK(malformed("<?xml version='1.0' encoding=''?>") == "'' is not a possible encoding");
    CHECK(malformed("<?xml version='1.0' standalone='maybe'?>") == "'maybe' is not a possible standalone");
    CHECK(malformed("<?xml version='1.0' standalone='yes' encoding='UTF-8'?>") ==
          "only encoding and standalone follow the version");
    CHECK(malformed("<?xml version='1.0' ?x>") == "only encoding and standalone follow the version");
    CHECK(malformed("<?xml version '1.0'?>") == "'=' is missing");
}

TEST_CASE("faults that leave the structure clear are told together, up to a bound")
{
    CHECK(told("<a b='&x;' b=''>&y;\n<!-- -- --></a>") == std::vector<std::string>{
                                                              "1:7: error: entity 'x' is not defined",
                                                              "1:12: error: <a> has attribute 'b' twice",
                                                              "1:17: error: entity 'y' is not defined",
                                                              "2:6: error: '--' inside a comment",
                                                          });
    std::string many = "<a>";
    for (int i = 0; i < 1000; ++i)
        many += "&x;";
    CHECK(told(many + "</a>").size() == 20);
}

TEST_CASE("a prefix that nothing declares is a warning, once")
{
    CHECK(only("<a><b:c/><b:c b:d=''/></a>") == "1:4: warning: prefix 'b' is not declared");
    CHECK(told("<a><b:c xmlns:b='u'/><b:c/><c d:e=''/></a>") == std::vector<std::string>{
                                                                    "1:22: warning: prefix 'b' is not declared",
                                                                    "1:31: warning: prefix 'd' is not declared",
                                                                });
}

TEST_CASE("limits refuse and name themselves")
{
    CHECK(told(nested(256)).empty());
    CHECK(only(nested(257)) == "1:769: error: elements are nested deeper than the limit of 256");
    CHECK(only("<a><b/></a>", {.depth = 1}) == "1:4: error: elements are nested deeper than the limit of 1");
    CHECK(only("<a>12</a>", {.bytes = 8}) == "1:1: error: the text has 9 bytes, the limit is 8");
    CHECK(told("<a b=''>c<!-- d --><e> </e>\n</a>", {.nodes = 6}).empty());
    CHECK(only("<a b=''>c<!-- d --><e> </e>\n</a>", {.nodes = 5}) ==
          "1:23: error: the text has more nodes than the limit of 5");
    Diagnostics out;
    CHECK(Document::parse("<a>12</a>", out, {.bytes = 8}).text().empty());
    CHECK(out[0].fault == Fault::limit);
}

TEST_CASE("a DOCTYPE is refused")
{
    auto const bomb = "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>&c;</a>";
    CHECK(only(bomb) == "2:1: error: a DOCTYPE is refused: libvirt's documents have none, and entities are a danger");
}

TEST_CASE("other encodings become UTF-8, and the declaration says so")
{
    Diagnostics out;
    auto const read = [&](std::string_view bytes) {
        auto document = Document::parse(bytes, out);
        CHECK(document.is_converted());
        CHECK(document.has_root());
        return std::string{document.text()};
    };
    auto const wide = u"<?xml version='1.0' encoding='utf-16'?><a>\u540d\u00e9\U0001F427</a>";
    auto const narrow = "<?xml version='1.0' encoding='UTF-8'?><a>\xE5\x90\x8D\xC3\xA9\xF0\x9F\x90\xA7</a>";
    CHECK(read("\xFF\xFE" + utf16(wide, false)) == narrow);
    CHECK(read("\xFE\xFF" + utf16(wide, true)) == narrow);
    CHECK(read(utf16(wide, false)) == narrow);
    CHECK(read(utf16(wide, true)) == narrow);
    CHECK(read("<?xml version='1.0' encoding=\"iso-8859-1\"?><a b='\xE9'/>") ==
          "<?xml version='1.0' encoding=\"UTF-8\"?><a b='\xC3\xA9'/>");
    CHECK(read("<?xml version='1.0' encoding='US-ASCII'?><a/>") == "<?xml version='1.0' encoding='UTF-8'?><a/>");
    CHECK(out.empty());
    CHECK_FALSE(Document::parse("<?xml version='1.0' encoding='utf8'?><a/>", out).is_converted());
}

TEST_CASE("an encoding that is not read, or not kept to, is refused by name")
{
    CHECK(only("<?xml version='1.0' encoding='GBK'?><a/>") == "1:1: error: texts in GBK cannot be read");
    CHECK(only("<?xml version='1.0' encoding='UTF-16'?><a/>") ==
          "1:1: error: the text says that it is UTF-16, but it is not");
    CHECK(only("<?xml version='1.0' encoding='ASCII'?>\n<a>\xC3\xA9</a>") ==
          "2:4: error: byte 0xc3 is not ASCII, which the text says it is");
    CHECK(only("<\0\0\0a\0\0\0"sv) == "1:1: error: texts in UTF-32 cannot be read");
    CHECK(only("\xFF\xFE<\0a\0/\0>"sv) == "1:1: error: the text is not valid UTF-16 at byte 8");
    CHECK(only("\xFE\xFF\xD8\0\0<"sv) == "1:1: error: the text is not valid UTF-16 at byte 2");
}
