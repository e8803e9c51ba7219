// SPDX-License-Identifier: BSL-1.0
#include <vmwright/xml/impl/all.ipp>
