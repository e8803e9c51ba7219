// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <optional>
#include <string>

namespace vmwright::inline v0
{

/// How a source is labelled for one security model, where it differs from the domain.
struct SourceSeclabel
{
    std::string model{};
    std::optional<bool> relabel{};
    std::optional<bool> labelskip{};
    std::string label{};

    bool operator==(SourceSeclabel const&) const = default;
};

} // namespace vmwright::inline v0
