// SPDX-License-Identifier: BSL-1.0
#include <vmwright/storage/impl/all.ipp>
