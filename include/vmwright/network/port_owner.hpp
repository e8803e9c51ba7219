// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/uuid.hpp>

#include <optional>
#include <string>

namespace vmwright::inline v0
{

/// The domain that an interface is of.
struct PortOwner
{
    std::string name{};
    std::optional<Uuid> uuid{};

    bool operator==(PortOwner const&) const = default;
};

} // namespace vmwright::inline v0
