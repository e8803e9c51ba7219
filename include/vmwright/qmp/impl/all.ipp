// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/impl/client.ipp>
#include <vmwright/qmp/impl/commands.ipp>
#include <vmwright/qmp/impl/connection.ipp>
#include <vmwright/qmp/impl/convert.ipp>
#include <vmwright/qmp/impl/error.ipp>
#include <vmwright/qmp/impl/events.ipp>
#include <vmwright/qmp/impl/greeting.ipp>
#include <vmwright/qmp/impl/schema.ipp>
#include <vmwright/qmp/impl/session.ipp>
#include <vmwright/qmp/impl/subscription.ipp>
