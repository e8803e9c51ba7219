// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/domain.hpp>

#include <algorithm>

using namespace vmwright;

namespace
{

auto profile() -> qemu::Capabilities const&
{
    static auto const value = qemu::load_capabilities(qemu::profile_text(qemu::shipped_profile("x86_64"))).value();
    return value;
}

auto guest(std::string_view devices) -> DomainConfig
{
    auto const text = "<domain type='qemu'><name>d</name><memory>65536</memory><os><type arch='x86_64' "
                      "machine='pc-q35-7.2'>hvm</type></os><devices>" +
                      std::string{devices} + "</devices></domain>";
    return xml::read_domain(text).value();
}

/// Where the faults are.
auto places(std::string_view devices, qemu::HostFacts const& facts = qemu::debian12()) -> std::vector<std::string>
{
    std::vector<std::string> list;
    for (auto const& diagnostic : qemu::plan(guest(devices), profile(), facts).diagnostics)
        list.push_back(diagnostic.node);
    return list;
}

using Places = std::vector<std::string>;

auto resolved(std::string_view devices) -> DomainConfig
{
    return qemu::resolve(guest(devices), profile(), qemu::debian12()).value().config;
}

auto argument_after(std::string_view devices, std::string_view option, qemu::HostFacts const& facts = qemu::debian12())
    -> std::string
{
    auto const argv = qemu::arguments(qemu::plan(guest(devices), profile(), facts).value());
    auto const found = std::ranges::find(argv, option);
    return found == argv.end() || found + 1 == argv.end() ? std::string{} : *(found + 1);
}

constexpr auto graphics = "/domain/devices/graphics[1]";

} // namespace

TEST_CASE("a display of each type can be there once")
{
    CHECK(places("<graphics type='vnc'/><graphics type='spice'/><graphics type='spice'/>") ==
          Places{"/domain/devices/graphics[3]"});
    CHECK(places("<graphics type='rdp' port='3389'/>") == Places{std::string{graphics} + "/@type"});
    CHECK(places("<graphics type='desktop' display=':0'/>") == Places{std::string{graphics} + "/@type"});
}

TEST_CASE("a VNC display has a port, or takes a free one")
{
    CHECK(places("<graphics type='vnc' autoport='no'/>") == Places{std::string{graphics} + "/@autoport"});
    CHECK(places("<graphics type='vnc' autoport='no' port='80'/>") == Places{std::string{graphics} + "/@port"});
    CHECK(places("<graphics type='vnc' autoport='no' port='80'><listen type='none'/></graphics>").empty());
    CHECK(places("<graphics type='vnc' websocket='70000'/>") == Places{std::string{graphics} + "/@websocket"});
    CHECK(places("<graphics type='vnc' passwd='x' connected='fail'/>") == Places{std::string{graphics} + "/@connected"});
    CHECK(places("<graphics type='vnc' passwd='x' passwdValidTo='tomorrow'/>") ==
          Places{std::string{graphics} + "/@passwdValidTo"});
    CHECK(places("<graphics type='vnc'><audio id='7'/></graphics>") == Places{std::string{graphics} + "/audio/@id"});
}

TEST_CASE("what is said of a password that is not there is forgotten")
{
    auto const config = resolved("<graphics type='vnc' passwdValidTo='2030-01-01T00:00:00' connected='keep'/>");
    auto const& vnc = std::get<VncGraphics>(config.devices.graphics[0].type);
    CHECK_FALSE(vnc.password_valid_to);
    CHECK_FALSE(vnc.connected);
}

TEST_CASE("a SPICE display without ports listens nowhere")
{
    auto const config = resolved("<graphics type='spice' listen='0.0.0.0'/>");
    auto const& spice = std::get<SpiceGraphics>(config.devices.graphics[0].type);
    CHECK(spice.listens == std::vector<GraphicsListen>{NoListen{}});
    CHECK_FALSE(spice.listen);
    CHECK_FALSE(spice.autoport);
}

TEST_CASE("SPICE with TLS needs a host with certificates")
{
    auto facts = qemu::debian12();
    auto const secure = "<graphics type='spice' autoport='yes' defaultMode='secure'/>";
    auto const either = "<graphics type='spice' autoport='yes'/>";
    auto const one = "<graphics type='spice' autoport='yes'><channel name='main' mode='secure'/></graphics>";
    CHECK(places(secure) == Places{graphics});
    CHECK(places(one) == Places{graphics});
    CHECK(places("<graphics type='spice' port='5900' tlsPort='5901'/>") == Places{std::string{graphics} + "/@tlsPort"});
    CHECK(places("<graphics type='spice' port='5900' defaultMode='secure'/>") ==
          Places{std::string{graphics} + "/@defaultMode"});
    CHECK(argument_after(either, "-spice") == "port=5900,addr=127.0.0.1,disable-ticketing=on,seamless-migration=on");

    facts.spice_tls_directory = "/etc/pki/spice";
    CHECK(argument_after(secure, "-spice", facts) ==
          "tls-port=5900,addr=127.0.0.1,disable-ticketing=on,x509-dir=/etc/pki/spice,tls-channel=default,"
          "seamless-migration=on");
    CHECK(argument_after(either, "-spice", facts) ==
          "port=5900,tls-port=5901,addr=127.0.0.1,disable-ticketing=on,x509-dir=/etc/pki/spice,seamless-migration=on");
    CHECK(argument_after(one, "-spice", facts) ==
          "port=5900,tls-port=5901,addr=127.0.0.1,disable-ticketing=on,x509-dir=/etc/pki/spice,tls-channel=main,"
          "seamless-migration=on");
    CHECK(places("<graphics type='spice' tlsPort='5901'><channel name='cursor' mode='insecure'/></graphics>", facts) ==
          Places{std::string{graphics} + "/channel[1]/@mode"});
}

