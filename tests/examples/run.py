#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""run.py VMSH FAKE_QEMU GUEST EXAMPLES: `vmsh run` ends as its guest ends and says so, tells who supervises it, and is a
container's first process; the unit and the manifest in EXAMPLES are what systemd and vmsh take."""
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

VMSH, FAKE, GUEST, EXAMPLES = sys.argv[1:5]
PROFILE = pathlib.Path(__file__).resolve().parents[2] / 'src/profiles/qemu-7.2-x86_64.json'
DEADLINE = 120  # seconds, also for a boot under TCG on a machine that is busy

DOMAIN = """<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
<name>vm</name>
<memory unit='MiB'>32</memory>
<os><type arch='x86_64' machine='q35'>hvm</type></os>
<features><acpi/></features>
{lifecycle}
<devices>{devices}<video><model type='none'/></video></devices>
<qemu:commandline><qemu:env name='FAKE_QEMU' value='{script}'/></qemu:commandline>
</domain>
"""


def build_id(path):
    notes = subprocess.run(['readelf', '-n', path], capture_output=True, text=True, check=True).stdout
    return re.search('Build ID: ([0-9a-f]+)', notes)[1]


def know(root, emulator):
    """Writes what QEMU can do to where a root keeps what it has asked an emulator: a fake one has no answers."""
    status = os.stat(emulator)
    identity = f'{emulator} {status.st_size} {status.st_mtime_ns} build-id {build_id(emulator)}'
    number = 14695981039346656037
    for byte in identity.encode():
        number = (number ^ byte) * 1099511628211 % 2**64
    profile = json.loads(PROFILE.read_text())
    profile['identity'] = identity
    (root / 'cache').mkdir(parents=True, exist_ok=True)
    (root / 'cache' / f'{number:016x}.json').write_text(json.dumps(profile))


def until(condition, what):
    end = time.monotonic() + DEADLINE
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f'waited for {what}')
        time.sleep(0.01)
    return found


def command_line(pid):
    """Empty when it has ended, also of a zombie that nobody has reaped."""
    try:
        return pathlib.Path(f'/proc/{pid}/cmdline').read_text()
    except OSError:
        return ''


def processes_of(namespace):
    """pid -> state of all processes in that pid namespace."""
    found = {}
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            if os.readlink(f'/proc/{pid}/ns/pid') == namespace:
                found[int(pid)] = pathlib.Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[0]
        except OSError:
            continue
    return found


