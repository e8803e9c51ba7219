// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/command.hpp>

#include <string>
#include <string_view>

namespace vmwright::inline v0::qmp
{

/// Plugs a network card's cable, or pulls it.
struct set_link
{
    static constexpr std::string_view name{"set_link"};
    using Reply = Nothing;

    std::string name_{}; ///< id of the card or of its connection
    bool up{};
};

extern template struct CommandCodec<set_link>;

} // namespace vmwright::inline v0::qmp
