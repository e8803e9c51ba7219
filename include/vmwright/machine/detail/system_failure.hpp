// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>

#include <string_view>

namespace vmwright::inline v0::detail
{

/// `MESSAGE: No such file or directory`, with the errno as the cause.
[[nodiscard]] auto system_failure(Errc code, std::string_view message, int error, std::string_view step = {}) -> Error;

/// `cannot VERB 'PATH': No such file or directory`, of the errno that the last call left.
[[noreturn]] void throw_file_failure(std::string_view verb, std::string_view path);

} // namespace vmwright::inline v0::detail