class Run:
    """One `vmsh run`, on pipes or on a terminal."""

    def __init__(self, test, xml, *options, before=(), terminal=False, notify=None, name='vm.xml'):
        self.root = test.root
        self.output = b''
        (self.root / name).write_text(xml)
        environment = {key: value for key, value in os.environ.items() if key != 'NOTIFY_SOCKET'}
        environment.update(notify or {})
        streams = {'stdin': subprocess.PIPE, 'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE}
        if terminal:
            self.keyboard, inside = pty.openpty()
            streams = dict.fromkeys(streams, inside)
        self.process = subprocess.Popen([*before, VMSH, '-c', test.uri, 'run', *options, str(self.root / name)],
                                        env=environment, start_new_session=terminal, **streams)
        if terminal:
            os.close(inside)
        self.screen = self.keyboard if terminal else self.process.stdout.fileno()
        test.addCleanup(self.end)

    def until(self, text):
        end = time.monotonic() + DEADLINE
        while (place := self.output.find(text.encode())) < 0:
            ready, _, _ = select.select([self.screen], [], [], max(0, end - time.monotonic()))
            try:
                some = os.read(self.screen, 65536) if ready else b''
            except OSError:  # a terminal whose last user is gone
                some = b''
            if not some:
                raise AssertionError(f'waited for {text!r}, got {self.output!r}')
            self.output += some
        self.output = self.output[place + len(text):]

    def type(self, text):
        os.write(self.keyboard, text) if hasattr(self, 'keyboard') else os.write(self.process.stdin.fileno(), text)

    def status(self):
        """How it ended, as a shell would tell, and what it said on its error stream."""
        if hasattr(self, 'keyboard'):
            self.process.wait(DEADLINE)
            return self.process.returncode, ''
        out, err = self.process.communicate(timeout=DEADLINE)
        self.output += out
        return self.process.returncode, err.decode()

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        if hasattr(self, 'keyboard'):
            os.close(self.keyboard)


class Case(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix='run-'))
        self.addCleanup(shutil.rmtree, self.root)
        self.uri = f'qemu:///embed?root={self.root}/state'
        self.addCleanup(self.sweep)
        know(self.root / 'state', FAKE)

    def sweep(self):
        """Nothing of a domain is left, also after a test that has failed."""
        names = self.vmsh('list', '--name', '--all').split()
        for name in names:
            self.vmsh('destroy', name)
        self.assertEqual(names, [])
        self.assertEqual([path for path in (self.root / 'state' / 'run').glob('*')], [])

    def vmsh(self, *words):
        return subprocess.run([VMSH, '-q', '-c', self.uri, *words], capture_output=True, text=True, timeout=DEADLINE).stdout

    def fake(self, script='', *options, lifecycle='', **more):
        xml = DOMAIN.format(lifecycle=lifecycle, devices=f'<emulator>{FAKE}</emulator>', script=script)
        return Run(self, xml, *options, **more)

    def running(self):
        until(lambda: self.vmsh('domstate', 'vm') == 'running\n', 'the domain to run')

    def guest_does(self, deed):
        command = json.dumps({'execute': 'x-guest', 'arguments': {'does': deed}})
        self.vmsh('qemu-monitor-command', 'vm', command)

    def listen(self, address):
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(receiver.close)
        receiver.bind(address)
        receiver.settimeout(DEADLINE)
        return receiver


class Endings(Case):
    def test_the_guest_powers_off_by_itself(self):
        self.assertEqual(self.fake('cont+ guest poweroff').status(), (0, ''))

    def test_the_guest_powers_off_when_asked(self):
        run = self.fake()
        self.running()
        run.process.terminate()
        self.assertEqual(run.status()[0], 0)

    def test_an_interrupt_asks_as_well(self):
        run = self.fake()
        self.running()
        run.process.send_signal(signal.SIGINT)
        self.assertEqual(run.status()[0], 0)

    def test_the_guest_ignores_its_power_button(self):
        run = self.fake('system_powerdown ignore', '--stop-timeout', '1')
        self.running()
        run.process.terminate()
        status, err = run.status()
        self.assertEqual(status, 3)
        self.assertIn("vmsh: domain 'vm' has not powered off within 1 s\n", err)
        self.assertTrue(err.endswith("error: Domain 'vm' was destroyed\n"), err)

    def test_a_second_signal_destroys_at_once(self):
        receiver = self.listen(str(self.root / 'notify'))
        run = self.fake('system_powerdown ignore', '--stop-timeout', '3600',
                        notify={'NOTIFY_SOCKET': str(self.root / 'notify')})
        for word in (b'READY=1', b'STOPPING=1'):
            while word not in receiver.recv(4096):
                pass
            self.assertIsNone(run.process.poll())
            run.process.terminate()
        self.assertEqual(run.status()[0], 3)

    def test_another_program_destroys_it(self):
        run = self.fake()
        self.running()
        self.vmsh('destroy', 'vm')
        self.assertEqual(run.status(), (2, "error: Domain 'vm' was ended by another program\n"))

    def test_killed_it_takes_its_emulator_along(self):
        run = self.fake('system_powerdown ignore')
        self.running()
        emulator = json.loads((self.root / 'state/run/vm/status').read_text())['pid']
        self.assertIn(FAKE, command_line(emulator))
        run.process.kill()
        self.assertEqual(run.status()[0], -signal.SIGKILL)
        until(lambda: command_line(emulator) == '', 'the emulator to end')

    def test_the_guest_crashes(self):
        self.assertEqual(self.fake('cont+ guest panic').status(), (4, "error: The guest of domain 'vm' has crashed\n"))

    def test_the_emulator_is_killed(self):
        self.assertEqual(self.fake('cont+ crash').status(), (5, "error: The emulator of domain 'vm' has failed\n"))

    def test_it_does_not_start(self):
        status, err = self.fake('start exit 1 no such luck').status()
        self.assertEqual(status, 1)
        self.assertIn('error: Failed to run domain from ', err)
        self.assertIn('no such luck', err)

    def test_a_document_that_is_wrong(self):
        run = Run(self, '<domain type="qemu"><name>vm</name></domain>')
        status, err = run.status()
        self.assertEqual(status, 1)
        self.assertIn('vm.xml:1:1: /domain: <domain> has no <os>', err)

    def test_a_signal_before_there_is_a_guest(self):
        run = self.fake('greeting slow 3600000')
        until(lambda: (self.root / 'state/run/vm/status').exists(), 'the emulator')
        run.process.terminate()
        self.assertEqual(run.status()[0], -signal.SIGTERM)

    def test_a_guest_that_shall_be_started_anew_is_until_it_is_asked_to_end(self):
        run = self.fake(lifecycle='<on_poweroff>restart</on_poweroff><on_crash>restart</on_crash>')
        self.running()
        for deed in ('poweroff', 'panic'):
            self.guest_does(deed)
            self.running()
            self.assertIsNone(run.process.poll())
        run.process.terminate()
        self.assertEqual(run.status()[0], 0)

    def test_a_crashed_guest_that_is_preserved_hears_no_button(self):
        run = self.fake('', '--stop-timeout', '3600', lifecycle='<on_crash>preserve</on_crash>')
        self.running()
        self.guest_does('panic')
        until(lambda: self.vmsh('domstate', 'vm') == 'crashed\n', 'the crash')
        self.assertIsNone(run.process.poll())
        run.process.terminate()
        self.assertEqual(run.status()[0], 4)

    def test_a_reader_that_goes_away_does_not_end_it(self):
        run = self.fake()
        run.process.stdout.close()
        run.process.stdout = None
        self.running()
        run.process.terminate()
        self.assertEqual(run.process.wait(DEADLINE), 0)


