// SPDX-License-Identifier: BSL-1.0
#include <vmwright/network/impl/all.ipp>
