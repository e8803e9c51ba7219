// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/qmp/command.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace vmwright::inline v0::qmp
{

enum class DisplayProtocol
{
    vnc,
    spice,
};

constexpr auto enum_names(DisplayProtocol)
{
    return name_list("vnc", "spice");
}

/// What happens to viewers that are there when the password changes.
enum class SetPasswordAction
{
    keep,
    fail,
    disconnect,
};

constexpr auto enum_names(SetPasswordAction)
{
    return name_list("keep", "fail", "disconnect");
}

struct set_password
{
    static constexpr std::string_view name{"set_password"};
    using Reply = Nothing;

    DisplayProtocol protocol{};
    std::string password{};
    std::optional<SetPasswordAction> connected{}; ///< VNC can only keep them
};

struct expire_password
{
    static constexpr std::string_view name{"expire_password"};
    using Reply = Nothing;

    DisplayProtocol protocol{};
    std::string time{}; ///< seconds since 1970, or `+` and seconds from now, `now` or `never`
};

extern template struct CommandCodec<set_password>;
extern template struct CommandCodec<expire_password>;

} // namespace vmwright::inline v0::qmp
