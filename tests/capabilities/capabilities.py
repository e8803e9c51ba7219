#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""What virsh says of domains and of guests, beside what vmsh says: capabilities.py VMSH

    capabilities.py --record DIRECTORY    writes virsh's answers for the unit tests, masked

Masked is what shows the host's processor: the contents of host-model, and which CPU models it can run. QEMU gives the CPU
models of other architectures than x86, and its machines, in the order of a hash table: these are sorted.
"""
import difflib
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

HERE = os.path.dirname(os.path.abspath(__file__))
PRIVATE = os.path.join(HERE, "../session/private_libvirt.py")
URI = "qemu:///session"
PROFILES = ["armv6l", "armv7l", "aarch64", "i686", "riscv64", "s390x", "x86_64"]
CASES = [(arch, virttype, machine)
         for arch, virttype, machines in [
             ("x86_64", "qemu", ["pc", "q35", "isapc", "microvm"]), ("x86_64", "kvm", ["q35"]),
             ("i686", "qemu", ["pc", "q35"]), ("i686", "kvm", ["q35"]), ("aarch64", "qemu", ["virt", "raspi3b"]),
             ("armv7l", "qemu", ["virt"]), ("riscv64", "qemu", ["virt"]), ("s390x", "qemu", ["s390-ccw-virtio"])]
         for machine in machines]


def mask(text, case):
    arch, virttype, _ = case
    text = re.sub(r"(?s)(<mode name='host-model' supported='yes')>.*?</mode>", r"\1/>", text.strip() + "\n")
    if virttype == "kvm":
        text = re.sub(r"usable='\w+'", "usable='unknown'", text)
    if arch not in ("x86_64", "i686"):
        def by_name(match):
            return "".join(sorted(match[0].splitlines(True), key=lambda line: line.split(">")[1].split("<")[0]))
        text = re.sub(r"(?: *<model usable=.*\n)+", by_name, text)
    return text


def guests(text, archs):
    """The guests of those architectures, an element a line."""
    lines = []
    for guest in ET.fromstring(text).findall("guest"):
        arch = guest.find("arch")
        if arch.get("name") not in archs:
            continue
        machines = sorted(arch.findall("machine"), key=lambda machine: machine.text)
        for machine in machines:
            arch.remove(machine)
        for i, machine in enumerate(machines):
            arch.insert(2 + i, machine)
        ET.indent(guest)
        lines.append(ET.tostring(guest, encoding="unicode", short_empty_elements=True).replace('"', "'")
                     .replace(" />", "/>").strip())
    return "\n".join(lines) + "\n"


def ask(program, *words):
    done = subprocess.run([*program, *words], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else "refused: " + done.stderr


def domain(program, case):
    arch, virttype, machine = case
    return mask(ask(program, "domcapabilities", "--arch", arch, "--virttype", virttype, "--machine", machine), case)


def node(program):
    """The frequency is that of this moment."""
    return re.sub(r"(CPU frequency: *)\d+ MHz", r"\1some", ask(program, "nodeinfo"))


def record():
    virsh = ["virsh", "-c", URI]
    for case in CASES:
        answer = domain(virsh, case)
        if not answer.startswith("refused"):  # as kvm where user nobody has none
            print(f"== {'.'.join(case)}.xml")
            print(answer, end="")
    print("== guests.xml")
    print(guests(ask(virsh, "capabilities"), PROFILES), end="")


def split(text, directory):
    for part in re.split(r"(?m)^== ", text)[1:]:
        name, content = part.split("\n", 1)
        with open(os.path.join(directory, name), "w") as file:
            file.write(content)


def compare(vmsh):
    virsh = ["virsh", "-c", URI]
    with tempfile.TemporaryDirectory() as root:
        ours = [vmsh, "-c", f"qemu:///embed?root={root}"]
        wrong = 0
        for case in CASES:
            theirs, mine = domain(virsh, case), domain(ours, case)
            if theirs.startswith("refused") and mine.startswith("refused"):
                continue
            if theirs != mine:
                wrong += 1
                show(".".join(case), theirs, mine)
        for name, answer in (("guests", lambda program: guests(ask(program, "capabilities"), PROFILES)),
                             ("nodeinfo", node), ("hostname", lambda program: ask(program, "hostname"))):
            theirs, mine = answer(virsh), answer(ours)
            if theirs != mine:
                wrong += 1
                show(name, theirs, mine)
    count = len(CASES) + 3
    print(f"{count - wrong} of {count} answers are the same")
    return 1 if wrong else 0


def show(name, theirs, mine):
    print("".join(difflib.unified_diff(theirs.splitlines(True), mine.splitlines(True), f"virsh {name}", f"vmsh {name}")))


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--record":
        done = subprocess.run([PRIVATE, os.path.abspath(__file__), "--virsh"], stdout=subprocess.PIPE, text=True, check=True)
        split(done.stdout, sys.argv[2])
    elif sys.argv[1:] == ["--virsh"]:
        record()
    elif len(sys.argv) == 3 and sys.argv[1] == "--compare":
        return compare(sys.argv[2])
    elif len(sys.argv) == 2:
        if os.geteuid() != 0 or any(subprocess.run(["which", name], stdout=subprocess.DEVNULL).returncode
                                    for name in ("virsh", "libvirtd")):
            print("SKIPPED: needs root, virsh and libvirtd")
            return 77
        return subprocess.run([PRIVATE, os.path.abspath(__file__), "--compare", os.path.abspath(sys.argv[1])]).returncode
    else:
        sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main())
