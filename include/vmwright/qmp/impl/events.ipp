// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/events.hpp>

#include <vmwright/qmp/convert.hpp>

namespace vmwright::inline v0::qmp
{

namespace events
{

BOOST_DESCRIBE_STRUCT(shutdown, (), (guest, reason))
BOOST_DESCRIBE_STRUCT(reset, (), (guest, reason))
BOOST_DESCRIBE_STRUCT(watchdog, (), (action))
BOOST_DESCRIBE_STRUCT(guest_panicked, (), (action))
BOOST_DESCRIBE_STRUCT(guest_crashloaded, (), (action))
BOOST_DESCRIBE_STRUCT(device_deleted, (), (device, path))
BOOST_DESCRIBE_STRUCT(device_unplug_guest_error, (), (device, path))
BOOST_DESCRIBE_STRUCT(device_tray_moved, (), (device, id, tray_open))
BOOST_DESCRIBE_STRUCT(block_io_error, (), (device, node_name, operation, action, nospace, reason))
BOOST_DESCRIBE_STRUCT(rtc_change, (), (offset))
BOOST_DESCRIBE_STRUCT(balloon_change, (), (actual))
BOOST_DESCRIBE_STRUCT(vserport_change, (), (id, open))
BOOST_DESCRIBE_STRUCT(memory_failure::Flags, (), (action_required, recursive))
BOOST_DESCRIBE_STRUCT(memory_failure, (), (recipient, action, flags))
BOOST_DESCRIBE_STRUCT(block_write_threshold, (), (node_name, amount_exceeded, write_threshold))
BOOST_DESCRIBE_STRUCT(memory_device_size_change, (), (id, size))
BOOST_DESCRIBE_STRUCT(DisplayAddress, (), (host, service, port, family, auth, x509_dname, sasl_username))
BOOST_DESCRIBE_STRUCT(vnc_connected, (), (server, client))
BOOST_DESCRIBE_STRUCT(vnc_initialized, (), (server, client))
BOOST_DESCRIBE_STRUCT(vnc_disconnected, (), (server, client))
BOOST_DESCRIBE_STRUCT(spice_connected, (), (server, client))
BOOST_DESCRIBE_STRUCT(spice_initialized, (), (server, client))
BOOST_DESCRIBE_STRUCT(spice_disconnected, (), (server, client))

} // namespace events

template struct EventCodec<events::shutdown>;
template struct EventCodec<events::powerdown>;
template struct EventCodec<events::reset>;
template struct EventCodec<events::stop>;
template struct EventCodec<events::resume>;
template struct EventCodec<events::suspend>;
template struct EventCodec<events::suspend_disk>;
template struct EventCodec<events::wakeup>;
template struct EventCodec<events::watchdog>;
template struct EventCodec<events::guest_panicked>;
template struct EventCodec<events::guest_crashloaded>;
template struct EventCodec<events::device_deleted>;
template struct EventCodec<events::device_unplug_guest_error>;
template struct EventCodec<events::device_tray_moved>;
template struct EventCodec<events::block_io_error>;
template struct EventCodec<events::rtc_change>;
template struct EventCodec<events::balloon_change>;
template struct EventCodec<events::vserport_change>;
template struct EventCodec<events::memory_failure>;
template struct EventCodec<events::block_write_threshold>;
template struct EventCodec<events::memory_device_size_change>;
template struct EventCodec<events::vnc_connected>;
template struct EventCodec<events::vnc_initialized>;
template struct EventCodec<events::vnc_disconnected>;
template struct EventCodec<events::spice_connected>;
template struct EventCodec<events::spice_initialized>;
template struct EventCodec<events::spice_disconnected>;

} // namespace vmwright::inline v0::qmp
