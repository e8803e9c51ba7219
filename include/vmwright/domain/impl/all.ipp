// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/impl/backup.ipp>
#include <vmwright/domain/impl/checking.ipp>
#include <vmwright/domain/impl/checkpoint.ipp>
#include <vmwright/domain/impl/devices.ipp>
#include <vmwright/domain/impl/disk.ipp>
#include <vmwright/domain/impl/disk_source.ipp>
#include <vmwright/domain/impl/domain.ipp>
#include <vmwright/domain/impl/interface.ipp>
#include <vmwright/domain/impl/iothreads.ipp>
#include <vmwright/domain/impl/moments.ipp>
#include <vmwright/domain/impl/snapshot.ipp>
#include <vmwright/domain/impl/sysinfo.ipp>
