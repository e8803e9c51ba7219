// SPDX-License-Identifier: BSL-1.0
#include <vmwright/core/impl/all.ipp>
