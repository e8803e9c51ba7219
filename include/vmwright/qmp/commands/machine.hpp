// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/command.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qmp
{

struct MachineInfo
{
    std::string name{};
    std::optional<std::string> alias{};
    std::optional<bool> is_default{};
    std::int64_t cpu_max{};
    bool hotpluggable_cpus{};
    bool numa_mem_supported{};
    bool deprecated{};
    std::optional<std::string> default_cpu_type{};
    std::optional<std::string> default_ram_id{};

    bool operator==(MachineInfo const&) const = default;
};

struct query_machines
{
    static constexpr std::string_view name{"query-machines"};
    using Reply = std::vector<MachineInfo>;
};

struct query_kvm
{
    static constexpr std::string_view name{"query-kvm"};
    struct Reply
    {
        bool enabled{}; ///< this machine runs on KVM
        bool present{}; ///< this QEMU can use KVM
    };
};

struct query_uuid
{
    static constexpr std::string_view name{"query-uuid"};
    struct Reply
    {
        std::string uuid{}; ///< all zero when none was given
    };
};

struct query_name
{
    static constexpr std::string_view name{"query-name"};
    struct Reply
    {
        std::optional<std::string> name{};
    };
};

struct query_balloon
{
    static constexpr std::string_view name{"query-balloon"};
    struct Reply
    {
        std::int64_t actual{}; ///< bytes
    };
};

extern template struct CommandCodec<query_machines>;
extern template struct CommandCodec<query_kvm>;
extern template struct CommandCodec<query_uuid>;
extern template struct CommandCodec<query_name>;
extern template struct CommandCodec<query_balloon>;

} // namespace vmwright::inline v0::qmp
