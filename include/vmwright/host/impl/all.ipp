// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/host/impl/domain.ipp>
#include <vmwright/host/impl/domain_state.ipp>
#include <vmwright/host/impl/emulators.ipp>
#include <vmwright/host/impl/event.ipp>
#include <vmwright/host/impl/helper_start.ipp>
#include <vmwright/host/impl/host.ipp>
#include <vmwright/host/impl/host_core.ipp>
#include <vmwright/host/impl/host_facts.ipp>
#include <vmwright/host/impl/host_recovery.ipp>
#include <vmwright/host/impl/host_running.ipp>
#include <vmwright/host/impl/host_settings.ipp>
#include <vmwright/host/impl/host_topology.ipp>
#include <vmwright/host/impl/host_watch.ipp>
#include <vmwright/host/impl/lifecycle.ipp>
#include <vmwright/host/impl/qemu_disks.ipp>
#include <vmwright/host/impl/qemu_driver.ipp>
#include <vmwright/host/impl/qemu_guest.ipp>
#include <vmwright/host/impl/qemu_launch.ipp>
#include <vmwright/host/impl/qemu_nudges.ipp>
#include <vmwright/host/impl/qemu_tuning.ipp>
#include <vmwright/host/impl/runtime.ipp>
#include <vmwright/host/impl/signal.ipp>
#include <vmwright/host/impl/store.ipp>
