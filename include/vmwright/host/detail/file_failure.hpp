// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/detail/start_failure.hpp>

#include <string>
#include <string_view>
#include <system_error>

namespace vmwright::inline v0::detail
{

/// A file that could not be opened for that reason.
[[nodiscard]] auto file_failure(std::string path, std::errc reason, bool writes) -> StartFailure;

/// Debian's package of a program, or of a file that no user puts in its place; empty for any other.
[[nodiscard]] auto package_of(std::string_view path) -> std::string;

} // namespace vmwright::inline v0::detail
