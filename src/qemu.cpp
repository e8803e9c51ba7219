// SPDX-License-Identifier: BSL-1.0
#include <vmwright/qemu/impl/all.ipp>
