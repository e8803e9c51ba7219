// SPDX-License-Identifier: BSL-1.0
#include <vmwright/machine/impl/all.ipp>