TEST_CASE("displays that draw with a GPU take the host's first one")
{
    auto facts = qemu::debian12();
    CHECK(places("<graphics type='egl-headless'/>") == Places{graphics});
    facts.render_nodes = {"/dev/dri/renderD128"};
    CHECK(argument_after("<graphics type='egl-headless'/>", "-display", facts) ==
          "egl-headless,rendernode=/dev/dri/renderD128");
    CHECK(argument_after("<graphics type='spice'><gl enable='yes'/></graphics>", "-spice", facts)
              .find("gl=on,rendernode=/dev/dri/renderD128") != std::string::npos);
}

TEST_CASE("SDL finds its screen and its sound by the environment")
{
    auto const plan =
        qemu::plan(guest("<graphics type='sdl' display=':1' xauth='/x'/><audio id='1' type='sdl' driver='alsa'/>"),
                   profile(), qemu::debian12())
            .value();
    CHECK(std::ranges::is_permutation(plan.environment,
                                      std::vector<std::string>{"SDL_AUDIODRIVER=alsa", "DISPLAY=:1", "XAUTHORITY=/x"}));
}

TEST_CASE("the last VNC or SPICE display says where sound goes, and SDL that nobody says it")
{
    auto const backend = [](std::string_view devices) {
        auto const audios = resolved(devices).devices.audios;
        return audios.empty() ? std::string_view{"-"} : audio_type_names[audios.front().backend.index()];
    };
    CHECK(backend("") == "none");
    CHECK(backend("<graphics type='vnc'/><graphics type='spice'/>") == "spice");
    CHECK(backend("<graphics type='spice'/><graphics type='vnc'/>") == "none");
    CHECK(backend("<graphics type='spice'/><graphics type='sdl'/>") == "-");
    CHECK(backend("<graphics type='dbus'/>") == "-");
    CHECK(places("<graphics type='sdl'/><sound model='ac97'/>") == Places{"/domain/devices/sound[1]"});
}

TEST_CASE("faults of sound devices and back ends")
{
    CHECK(places("<sound model='ich7'/>") == Places{"/domain/devices/sound[1]/@model"});
    CHECK(places("<sound model='ac97'><codec type='duplex'/></sound>") == Places{"/domain/devices/sound[1]/codec"});
    CHECK(places("<audio id='1' type='none'><input><settings frequency='1'/></input></audio>") ==
          Places{"/domain/devices/audio[1]/input/settings"});
    CHECK(places("<audio id='1' type='alsa'><output voices='0'/></audio>") ==
          Places{"/domain/devices/audio[1]/output/@voices"});
    CHECK(places("<audio id='0' type='none'/>") == Places{"/domain/devices/audio[1]/@id"});
}

TEST_CASE("a graphics card that shall not be has nothing else")
{
    auto const config = resolved("<video><driver iommu='on'/><model type='none' heads='2' primary='yes'/></video>");
    CHECK(config.devices.videos[0] == Video{.model = {.type = VideoType::none}});
}

TEST_CASE("the primary graphics card comes first, and its memory in powers of two")
{
    auto const config = resolved("<video><model type='virtio'/></video>"
                                 "<video><model type='qxl' ram='60000' vram='9216' primary='yes'/></video>");
    auto const& first = config.devices.videos[0].model;
    CHECK(first.type == VideoType::qxl);
    CHECK(first.ram == 65536U);
    CHECK(first.vram == 16384U);
}

TEST_CASE("faults of graphics cards")
{
    auto const model = std::string{"/domain/devices/video[1]/model"};
    CHECK(places("<video><model type='vga' vgamem='16384'/></video>") == Places{model + "/@vgamem"});
    CHECK(places("<video><model type='vga' vram='1000'/></video>") == Places{model + "/@vram"});
    CHECK(places("<video><model type='qxl' ram='4194304'/></video>") == Places{model + "/@ram"});
    CHECK(places("<video><driver packed='on'/><model type='vga'/></video>") ==
          Places{"/domain/devices/video[1]/driver/@packed"});
    CHECK(places("<video><model type='xen'/></video>") == Places{model + "/@type"});
    CHECK(places("<video><model type='virtio'><acceleration accel2d='yes'/></model></video>") ==
          Places{model + "/acceleration/@accel2d"});
    CHECK(places("<video><model type='virtio'><resolution x='0' y='5'/></model></video>") == Places{model + "/resolution"});
}
