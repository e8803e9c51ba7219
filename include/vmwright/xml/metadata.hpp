// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain.hpp>
#include <vmwright/xml/parsed.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace vmwright::inline v0::xml
{

/// The element of the domain's <metadata> that is of the namespace `uri`, written without that namespace; nothing when there
/// is none.
[[nodiscard]] auto metadata(Document const& document, std::string_view uri) -> std::optional<std::string>;

/// The document's text with `element` as the metadata of the namespace `uri`, in the place of what there was of it, or
/// without any when it is absent; all else stays byte for byte. `key` becomes the prefix of the elements that have no
/// namespace. Throws ConfigError for an element that is not well-formed, Errc::invalid_argument for a key that cannot be a
/// prefix.
[[nodiscard]] auto with_metadata(Parsed<DomainConfig> const& domain, std::string_view uri, std::string_view key,
                                 std::optional<std::string> const& element) -> std::string;

} // namespace vmwright::inline v0::xml
