// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/print.hpp>
#include <vmwright/xml/detail/updater.hpp>
#include <vmwright/xml/parsed.hpp>

namespace vmwright::inline v0::xml::detail
{

/// Reads a document whose root element has that name.
template <class T>
auto read(std::string_view text, std::string_view root, Limits limits) -> Parsed<T>
{
    Parsed<T> parsed;
    parsed.document = Document::parse(text, parsed.diagnostics, limits);
    if (!parsed.document.has_root())
        return parsed;
    auto const element = parsed.document.tree().root();
    ReadContext context{parsed.document, &parsed.diagnostics, limits};
    if (root != element.name()) {
        context.add(element, {},
                    {.fault = Fault::unknown_element,
                     .message = fmt::format("the root element is <{}>, not <{}>", element.name(), root)});
        return parsed;
    }
    Reader reader{context, parsed.document, element};
    map(reader, parsed.result);
    context.report_unknown();
    parsed.diagnostics.sort();
    return parsed;
}

template <class T>
auto write(T const& value, std::string_view root) -> std::string
{
    pugi::xml_document document;
    auto const element = document.append_child(std::string{root}.c_str());
    Writer writer{element};
    map(writer, value);
    std::string text;
    print(element, text);
    return text;
}

template <class T>
auto update(Document const& document, T const& value) -> std::string
{
    if (!document.has_root())
        return std::string{document.text()};
    Edits edits{document};
    {
        Updater updater{edits, document, document.tree().root()};
        map(updater, value);
    }
    return edits.apply();
}

} // namespace vmwright::inline v0::xml::detail
