#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Whether each document of the corpus that libvirt refuses is refused, with an error at the line that is wrong.

    VMWRIGHT_CORPUS=DIR rejects.py XML2ARGV

The lines stand in reject-lines.txt. The last line has the figures; exit 1 when a document is taken, or told at another line.
"""
import os
import pathlib
import re
import subprocess
import sys

SKIPPED = 77


def main():
    corpus = os.environ.get('VMWRIGHT_CORPUS', '')
    if not corpus:
        print('SKIPPED: VMWRIGHT_CORPUS names no corpus')
        return SKIPPED
    lines = (pathlib.Path(__file__).parent / 'reject-lines.txt').read_text().splitlines()
    expected = {name: int(line) for name, line in (row.split() for row in lines if not row.startswith('#'))}
    refused = placed = total = 0
    for path in sorted((pathlib.Path(corpus) / 'reject').glob('*.xml')):
        total += 1
        done = subprocess.run([sys.argv[1], str(path)], capture_output=True, text=True, timeout=20)
        if done.returncode == 0:
            print('%s: taken' % path.stem)
            continue
        refused += 1
        told = {int(m[1]): m[0] for m in re.finditer(r'^.*?:(\d+):\d+: error: .*', done.stderr, re.M)}
        if path.stem in expected and expected[path.stem] not in told:
            print('%s: expected at line %d, told: %s' % (path.stem, expected[path.stem], done.stderr.strip()[len(str(path)):][:160]))
        elif path.stem in expected:
            placed += 1
    print('refused %d of %d, at the right line %d of %d' % (refused, total, placed, len(expected)))
    return 0 if refused == total and placed == len(expected) else 1


if __name__ == '__main__':
    sys.exit(main())
