// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/domain/device.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace vmwright::inline v0
{

enum class ShmemModel
{
    ivshmem,
    ivshmem_plain,
    ivshmem_doorbell,
};
constexpr auto enum_names(ShmemModel)
{
    return name_list("ivshmem", "ivshmem-plain", "ivshmem-doorbell");
}

enum class ShmemRole
{
    master,
    peer,
};
constexpr auto enum_names(ShmemRole)
{
    return name_list("master", "peer");
}

/// The server that gives each guest the memory and the others' doorbells.
struct ShmemServer
{
    std::optional<std::string> path{}; ///< its socket

    bool operator==(ShmemServer const&) const = default;
};

struct ShmemMsi
{
    std::optional<std::uint32_t> vectors{};
    std::optional<bool> ioeventfd{};

    bool operator==(ShmemMsi const&) const = default;
};

/// Memory that several guests of a host share.
struct Shmem
{
    std::string name{};
    std::optional<ShmemRole> role{}; ///< whether the memory moves along in a migration
    ShmemModel model{};
    std::optional<Size> size{};
    std::optional<ShmemServer> server{};
    std::optional<ShmemMsi> msi{};
    DeviceInfo info{};

    bool operator==(Shmem const&) const = default;
};

} // namespace vmwright::inline v0
