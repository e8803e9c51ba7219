#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Measures xml2argv on a corpus of domain XML paired with libvirt's command lines.

    VMWRIGHT_CORPUS=DIR corpus.py XML2ARGV

The corpus is the directory that VMWRIGHT_CORPUS names, with accept/, reject/ and argvdiff.py; its README says how it was made. Which of the accepted
documents lie in what the library translates so far follows from the names and types of their elements alone. The last line
is the verdict: at least LEAST_CASES such documents, LEAST_EQUAL of them equal in what the guest sees, and no crash or hang on
any document. The first lines name what differs.
"""
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

LEAST_CASES = 200
LEAST_EQUAL = 0.90
TIMEOUT = 20
SKIPPED = 77

# Elements below <domain>, with what may stand in them; None: anything.
DOMAIN = {'name', 'uuid', 'title', 'description', 'metadata', 'memory', 'currentMemory', 'vcpu', 'os', 'features', 'cpu', 'clock',
          'on_poweroff', 'on_reboot', 'on_crash', 'devices', 'pm'}
CHILDREN = {
    'os': {'type', 'boot', 'kernel', 'initrd', 'cmdline', 'dtb', 'bootmenu', 'bios'},
    'features': {'acpi', 'apic', 'pae', 'hap', 'vmport', 'pmu', 'vmcoreinfo'},
    'cpu': {'model', 'feature', 'topology', 'vendor'},
    'clock': {'timer'},
    'devices': {'emulator', 'disk', 'controller', 'interface', 'graphics', 'video', 'serial', 'console', 'channel', 'input', 'rng',
                'memballoon', 'audio'},
    'disk': {'driver', 'source', 'target', 'readonly', 'shareable', 'serial', 'wwn', 'vendor', 'product', 'boot', 'address',
             'alias', 'geometry', 'blockio', 'iotune'},
    'interface': {'mac', 'source', 'model', 'driver', 'target', 'link', 'mtu', 'script', 'ip', 'boot', 'address', 'alias', 'rom',
                  'acpi'},
    'graphics': {'listen'},
    'audio': set(),
    'source': {'reconnect'},
}
TYPES = {
    'domain': {'qemu', 'kvm'},
    'disk': {'file', 'block', 'dir', None},
    'interface': {'user', 'ethernet', 'network', 'bridge'},
    'graphics': {'vnc'},
    'serial': {'null', 'vc', 'pty', 'dev', 'file', 'pipe', 'stdio', 'udp', 'tcp', 'unix'},
}
TYPES['console'] = TYPES['channel'] = TYPES['serial']
ARCHITECTURES = {'x86_64', None}


def outside(root):
    """The first thing in a document that is not translated yet, or None."""
    if root.find('os') is None or root.find('os/type') is None or root.find('os/type').get('arch') not in ARCHITECTURES:
        return 'os/type'
    if root.find('os').get('firmware'):
        return 'os/@firmware'
    for element in root.iter():
        allowed = DOMAIN if element is root else CHILDREN.get(element.tag)
        if element.tag in TYPES and element.get('type') not in TYPES[element.tag]:
            return '%s type=%s' % (element.tag, element.get('type'))
        for child in element if allowed is not None else ():
            if child.tag not in allowed and not child.tag.startswith('{'):
                return '%s/%s' % (element.tag, child.tag)
            if child.tag.startswith('{http://libvirt.org/'):
                return child.tag
    metadata = root.find('metadata')
    if metadata is not None:
        root.remove(metadata)
    mode = root.find('cpu')
    if mode is not None and (mode.get('mode') == 'host-model' or mode.get('match') in ('minimum', 'strict')):
        return 'cpu'
    return None


def translate(program, path):
    """-> (argv lines or None, what went wrong or None, whether it was a crash or hang)"""
    try:
        done = subprocess.run([program, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                              timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return None, 'no end within %d s' % TIMEOUT, True
    if done.returncode < 0 or done.returncode > 2:
        return None, 'exit status %d' % done.returncode, True
    if done.returncode != 0:
        words = done.stderr.decode('utf-8', 'replace').splitlines()
        errors = [w for w in words if ' error: ' in w]
        return None, (errors or words or ['no message'])[0], False
    return done.stdout.decode('utf-8', 'surrogateescape').splitlines(), None, False


def names(folder):
    return sorted(f[:-4] for f in os.listdir(folder) if f.endswith('.xml') and not f.endswith('.dump.xml'))


def main():
    program = sys.argv[1]
    corpus = os.environ.get('VMWRIGHT_CORPUS', '')
    if not corpus:
        print('SKIPPED: VMWRIGHT_CORPUS names no corpus')
        return SKIPPED
    sys.dont_write_bytecode = True
    sys.path.insert(0, corpus)
    import argvdiff
    accept, reject = os.path.join(corpus, 'accept'), os.path.join(corpus, 'reject')
    cases = equal = full = crashes = 0
    for name in names(accept):
        base = os.path.join(accept, name)
        argv, why, crash = translate(program, base + '.xml')
        crashes += crash
        if crash:
            print('CRASH accept/%s: %s' % (name, why))
        if outside(ElementTree.parse(base + '.xml').getroot()):
            continue
        cases += 1
        if argv is None:
            print('accept/%s: %s' % (name, why))
            continue
        expected = argvdiff.read_args(base + '.args')
        differences = argvdiff.compare(expected, argv, 'abi')
        equal += not differences
        full += not differences and not argvdiff.compare(expected, argv, 'full')
        if differences:
            print('accept/%s: %s' % (name, argvdiff.line_of(differences[0])))
    rejected = 0
    for name in names(reject):
        argv, why, crash = translate(program, os.path.join(reject, name + '.xml'))
        crashes += crash
        rejected += argv is None
        if crash:
            print('CRASH reject/%s: %s' % (name, why))
    good = cases >= LEAST_CASES and equal >= LEAST_EQUAL * cases and crashes == 0
    print('rejected %d of %d' % (rejected, len(names(reject))))
    print('%s: %d documents in the subset (at least %d), %d equal for the guest (%.1f %%, at least %.0f %%), %d equal in full, '
          '%d crashes' % ('passed' if good else 'FAILED', cases, LEAST_CASES, equal, 100.0 * equal / max(cases, 1),
                          100 * LEAST_EQUAL, full, crashes))
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
