// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/encoding.hpp>
#include <vmwright/xml/detail/tree.hpp>
#include <vmwright/xml/document.hpp>

#include <fmt/format.h>

#include <utility>

namespace vmwright::inline v0::xml
{

Document::Document()
    : tree_{std::make_unique<detail::Tree>()}
{
}

Document::Document(Document&&) noexcept = default;
auto Document::operator=(Document&&) noexcept -> Document& = default;
Document::~Document() = default;

auto Document::parse(std::string_view text, Diagnostics& out, Limits limits) -> Document
{
    Document document;
    auto decoded = detail::to_utf8(text, limits, out);
    document.is_converted_ = decoded.converted;
    document.tree_->hold(std::move(decoded.text));
    if (decoded.usable)
        document.tree_->build(limits, out);
    return document;
}

auto Document::text() const -> std::string_view
{
    return tree_->text();
}

auto Document::is_converted() const -> bool
{
    return is_converted_;
}

auto Document::has_root() const -> bool
{
    return !tree_->root().empty();
}

auto Document::location(std::size_t offset) const -> Location
{
    return tree_->location(offset);
}

auto Document::locate(std::string_view node) const -> Location
{
    return tree_->locate(node);
}

void Document::place(Diagnostics& diagnostics) const
{
    for (auto& diagnostic : diagnostics)
        if (!diagnostic.node.empty() && diagnostic.where == Location{})
            diagnostic.where = tree_->locate(diagnostic.node);
}

auto Document::tree() const -> detail::Tree const&
{
    return *tree_;
}

} // namespace vmwright::inline v0::xml
