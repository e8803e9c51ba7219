// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/domain/device.hpp>
#include <vmwright/domain/input.hpp>
#include <vmwright/domain/source_seclabel.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vmwright::inline v0
{

struct NullChar
{
    bool operator==(NullChar const&) const = default;
};

struct VcChar
{
    bool operator==(VcChar const&) const = default;
};

struct PtyChar
{
    std::optional<std::string> path{}; ///< known while the domain runs

    bool operator==(PtyChar const&) const = default;
};

struct DevChar
{
    std::string path{};
    std::vector<SourceSeclabel> seclabels{};

    bool operator==(DevChar const&) const = default;
};

struct FileChar
{
    std::string path{};
    std::optional<bool> append{};
    std::vector<SourceSeclabel> seclabels{};

    bool operator==(FileChar const&) const = default;
};

struct PipeChar
{
    std::string path{};
    std::vector<SourceSeclabel> seclabels{};

    bool operator==(PipeChar const&) const = default;
};

struct StdioChar
{
    bool operator==(StdioChar const&) const = default;
};

enum class SocketMode
{
    client, ///< connect
    server, ///< bind
};
constexpr auto enum_names(SocketMode)
{
    return name_list("connect", "bind");
}

/// One direction of a datagram stream: where to send to, or where to receive.
struct UdpEnd
{
    SocketMode mode{};
    std::string host{};
    std::string service{};

    bool operator==(UdpEnd const&) const = default;
};

struct UdpChar
{
    std::vector<UdpEnd> ends{};

    bool operator==(UdpChar const&) const = default;
};

enum class TcpProtocol
{
    raw,
    telnet,
    telnets,
    tls,
};
constexpr auto enum_names(TcpProtocol)
{
    return name_list("raw", "telnet", "telnets", "tls");
}

/// Connect again after so many seconds.
struct Reconnect
{
    bool enabled{};
    std::optional<std::uint32_t> timeout{}; ///< seconds

    bool operator==(Reconnect const&) const = default;
};

struct TcpChar
{
    SocketMode mode{};
    std::string host{};
    std::string service{};
    std::optional<bool> tls{};
    std::optional<Reconnect> reconnect{};
    std::optional<TcpProtocol> protocol{};

    bool operator==(TcpChar const&) const = default;
};

struct UnixChar
{
    std::optional<SocketMode> mode{};
    std::optional<std::string> path{}; ///< chosen at each start when absent
    std::optional<Reconnect> reconnect{};
    std::vector<SourceSeclabel> seclabels{};

    bool operator==(UnixChar const&) const = default;
};

/// What a SPICE viewer's own channel carries: its agent, a USB device, a smart card.
struct SpicevmcChar
{
    bool operator==(SpicevmcChar const&) const = default;
};

/// A channel that SPICE viewers find by its name.
struct SpiceportChar
{
    std::string channel{};

    bool operator==(SpiceportChar const&) const = default;
};

/// Two ends of FreeBSD's null modem; not QEMU's.
struct NmdmChar
{
    std::string master{};
    std::string slave{};

    bool operator==(NmdmChar const&) const = default;
};

/// QEMU itself plays the partner of the guest's SPICE agent.
struct VdagentChar
{
    std::optional<bool> copy_paste{};
    std::optional<MouseMode> mouse{};

    bool operator==(VdagentChar const&) const = default;
};

/// A channel that programs on the display's D-Bus find by its name.
struct DbusChar
{
    std::string channel{};

    bool operator==(DbusChar const&) const = default;
};

/// The host's end of a character device. The alternatives stand in the order of `char_source_names`.
using CharSource = std::variant<PtyChar, NullChar, VcChar, DevChar, FileChar, PipeChar, StdioChar, UdpChar, TcpChar,
                                UnixChar, SpicevmcChar, SpiceportChar, NmdmChar, VdagentChar, DbusChar>;

inline constexpr auto char_source_names =
    std::to_array<std::string_view>({"pty", "null", "vc", "dev", "file", "pipe", "stdio", "udp", "tcp", "unix", "spicevmc",
                                     "spiceport", "nmdm", "qemu-vdagent", "dbus"});

/// A copy of all that the guest writes.
struct CharLog
{
    std::string file{};
    std::optional<bool> append{};

    bool operator==(CharLog const&) const = default;
};

struct Serial
{
    CharSource source{};
    std::optional<std::string> target_type{}; ///< isa-serial, usb-serial, pci-serial, …
    std::optional<std::uint32_t> port{};
    std::optional<std::string> target_model{}; ///< isa-serial, pl011, 16550a, …
    std::optional<CharLog> log{};
    DeviceInfo info{};

    bool operator==(Serial const&) const = default;
};

struct Parallel
{
    CharSource source{};
    std::optional<std::uint32_t> port{};
    std::optional<CharLog> log{};
    DeviceInfo info{};

    bool operator==(Parallel const&) const = default;
};

struct Console
{
    CharSource source{};
    std::optional<std::string> tty{};         ///< an old name of the pty's path, known while the domain runs
    std::optional<std::string> target_type{}; ///< serial, virtio, sclp, …
    std::optional<std::uint32_t> port{};
    std::optional<CharLog> log{};
    DeviceInfo info{};

    bool operator==(Console const&) const = default;
};

/// A byte stream with a name in the guest.
struct Channel
{
    CharSource source{};
    std::string target_type{};            ///< virtio or guestfwd
    std::optional<std::string> name{};    ///< virtio: as in /dev/virtio-ports
    std::optional<std::string> state{};   ///< known while the domain runs: connected, disconnected
    std::optional<std::string> address{}; ///< guestfwd
    std::optional<std::uint32_t> port{};  ///< guestfwd
    std::optional<CharLog> log{};
    DeviceInfo info{};

    bool operator==(Channel const&) const = default;
};

} // namespace vmwright::inline v0
