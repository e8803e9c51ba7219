// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/storage/permissions.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

/// The mode of a file, in octal digits.
struct ModeCodec
{
    auto parse(std::string_view text, std::uint32_t& value, Complaint& complaint) const -> bool
    {
        auto const digits = trimmed(text);
        auto const [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 8);
        if (error == std::errc{} && stop == digits.data() + digits.size())
            return true;
        complaint = {.fault = Fault::bad_number, .expected = "octal digits, as 0755"};
        return false;
    }
    auto format(std::uint32_t value) const -> std::string { return fmt::format("0{:o}", value); }
};

void map(auto& at, Like<Permissions> auto& v)
{
    at("mode", v.mode, ModeCodec{});
    at("owner", v.owner);
    at("group", v.group);
    at("label", v.label);
}

} // namespace vmwright::inline v0::xml::detail
