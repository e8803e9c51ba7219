// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The whole library as source, for exactly one source file of a program that does not link it.

#include <vmwright/core/impl/all.ipp>
#include <vmwright/domain/impl/all.ipp>
#include <vmwright/host/impl/all.ipp>
#include <vmwright/machine/impl/all.ipp>
#include <vmwright/network/impl/all.ipp>
#include <vmwright/qemu/impl/all.ipp>
#include <vmwright/qmp/impl/all.ipp>
#include <vmwright/storage/impl/all.ipp>
#include <vmwright/xml/impl/all.ipp>
