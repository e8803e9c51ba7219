// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/commands.hpp>

#include <vmwright/qmp/impl/commands/block.ipp>
#include <vmwright/qmp/impl/commands/chardev.ipp>
#include <vmwright/qmp/impl/commands/cpu.ipp>
#include <vmwright/qmp/impl/commands/machine.ipp>
#include <vmwright/qmp/impl/commands/monitor.ipp>
#include <vmwright/qmp/impl/commands/net.ipp>
#include <vmwright/qmp/impl/commands/password.ipp>
#include <vmwright/qmp/impl/commands/pci.ipp>
#include <vmwright/qmp/impl/commands/qom.ipp>
#include <vmwright/qmp/impl/commands/run_state.ipp>
#include <vmwright/qmp/impl/commands/vnc.ipp>
