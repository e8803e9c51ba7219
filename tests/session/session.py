#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Runs session.txt with virsh or vmsh: session.py [--record] [--only TEXT] SHELL URI

Compared with transcript.txt, which --record writes. A @ROOT@ in URI becomes the session's private directory.

    == TEXT                    a chapter
    document NAME from BASE    writes a document of tests/data, changed by the substitutions below it
    editor NAME                a program for EDITOR= that makes the substitutions below it
    image NAME SIZE            a new qcow2 image
    $ WORDS                    a command, on pipes; EDITOR=NAME or VISUAL=NAME before it set the environment
    X$ WORDS                   the same on a terminal, left running as X (a capital letter)
    X& WORDS                   the same on pipes, left running as X
    X until TEXT               waits until X has printed the text
    X type TEXT                types into X; ^a is Ctrl+A
    X interrupt                sends SIGINT to X
    X ends                     waits for X, whose output and exit code are compared here

Indented below a command: `mask NAME` (mask.py); `truth WORDS` (truth.py); `ours M REGEX`, a line that vmsh gives with
mark M where it gives other words than virsh on purpose.
"""
import argparse
import difflib
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import mask
import process
import truth

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent / "data"
TRANSCRIPT = HERE / "transcript.txt"
FILES = ("document", "editor", "image")


class Step:
    def __init__(self, number, line):
        self.number = number
        self.line = line
        self.below = []

    def those(self, word):
        return [line.split(maxsplit=1)[1] for line in self.below if line.split()[0] == word]


def read_session():
    steps = []
    for number, line in enumerate((HERE / "session.txt").read_text().splitlines(), 1):
        if line.startswith("    "):
            steps[-1].below.append(line[4:])
        elif line and not line.startswith("#"):
            steps.append(Step(number, line))
    return steps


def substitutions(step, root):
    """The lines `s,PATTERN,REPLACEMENT,` below a step."""
    pairs = []
    for line in step.below:
        line = line.strip()
        _, pattern, replacement, _ = line.split(line[1])
        pairs.append((pattern, replacement.replace("@ROOT@", str(root))))
    return pairs


EDITOR = """#!{python}
import re, sys
with open(sys.argv[-1]) as file:
    text = file.read()
for pattern, replacement in {pairs!r}:
    text = re.sub(pattern, replacement, text)
with open(sys.argv[-1], "w") as file:
    file.write(text)
