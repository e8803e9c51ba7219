// SPDX-License-Identifier: BSL-1.0
// run_a_vm ROOT KERNEL INITRD: runs a VM that lives in the directory ROOT; the quickstart's guest is told to power off.
#include <vmwright/vmwright.hpp>

namespace vw = vmwright;

int main(int, char** argv)
{
    auto host = vw::Host::open({.root = argv[1]});
    auto vm = host.define({
        .name = "demo",
        .memory = vw::MiB(256),
        .vcpus = {.count = 2},
        .os = {.kernel = argv[2], .initrd = argv[3], .cmdline = "run=poweroff"},
        .features = {.acpi = true},
    });
    vm.start();
    if (!vm.wait_until_off(std::chrono::minutes(2)))
        vm.destroy();
    vm.undefine();
}
