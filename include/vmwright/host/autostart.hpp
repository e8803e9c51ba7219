// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>

#include <string>

namespace vmwright::inline v0
{

/// A domain that was to start with the host and did not.
struct AutostartFailure
{
    std::string domain{};
    Error error{};
};

} // namespace vmwright::inline v0
