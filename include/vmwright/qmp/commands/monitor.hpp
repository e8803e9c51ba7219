// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/command.hpp>
#include <vmwright/qmp/greeting.hpp>

#include <boost/json/array.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vmwright::inline v0::qmp
{

struct query_version
{
    static constexpr std::string_view name{"query-version"};
    using Reply = VersionInfo;
};

/// Some 200 kB, some 40 ms. schema.hpp answers questions about it.
struct query_qmp_schema
{
    static constexpr std::string_view name{"query-qmp-schema"};
    using Reply = boost::json::array;
};

/// What the human monitor prints.
struct human_monitor_command
{
    static constexpr std::string_view name{"human-monitor-command"};
    using Reply = std::string;

    std::string command_line{};
    std::optional<std::int64_t> cpu_index{};
};

/// Gives a name to the one fd that goes with the command. The name belongs to this monitor, and outlives the connection.
struct getfd
{
    static constexpr std::string_view name{"getfd"};
    using Reply = Nothing;

    std::string fdname{};
};

struct closefd
{
    static constexpr std::string_view name{"closefd"};
    using Reply = Nothing;

    std::string fdname{};
};

/// Puts the one fd that goes with the command into a set, `/dev/fdset/N`. Sets are shared by all monitors.
struct add_fd
{
    static constexpr std::string_view name{"add-fd"};
    struct Reply
    {
        std::int64_t fdset_id{};
        std::int64_t fd{}; ///< its number in QEMU
    };

    std::optional<std::int64_t> fdset_id{}; ///< a new set when absent
    std::optional<std::string> opaque{};    ///< free text, for whoever finds the set later
};

/// Removes one fd of a set, or all.
struct remove_fd
{
    static constexpr std::string_view name{"remove-fd"};
    using Reply = Nothing;

    std::int64_t fdset_id{};
    std::optional<std::int64_t> fd{};
};

extern template struct CommandCodec<query_version>;
extern template struct CommandCodec<query_qmp_schema>;
extern template struct CommandCodec<human_monitor_command>;
extern template struct CommandCodec<getfd>;
extern template struct CommandCodec<closefd>;
extern template struct CommandCodec<add_fd>;
extern template struct CommandCodec<remove_fd>;

} // namespace vmwright::inline v0::qmp
