// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/qmp/command.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qmp
{

enum class NetworkAddressFamily
{
    ipv4,
    ipv6,
    unix_,
    vsock,
    unknown,
};

constexpr auto enum_names(NetworkAddressFamily)
{
    return name_list("ipv4", "ipv6", "unix", "vsock", "unknown");
}

struct VncClientInfo
{
    std::string host{};
    std::string service{};
    NetworkAddressFamily family{};
    bool websocket{};
    std::optional<std::string> x509_dname{};
    std::optional<std::string> sasl_username{};

    bool operator==(VncClientInfo const&) const = default;
};

struct query_vnc
{
    static constexpr std::string_view name{"query-vnc"};
    struct Reply
    {
        bool enabled{};
        std::optional<std::string> host{};
        std::optional<NetworkAddressFamily> family{};
        std::optional<std::string> service{}; ///< the port
        std::optional<std::string> auth{};
        std::optional<std::vector<VncClientInfo>> clients{};
    };
};

extern template struct CommandCodec<query_vnc>;

} // namespace vmwright::inline v0::qmp
