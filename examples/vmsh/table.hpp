// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <vector>

/// Rows of text in columns as wide as a terminal shows their widest cell, laid out as virsh does.
class Table
{
public:
    void header(std::vector<std::string> cells);
    void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

    [[nodiscard]] auto text() const -> std::string;

private:
    std::vector<std::vector<std::string>> rows_;
    bool has_header_{};
};
