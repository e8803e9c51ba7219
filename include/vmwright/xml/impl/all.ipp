// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/impl/document.ipp>
#include <vmwright/xml/impl/edits.ipp>
#include <vmwright/xml/impl/encoding.ipp>
#include <vmwright/xml/impl/lines.ipp>
#include <vmwright/xml/impl/print.ipp>
#include <vmwright/xml/impl/scanner.ipp>
#include <vmwright/xml/impl/tree.ipp>
#include <vmwright/xml/impl/utf8.ipp>
