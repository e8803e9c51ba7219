// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/detail/displays.hpp>

#include <fmt/format.h>

#include <array>

namespace vmwright::inline v0::qemu::detail
{

namespace graphics
{
namespace
{

template <class G>
constexpr bool is_foreign = std::same_as<G, RdpGraphics> || std::same_as<G, DesktopGraphics>;

/// The pattern has 0 where a digit must be.
auto is_like(std::string_view text, std::string_view pattern) -> bool
{
    if (text.size() != pattern.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (pattern[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != pattern[i])
            return false;
    return true;
}

} // namespace
} // namespace graphics

auto is_on_network(std::vector<GraphicsListen> const& listens) -> bool
{
    return listens.empty() || std::holds_alternative<AddressListen>(listens.front()) ||
           std::holds_alternative<NetworkListen>(listens.front());
}

void complete_listens(std::vector<GraphicsListen>& listens, std::optional<std::string>& listen, std::string const& node,
                      Resolving const& at)
{
    if (listens.empty()) {
        listens.emplace_back(AddressListen{listen});
        at.origins.chose(node + "/listen", "listen where the host says");
    }
    for (auto& each : listens)
        if (auto* address = std::get_if<AddressListen>(&each); address && address->address == std::string{})
            address->address.reset();
    auto* first = std::get_if<AddressListen>(&listens.front());
    if (first && !first->address && listen != std::string{})
        first->address = listen;
    if (first)
        listen = first->address;
    else
        listen.reset();
}

void check_listens(std::vector<GraphicsListen> const& listens, std::optional<std::string> const& listen,
                   std::string const& node, Checking const& at)
{
    auto const* first = listens.empty() ? nullptr : std::get_if<AddressListen>(&listens.front());
    if (first && first->address && !first->address->empty() && listen && *first->address != *listen)
        at.error(node + "/@listen", Fault::conflict,
                 fmt::format("listen '{}' is not the address '{}' of the first <listen>", *listen, *first->address),
                 "make them equal, or leave the attribute out");
    for (std::size_t i = 0; i < listens.size(); ++i)
        if (auto const* network = std::get_if<NetworkListen>(&listens[i]); network && network->network.empty())
            at.error(fmt::format("{}/listen[{}]", node, i + 1), Fault::missing, "it names no network",
                     "add network='default', or use type='address'");
}

void check_password_validity(std::optional<std::string> const& valid_to, std::string const& node, Checking const& at)
{
    if (valid_to && !graphics::is_like(*valid_to, "0000-00-00T00:00:00"))
        at.error(node + "/@passwdValidTo", Fault::bad_text, fmt::format("'{}' is not a time", *valid_to),
                 "write it as 2030-12-31T23:59:59, in UTC");
}

void complete(Graphics& g, std::string const& node, Resolving const& at)
{
    if (auto* vnc = std::get_if<VncGraphics>(&g.type))
        complete(*vnc, node, at);
    else if (auto* spice = std::get_if<SpiceGraphics>(&g.type))
        complete(*spice, node, at);
}

namespace graphics
{
namespace
{

void set_gl(Option& option, std::optional<GraphicsGl> const& gl)
{
    if (gl)
        option.set("gl", gl->enable).set("rendernode", gl->rendernode);
}

struct Translate
{
    std::string const& node;
    Translating& at;

    void operator()(VncGraphics const& vnc) const { translate(vnc, node, at); }
    void operator()(SpiceGraphics const& spice) const { translate(spice, node, at); }
    void operator()(SdlGraphics const& sdl) const
    {
        if (sdl.display)
            at.set_environment("DISPLAY", *sdl.display);
        if (sdl.xauth)
            at.set_environment("XAUTHORITY", *sdl.xauth);
        if (sdl.fullscreen == true)
            at.add("full-screen", node);
        at.add("display", node).set("", "sdl").set("gl", sdl.gl);
    }
    void operator()(DbusGraphics const& dbus) const
    {
        std::optional<std::string> audio;
        if (dbus.audio_id.value_or(0) != 0 && !(audio = audiodev(dbus.audio_id, node + "/audio", at)))
            return;
        auto& option = at.add("display", node).set("", "dbus");
        if (dbus.p2p == true)
            option.set("p2p", true);
        else
            option.set("addr", dbus.address.value_or(""));
        set_gl(option, dbus.gl);
        option.set("audiodev", audio);
        constexpr std::string_view prefix = "unix:path=";
        if (dbus.p2p != true && dbus.address && dbus.address->starts_with(prefix))
            at.need_directory_of(std::string_view{*dbus.address}.substr(prefix.size()));
    }
    void operator()(EglHeadlessGraphics const& egl) const
    {
        at.add("display", node).set("", "egl-headless").set("rendernode", egl.rendernode);
    }
    void operator()(RdpGraphics const&) const {}
    void operator()(DesktopGraphics const&) const {}
};

} // namespace
} // namespace graphics

void translate(Graphics const& g, std::string const& node, Translating& at)
{
    std::visit(graphics::Translate{node, at}, g.type);
}

void check(Graphics const& g, std::string const& node, Checking const& at)
{
    std::visit(
        [&](auto const& type) {
            using Type = std::remove_cvref_t<decltype(type)>;
            if constexpr (graphics::is_foreign<Type>)
                at.error(node + "/@type", Fault::not_supported,
                         fmt::format("QEMU has no display '{}'", graphics_type_names[g.type.index()]),
                         "use vnc, spice, sdl, dbus or egl-headless");
            else if constexpr (requires { check(type, node, at); })
                check(type, node, at);
        },
        g.type);
    if (auto const* dbus = std::get_if<DbusGraphics>(&g.type)) {
        check_audio_id(dbus->audio_id, node, at);
        if (dbus->p2p == true && dbus->address)
            at.error(node + "/@address", Fault::conflict, "with p2p='yes' there is no bus, so it has no address",
                     "remove one of the two");
    }
}

void check_all(std::vector<Graphics> const& list, Checking const& at)
{
    std::array<int, std::variant_size_v<GraphicsType>> count{};
    for (std::size_t i = 0; i < list.size(); ++i)
        if (++count[list[i].type.index()] == 2)
            at.error(device_node("graphics", i), Fault::duplicate,
                     fmt::format("there is a display of type '{}' already", graphics_type_names[list[i].type.index()]),
                     "remove one of them");
}

} // namespace vmwright::inline v0::qemu::detail
