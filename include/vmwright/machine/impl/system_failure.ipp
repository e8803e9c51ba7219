// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/detail/system_failure.hpp>

#include <cerrno>
#include <string>

namespace vmwright::inline v0::detail
{

auto system_failure(Errc code, std::string_view message, int error, std::string_view step) -> Error
{
    auto const cause = std::error_code{error, std::system_category()};
    return {code, std::string{message} + ": " + cause.message(), {.step = std::string{step}, .cause = cause}};
}

void throw_file_failure(std::string_view verb, std::string_view path)
{
    auto const error = errno;
    std::string message{"cannot "};
    message.append(verb).append(" '").append(path).append("'");
    throw system_failure(Errc::io_failed, message, error);
}

} // namespace vmwright::inline v0::detail
