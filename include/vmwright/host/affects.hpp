// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

namespace vmwright::inline v0
{

/// What a change is made to. Errc::not_running and Errc::wrong_state say that there is no such thing: a domain that is off
/// has nothing live, a transient one no definition.
enum class Affects
{
    current, ///< the running domain, or the definition of one that is off
    live,    ///< the running domain, until it ends
    config,  ///< the definition, from the next start on
    both,
};
constexpr auto enum_names(Affects)
{
    return name_list("current", "live", "config", "both");
}

} // namespace vmwright::inline v0
