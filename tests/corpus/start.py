#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Starts the corpus' x86_64 documents for real, paused, and looks at what QEMU made of them.

    VMWRIGHT_CORPUS=DIR start.py [--only REGEX] [--least N] VMSH

Each document is rewritten for this machine: kvm becomes qemu, host-passthrough maximum, images, firmware variables and sockets lie in a private
directory and are made, interfaces become slirp's. Then `vmsh create --paused` must succeed, and QEMU itself, asked with query-pci over
its monitor, must have a device at each PCI address on the root bus that the live XML promises. Failures are told with their cause, one of the
list CAUSES; the last lines have the figures.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

SKIPPED = 77

# What stands in an error -> why this machine cannot start the document. The first that fits counts.
CAUSES = (
    ('not supported yet', 'not supported yet'),
    (r'/dev/vhost|vhost-vsock|vhost-net|vhost-scsi', 'kernel'),
    (r"/dev/(dri|vfio|sgx|mem|parport|ttyUSB|ttyS|bus/usb|sd|disk|lp|hwrng|rtc|tpm|input)|/sys/", 'device'),
    (r'hugepages|Cannot allocate memory|cannot set up guest memory|MAP_SYNC|pmem', 'memory of this machine'),
    (r'KVM|kvm', 'KVM only'),
    (r'Connection refused|Could not connect|Failed to connect|Unknown protocol|server|CURL|Failed to resolve|iSCSI|Name or service',
     'network server'),
    (r'Permission denied|Operation not permitted', 'privilege'),
    (r'swtpm|virtiofsd|qemu-pr-helper|pr-manager|helper|/run/', 'helper'),
    (r'is not a valid device model name|No \S+ bus found|Parameter .driver. expects|not compiled|not available|not supported by',
     'not in this QEMU'),
    (r'module \S+ not found|audio driver', 'not in this QEMU'),
    (r'HyperV', 'KVM only'),
    (r"[Nn]o such file|there is no file|can't load|Could not open|Unable to access|Failed to open|no drm render node|cannot initialize fsdev",
     'device or file'),
    (r'qemu-system-x86_64: -', 'QEMU refuses what libvirt prints'),
)


def cause(words):
    for pattern, name in CAUSES:
        if re.search(pattern, words):
            return name
    return 'other'


