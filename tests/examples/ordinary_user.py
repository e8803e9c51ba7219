#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""ordinary_user.py VMSH: as an ordinary user without KVM, in a home that is not there and with a read-only /, vmsh works or
says what is missing. Skipped (77) where no such user can be made."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

VMSH = sys.argv[1]
NOBODY = 65534
DEADLINE = 120
DOMAIN = """<domain type='{}'>
<name>vm</name>
<memory unit='MiB'>32</memory>
<os><type arch='x86_64' machine='q35'>hvm</type></os>
<features><acpi/></features>
<devices><video><model type='none'/></video></devices>
</domain>
"""
# Everything but the directory $1 is read-only.
NAMESPACE = 'mount --bind "$1" "$1" && mount -o remount,bind,ro / && shift && exec "$@"'


class OrdinaryUser(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix='user-'))
        self.addCleanup(shutil.rmtree, self.root)
        self.root.chmod(0o755)
        # Where the program is, others may not look.
        self.program = shutil.copy(VMSH, self.root / 'vmsh')
        self.mine = self.root / 'mine'
        self.mine.mkdir()
        os.chown(self.mine, NOBODY, NOBODY)
        for kind in ('kvm', 'qemu'):
            (self.root / f'{kind}.xml').write_text(DOMAIN.format(kind))

    def argv(self, *words, read_only=False, home='/nonexistent/home'):
        before = ['unshare', '--mount', 'sh', '-c', NAMESPACE, 'sh', str(self.mine)] if read_only else []
        user = ['setpriv', f'--reuid={NOBODY}', f'--regid={NOBODY}', '--clear-groups']
        return [*before, *user, 'env', '-i', f'PATH={os.environ["PATH"]}', f'HOME={home}', self.program, *words]

    def vmsh(self, *words, **more):
        done = subprocess.run(self.argv(*words, **more), capture_output=True, text=True, timeout=DEADLINE)
        return done.returncode, done.stdout, done.stderr

    def in_mine(self, *words, **more):
        return self.vmsh('-q', '-c', f'qemu:///embed?root={self.mine}/state', *words, **more)

    def refused(self, *words, says, **more):
        status, _, err = self.vmsh(*words, **more)
        self.assertEqual(status, 1)
        for text in says:
            self.assertIn(text, err)

    def check_a_vm(self, **more):
        """A guest that is only firmware runs, and is destroyed since it does not know its button."""
        run = subprocess.Popen(self.argv('-c', f'qemu:///embed?root={self.mine}/state', 'run', '--stop-timeout', '1',
                                         str(self.root / 'qemu.xml'), **more), stderr=subprocess.PIPE, text=True)
        self.addCleanup(run.communicate)
        self.addCleanup(run.kill)
        while self.in_mine('domstate', 'vm')[1] != 'running\n':
            self.assertIsNone(run.poll(), run.stderr.read() if run.poll() is not None else '')
        run.send_signal(signal.SIGTERM)
        _, err = run.communicate(timeout=DEADLINE)
        self.assertEqual(run.returncode, 3, err)
        self.assertEqual(list((self.mine / 'state/run').iterdir()), [])

    def test_a_home_that_is_not_there(self):
        self.refused('list', says=["cannot make the directory '/nonexistent", 'qemu:///embed?root=DIR'])
        self.assertEqual(self.in_mine('list', '--name')[0], 0)

    def test_a_root_that_is_anothers(self):
        self.refused('-c', 'qemu:///system', 'list', says=["cannot make the directory '/var/lib/vmwright",
                                                           'Permission denied', 'qemu:///embed?root=DIR'])

    def test_without_kvm(self):
        self.refused('-c', f'qemu:///embed?root={self.mine}/state', 'run', str(self.root / 'kvm.xml'),
                     says=['KVM cannot be used', "use type='qemu'"])
        status, out, _ = self.in_mine('host-validate')
        self.assertEqual(status, 1)
        kvm = next(line for line in out.splitlines() if 'Checking for KVM ' in line)
        self.assertIn(': FAIL (', kvm)
        self.assertRegex(kvm, 'group kvm|/dev/kvm')
        self.check_a_vm()

    def test_a_read_only_root(self):
        self.refused('-c', f'qemu:///embed?root={self.root}/other', 'list', read_only=True,
                     says=['Read-only file system', 'qemu:///embed?root=DIR'])
        self.check_a_vm(read_only=True)


def can_be_ordinary():
    if os.getuid() != 0 or not shutil.which('setpriv'):
        return False
    # What may be read by others is what an ordinary user needs of QEMU.
    tried = subprocess.run(['unshare', '--mount', 'sh', '-c', 'mount --bind /tmp /tmp'], capture_output=True)
    kvm = subprocess.run(['setpriv', f'--reuid={NOBODY}', f'--regid={NOBODY}', '--clear-groups', 'sh', '-c',
                          'exec 3<>/dev/kvm'], capture_output=True)
    return tried.returncode == 0 and kvm.returncode != 0


if __name__ == '__main__':
    if not can_be_ordinary():
        print('no ordinary user without KVM can be made here: it takes root, setpriv and mount namespaces')
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
