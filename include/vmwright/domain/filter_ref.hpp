// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <vector>

namespace vmwright::inline v0
{

struct FilterParameter
{
    std::string name{};
    std::string value{};

    bool operator==(FilterParameter const&) const = default;
};

/// A network filter by name.
struct FilterRef
{
    std::string filter{};
    std::vector<FilterParameter> parameters{};

    bool operator==(FilterRef const&) const = default;
};

} // namespace vmwright::inline v0
