// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/impl/devices.ipp>
#include <vmwright/domain/impl/disk.ipp>
#include <vmwright/domain/impl/disk_source.ipp>
#include <vmwright/domain/impl/domain.ipp>
#include <vmwright/domain/impl/interface.ipp>
#include <vmwright/domain/impl/iothreads.ipp>
#include <vmwright/domain/impl/sysinfo.ipp>
