// SPDX-License-Identifier: BSL-1.0
#include <vmwright/qmp/impl/all.ipp>