class Supervised(Case):
    def hear(self, receiver, text):
        heard = []
        while text not in ''.join(heard):
            heard.append(receiver.recv(4096).decode() + '\n')
        return heard

    def check(self, variable, address):
        receiver = self.listen(address)
        run = self.fake(notify={'NOTIFY_SOCKET': variable})
        before = self.hear(receiver, 'READY=1\n')
        self.assertNotIn('STOPPING=1', ''.join(before))
        self.assertEqual(self.vmsh('domstate', 'vm'), 'running\n')
        emulator = next(pid for pid in filter(str.isdigit, os.listdir('/proc')) if self.runs_here(pid))
        self.assertNotIn(b'NOTIFY_SOCKET', pathlib.Path(f'/proc/{emulator}/environ').read_bytes())
        run.process.terminate()
        self.hear(receiver, 'STOPPING=1\n')
        self.assertEqual(run.status()[0], 0)

    def runs_here(self, pid):
        try:
            return str(self.root).encode() in pathlib.Path(f'/proc/{pid}/cmdline').read_bytes() and \
                os.path.realpath(f'/proc/{pid}/exe') == os.path.realpath(FAKE)
        except OSError:
            return False

    def test_by_a_socket_with_a_file(self):
        self.check(str(self.root / 'notify'), str(self.root / 'notify'))

    def test_by_a_socket_without_a_file(self):
        name = f'vmsh-run-{os.getpid()}'
        self.check('@' + name, '\0' + name)

    def test_a_socket_where_nobody_listens_is_told_and_nothing_else(self):
        run = self.fake(notify={'NOTIFY_SOCKET': str(self.root / 'nobody')})
        self.running()
        run.process.terminate()
        status, err = run.status()
        self.assertEqual(status, 0)
        self.assertIn(f"cannot send to NOTIFY_SOCKET '{self.root}/nobody': ", err)

    def test_no_ready_for_a_guest_that_does_not_start(self):
        receiver = self.listen(str(self.root / 'notify'))
        run = self.fake('start exit 1', notify={'NOTIFY_SOCKET': str(self.root / 'notify')})
        self.assertEqual(run.status()[0], 1)
        receiver.setblocking(False)
        heard = b''
        try:
            while True:
                heard += receiver.recv(4096)
        except BlockingIOError:
            pass
        self.assertIn(b'STATUS=', heard)
        self.assertNotIn(b'READY=1', heard)


