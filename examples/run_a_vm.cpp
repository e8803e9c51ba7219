// SPDX-License-Identifier: BSL-1.0
// run_a_vm ROOT KERNEL INITRD: runs a VM in a directory of its own; with the quickstart's guest it lasts a few seconds.
#include <vmwright/vmwright.hpp>

namespace vw = vmwright;

int main(int, char** argv)
{
    auto host = vw::Host::open({.root = argv[1]});
    auto vm = host.define({
        .name = "demo",
        .memory = vw::MiB(256),
        .vcpus = {.count = 2},
        .os = {.kernel = argv[2], .initrd = argv[3]},
    });
    vm.start();
    if (vm.shutdown(std::chrono::seconds(30)) == vw::ShutdownOutcome::ignored)
        vm.destroy();
    vm.undefine();
}
