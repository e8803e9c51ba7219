// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/qmp/command.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qmp
{

struct CpuDefinitionInfo
{
    std::string name{};
    std::optional<bool> migration_safe{};
    bool static_{};                                                 ///< its features do not depend on machine or QEMU
    std::optional<std::vector<std::string>> unavailable_features{}; ///< those that this host and accelerator lack
    std::string typename_{};
    std::optional<std::string> alias_of{};
    bool deprecated{};

    bool operator==(CpuDefinitionInfo const&) const = default;
};

struct query_cpu_definitions
{
    static constexpr std::string_view name{"query-cpu-definitions"};
    using Reply = std::vector<CpuDefinitionInfo>;
};

enum class CpuModelExpansionType
{
    static_,
    full,
};

constexpr auto enum_names(CpuModelExpansionType)
{
    return name_list("static", "full");
}

struct CpuModelInfo
{
    std::string name{};
    std::optional<boost::json::object> props{};

    bool operator==(CpuModelInfo const&) const = default;
};

struct query_cpu_model_expansion
{
    static constexpr std::string_view name{"query-cpu-model-expansion"};
    struct Reply
    {
        CpuModelInfo model{};
    };

    CpuModelExpansionType type{};
    CpuModelInfo model{};
};

struct CpuInstanceProperties
{
    std::optional<std::int64_t> node_id{};
    std::optional<std::int64_t> socket_id{};
    std::optional<std::int64_t> die_id{};
    std::optional<std::int64_t> cluster_id{};
    std::optional<std::int64_t> core_id{};
    std::optional<std::int64_t> thread_id{};

    bool operator==(CpuInstanceProperties const&) const = default;
};

struct CpuInfoFast
{
    std::int64_t cpu_index{};
    std::string qom_path{};
    std::int64_t thread_id{}; ///< of the host
    std::optional<CpuInstanceProperties> props{};
    std::string target{};

    bool operator==(CpuInfoFast const&) const = default;
};

struct query_cpus_fast
{
    static constexpr std::string_view name{"query-cpus-fast"};
    using Reply = std::vector<CpuInfoFast>;
};

/// A CPU, or what is plugged as one: a whole socket or core where the machine plugs those.
struct HotpluggableCPU
{
    std::string type{};
    std::int64_t vcpus_count{};
    CpuInstanceProperties props{};
    std::optional<std::string> qom_path{}; ///< absent when it is not there

    bool operator==(HotpluggableCPU const&) const = default;
};

struct query_hotpluggable_cpus
{
    static constexpr std::string_view name{"query-hotpluggable-cpus"};
    using Reply = std::vector<HotpluggableCPU>;
};

extern template struct CommandCodec<query_cpu_definitions>;
extern template struct CommandCodec<query_cpu_model_expansion>;
extern template struct CommandCodec<query_cpus_fast>;
extern template struct CommandCodec<query_hotpluggable_cpus>;

} // namespace vmwright::inline v0::qmp