class OnATerminal(Case):
    def test_the_key_asks_and_destroys(self):
        run = Run(self, DOMAIN.format(lifecycle='', devices="<serial type='pty'/>", script=''), '--stop-timeout', '3600',
                  terminal=True)
        run.until('destroyed\r\n')
        self.running()
        run.type(b'\x1d')
        run.until("was asked to power off\r\n")
        self.assertIsNone(run.process.poll())
        run.type(b'\x1d')
        run.until("error: Domain 'vm' was destroyed")
        self.assertEqual(run.status()[0], 3)


NEW_NAMESPACES = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'] + ([] if os.getuid() == 0 else ['-r'])


@unittest.skipIf(subprocess.run([*NEW_NAMESPACES, 'true'], capture_output=True).returncode,
                 'no pid namespace can be made here')
class FirstProcess(Case):
    def inside(self, run):
        """The first process of the namespace, by its pid out here, and the namespace."""
        def first():
            children = pathlib.Path(f'/proc/{run.process.pid}/task/{run.process.pid}/children').read_text().split()
            return children and os.path.realpath(f'/proc/{children[0]}/exe') == os.path.realpath(VMSH) and int(children[0])
        pid = until(first, 'vmsh as the first process')
        return pid, os.readlink(f'/proc/{pid}/ns/pid')

    def check_no_zombie(self, namespace):
        until(lambda: 'Z' not in processes_of(namespace).values(), 'the zombies to be reaped')

    def test_orphans_are_reaped_and_children_kept(self):
        # Ends as a child of the first process, which has not begun it.
        script = 'sleep 0.3 & exec "$@"'
        run = self.fake('cont+ slow 600', before=[*NEW_NAMESPACES, 'sh', '-c', script, 'sh'])
        pid, namespace = self.inside(run)
        self.running_inside(namespace)
        # A process that comes from elsewhere and leaves a child behind.
        user = [] if os.getuid() == 0 else ['--user', '--preserve-credentials']
        subprocess.run(['nsenter', f'--target={pid}', *user, '--pid', '--mount', 'sh', '-c', 'sh -c "sleep 0.2 & exit 0"'],
                       check=True)
        until(lambda: len([p for p in processes_of(namespace).values()]) == 3, 'only vmsh and its emulator to be there')
        self.check_no_zombie(namespace)
        os.kill(pid, signal.SIGTERM)
        self.assertEqual(run.status()[0], 0)
        self.assertEqual(processes_of(namespace), {})

    def running_inside(self, namespace):
        def emulator():
            return [p for p in processes_of(namespace)
                    if os.path.realpath(f'/proc/{p}/exe') == os.path.realpath(FAKE)]
        until(emulator, 'the emulator')

    def ready(self, script, *options, **more):
        """A fake guest that runs in a namespace of its own, and the first process there."""
        receiver = self.listen(str(self.root / 'notify'))
        run = self.fake(script, *options, before=NEW_NAMESPACES, notify={'NOTIFY_SOCKET': str(self.root / 'notify')}, **more)
        while b'READY=1' not in receiver.recv(4096):
            pass
        return run, *self.inside(run)

    def test_the_exit_statuses(self):
        for script, status in (('cont+ guest poweroff', 0), ('cont+ guest panic', 4), ('cont+ crash', 5),
                               ('start exit 1', 1)):
            with self.subTest(script):
                self.assertEqual(self.fake(script, before=NEW_NAMESPACES).status()[0], status)

    def test_signals_reach_it(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number):
                run, pid, namespace = self.ready('')
                os.kill(pid, number)
                self.assertEqual(run.status()[0], 0)
                self.assertEqual(processes_of(namespace), {})
                (self.root / 'notify').unlink()

    def test_two_signals_destroy(self):
        run, pid, _ = self.ready('system_powerdown ignore', '--stop-timeout', '3600')
        os.kill(pid, signal.SIGTERM)
        time.sleep(0.3)
        self.assertIsNone(run.process.poll())
        os.kill(pid, signal.SIGTERM)
        self.assertEqual(run.status()[0], 3)

    def test_a_linux_says_hears_and_powers_off(self):
        xml = (pathlib.Path(GUEST) / 'guest.xml').read_text()
        run = Run(self, xml, before=NEW_NAMESPACES)
        pid, namespace = self.inside(run)
        run.until('vmwright guest: up, Linux ')
        self.check_no_zombie(namespace)
        run.type(b'echo the answer is $((6 * 7))\n')
        run.until('the answer is 42')
        os.kill(pid, signal.SIGTERM)
        run.until('vmwright guest: power button')
        self.assertEqual(run.status()[0], 0)
        self.assertEqual(processes_of(namespace), {})


