// SPDX-License-Identifier: BSL-1.0
#include "table.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cwchar>

namespace
{

/// Columns of a terminal; bytes where the locale cannot tell.
auto width_of(std::string const& text) -> std::size_t
{
    auto const length = std::mbstowcs(nullptr, text.c_str(), 0);
    if (length == static_cast<std::size_t>(-1))
        return text.size();
    std::wstring wide(length, L'\0');
    std::mbstowcs(wide.data(), text.c_str(), length);
    auto const columns = wcswidth(wide.data(), length);
    return columns < 0 ? text.size() : static_cast<std::size_t>(columns);
}

} // namespace

void Table::header(std::vector<std::string> cells)
{
    rows_.insert(rows_.begin(), std::move(cells));
    has_header_ = true;
}

auto Table::text() const -> std::string
{
    std::vector<std::size_t> widths;
    for (auto const& row : rows_) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row[i]));
    }
    std::size_t rule{};
    for (auto const width : widths)
        rule += width + 3;

    std::string text;
    for (auto const& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            text += ' ' + row[i];
            if (i + 1 < row.size())
                text.append(widths[i] - width_of(row[i]) + 2, ' ');
        }
        text += '\n';
        if (has_header_ && &row == &rows_.front())
            text.append(rule, '-') += '\n';
    }
    return text;
}
