#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Records the profile of a QEMU binary, or compares it with one that ships.

    record-profile.py MAKE_PROFILE /usr/bin/qemu-system-x86_64 > src/profiles/qemu-7.2-x86_64.json
    record-profile.py MAKE_PROFILE --check src/profiles/qemu-7.2-x86_64.json

MAKE_PROFILE is the program built from make_profile.cpp. --check takes the binary from the profile and ends with
status 77, and the reason, where that binary is missing or another build.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile

SKIPPED = 77


class Qemu:
    """A QEMU without a machine, to be asked over a socket of our own."""

    def __init__(self, binary, options):
        self.directory = tempfile.TemporaryDirectory()
        path = os.path.join(self.directory.name, "qmp")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen(1)
            listener.settimeout(60)
            self.process = subprocess.Popen([binary, *options, "-qmp", f"unix:{path}"], stdin=subprocess.DEVNULL)
            connection, _ = listener.accept()
        connection.settimeout(60)
        self.stream = connection.makefile("rw", encoding="utf-8")
        connection.close()
        self.stream.readline()
        self.ask("qmp_capabilities ")

    def ask(self, question):
        name, arguments = question.split(" ", 1)
        command = {"execute": name}
        if arguments:
            command["arguments"] = json.loads(arguments)
        self.stream.write(json.dumps(command) + "\n")
        self.stream.flush()
        while True:
            line = self.stream.readline()
            if not line:
                raise SystemExit(f"QEMU ended at: {question}")
            if "event" not in json.loads(line):
                return line.rstrip("\r\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()
        self.process.kill()
        self.process.wait()
        self.directory.cleanup()


def record(make_profile, binary):
    def run(*step, exchanges=""):
        return subprocess.run([make_profile, *step], input=exchanges, stdout=subprocess.PIPE, text=True, check=True).stdout

    exchanges = ""
    with Qemu(binary, run("options").splitlines()) as qemu:
        for step in "commands", "details":
            for question in run(step, exchanges=exchanges).splitlines():
                exchanges += f"{question}\n{qemu.ask(question)}\n"
    return run("profile", binary, exchanges=exchanges)


def differences(shipped, probed):
    """Modules that are installed here may add types; anything else must be the same."""
    for name in sorted(shipped.keys() | probed.keys()):
        ours, theirs = shipped.get(name, []), probed.get(name, [])
        if name in ("devices", "objects", "types"):
            missing = set(ours) - set(theirs)
            if missing:
                yield f"{name}: QEMU has no {', '.join(sorted(missing))}"
        elif ours != theirs:
            yield f"{name}: not the same"


def skip(reason):
    print(f"SKIPPED: {reason}")
    return SKIPPED


def check(make_profile, path):
    with open(path, encoding="utf-8") as file:
        shipped = json.load(file)
    if not os.access(shipped["binary"], os.X_OK):
        return skip(f"{shipped['binary']} is not installed")
    probed = json.loads(record(make_profile, shipped["binary"]))
    build = [(profile["version"], profile["package"]) for profile in (shipped, probed)]
    if build[0] != build[1]:
        return skip(f"{shipped['binary']} is {probed['package']}, the profile {shipped['package']}")
    found = list(differences(shipped, probed))
    for difference in found:
        print(f"{path}: {difference}")
    return 1 if found else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("make_profile")
    parser.add_argument("binary", nargs="?")
    parser.add_argument("--check", metavar="PROFILE")
    arguments = parser.parse_args()
    if (arguments.binary is None) == (arguments.check is None):
        parser.error("name a binary, or --check and a profile")
    if arguments.check:
        return check(arguments.make_profile, arguments.check)
    sys.stdout.write(record(arguments.make_profile, arguments.binary))
    return 0


if __name__ == "__main__":
    sys.exit(main())
