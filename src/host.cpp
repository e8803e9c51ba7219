// SPDX-License-Identifier: BSL-1.0
#include <vmwright/host/impl/all.ipp>
