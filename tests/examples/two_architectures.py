#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""two_architectures.py PROGRAM: the two command lines it prints are those of a q35 and of an Arm virt machine."""
import subprocess
import sys


def main():
    done = subprocess.run([sys.argv[1]], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    second = lines.index('/usr/bin/qemu-system-aarch64')
    assert lines[0] == '/usr/bin/qemu-system-x86_64' and not done.stderr, done
    for argv, machine in ((lines[:second], 'pc-q35-7.2'), (lines[second:], 'virt-7.2')):
        value = dict(zip(argv, argv[1:]))
        assert value['-machine'].startswith(machine + ','), value['-machine']
        assert value['-m'] == '2048' and value['-smp'].startswith('2,'), argv
        devices = [argument for option, argument in zip(argv, argv[1:]) if option == '-device']
        for driver in ('virtio-blk-pci', 'pcie-root-port', 'virtio-rng-pci'):
            assert any('"%s"' % driver in device for device in devices), (driver, devices)


if __name__ == '__main__':
    main()
