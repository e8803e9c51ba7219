// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qemu/impl/capabilities.ipp>
#include <vmwright/qemu/impl/capabilities_file.ipp>
#include <vmwright/qemu/impl/host_facts.ipp>
#include <vmwright/qemu/impl/probe.ipp>
#include <vmwright/qemu/impl/profiles.ipp>
#include <vmwright/qemu/impl/qmp_schema.ipp>
