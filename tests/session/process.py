# SPDX-License-Identifier: BSL-1.0
"""A command under test, on pipes or on a terminal of its own."""
import fcntl
import os
import select
import signal
import subprocess
import termios
import time

DEADLINE = 60


class Process:
    def __init__(self, argv, directory, environment, terminal):
        self.outputs = {}
        if terminal:
            self.keyboard, inside = os.openpty()
            self.child = subprocess.Popen(argv, cwd=directory, env=environment, stdin=inside, stdout=inside,
                                          stderr=inside, start_new_session=True,
                                          preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
            os.close(inside)
            self.outputs[self.keyboard] = b""
            self.order = [self.keyboard]
        else:
            self.keyboard = None
            self.child = subprocess.Popen(argv, cwd=directory, env=environment, stdin=subprocess.DEVNULL,
                                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.order = [self.child.stdout.fileno(), self.child.stderr.fileno()]
            self.outputs = {fd: b"" for fd in self.order}
        self.open = set(self.order)
        self.seen = 0

    def read(self, deadline):
        """Takes what is there to be read; False when nothing came before the deadline."""
        ready, _, _ = select.select(list(self.open), [], [], max(0, deadline - time.monotonic()))
        for fd in ready:
            try:
                some = os.read(fd, 65536)
            except OSError:  # a terminal whose last user is gone
                some = b""
            if some:
                self.outputs[fd] += some
            else:
                self.open.discard(fd)
        return bool(ready)

    def until(self, text):
        """Waits for the text, behind what was waited for before."""
        deadline = time.monotonic() + DEADLINE
        while (place := self.outputs[self.order[0]].find(text.encode(), self.seen)) < 0:
            if not self.open or not self.read(deadline):
                raise RuntimeError(f"waited for '{text}', got {self.outputs}")
        self.seen = place + len(text)

    def type(self, text):
        """Types once the program reads single keys: before that the terminal would echo them and keep the line."""
        deadline = time.monotonic() + DEADLINE
        while termios.tcgetattr(self.keyboard)[3] & termios.ICANON:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.child.args} does not read keys: {self.outputs}")
            time.sleep(0.005)
        os.write(self.keyboard, text.encode())

    def interrupt(self):
        self.child.send_signal(signal.SIGINT)

    def kill(self):
        self.child.kill()
        self.finish()

    def finish(self):
        """Output, error output and exit code, once it has ended."""
        deadline = time.monotonic() + DEADLINE
        while self.open:
            if not self.read(deadline):
                self.child.kill()
                raise RuntimeError(f"{self.child.args} does not end: {self.outputs}")
        code = self.child.wait(DEADLINE)
        if self.keyboard is not None:
            os.close(self.keyboard)
            return self.outputs[self.keyboard].decode(errors="replace").replace("\r", ""), "", code
        self.child.stdout.close()
        self.child.stderr.close()
        return *[self.outputs[fd].decode() for fd in self.order], code