class Case:
    def __init__(self, path, root):
        self.root = root
        self.tree = ElementTree.parse(path)
        self.domain = self.tree.getroot()
        self.path = root / 'domain.xml'

    def is_ours(self):
        """For this machine's QEMU."""
        kind = self.domain.find('os/type')
        return (self.domain.get('type') in ('kvm', 'qemu') and kind is not None and
                kind.get('arch', 'x86_64') == 'x86_64' and kind.text == 'hvm')

    def file(self, path, size='1M', like='raw'):
        """A file of that name under our root, made when it is not there; system files stay."""
        if path.startswith('/usr/share/'):
            return path
        ours = self.root / path.strip('/').replace('/', '_')
        if not ours.exists():
            subprocess.run(['qemu-img', 'create', '-q', '-f', like, str(ours), size], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return str(ours)

    def rewrite(self):
        domain = self.domain
        domain.set('type', 'qemu')
        cpu = domain.find('cpu')
        if cpu is not None and cpu.get('mode') in ('host-passthrough', 'host-model'):
            for name in ('match', 'migratable'):
                cpu.attrib.pop(name, None)
            cpu.set('mode', 'maximum')
            for child in list(cpu):
                if child.tag in ('model', 'cache', 'maxphysaddr'):
                    cpu.remove(child)
        for memory in ('memory', 'currentMemory'):
            element = domain.find(memory)
            if element is not None and domain.find('cpu/numa') is None and domain.find('maxMemory') is None:
                element.text, element.attrib = '262144', {'unit': 'KiB'}
        self.rewrite_os()
        for disk in domain.iter('disk'):
            self.rewrite_disk(disk)
        for interface in domain.iter('interface'):
            interface.set('type', 'user')
            for child in list(interface):
                if child.tag not in ('mac', 'model', 'address', 'boot', 'rom', 'alias', 'acpi'):
                    interface.remove(child)
        for device in domain.find('devices') if domain.find('devices') is not None else ():
            for source in device.iter('source'):
                for name in ('path', 'file'):
                    if device.tag in ('serial', 'console', 'parallel', 'channel', 'rng', 'smartcard') and source.get(name):
                        source.set(name, str(self.root / source.get(name).strip('/').replace('/', '_'))[:100])
            if device.tag == 'emulator':
                device.text = '/usr/bin/qemu-system-x86_64'
        self.tree.write(self.path)

    def rewrite_os(self):
        domain = self.domain
        # A paused guest needs no kernel, and this machine may have none that can be read.
        for name in ('kernel', 'initrd', 'dtb'):
            element = domain.find('os/' + name)
            if element is not None and element.text:
                domain.find('os').remove(element)
        cmdline = domain.find('os/cmdline')
        if cmdline is not None:
            domain.find('os').remove(cmdline)
        nvram = domain.find('os/nvram')
        if nvram is not None and nvram.text:
            nvram.text = str(self.root / 'vars.fd')
            template = nvram.get('template', '/usr/share/OVMF/OVMF_VARS_4M.fd')
            if os.path.exists(template):
                shutil.copy(template, nvram.text)

    def rewrite_disk(self, disk):
        source = disk.find('source')
        if source is None:
            return
        driver = disk.find('driver')
        like = driver.get('type', 'raw') if driver is not None else 'raw'
        for name in ('file', 'dev'):
            if source.get(name):
                source.set(name, self.file(source.get(name), '1440K' if disk.get('device') == 'floppy' else '4M', like))
        if disk.get('type') == 'block':
            disk.set('type', 'file')
            source.set('file', source.attrib.pop('dev', ''))
        for child in disk.iter('backingStore'):
            inner = child.find('source')
            if inner is not None and inner.get('file'):
                fmt = child.find('format')
                inner.set('file', self.file(inner.get('file'), '4M', fmt.get('type', 'raw') if fmt is not None else 'raw'))


def promised(live):
    """Slot and function of each device on PCI bus 0 of the live XML."""
    for device in live.find('devices'):
        address = device.find('address')
        if (address is not None and address.get('type') == 'pci' and int(address.get('bus', '0'), 16) == 0
                and int(address.get('domain', '0'), 16) == 0):
            yield device.tag, int(address.get('slot'), 16), int(address.get('function', '0'), 16)


def run(shell, uri, *words):
    # in a directory of its own: QEMU's wav driver writes where it stands
    with tempfile.TemporaryDirectory(prefix='start-') as here:
        return subprocess.run([os.path.abspath(shell), '-c', uri, *words], capture_output=True, text=True, timeout=120, cwd=here)


def start(case, shell, uri):
    """What is wrong, or None."""
    case.rewrite()
    name = case.domain.findtext('name')
    created = run(shell, uri, 'create', '--paused', str(case.path))
    if created.returncode != 0:
        return created.stderr
    try:
        asked = run(shell, uri, 'qemu-monitor-command', name, '{"execute":"query-pci"}')
        if asked.returncode != 0:
            return 'query-pci: ' + asked.stderr
        buses = json.loads(asked.stdout)['return']
        there = {(device['slot'], device['function']) for bus in buses if bus['bus'] == 0 for device in bus['devices']}
        live = ElementTree.fromstring(run(shell, uri, 'dumpxml', name).stdout)
        lacking = [place for place in promised(live) if place[1:] not in there]
        return 'WRONG: QEMU has nothing at %s' % lacking if lacking and buses else None
    finally:
        run(shell, uri, 'destroy', name)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--only', default='')
    parser.add_argument('--least', type=int, default=0)
    parser.add_argument('shell')
    options = parser.parse_args()
    corpus = os.environ.get('VMWRIGHT_CORPUS', '')
    if not corpus:
        print('SKIPPED: VMWRIGHT_CORPUS names no corpus')
        return SKIPPED
    accept = pathlib.Path(corpus) / 'accept'
    causes = collections.Counter()
    tried = started = 0
    for path in sorted(accept.glob('*.xml')):
        if path.name.endswith('.dump.xml') or not re.search(options.only, path.stem):
            continue
        with tempfile.TemporaryDirectory(prefix='start-') as root:
            case = Case(path, pathlib.Path(root))
            if not case.is_ours():
                continue
            tried += 1
            fault = start(case, os.path.abspath(options.shell), 'qemu:///embed?root=%s/state' % root)
            if not fault:
                started += 1
                continue
            causes[cause(fault)] += 1
            lines = [line for line in fault.splitlines() if line.strip()]
            print('%s: %s: %s' % (path.stem, cause(fault), ' | '.join(lines)[:300]), flush=True)
    print('by cause: %s' % dict(causes.most_common()))
    print('started %d of %d (at least %d)' % (started, tried, options.least))
    return 0 if started >= options.least and 'other' not in causes else 1


if __name__ == '__main__':
    sys.exit(main())
