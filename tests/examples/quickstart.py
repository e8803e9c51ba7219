#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""quickstart.py PROGRAM GUEST: the main job runs to its end, and what it says is what happened."""
import os
import re
import subprocess
import sys
import time

TIME = 300  # seconds for a boot under TCG on a machine that is busy


def emulators(kernel):
    """The command lines of QEMU processes that boot that kernel, by pid."""
    found = {}
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open('/proc/%s/cmdline' % pid, 'rb') as file:
                argv = file.read().decode(errors='replace').split('\0')
        except OSError:
            continue
        if 'qemu-system' in argv[0] and kernel in argv:
            found[int(pid)] = argv
    return found


def main():
    program, guest = sys.argv[1:]
    kernel = os.path.join(os.path.realpath(guest), 'vmlinuz')
    before = set(emulators(kernel))
    seen = {}
    job = subprocess.Popen([program, os.path.join(guest, 'guest.xml')], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    end = time.monotonic() + TIME
    lines = []
    for line in job.stdout:
        lines.append(line.rstrip('\n'))
        if '  | ' in line:
            seen.update({p: a for p, a in emulators(kernel).items() if p not in before})
        if time.monotonic() > end:
            job.kill()
            break
    status = job.wait()
    text = '\n'.join(lines)
    print(text)
    problems = []
    if status != 0:
        problems.append('exit status %d' % status)
    if len(seen) != 1:
        problems.append('%d emulators ran, not one' % len(seen))
    if not re.search(r'^  \| vmwright guest: up, Linux ', text, re.M):
        problems.append('the guest did not say that it is up')
    if not re.search(r'^  \| vmwright guest: power button', text, re.M):
        problems.append('the guest was not told by its power button')
    for pid, argv in seen.items():
        if 'pid %d,' % pid not in text:
            problems.append('another pid is told')
        if argv[argv.index('-accel') + 1] != 'tcg':
            problems.append('not under TCG')
        # every argument of the process is in the list that is printed
        for word in filter(None, argv[1:]):
            if word not in text:
                problems.append('not told: %s' % word)
    if set(emulators(kernel)) - before:
        problems.append('an emulator is left')
    if not re.search(r'the guest ended: shutdown \(guest-shutdown\)', text):
        problems.append('the end is not told right')
    for problem in problems:
        print('FAILED: ' + problem)
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