class Examples(Case):
    def test_the_units_times_leave_room(self):
        text = (pathlib.Path(EXAMPLES) / 'systemd/vmwright-domain@.service').read_text()
        asked = int(re.search(r'--stop-timeout (\d+)', text)[1])
        # Destroying an emulator that hangs takes ten seconds more.
        self.assertGreater(int(re.search(r'^TimeoutStopSec=(\d+)', text, re.M)[1]), asked + 10)
        self.assertIn('KillMode=mixed\n', text)

    def test_the_manifest_runs(self):
        try:
            import yaml
        except ImportError:
            print('SKIPPED: the pod manifest: python3-yaml is not here')
            self.skipTest('python3-yaml is not here')
        documents = list(yaml.safe_load_all((pathlib.Path(EXAMPLES) / 'pod/vm.yaml').read_text()))
        config, pod = documents
        self.assertEqual((config['kind'], pod['kind']), ('ConfigMap', 'Pod'))
        container, = pod['spec']['containers']
        self.assertNotRegex(container['image'], r'^[^/]*[.:][^/]*/')
        words = container['command'] + container['args']
        asked = int(words[words.index('--stop-timeout') + 1])
        self.assertGreater(pod['spec']['terminationGracePeriodSeconds'], asked + 10)
        mounts = {mount['mountPath']: mount['name'] for mount in container['volumeMounts']}
        volumes = {volume['name']: volume for volume in pod['spec']['volumes']}
        self.assertEqual(set(mounts.values()), set(volumes))
        folder, name = os.path.split(words[-1])
        self.assertEqual(volumes[mounts[folder]]['configMap']['name'], config['metadata']['name'])
        text = config['data'][name].replace("<devices>", f'<devices><emulator>{FAKE}</emulator>')
        (self.root / name).write_text(text)
        root = next(word for word in words if word.startswith('qemu:///embed?root=')).split('=')[1]
        self.assertIn(root, mounts)
        words[-1] = str(self.root / name)
        words = [word.replace(root, f'{self.root}/state') for word in words]
        self.assertEqual(words.pop(0), 'vmsh')
        run = subprocess.Popen([VMSH, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(run.communicate)
        self.addCleanup(run.kill)
        until(lambda: self.vmsh('list', '--name') == 'vm\n' or run.poll() is not None, 'the domain')
        probe = container['readinessProbe']['exec']['command']
        probed = subprocess.run([VMSH, *[word.replace(root, f'{self.root}/state') for word in probe[1:]]],
                                capture_output=True, text=True)
        self.assertEqual((probe[0], probed.returncode), ('vmsh', 0), probed)
        run.terminate()
        self.assertEqual(run.wait(DEADLINE), 0, run.stdout.read() if run.stdout else '')


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[5:]])
