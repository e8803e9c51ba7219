// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/impl/diagnostic.ipp>
#include <vmwright/core/impl/error.ipp>
#include <vmwright/core/impl/ip_address.ipp>
#include <vmwright/core/impl/mac.ipp>
#include <vmwright/core/impl/nearest.ipp>
#include <vmwright/core/impl/number_set.ipp>
#include <vmwright/core/impl/size.ipp>
#include <vmwright/core/impl/uuid.ipp>
#include <vmwright/core/impl/version.ipp>
