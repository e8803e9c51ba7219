// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/uuid.hpp>

#include <vmwright/core/impl/hex.ipp>

#include <algorithm>

namespace vmwright::inline v0
{

auto Uuid::from_random(std::span<std::uint8_t const, 16> random) noexcept -> Uuid
{
    Uuid uuid;
    std::ranges::copy(random, uuid.bytes.begin());
    uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0f) | 0x40);
    uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);
    return uuid;
}

auto Uuid::parse(std::string_view text) noexcept -> std::optional<Uuid>
{
    Uuid uuid;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '-' && digits % 2 == 0 && digits != 0)
            continue;
        auto const digit = detail::hex::digit(text[i]);
        if (!digit || digits == 32)
            return std::nullopt;
        auto& byte = uuid.bytes[digits / 2];
        byte = static_cast<std::uint8_t>(byte << 4 | *digit);
        ++digits;
    }
    return digits == 32 ? std::optional{uuid} : std::nullopt;
}

auto to_string(Uuid const& uuid) -> std::string
{
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        detail::hex::append(text, uuid.bytes[i]);
    }
    return text;
}

} // namespace vmwright::inline v0
