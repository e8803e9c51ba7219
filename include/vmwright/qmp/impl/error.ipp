// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/error.hpp>

namespace vmwright::inline v0::qmp
{

CommandError::CommandError(std::string_view command, std::string_view error_class, std::string_view description)
    : Error{Errc::command_failed,
            "QEMU refused the command",
            {.step = std::string{command}, .detail = std::string{error_class}.append(": ").append(description)}}
    , error_class_{error_class}
    , description_{description}
{
}

} // namespace vmwright::inline v0::qmp
