// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain.hpp>

namespace vmwright::inline v0
{

bool DomainConfig::operator==(DomainConfig const&) const = default;

} // namespace vmwright::inline v0
