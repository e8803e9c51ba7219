// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/scanner.hpp>
#include <vmwright/xml/detail/utf8.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <unordered_map>
#include <utility>

namespace vmwright::inline v0::xml::detail
{

namespace scanner
{
namespace
{

/// Faults after these are not reported: they would be the same again, or cost a hostile text's size in memory.
constexpr std::size_t most_faults = 20;

constexpr auto ascii_table(std::string_view more)
{
    std::array<bool, 128> table{};
    for (auto c = 'a'; c <= 'z'; ++c)
        table[static_cast<std::size_t>(c)] = table[static_cast<std::size_t>(c - 'a' + 'A')] = true;
    for (auto const c : more)
        table[static_cast<std::size_t>(c)] = true;
    return table;
}

constexpr auto name_starts = ascii_table(":_");
constexpr auto name_goes_on = ascii_table(":_-.0123456789");

/// A piece of the text as messages show it.
auto shown(std::string_view piece) -> std::string
{
    constexpr std::size_t most = 40;
    if (piece.size() <= most)
        return std::string{piece};
    auto end = most;
    while ((static_cast<unsigned char>(piece[end]) & 0xC0) == 0x80)
        --end;
    return fmt::format("{}…", piece.substr(0, end));
}

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

auto prefix_of(std::string_view name) -> std::string_view
{
    auto const colon = name.find(':');
    return colon == name.npos ? std::string_view{} : name.substr(0, colon);
}

class Scanner
{
public:
    Scanner(std::string_view text, Lines const& lines, Limits const& limits, Diagnostics& out)
        : text_{text}
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
        std::size_t declared{}; ///< prefixes declared outside of it
    };

    // Each step returns false to end the scan.

