#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Runs a command as user nobody, beside a session libvirtd of the same user: private_libvirt.py COMMAND...

Mount, network and pid namespaces keep all of it from the machine: the user's directories are an empty tmpfs, no
network is there to be started, and whatever still runs when the command ends dies with the pid namespace. The user is
not root, because a guest then runs as its caller, like ours do. Needs root.
"""
import os
import pwd
import subprocess
import sys
import time

HOME = "/run/nobody"
URI = "qemu:///session"
AGENT = "/usr/bin/pkttyagent"


def enter():
    os.environ["PRIVATE_LIBVIRT"] = "inside"
    os.execvp("unshare", ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc",
                          sys.executable, os.path.abspath(__file__), *sys.argv[1:]])


def prepare(user):
    subprocess.run(["mount", "-n", "-t", "tmpfs", "private", "/run"], check=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    os.mkdir("/run/lock", 0o1777)
    os.chmod("/run/lock", 0o1777)
    # On a terminal virsh would start polkit's agent, which speaks first.
    if os.path.exists(AGENT):
        subprocess.run(["mount", "-n", "--bind", "/dev/null", AGENT], check=True)
    for directory in ["", "config", "config/libvirt", "cache", "data", "runtime", "tmp"]:
        os.mkdir(os.path.join(HOME, directory), 0o700)
        os.chown(os.path.join(HOME, directory), user.pw_uid, user.pw_gid)
    with open(HOME + "/config/libvirt/qemu.conf", "w") as file:
        file.write('stdio_handler = "file"\n')


def environment():
    return {"HOME": HOME, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TMPDIR": HOME + "/tmp",
            "XDG_CONFIG_HOME": HOME + "/config", "XDG_CACHE_HOME": HOME + "/cache", "XDG_DATA_HOME": HOME + "/data",
            "XDG_RUNTIME_DIR": HOME + "/runtime", "PYTHONDONTWRITEBYTECODE": "1"}


def start_libvirtd(identity):
    with open(HOME + "/libvirtd.log", "wb") as log:
        libvirtd = subprocess.Popen(["libvirtd"], stdout=log, stderr=log, stdin=subprocess.DEVNULL, **identity)
    deadline = time.monotonic() + 60
    while subprocess.run(["virsh", "-c", URI, "uri"], stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL, **identity).returncode:
        if libvirtd.poll() is not None or time.monotonic() > deadline:
            with open(HOME + "/libvirtd.log", errors="replace") as log:
                sys.exit("libvirtd did not come up:\n" + log.read())
        time.sleep(0.1)


def main():
    if not sys.argv[1:]:
        sys.exit(__doc__)
    if os.environ.get("PRIVATE_LIBVIRT") != "inside":
        enter()
    user = pwd.getpwnam("nobody")
    prepare(user)
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "env": environment()}
    start_libvirtd(identity)
    command = subprocess.Popen(sys.argv[1:], **identity)
    # This is process 1 here: QEMUs that libvirt started are ours to reap, and at once, or libvirt waits for their pids.
    while True:
        pid, status = os.wait()
        if pid == command.pid:
            sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
