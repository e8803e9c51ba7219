// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/edits.hpp>
#include <vmwright/xml/detail/reader.hpp>
#include <vmwright/xml/document.hpp>

namespace vmwright::inline v0::xml
{

namespace detail::mended
{
namespace
{

void mend_attribute(pugi::xml_node element, std::string_view name, Fix const& fix, Edits& edits)
{
    switch (fix.kind) {
    case FixKind::replace: return edits.set_attribute(element, name, fix.text);
    case FixKind::remove: return edits.remove_attribute(element, name);
    case FixKind::rename: break;
    }
    auto const value = std::string{attribute_named(element, name).value()};
    edits.remove_attribute(element, name);
    edits.set_attribute(element, fix.text, value);
}

void mend_element(pugi::xml_node element, Fix const& fix, Edits& edits)
{
    switch (fix.kind) {
    case FixKind::replace: return edits.set_text(element, fix.text);
    case FixKind::remove: return edits.remove_element(element);
    case FixKind::rename: break;
    }
    pugi::xml_document aside;
    auto copy = aside.append_copy(element);
    copy.set_name(fix.text.c_str());
    edits.insert_element(element.parent(), element, copy);
    edits.remove_element(element);
}

} // namespace
} // namespace detail::mended

auto mended(Document const& document, Diagnostic const& diagnostic) -> std::optional<std::string>
{
    auto exact = false;
    auto const element = diagnostic.fix ? document.tree().find(diagnostic.node, &exact) : pugi::xml_node{};
    if (!element || !exact)
        return std::nullopt;
    detail::Edits edits{document};
    auto const last = std::string_view{diagnostic.node}.substr(diagnostic.node.rfind('/') + 1);
    if (last.starts_with('@'))
        detail::mended::mend_attribute(element, last.substr(1), *diagnostic.fix, edits);
    else if (element == document.tree().root())
        return std::nullopt;
    else
        detail::mended::mend_element(element, *diagnostic.fix, edits);
    return edits.apply();
}

} // namespace vmwright::inline v0::xml