    /// A fault after which the structure is still clear.
    auto fault(std::size_t offset, std::string message, std::string hint = {}) -> bool
    {
        out_.add({.fault = Fault::syntax,
                  .where = lines_.location(text_, offset),
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
        out_.add({.fault = Fault::limit, .where = lines_.location(text_, offset), .message = std::move(message)});
        ++faults_;
        return false;
    }

    auto line_of(std::size_t offset) const -> std::size_t { return lines_.location(text_, offset).line; }
    auto rest() const -> std::string_view { return text_.substr(at_); }
    auto at_end() const -> bool { return at_ >= text_.size(); }
    auto is_at(char c) const -> bool { return at_ < text_.size() && text_[at_] == c; }

    auto skip_space() -> bool
    {
        auto const begin = at_;
        while (at_ < text_.size() && is_space(text_[at_]))
            ++at_;
        return at_ != begin;
    }

    /// Takes a Name; an empty one when there is none.
    auto name() -> std::string_view
    {
        auto const begin = at_;
        while (at_ < text_.size()) {
            auto const c = static_cast<unsigned char>(text_[at_]);
            if (c < 0x80) {
                if (!(at_ == begin ? name_starts : name_goes_on)[c])
                    break;
                ++at_;
                continue;
            }
            auto const wide = decode(text_, at_);
            if (!(at_ == begin ? is_name_start(wide.value) : is_name_char(wide.value)))
                break;
            at_ += wide.length;
        }
        return text_.substr(begin, at_ - begin);
    }

    /// What stands here, for a message.
    auto character() const -> std::string
    {
        if (at_end())
            return "the end of the text";
        return is_space(text_[at_]) ? "white space" : fmt::format("'{}'", text_.substr(at_, decode(text_, at_).length));
    }

    auto count_node(std::size_t offset) -> bool
    {
        if (++nodes_ <= limits_.nodes)
            return true;
        return refuse(offset, fmt::format("the text has more nodes than the limit of {}", limits_.nodes));
    }

    /// UTF-8 and nothing but characters that XML allows.
    auto characters() -> bool
    {
        for (std::size_t at = 0; at < text_.size();) {
            auto const c = static_cast<unsigned char>(text_[at]);
            if (c >= 0x20 && c < 0x80) {
                at += std::max<std::size_t>(plain_length(text_, at), 1);
                continue;
            }
            auto const point = decode(text_, at);
            if (point.length == 0)
                return stop(at, fmt::format("byte 0x{:02x} is not UTF-8", c), "name the encoding in the XML declaration");
            if (!is_xml_char(point.value)) {
                auto const message = c == 0 ? std::string{"a NUL byte is not allowed in XML"}
                                            : fmt::format("character U+{:04X} is not allowed in XML",
                                                          static_cast<std::uint32_t>(point.value));
                if (!fault(at, message))
                    return false;
            }
            at += point.length;
        }
        return faults_ == 0;
    }

    auto document() -> bool
    {
        if (text_.starts_with(byte_order_mark))
            at_ = byte_order_mark.size();
        if (is_blank(rest()))
            return stop(0, "the text is empty");
        if (rest().starts_with("<?xml") && at_ + 5 < text_.size() && is_space(text_[at_ + 5]) && !declaration())
            return false;
        while (!at_end())
            if (!(text_[at_] == '<' ? markup() : text()))
                return false;
        if (!open_.empty()) {
            auto const begin = result_.elements[open_.back().index].begin;
            return stop(text_.size(),
                        fmt::format("<{}>, opened at line {}, is never closed", shown(open_.back().name), line_of(begin)));
        }
        return has_root_ || stop(text_.size(), "there is no root element");
    }

    auto markup() -> bool
    {
        auto const here = rest();
        if (here.starts_with("<!--"))
            return comment();
        if (here.starts_with("<![CDATA["))
            return cdata();
        if (here.starts_with("<!DOCTYPE"))
            return refuse(at_, "a DOCTYPE is refused: libvirt's documents have none, and entities are a danger");
        if (here.starts_with("<?"))
            return instruction();
        if (here.starts_with("</"))
            return end_tag();
        return start_tag();
    }

    auto declaration() -> bool
    {
        auto const begin = at_;
        auto const malformed = [&](std::string_view what) {
            return stop(at_, fmt::format("the XML declaration is malformed: {}", what),
                        "<?xml version='1.0' encoding='UTF-8'?>");
        };
        at_ += 5;
        constexpr std::array<std::string_view, 3> keys{"version", "encoding", "standalone"};
        for (std::size_t next = 0;;) {
            auto const has_space = skip_space();
            if (rest().starts_with("?>"))
                break;
            auto const place = at_;
            auto const key = name();
            auto const found = static_cast<std::size_t>(std::ranges::find(keys, key) - keys.begin());
            if (found == keys.size() || found < next || (next == 0 && found != 0)) {
                at_ = place;
                return malformed(next == 0 ? "the version must come first"
                                           : "only encoding and standalone follow the version");
            }
            if (!has_space)
                return malformed("white space is missing");
            next = found + 1;
            skip_space();
            if (!is_at('='))
                return malformed("'=' is missing");
            ++at_;
            skip_space();
            if (!is_at('"') && !is_at('\''))
                return malformed("a value must stand in quotes");
            auto const end = text_.find(text_[at_], at_ + 1);
            if (end == text_.npos)
                return malformed("a quote is not closed");
            auto const value = text_.substr(at_ + 1, end - at_ - 1);
            if (!is_valid(key, value))
                return malformed(fmt::format("'{}' is not a possible {}", shown(value), key));
            at_ = end + 1;
        }
        if (at_ == begin + 6)
            return malformed("the version is missing");
        at_ += 2;
        return true;
    }

    static auto is_valid(std::string_view key, std::string_view value) -> bool
    {
        auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
        if (key == "version")
            return value.starts_with("1.") && std::ranges::all_of(value.substr(2), is_digit);
        if (key == "standalone")
            return value == "yes" || value == "no";
        auto const is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
        return !value.empty() && is_letter(value[0]) && std::ranges::all_of(value, [&](char c) {
            return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
        });
    }

    auto text() -> bool
    {
        auto const begin = at_;
        at_ = std::min(text_.find('<', begin), text_.size());
        auto const run = text_.substr(begin, at_ - begin);
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
        return references(begin, at_);
    }

    /// Checks the references in [begin, end).
    auto references(std::size_t begin, std::size_t end) -> bool
    {
        auto const part = text_.substr(0, end);
        for (auto at = part.find('&', begin); at != part.npos; at = part.find('&', at + 1))
            if (!reference(part, at))
                return false;
        return true;
    }

    auto reference(std::string_view part, std::size_t begin) -> bool
    {
        auto const resume = std::exchange(at_, begin + 1);
        auto const is_number = begin + 1 < part.size() && text_[begin + 1] == '#';
        auto const good = is_number ? character_reference(part, begin) : entity_reference(part, begin);
        at_ = resume;
        return good;
    }

    auto entity_reference(std::string_view part, std::size_t begin) -> bool
    {
        constexpr std::array<std::string_view, 5> entities{"amp", "lt", "gt", "quot", "apos"};
        auto const entity = name();
        if (entity.empty() || at_ >= part.size() || text_[at_] != ';')
            return fault(begin, "'&' stands alone", "write &amp;");
        if (std::ranges::find(entities, entity) != entities.end())
            return true;
        return fault(begin, fmt::format("entity '{}' is not defined", shown(entity)),
                     "there are only &amp; &lt; &gt; &quot; &apos;, and numbers like &#233;");
    }

    auto character_reference(std::string_view part, std::size_t begin) -> bool
    {
        auto const is_hex = part.substr(begin).starts_with("&#x");
        std::uint32_t const base = is_hex ? 16 : 10;
        char32_t value{};
        auto const first = begin + (is_hex ? 3 : 2);
        auto at = first;
        for (; at < part.size(); ++at) {
            auto const c = part[at];
            std::uint32_t digit = base;
            if (c >= '0' && c <= '9')
                digit = static_cast<std::uint32_t>(c - '0');
            else if (c >= 'a' && c <= 'f')
                digit = static_cast<std::uint32_t>(c - 'a' + 10);
            else if (c >= 'A' && c <= 'F')
                digit = static_cast<std::uint32_t>(c - 'A' + 10);
            if (digit >= base)
                break;
            value = std::min<char32_t>(value * base + digit, 0x110000);
        }
        if (at == first || at >= part.size() || part[at] != ';')
            return fault(begin, "a character reference has the form &#233; or &#xE9;");
        if (!is_xml_char(value))
            return fault(begin,
                         fmt::format("{} is no character that XML allows", shown(part.substr(begin, at + 1 - begin))));
        return true;
    }

    auto comment() -> bool
    {
        auto const begin = at_;
        if (!count_node(begin))
            return false;
        auto hyphens = text_.find("--", begin + 4);
        if (hyphens != text_.npos && !text_.substr(hyphens).starts_with("-->")) {
            if (!fault(hyphens, "'--' inside a comment", fmt::format("the comment starts at line {}", line_of(begin))))
                return false;
            hyphens = text_.find("-->", hyphens);
        }
        if (hyphens == text_.npos)
            return stop(begin, "the comment is not closed");
        at_ = hyphens + 3;
        return true;
    }

    auto cdata() -> bool
    {
        auto const begin = at_;
        if (open_.empty())
            return stop(begin, has_root_ ? "text after the root element" : "text before the root element");
        if (!count_node(begin))
            return false;
        auto const end = text_.find("]]>", begin + 9);
        if (end == text_.npos)
            return stop(begin, "the CDATA section is not closed");
        at_ = end + 3;
        return true;
    }

    auto instruction() -> bool
    {
        auto const begin = at_;
        if (!count_node(begin))
            return false;
        at_ += 2;
        auto const target = name();
        if (target.empty())
            return stop(begin, "a processing instruction must start with a name");
        auto const letter = [&](std::size_t i) { return target[i] | 0x20; };
        if (target.size() == 3 && letter(0) == 'x' && letter(1) == 'm' && letter(2) == 'l')
            return stop(begin, "an XML declaration may only stand at the very start of the text");
        auto const end = text_.find("?>", at_);
        if (end == text_.npos)
            return stop(begin, fmt::format("the processing instruction '{}' is not closed", shown(target)));
        auto const is_separated = end == at_ || is_space(text_[at_]);
        if (!is_separated && !fault(at_, fmt::format("white space is missing after '{}'", shown(target))))
            return false;
        at_ = end + 2;
        return true;
    }

    auto start_tag() -> bool
    {
        auto const begin = at_++;
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
        at_ += is_closed ? 2 : 1;
        if (!distinct_attributes(element))
            return false;
        has_root_ = true;
        auto const index = result_.elements.size();
        auto const end = static_cast<std::uint32_t>(at_);
        result_.elements.push_back({static_cast<std::uint32_t>(begin), end, end, end});
        open_.push_back({element, index, declared_.size()});
        check_prefixes(begin, element);
        if (is_closed)
            leave();
        else
            after_start_tag_ = at_;
        return true;
    }

    auto attribute(std::size_t tag, std::string_view element, bool has_space) -> bool
    {
        auto const begin = at_;
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
        ++at_;
        skip_space();
        if (!is_at('"') && !is_at('\''))
            return stop(at_, fmt::format("the value of attribute '{}' must stand in quotes", shown(key)));
        auto const quote = text_[at_++];
        auto const value = at_;
        auto const end = text_.find(quote, value);
        if (auto const tag_inside = text_.substr(0, end).find('<', value); tag_inside != text_.npos)
            return stop(tag_inside, fmt::format("'<' in the value of attribute '{}'", shown(key)),
                        "write &lt;, or close the quote before it");
        if (end == text_.npos)
            return stop(value - 1, fmt::format("the quote of attribute '{}' is not closed", shown(key)));
        if (!references(value, end))
            return false;
        ++(quote == '"' ? result_.double_quoted : result_.single_quoted);
        attributes_.push_back(key);
        at_ = end + 1;
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
                !fault(static_cast<std::size_t>(attributes_[i].data() - text_.data()),
                       fmt::format("<{}> has attribute '{}' twice", shown(element), shown(attributes_[i]))))
                return false;
        return true;
    }

    /// Takes in the prefixes that the element declares, then looks up those that it uses.
    void check_prefixes(std::size_t begin, std::string_view element)
    {
        for (auto const attribute : attributes_)
            if (prefix_of(attribute) == "xmlns") {
                declared_.push_back(attribute.substr(6));
                ++in_scope_[declared_.back()];
            }
        check_prefix(begin, element);
        for (auto const attribute : attributes_)
            check_prefix(static_cast<std::size_t>(attribute.data() - text_.data()), attribute);
    }

    void check_prefix(std::size_t offset, std::string_view name)
    {
        auto const prefix = prefix_of(name);
        if (prefix.empty() || prefix == "xml" || prefix == "xmlns")
            return;
        if (auto const found = in_scope_.find(prefix); found != in_scope_.end() && found->second > 0)
            return;
        if (undeclared_.size() == most_faults || std::ranges::find(undeclared_, prefix) != undeclared_.end())
            return;
        undeclared_.push_back(prefix);
        out_.add({.severity = Severity::warning,
                  .fault = Fault::namespace_prefix,
                  .where = lines_.location(text_, offset),
                  .message = fmt::format("prefix '{}' is not declared", shown(prefix)),
                  .hint = fmt::format("add xmlns:{}='…'", shown(prefix))});
    }

    auto end_tag() -> bool
    {
        auto const begin = at_;
        at_ += 2;
        auto const closed = name();
        if (open_.empty())
            return stop(begin, fmt::format("</{}> closes nothing", shown(closed)));
        auto const& last = open_.back();
        auto& marks = result_.elements[last.index];
        if (closed != last.name)
            return stop(begin, fmt::format("</{}> where <{}>, opened at line {}, must be closed first", shown(closed),
                                           shown(last.name), line_of(marks.begin)));
        skip_space();
        if (!is_at('>'))
            return stop(at_, fmt::format("{} in the end tag of <{}>", character(), shown(closed)));
        ++at_;
        marks.end_begin = static_cast<std::uint32_t>(begin);
        marks.end = static_cast<std::uint32_t>(at_);
        leave();
        return true;
    }

    void leave()
    {
        for (; declared_.size() > open_.back().declared; declared_.pop_back())
            --in_scope_[declared_.back()];
        open_.pop_back();
    }

    std::string_view text_;
    Lines const& lines_;
    Limits const& limits_;
    Diagnostics& out_;
    Scan result_;
    std::size_t at_{};
    std::size_t faults_{};
    std::size_t nodes_{};
    std::size_t after_start_tag_{};
    bool has_root_{};
    std::vector<Open> open_;
    std::vector<std::string_view> attributes_; ///< of the tag at hand
    std::vector<std::string_view> declared_;   ///< prefixes, those of the innermost element last
    std::unordered_map<std::string_view, std::size_t> in_scope_;
    std::vector<std::string_view> undeclared_; ///< those already told of
};

} // namespace
} // namespace scanner

auto scan(std::string_view text, Lines const& lines, Limits const& limits, Diagnostics& out) -> Scan
{
    return scanner::Scanner{text, lines, limits, out}.run();
}

} // namespace vmwright::inline v0::xml::detail
