// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/storage/impl/permissions.ipp>
#include <vmwright/storage/impl/pool.ipp>
#include <vmwright/storage/impl/pool_check.ipp>
#include <vmwright/storage/impl/pool_traits.ipp>
#include <vmwright/storage/impl/secret.ipp>
#include <vmwright/storage/impl/volume.ipp>
