// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace vmwright::inline v0::xml
{

namespace detail
{
class Tree;
}

/// What a text may cost; the defaults keep any input below a second and 64 MB. An error names the limit it met.
struct Limits
{
    std::size_t bytes{16 << 20}; ///< of the text, as it comes and as UTF-8
    unsigned depth{256};         ///< of nested elements
    std::size_t nodes{1 << 16};  ///< elements, attributes, texts, comments and instructions together
    std::size_t values{8 << 20}; ///< bytes of the values in lists, one of which can be had for as little as "<disk/>"

    bool operator==(Limits const&) const = default;
};

/// An XML text and the tree that indexes it. The text never changes; `detail::Edits` makes a new one.
///
/// May be read from several threads at once. A moved-from document may only be assigned to or destroyed.
class Document
{
public:
    /// No text, no root.
    Document();
    Document(Document&&) noexcept;
    auto operator=(Document&&) noexcept -> Document&;
    ~Document();

    /// Keeps its own copy of the text. A text with an error has no root, yet its locations work; of a text past
    /// `limits.bytes` nothing is kept. A prefix that nothing declares is a warning, all other faults are errors.
    [[nodiscard]] static auto parse(std::string_view text, Diagnostics& out, Limits limits = {}) -> Document;

    /// The bytes that were given, a byte order mark included; as UTF-8 if they came in another encoding.
    [[nodiscard]] auto text() const -> std::string_view;
    /// The text came in another encoding than UTF-8, so that `text()` differs from what was given.
    [[nodiscard]] auto is_converted() const -> bool;
    [[nodiscard]] auto has_root() const -> bool;

    [[nodiscard]] auto location(std::size_t offset) const -> Location;
    /// The place of `/domain/devices/disk[2]/target/@bus`, or of `…/text()`; `[n]` counts siblings of one name from 1,
    /// without it the first is meant. Names are compared as written, with their prefix. Of a node that is not there, its
    /// nearest ancestor's place.
    [[nodiscard]] auto locate(std::string_view node) const -> Location;
    /// Fills in the place of every diagnostic that names a node and has none.
    void place(Diagnostics& diagnostics) const;

    /// For the mappings in xml/detail.
    [[nodiscard]] auto tree() const -> detail::Tree const&;

private:
    std::unique_ptr<detail::Tree> tree_;
    bool is_converted_{};
};

/// The document's text with the diagnostic's fix made and nothing else changed. Nothing where it has no fix, or its node is
/// not in the document.
[[nodiscard]] auto mended(Document const& document, Diagnostic const& diagnostic) -> std::optional<std::string>;

} // namespace vmwright::inline v0::xml
