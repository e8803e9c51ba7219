// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/parsed.hpp>

#include <string>

/// What reading a text, and checking the value that was read without an error, tell of it: one line each, with places in
/// a file that is called x.
template <class T, class Check>
auto told(vmwright::xml::Parsed<T> const& parsed, Check const& check) -> std::string
{
    auto found = parsed.diagnostics;
    if (!parsed.has_errors())
        found.append(check(parsed.result));
    parsed.document.place(found);
    std::string lines;
    for (auto const& diagnostic : found)
        lines += (lines.empty() ? "" : "\n") + format(diagnostic, "x");
    return lines;
}
