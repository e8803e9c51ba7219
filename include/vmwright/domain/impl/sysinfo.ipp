// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/sysinfo.hpp>

#include <algorithm>

namespace vmwright::inline v0
{

auto smbios_uuid(std::vector<Sysinfo> const& infos) -> std::optional<Uuid>
{
    for (auto const& info : infos) {
        auto const* smbios = std::get_if<SmbiosInfo>(&info.type);
        if (!smbios)
            continue;
        auto const found = std::ranges::find(smbios->system, "uuid", &SmbiosEntry::name);
        if (found != smbios->system.end())
            return Uuid::parse(found->value);
    }
    return std::nullopt;
}

} // namespace vmwright::inline v0
