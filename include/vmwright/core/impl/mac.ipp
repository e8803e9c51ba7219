// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/mac.hpp>

#include <vmwright/core/impl/hex.ipp>

namespace vmwright::inline v0
{

auto Mac::from_random(std::span<std::uint8_t const, 3> random) noexcept -> Mac
{
    return {{0x52, 0x54, 0x00, random[0], random[1], random[2]}};
}

auto Mac::parse(std::string_view text) noexcept -> std::optional<Mac>
{
    Mac mac;
    std::size_t at = 0;
    for (std::size_t i = 0; i < mac.bytes.size(); ++i) {
        if (i != 0 && (at >= text.size() || text[at++] != ':'))
            return std::nullopt;
        std::size_t digits = 0;
        for (; at < text.size() && digits < 2; ++at, ++digits) {
            auto const digit = detail::hex::digit(text[at]);
            if (!digit)
                break;
            mac.bytes[i] = static_cast<std::uint8_t>(mac.bytes[i] << 4 | *digit);
        }
        if (digits == 0)
            return std::nullopt;
    }
    return at == text.size() ? std::optional{mac} : std::nullopt;
}

auto to_string(Mac const& mac) -> std::string
{
    std::string text;
    text.reserve(17);
    for (std::size_t i = 0; i < mac.bytes.size(); ++i) {
        if (i != 0)
            text += ':';
        detail::hex::append(text, mac.bytes[i]);
    }
    return text;
}

} // namespace vmwright::inline v0
