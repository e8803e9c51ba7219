// SPDX-License-Identifier: BSL-1.0
#pragma once

// Every typed command; a program that uses a few includes their headers alone.
#include <vmwright/qmp/commands/block.hpp>
#include <vmwright/qmp/commands/chardev.hpp>
#include <vmwright/qmp/commands/cpu.hpp>
#include <vmwright/qmp/commands/machine.hpp>
#include <vmwright/qmp/commands/monitor.hpp>
#include <vmwright/qmp/commands/net.hpp>
#include <vmwright/qmp/commands/password.hpp>
#include <vmwright/qmp/commands/pci.hpp>
#include <vmwright/qmp/commands/qom.hpp>
#include <vmwright/qmp/commands/run_state.hpp>
#include <vmwright/qmp/commands/vnc.hpp>
