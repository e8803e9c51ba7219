// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>

#include <string>
#include <string_view>

namespace vmwright::inline v0::qmp
{

/// QEMU answered a command with an error. The code is Errc::command_failed, `context().step` names the command and
/// `context().detail` is "CLASS: DESCRIPTION" in QEMU's words.
class CommandError : public Error
{
public:
    CommandError(std::string_view command, std::string_view error_class, std::string_view description);

    /// QAPI's QapiErrorClass: GenericError, CommandNotFound, DeviceNotActive, DeviceNotFound, KVMMissingCap.
    [[nodiscard]] auto error_class() const noexcept -> std::string const& { return error_class_; }
    [[nodiscard]] auto description() const noexcept -> std::string const& { return description_; }

private:
    std::string error_class_;
    std::string description_;
};

} // namespace vmwright::inline v0::qmp
