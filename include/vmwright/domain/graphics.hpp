// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0
{

struct AddressListen
{
    std::optional<std::string> address{};

    bool operator==(AddressListen const&) const = default;
};

struct NetworkListen
{
    std::string network{};
    std::optional<std::string> address{}; ///< known while the domain runs

    bool operator==(NetworkListen const&) const = default;
};

struct SocketListen
{
    std::optional<std::string> socket{}; ///< chosen at each start when absent

    bool operator==(SocketListen const&) const = default;
};

struct NoListen
{
    bool operator==(NoListen const&) const = default;
};

/// Where a display server listens. The alternatives stand in the order of `listen_type_names`.
using GraphicsListen = std::variant<AddressListen, NetworkListen, SocketListen, NoListen>;

inline constexpr auto listen_type_names = std::to_array<std::string_view>({"address", "network", "socket", "none"});

enum class SharePolicy
{
    allow_exclusive,
    force_shared,
    ignore,
};
constexpr auto enum_names(SharePolicy)
{
    return name_list("allow-exclusive", "force-shared", "ignore");
}

enum class PasswordConnected
{
    fail,
    disconnect,
    keep,
};
constexpr auto enum_names(PasswordConnected)
{
    return name_list("fail", "disconnect", "keep");
}

struct VncGraphics
{
    std::optional<std::int32_t> port{}; ///< from 5900; -1 means automatic
    std::optional<bool> autoport{};
    std::optional<std::int32_t> websocket{}; ///< -1 means automatic
    std::optional<std::string> keymap{};
    std::optional<SharePolicy> share_policy{};
    std::optional<bool> power_control{};
    std::optional<std::string> socket{}; ///< the old spelling of a listen of type socket
    std::optional<std::string> listen{}; ///< the old spelling of the first listen's address
    std::optional<std::string> password{};
    std::optional<std::string> password_valid_to{};
    std::optional<PasswordConnected> connected{};
    std::vector<GraphicsListen> listens{};

    bool operator==(VncGraphics const&) const = default;
};

/// How a person sees the screen. The alternatives stand in the order of `graphics_type_names`.
using GraphicsType = std::variant<VncGraphics>;

inline constexpr auto graphics_type_names = std::to_array<std::string_view>({"vnc"});

struct Graphics
{
    GraphicsType type{};

    bool operator==(Graphics const&) const = default;
};

} // namespace vmwright::inline v0
