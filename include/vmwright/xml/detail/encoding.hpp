// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/document.hpp>

#include <string>
#include <string_view>

namespace vmwright::inline v0::xml::detail
{

struct Decoded
{
    std::string text{};
    bool converted{}; ///< from another encoding; the XML declaration then names UTF-8
    bool usable{};    ///< false: `text` is what was given, or nothing past the size limit, and an error says why
};

/// Finds out a text's encoding as XML prescribes: byte order mark, first characters, XML declaration.
/// UTF-8 is taken as it is (whether it is valid is the scanner's business); UTF-16, ISO-8859-1 and ASCII are converted.
[[nodiscard]] auto to_utf8(std::string_view bytes, Limits const& limits, Diagnostics& out) -> Decoded;

} // namespace vmwright::inline v0::xml::detail
