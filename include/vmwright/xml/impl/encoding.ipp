// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/encoding.hpp>
#include <vmwright/xml/detail/lines.hpp>
#include <vmwright/xml/detail/utf8.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>

namespace vmwright::inline v0::xml::detail
{

namespace encoding
{
namespace
{

using namespace std::string_view_literals;

enum class Form
{
    bytes, ///< ASCII and something more
    utf16_le,
    utf16_be,
    unreadable
};

struct Signature
{
    std::string_view bytes;
    Form form;
    std::string_view name;
};

constexpr std::array signatures{
    Signature{"\xFF\xFE\0\0"sv, Form::unreadable, "UTF-32"sv},
    Signature{"\0\0\xFE\xFF"sv, Form::unreadable, "UTF-32"sv},
    Signature{"<\0\0\0"sv, Form::unreadable, "UTF-32"sv},
    Signature{"\0\0\0<"sv, Form::unreadable, "UTF-32"sv},
    Signature{"\x4C\x6F\xA7\x94"sv, Form::unreadable, "EBCDIC"sv},
    Signature{"\xFF\xFE"sv, Form::utf16_le, "UTF-16"sv},
    Signature{"\xFE\xFF"sv, Form::utf16_be, "UTF-16"sv},
    Signature{"<\0?\0"sv, Form::utf16_le, "UTF-16"sv},
    Signature{"\0<\0?"sv, Form::utf16_be, "UTF-16"sv},
};

auto sniff(std::string_view bytes) -> Signature
{
    auto const found = std::ranges::find_if(signatures, [&](auto const& s) { return bytes.starts_with(s.bytes); });
    return found == signatures.end() ? Signature{{}, Form::bytes, {}} : *found;
}

/// The encoding's name in the XML declaration; where that is malformed the scanner will say so.
auto declared(std::string_view text) -> std::string_view
{
    auto const start = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    auto declaration = text.substr(start, 1024);
    if (!declaration.starts_with("<?xml") || declaration.size() < 6 || !is_space(declaration[5]))
        return {};
    declaration = declaration.substr(0, declaration.find("?>"));
    auto const skip = [&](std::string_view word) {
        declaration.remove_prefix(std::min(declaration.find_first_not_of(" \t\r\n"), declaration.size()));
        auto const is_there = declaration.starts_with(word);
        declaration.remove_prefix(is_there ? word.size() : 0);
        return is_there;
    };
    auto const key = declaration.find("encoding");
    if (key == declaration.npos)
        return {};
    declaration.remove_prefix(key);
    if (!skip("encoding") || !skip("=") || !(skip("'") || skip("\"")))
        return {};
    return declaration.substr(0, declaration.find_first_of("'\" \t\r\n"));
}

auto lower(std::string_view name) -> std::string
{
    std::string result{name};
    for (auto& c : result)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return result;
}

auto is_any_of(std::string_view name, std::initializer_list<std::string_view> names) -> bool
{
    return std::ranges::find(names, name) != names.end();
}

auto is_ascii(char c) -> bool
{
    return static_cast<unsigned char>(c) < 0x80;
}

auto from_latin1(std::string_view bytes) -> std::string
{
    std::string text;
    text.reserve(bytes.size() + static_cast<std::size_t>(std::ranges::count_if(bytes, std::not_fn(is_ascii))));
    for (auto const c : bytes)
        append(text, static_cast<unsigned char>(c));
    return text;
}

/// Calls `take` with each code point; returns the offset of the first fault, or of the end.
template <class Take>
auto each_utf16(std::string_view bytes, bool big_endian, Take take) -> std::size_t
{
    auto const unit = [&](std::size_t at) {
        auto const a = static_cast<unsigned char>(bytes[at]);
        auto const b = static_cast<unsigned char>(bytes[at + 1]);
        return static_cast<char32_t>(big_endian ? (a << 8) | b : (b << 8) | a);
    };
    std::size_t at = 0;
    for (; at + 2 <= bytes.size(); at += 2) {
        auto c = unit(at);
        if (c >= 0xDC00 && c <= 0xDFFF)
            return at;
        if (c >= 0xD800 && c <= 0xDBFF) {
            auto const low = at + 4 <= bytes.size() ? unit(at + 2) : 0;
            if (low < 0xDC00 || low > 0xDFFF)
                return at;
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            at += 2;
        }
        take(c);
    }
    return at;
}

auto utf8_length(char32_t c) -> std::size_t
{
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

/// Text that became UTF-8 has to say so.
void declare_utf8(std::string& text)
{
    auto const name = declared(text);
    if (!name.empty())
        text.replace(static_cast<std::size_t>(name.data() - text.data()), name.size(), "UTF-8");
}

class Decoder
{
public:
    Decoder(std::string_view bytes, Limits const& limits, Diagnostics& out)
        : bytes_{bytes}
        , limit_{std::min<std::size_t>(limits.bytes, std::numeric_limits<std::uint32_t>::max())}
        , out_{out}
    {
    }

    auto run() -> Decoded
    {
        if (bytes_.size() > limit_)
            return too_large(bytes_.size());
        auto const signature = sniff(bytes_);
        switch (signature.form) {
        case Form::unreadable: return unsupported(signature.name);
        case Form::utf16_le: return utf16(false);
        case Form::utf16_be: return utf16(true);
        case Form::bytes: break;
        }
        auto const name = declared(bytes_);
        auto const known = lower(name);
        if (known.empty() || is_any_of(known, {"utf-8", "utf8"}) || bytes_.starts_with(byte_order_mark))
            return {.text = std::string{bytes_}, .usable = true};
        if (is_any_of(known, {"iso-8859-1", "iso8859-1", "iso_8859-1", "iso-latin-1", "latin1", "l1"}))
            return converted(from_latin1(bytes_));
        if (is_any_of(known, {"us-ascii", "ascii"}))
            return ascii(name);
        if (known.starts_with("utf-16") || known.starts_with("utf16"))
            return fail(0, fmt::format("the text says that it is {}, but it is not", name));
        return unsupported(name);
    }

private:
    auto raw() const -> Decoded { return {.text = std::string{bytes_}}; }

    auto fail(std::size_t offset, std::string message, std::string hint = {}) -> Decoded
    {
        out_.add({.fault = Fault::syntax,
                  .where = Lines{bytes_}.location(bytes_, offset),
                  .message = std::move(message),
                  .hint = std::move(hint)});
        return raw();
    }

    auto unsupported(std::string_view name) -> Decoded
    {
        return fail(0, fmt::format("texts in {} cannot be read", name), "write it as UTF-8, for example with iconv");
    }

    auto too_large(std::size_t size) -> Decoded
    {
        out_.add({.fault = Fault::limit,
                  .where = {1, 1},
                  .message = fmt::format("the text has {} bytes, the limit is {}", size, limit_)});
        return {};
    }

    auto converted(std::string text) -> Decoded
    {
        declare_utf8(text);
        if (text.size() > limit_)
            return too_large(text.size());
        return {.text = std::move(text), .converted = true, .usable = true};
    }

    auto ascii(std::string_view name) -> Decoded
    {
        auto const beyond = std::ranges::find_if_not(bytes_, is_ascii);
        if (beyond != bytes_.end())
            return fail(static_cast<std::size_t>(beyond - bytes_.begin()),
                        fmt::format("byte 0x{:02x} is not {}, which the text says it is",
                                    static_cast<unsigned char>(*beyond), name));
        return converted(std::string{bytes_});
    }

    auto utf16(bool big_endian) -> Decoded
    {
        std::size_t size{};
        auto const end = each_utf16(bytes_, big_endian, [&](char32_t c) { size += utf8_length(c); });
        if (end != bytes_.size())
            return fail(0, fmt::format("the text is not valid UTF-16 at byte {}", end));
        if (size > limit_)
            return too_large(size);
        std::string text;
        text.reserve(size);
        each_utf16(bytes_, big_endian, [&](char32_t c) {
            if (!(text.empty() && c == 0xFEFF))
                append(text, c);
        });
        return converted(std::move(text));
    }

    std::string_view bytes_;
    std::size_t limit_;
    Diagnostics& out_;
};

} // namespace
} // namespace encoding

auto to_utf8(std::string_view bytes, Limits const& limits, Diagnostics& out) -> Decoded
{
    return encoding::Decoder{bytes, limits, out}.run();
}

} // namespace vmwright::inline v0::xml::detail
