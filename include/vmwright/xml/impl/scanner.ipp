// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/cursor.hpp>
#include <vmwright/xml/detail/prefixes.hpp>
#include <vmwright/xml/detail/scanner.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace vmwright::inline v0::xml::detail
{

namespace scanner
{
namespace
{

/// Faults after these are not reported: they would be the same again, or cost a hostile text's size in memory.
constexpr std::size_t most_faults = 20;

auto is_blank(std::string_view text) -> bool
{
    for (auto const c : text)
        if (!is_space(c))
            return false;
    return true;
}

/// How many bytes from `at` on are printable ASCII, in steps of 8.
auto plain_length(std::string_view text, std::size_t at) -> std::size_t
{
    constexpr std::uint64_t ones = 0x0101010101010101;
    auto const begin = at;
    for (std::uint64_t word{}; text.size() - at >= sizeof word; at += sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        // A byte below 0x20 borrows from its high bit; one above 0x7F has it.
        if (((word | (word - ones * 0x20)) & (ones * 0x80)) != 0)
            break;
    }
    return at - begin;
}

class Scanner : Cursor
{
public:
    Scanner(std::string_view text, Lines const& lines, Limits const& limits, Diagnostics& out)
        : Cursor{text}
        , lines_{lines}
        , limits_{limits}
        , out_{out}
    {
    }

    auto run() -> Scan
    {
        auto const finished = characters() && document();
        result_.well_formed = finished && faults_ == 0;
        return std::move(result_);
    }

private:
    struct Open
    {
        std::string_view name{};
        std::size_t index{};    ///< in result_.elements
        std::size_t prefixes{}; ///< what Prefixes::leave needs
    };

    // Each step returns false to end the scan.

    /// A fault after which the structure is still clear.
    auto fault(std::size_t offset, std::string message, std::string hint = {}) -> bool
    {
        out_.add({.fault = Fault::syntax,
                  .where = lines_.location(text(), offset),
                  .message = std::move(message),
                  .hint = std::move(hint)});
        return ++faults_ < most_faults;
    }

    auto stop(std::size_t offset, std::string message, std::string hint = {}) -> bool
    {
        fault(offset, std::move(message), std::move(hint));
        return false;
    }

    auto refuse(std::size_t offset, std::string message) -> bool
    {
        out_.add({.fault = Fault::limit, .where = lines_.location(text(), offset), .message = std::move(message)});
        ++faults_;
        return false;
    }

    auto line_of(std::size_t offset) const -> std::size_t { return lines_.location(text(), offset).line; }

    auto count_node(std::size_t offset) -> bool
    {
        if (++nodes_ <= limits_.nodes)
            return true;
        return refuse(offset, fmt::format("the text has more nodes than the limit of {}", limits_.nodes));
    }

    /// UTF-8 and nothing but characters that XML allows.
    auto characters() -> bool
    {
        for (std::size_t i = 0; i < text().size();) {
            auto const c = static_cast<unsigned char>(text()[i]);
            if (c >= 0x20 && c < 0x80) {
                i += std::max<std::size_t>(plain_length(text(), i), 1);
                continue;
            }
            auto const point = decode(text(), i);
            if (point.length == 0)
                return stop(i, fmt::format("byte 0x{:02x} is not UTF-8", c), "name the encoding in the XML declaration");
            if (!is_xml_char(point.value)) {
                auto const message = c == 0 ? std::string{"a NUL byte is not allowed in XML"}
                                            : fmt::format("character U+{:04X} is not allowed in XML",
                                                          static_cast<std::uint32_t>(point.value));
                if (!fault(i, message))
                    return false;
            }
            i += point.length;
        }
        return faults_ == 0;
    }

    auto document() -> bool
    {
        if (text().starts_with(byte_order_mark))
            at = byte_order_mark.size();
        if (is_blank(rest()))
            return stop(0, "the text is empty");
        if (rest().starts_with("<?xml") && rest().size() > 5 && is_space(rest()[5]))
            if (auto flaw = flaw_of_declaration(*this); !flaw.message.empty())
                return stop(at, std::move(flaw.message), std::move(flaw.hint));
        while (!at_end())
            if (!(text()[at] == '<' ? markup() : character_data()))
                return false;
        if (!open_.empty()) {
            auto const begin = result_.elements[open_.back().index].begin;
            return stop(text().size(),
                        fmt::format("<{}>, opened at line {}, is never closed", shown(open_.back().name), line_of(begin)));
        }
        return has_root_ || stop(text().size(), "there is no root element");
    }

    auto markup() -> bool
    {
        auto const here = rest();
        if (here.starts_with("<!--"))
            return comment();
        if (here.starts_with("<![CDATA["))
            return cdata();
        if (here.starts_with("<!DOCTYPE"))
            return refuse(at, "a DOCTYPE is refused: libvirt's documents have none, and entities are a danger");
        if (here.starts_with("<?"))
            return instruction();
        if (here.starts_with("</"))
            return end_tag();
        return start_tag();
    }

    auto character_data() -> bool
    {
        auto const begin = at;
        at = std::min(text().find('<', begin), text().size());
        auto const run = text().substr(begin, at - begin);
        auto const blank = is_blank(run);
        if (open_.empty()) {
            if (blank)
                return true;
            auto const place = begin + run.find_first_not_of(" \t\r\n");
            return stop(place, has_root_ ? "text after the root element" : "text before the root element");
        }
        // What Tree keeps.
        auto const is_whole_content = after_start_tag_ == begin && rest().starts_with("</");
        if ((!blank || is_whole_content) && !count_node(begin))
            return false;
        if (auto const end = run.find("]]>"); end != run.npos && !fault(begin + end, "']]>' in a text", "write ]]&gt;"))
            return false;
        return references(begin, at);
    }

    auto references(std::size_t begin, std::size_t end) -> bool
    {
        auto const part = text().substr(0, end);
        for (auto i = part.find('&', begin); i != part.npos; i = part.find('&', i + 1)) {
            auto flaw = flaw_of_reference(part.substr(i));
            if (!flaw.message.empty() && !fault(i, std::move(flaw.message), std::move(flaw.hint)))
                return false;
        }
        return true;
    }

    auto comment() -> bool
    {
        auto const begin = at;
        if (!count_node(begin))
            return false;
        auto hyphens = text().find("--", begin + 4);
        if (hyphens != text().npos && !text().substr(hyphens).starts_with("-->")) {
            if (!fault(hyphens, "'--' inside a comment", fmt::format("the comment starts at line {}", line_of(begin))))
                return false;
            hyphens = text().find("-->", hyphens);
        }
        if (hyphens == text().npos)
            return stop(begin, "the comment is not closed");
        at = hyphens + 3;
        return true;
    }

    auto cdata() -> bool
    {
        auto const begin = at;
        if (open_.empty())
            return stop(begin, has_root_ ? "text after the root element" : "text before the root element");
        if (!count_node(begin))
            return false;
        auto const end = text().find("]]>", begin + 9);
        if (end == text().npos)
            return stop(begin, "the CDATA section is not closed");
        at = end + 3;
        return true;
    }

    auto instruction() -> bool
    {
        auto const begin = at;
        if (!count_node(begin))
            return false;
        at += 2;
        auto const target = name();
        if (target.empty())
            return stop(begin, "a processing instruction must start with a name");
        auto const letter = [&](std::size_t i) { return target[i] | 0x20; };
        if (target.size() == 3 && letter(0) == 'x' && letter(1) == 'm' && letter(2) == 'l')
            return stop(begin, "an XML declaration may only stand at the very start of the text");
        auto const end = text().find("?>", at);
        if (end == text().npos)
            return stop(begin, fmt::format("the processing instruction '{}' is not closed", shown(target)));
        auto const is_separated = end == at || is_space(text()[at]);
        if (!is_separated && !fault(at, fmt::format("white space is missing after '{}'", shown(target))))
            return false;
        at = end + 2;
        return true;
    }

    auto start_tag() -> bool
    {
        auto const begin = at++;
        auto const element = name();
        if (element.empty())
            return stop(begin, fmt::format("'<' followed by {} is no tag", character()), "a '<' in a text is written &lt;");
        if (open_.empty() && has_root_)
            return stop(begin, fmt::format("<{}> is a second root element", shown(element)));
        if (open_.size() >= limits_.depth)
            return refuse(begin, fmt::format("elements are nested deeper than the limit of {}", limits_.depth));
        if (!count_node(begin))
            return false;
        attributes_.clear();
        bool is_closed = false;
        for (;;) {
            auto const has_space = skip_space();
            if (is_at('>'))
                break;
            if (rest().starts_with("/>")) {
                is_closed = true;
                break;
            }
            if (!attribute(begin, element, has_space))
                return false;
        }
        at += is_closed ? 2 : 1;
        if (!distinct_attributes(element))
            return false;
        has_root_ = true;
        auto const index = result_.elements.size();
        auto const end = static_cast<std::uint32_t>(at);
        result_.elements.push_back({static_cast<std::uint32_t>(begin), end, end, end});
        open_.push_back({element, index, prefixes_.enter()});
        check_prefixes(begin, element);
        if (is_closed)
            leave();
        else
            after_start_tag_ = at;
        return true;
    }

    auto attribute(std::size_t tag, std::string_view element, bool has_space) -> bool
    {
        auto const begin = at;
        auto const unclosed = [&] { return stop(tag, fmt::format("the start tag of <{}> is not closed", shown(element))); };
        if (at_end())
            return unclosed();
        auto const key = name();
        if (key.empty())
            return stop(begin,
                        fmt::format("{} where an attribute of <{}>, '>' or '/>' is expected", character(), shown(element)));
        if (!has_space && !fault(begin, fmt::format("white space is missing before attribute '{}'", shown(key))))
            return false;
        if (!count_node(begin))
            return false;
        skip_space();
        if (at_end())
            return unclosed();
        if (!is_at('='))
            return stop(begin, fmt::format("attribute '{}' has no value", shown(key)));
        ++at;
        skip_space();
        if (!is_at_quote())
            return stop(at, fmt::format("the value of attribute '{}' must stand in quotes", shown(key)));
        auto const quote = text()[at++];
        auto const value = at;
        auto const end = text().find(quote, value);
        if (auto const tag_inside = text().substr(0, end).find('<', value); tag_inside != text().npos)
            return stop(tag_inside, fmt::format("'<' in the value of attribute '{}'", shown(key)),
                        "write &lt;, or close the quote before it");
        if (end == text().npos)
            return stop(value - 1, fmt::format("the quote of attribute '{}' is not closed", shown(key)));
        if (!references(value, end))
            return false;
        ++(quote == '"' ? result_.double_quoted : result_.single_quoted);
        attributes_.push_back(key);
        at = end + 1;
        return true;
    }

    auto distinct_attributes(std::string_view element) -> bool
    {
        // Views into one text: of equal names, the later one is the duplicate.
        auto const before = [](std::string_view a, std::string_view b) {
            auto const order = a.compare(b);
            return order < 0 || (order == 0 && a.data() < b.data());
        };
        if (attributes_.size() < 2)
            return true;
        std::ranges::sort(attributes_, before);
        for (std::size_t i = 1; i < attributes_.size(); ++i)
            if (attributes_[i] == attributes_[i - 1] &&
                !fault(static_cast<std::size_t>(attributes_[i].data() - text().data()),
                       fmt::format("<{}> has attribute '{}' twice", shown(element), shown(attributes_[i]))))
                return false;
        return true;
    }

    auto end_tag() -> bool
    {
        auto const begin = at;
        at += 2;
        auto const closed = name();
        if (open_.empty())
            return stop(begin, fmt::format("</{}> closes nothing", shown(closed)));
        auto const& last = open_.back();
        auto& marks = result_.elements[last.index];
        // Where an outer element is closed, the mistake is at the inner one; else the end tag's name is wrong.
        auto const is_outer = [&](auto const& open) { return open.name == closed; };
        if (closed != last.name && std::any_of(open_.begin(), open_.end(), is_outer))
            return stop(marks.begin, fmt::format("<{}> is not closed before </{}> on line {}", shown(last.name),
                                                 shown(closed), line_of(begin)));
        if (closed != last.name)
            return stop(begin, fmt::format("</{}> where <{}>, opened at line {}, must be closed first", shown(closed),
                                           shown(last.name), line_of(marks.begin)));
        skip_space();
        if (!is_at('>'))
            return stop(at, fmt::format("{} in the end tag of <{}>", character(), shown(closed)));
        ++at;
        marks.end_begin = static_cast<std::uint32_t>(begin);
        marks.end = static_cast<std::uint32_t>(at);
        leave();
        return true;
    }

    void leave()
    {
        prefixes_.leave(open_.back().prefixes);
        open_.pop_back();
    }

    /// Takes in the prefixes that the element declares, then looks up those that it uses.
    void check_prefixes(std::size_t begin, std::string_view element)
    {
        for (auto const attribute : attributes_)
            if (prefix_of(attribute) == "xmlns")
                prefixes_.declare(attribute.substr(6));
        check_prefix(begin, prefix_of(element));
        for (auto const attribute : attributes_)
            check_prefix(static_cast<std::size_t>(attribute.data() - text().data()), prefix_of(attribute));
    }

    void check_prefix(std::size_t offset, std::string_view prefix)
    {
        if (prefixes_.is_declared(prefix) || undeclared_.size() == most_faults ||
            std::ranges::find(undeclared_, prefix) != undeclared_.end())
            return;
        undeclared_.push_back(prefix);
        out_.add({.severity = Severity::warning,
                  .fault = Fault::namespace_prefix,
                  .where = lines_.location(text(), offset),
                  .message = fmt::format("prefix '{}' is not declared", shown(prefix)),
                  .hint = fmt::format("add xmlns:{}='…'", shown(prefix))});
    }

    Lines const& lines_;
    Limits const& limits_;
    Diagnostics& out_;
    Scan result_;
    std::size_t faults_{};
    std::size_t nodes_{};
    std::size_t after_start_tag_{};
    bool has_root_{};
    std::vector<Open> open_;
    std::vector<std::string_view> attributes_; ///< of the tag at hand
    Prefixes prefixes_;
    std::vector<std::string_view> undeclared_; ///< those already told of
};

} // namespace
} // namespace scanner

auto scan(std::string_view text, Lines const& lines, Limits const& limits, Diagnostics& out) -> Scan
{
    return scanner::Scanner{text, lines, limits, out}.run();
}

} // namespace vmwright::inline v0::xml::detail
