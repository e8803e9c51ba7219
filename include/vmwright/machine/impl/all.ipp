// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/impl/access.ipp>
#include <vmwright/machine/impl/build_id.ipp>
#include <vmwright/machine/impl/fake_machine.ipp>
#include <vmwright/machine/impl/fake_process.ipp>
#include <vmwright/machine/impl/fd.ipp>
#include <vmwright/machine/impl/file_lock.ipp>
#include <vmwright/machine/impl/file_watch.ipp>
#include <vmwright/machine/impl/holders.ipp>
#include <vmwright/machine/impl/kvm.ipp>
#include <vmwright/machine/impl/local_machine.ipp>
#include <vmwright/machine/impl/machine.ipp>
#include <vmwright/machine/impl/pidfd_process.ipp>
#include <vmwright/machine/impl/process.ipp>
#include <vmwright/machine/impl/process_files.ipp>
#include <vmwright/machine/impl/quiet_thread.ipp>
#include <vmwright/machine/impl/replacement.ipp>
#include <vmwright/machine/impl/run.ipp>
#include <vmwright/machine/impl/spawn.ipp>
#include <vmwright/machine/impl/system_failure.ipp>
#include <vmwright/machine/impl/tcp_port.ipp>
#include <vmwright/machine/impl/unix_socket.ipp>