"""


class Session:
    def __init__(self, shell, uri, root):
        self.root = root
        self.uri = uri.replace("@ROOT@", str(root))
        self.shell = [shell, "-c", self.uri]
        self.running = {}
        self.truth = truth.Truth(root, self.uri)
        self.mask = mask.Mask(root, self.uri)

    def document(self, step, name, base):
        text = (DATA / base).read_text().replace("/var/lib/libvirt/images", str(self.root))
        for pattern, replacement in substitutions(step, self.root):
            text = re.sub(pattern, replacement, text)
        (self.root / name).write_text(text)

    def editor(self, step, name):
        path = self.root / name
        path.write_text(EDITOR.format(python=sys.executable, pairs=substitutions(step, self.root)))
        path.chmod(0o700)

    def image(self, name, size):
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", name, size], cwd=self.root, check=True)
        self.truth.remember_image(name)

    def spawn(self, words, terminal):
        environment = {name: value for name, value in os.environ.items() if name not in ("EDITOR", "VISUAL")}
        environment["TMPDIR"] = str(self.root)
        words = re.sub("@ID:(.*?)@", lambda found: self.domain_id(found[1]), words)
        argv = shlex.split(words)
        while argv and argv[0].startswith(("EDITOR=", "VISUAL=")):
            name, _, editor = argv.pop(0).partition("=")
            environment[name] = str(self.root / editor)
        return process.Process([*self.shell, *argv], self.root, environment, terminal)

    def domain_id(self, name):
        asked = subprocess.run([*self.shell, "domid", name], stdout=subprocess.PIPE, text=True, check=True)
        return asked.stdout.strip()

    def run(self, step):
        """The text that the step adds to the transcript, or None."""
        word, _, rest = step.line.partition(" ")
        if step.line.startswith("=="):
            return ""
        if word in FILES:
            words = rest.split()
            {"document": lambda: self.document(step, words[0], words[2]),
             "editor": lambda: self.editor(step, words[0]),
             "image": lambda: self.image(*words)}[word]()
            return None
        if word == "$":
            return self.outcome(step, self.spawn(rest, terminal=False))
        if word[1:] in ("$", "&"):
            if word[0] in self.running:
                raise RuntimeError(f"{word[0]} is still running")
            self.running[word[0]] = self.spawn(rest, terminal=word[1:] == "$")
            return None
        verb, _, text = rest.partition(" ")
        there = self.running[word]
        if verb == "until":
            there.until(text)
        elif verb == "type":
            there.type(re.sub(r"\^(.)", lambda found: chr(ord(found[1].upper()) & 31), text))
        elif verb == "interrupt":
            there.interrupt()
        elif verb == "ends":
            return self.outcome(step, self.running.pop(word))
        else:
            raise RuntimeError(f"what is '{step.line}'?")
        return None

    def outcome(self, step, command):
        out, err, code = command.finish()
        masks = step.those("mask")
        return quoted("|", self.mask(out, masks)) + quoted("!", self.mask(err, masks)) + f"= {code}\n"

    def close(self):
        for there in self.running.values():
            there.kill()
        return self.truth.sweep()


def quoted(mark, text):
    if not text:
        return ""
    end = "" if text.endswith("\n") else "\\\n"
    lines = text.removesuffix("\n").replace("\r", "\\r").split("\n")
    return "".join(f"{mark}{' ' if line else ''}{line}\n" for line in lines) + end


def read_transcript():
    """Chapter and line -> what it gave, each time where the line occurs again."""
    given, chapter = {}, ""
    for line in TRANSCRIPT.read_text().splitlines():
        if line.startswith("=="):
            chapter = line
        if line and line[0] in "|!=\\" and not line.startswith("=="):
            given[key][-1] += line + "\n"
        elif line:
            key = (chapter, line)
            given.setdefault(key, []).append("")
    return given


def as_ours(got, patterns):
    """Is it what vmsh should say where its words are its own?"""
    lines = got.splitlines()
    return len(lines) == len(patterns) and all(
        line[0] == pattern[0] and re.fullmatch(pattern[1:], line[1:]) for line, pattern in zip(lines, patterns))


def chosen(steps, only):
    """Those of the chapters whose titles have the text, and the files that any chapter makes."""
    here = True
    for step in steps:
        if step.line.startswith("=="):
            here = only in step.line
        if here or step.line.split()[0] in FILES:
            yield step


def report(step, text):
    print(f"session.txt:{step.number}: {step.line}\n{text}\n", file=sys.stderr)


def compare(step, chapter, got, golden):
    """The differences to the transcript, or None."""
    if not golden.get((chapter, step.line)):
        return "transcript.txt has not this step: record it again"
    expected = golden[chapter, step.line].pop(0)
    patterns = step.those("ours")
    if got == expected or patterns and as_ours(got, patterns):
        return None
    wanted = "".join(f"{pattern}\n" for pattern in patterns) or expected
    return "".join(difflib.unified_diff(wanted.splitlines(True), got.splitlines(True), "expected", "got", n=99))


def play(session, record, only):
    golden = {} if record else read_transcript()
    faults, chapter = 0, ""
    for step in chosen(read_session(), only):
        chapter = step.line if step.line.startswith("==") else chapter
        got = session.run(step)
        if got is not None and record:
            print(("\n" if step.line.startswith("==") else "") + step.line + "\n" + got, end="", flush=True)
        elif got is not None and (fault := compare(step, chapter, got, golden)):
            report(step, fault)
            faults += 1
        for claim in step.those("truth"):
            if fault := session.truth.check(claim):
                report(step, f"truth {claim}: {fault}")
                faults += 1
    return faults


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("shell")
    parser.add_argument("uri")
    options = parser.parse_args()
    root = pathlib.Path(tempfile.mkdtemp(prefix="session-"))
    session = Session(shutil.which(options.shell) or options.shell, options.uri, root)
    try:
        faults = play(session, options.record, options.only)
    finally:
        remains = session.close()
        shutil.rmtree(root)
    for left in remains:
        print(f"left behind: {left}", file=sys.stderr)
    sys.exit(1 if faults or remains else 0)


if __name__ == "__main__":
    main()
