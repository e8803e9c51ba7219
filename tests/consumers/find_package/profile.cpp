// SPDX-License-Identifier: BSL-1.0
#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/profiles.hpp>

int main()
{
    namespace qemu = vmwright::qemu;
    auto const capabilities = qemu::load_capabilities(qemu::profile_text(qemu::shipped_profile("x86_64")));
    return capabilities && capabilities->has_device("virtio-blk-pci") ? 0 : 1;
}
