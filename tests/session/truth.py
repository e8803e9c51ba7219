# SPDX-License-Identifier: BSL-1.0
"""Looks at the world without asking the shell under test: processes, files, images, QMP.

    [no] process NAME              exactly one QEMU with that name runs, or none
    argument NAME OPTION VALUE     that process was given it
    [no] definition NAME           the definition's file is there
    status NAME running|paused     QEMU's own answer
    image FILE                     byte-identical to the new one, and qemu-img finds no fault
"""
import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import urllib.parse


def command_lines():
    """Pid and arguments of each process that can be seen."""
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                arguments = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
            except OSError:
                continue
            if arguments:
                yield int(entry.name), arguments


class Truth:
    def __init__(self, root, uri):
        self.root = root
        self.uri = uri
        self.images = {}

    def remember_image(self, name):
        self.images[name] = hashlib.sha256((self.root / name).read_bytes()).digest()

    def check(self, claim):
        """What is wrong with the claim, or None."""
        words = claim.split()
        wanted = words[0] != "no"
        kind, *rest = words if wanted else words[1:]
        return getattr(self, kind)(wanted, *rest)

    def emulators(self, name):
        """Those that were started for this session, known by its image's directory."""
        return [(pid, arguments) for pid, arguments in command_lines()
                if "qemu-system" in arguments[0] and any(str(self.root) in argument for argument in arguments)
                and re.match(f"(guest=)?{re.escape(name)}(,|$)", arguments[arguments.index("-name") + 1])]

    def process(self, wanted, name):
        found = [pid for pid, _ in self.emulators(name)]
        return None if len(found) == wanted else f"processes {found}"

    def argument(self, _, name, option, value):
        given = [dict(zip(arguments, arguments[1:])).get(option) for _, arguments in self.emulators(name)]
        return None if len(given) == 1 and re.match(f"{value}(,|M|$)", given[0] or "") else f"given: {given}"

    def definition(self, wanted, name):
        path = self.definitions() / (name + ".xml")
        return None if path.exists() == wanted else f"{path} is {'' if path.exists() else 'not '}there"

    def image(self, _, name):
        if hashlib.sha256((self.root / name).read_bytes()).digest() != self.images[name]:
            return "its bytes have changed"
        checked = subprocess.run(["qemu-img", "check", "-q", name], cwd=self.root, capture_output=True, text=True)
        return checked.stderr or checked.stdout if checked.returncode else None

    def status(self, _, name, wanted):
        reply = self.query(name, "query-status")
        return None if reply is None or reply["running"] == (wanted == "running") else f"QEMU says {reply}"

    def sweep(self):
        """Ends the processes of this session that are still there, and tells which they were."""
        remains = []
        for pid, arguments in command_lines():
            if pid != os.getpid() and any(str(self.root) in argument for argument in arguments):
                remains.append(f"process {pid}: {' '.join(arguments)[:200]}")
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        return remains

    def state(self):
        """vmwright's root directory, or None for libvirt."""
        root = urllib.parse.parse_qs(urllib.parse.urlsplit(self.uri).query).get("root")
        return pathlib.Path(root[0]) if root else None

    def definitions(self):
        if self.state():
            return self.state() / "domains"
        return pathlib.Path(os.environ["XDG_CONFIG_HOME"]) / "libvirt/qemu"

    def query(self, name, command):
        """QEMU's reply, by a monitor that nobody uses now. None with libvirt, which holds the only monitor, and would note
        down in dominfo that virsh had passed a command on."""
        if not self.state():
            return None
        for path in sorted((self.state() / "run" / name).glob("qmp[0-9]")):
            with open(os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b", 0) as lock:
                if locked(lock):
                    return ask(path, command)
        raise RuntimeError(f"'{name}' has no free monitor")


def locked(file):
    """Takes the lock that goes with a monitor, as vmwright does: it belongs to the open file."""
    try:
        fcntl.fcntl(file, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))
        return True
    except BlockingIOError:
        return False


def ask(path, command):
    with socket.socket(socket.AF_UNIX) as monitor:
        monitor.settimeout(60)
        monitor.connect(str(path))
        with monitor.makefile("rw") as lines:
            for order in ("qmp_capabilities", command):
                lines.write(json.dumps({"execute": order, "id": order}))
                lines.flush()
            for line in lines:
                reply = json.loads(line)
                if reply.get("id") == command:
                    return reply["return"]
    raise RuntimeError(f"{path} has ended")
