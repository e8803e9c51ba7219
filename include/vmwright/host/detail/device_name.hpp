// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/domain.hpp>

#include <string>
#include <string_view>

namespace vmwright::inline v0::detail
{

/// What people call the device of that node: `disk 'vda'`, `kernel`. Empty for a node that is none.
[[nodiscard]] auto device_name(std::string_view node, DomainConfig const& config) -> std::string;

} // namespace vmwright::inline v0::detail
