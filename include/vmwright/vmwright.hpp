// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Everything a program that runs or checks VMs needs.

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/core/error.hpp>
#include <vmwright/core/log.hpp>
#include <vmwright/core/mac.hpp>
#include <vmwright/core/result.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/core/version.hpp>
#include <vmwright/domain/domain.hpp>
#include <vmwright/domain/domain_capabilities.hpp>
#include <vmwright/domain/host_capabilities.hpp>
#include <vmwright/host/host.hpp>
#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/domain_capabilities.hpp>
#include <vmwright/qemu/host_facts.hpp>
#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/backup.hpp>
#include <vmwright/xml/capabilities.hpp>
#include <vmwright/xml/checkpoint.hpp>
#include <vmwright/xml/domain.hpp>
#include <vmwright/xml/metadata.hpp>
#include <vmwright/xml/network.hpp>
#include <vmwright/xml/network_port.hpp>
#include <vmwright/xml/nwfilter.hpp>
#include <vmwright/xml/nwfilter_binding.hpp>
#include <vmwright/xml/pool.hpp>
#include <vmwright/xml/secret.hpp>
#include <vmwright/xml/snapshot.hpp>
#include <vmwright/xml/volume.hpp>
