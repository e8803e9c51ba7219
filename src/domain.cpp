// SPDX-License-Identifier: BSL-1.0
#include <vmwright/domain/impl/all.ipp>
