#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Compares what we keep of a domain XML with what libvirt keeps of it, element by element.

    VMWRIGHT_CORPUS=DIR dump.py [--only REGEX] DUMP_XML

DUMP_XML prints the inactive XML of the document it is given. Of each accepted document of the corpus that has a NAME.dump.xml, the
first difference is printed; the last line has the figure. White space around texts and the order of attributes do not count,
the order of elements does.
"""
import argparse
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

SKIPPED = 77


def place(path, element):
    return '%s/%s' % (path, re.sub(r'\{.*\}', '', element.tag))


def difference(expected, got, path=''):
    """The first one between two elements of the same name, or None."""
    here = place(path, expected)
    for name in sorted(set(expected.attrib) | set(got.attrib)):
        if expected.get(name) != got.get(name):
            return '%s/@%s: %r, not %r' % (here, name, got.get(name), expected.get(name))
    if (expected.text or '').strip() != (got.text or '').strip():
        return '%s: text %r, not %r' % (here, (got.text or '').strip(), (expected.text or '').strip())
    for one, other in zip(expected, got):
        if one.tag != other.tag:
            return '%s: <%s>, not <%s>' % (here, other.tag, one.tag)
        if found := difference(one, other, here):
            return found
    if len(expected) != len(got):
        more = expected if len(expected) > len(got) else got
        return '%s: %s <%s>' % (here, 'lacks' if more is expected else 'has', more[min(len(expected), len(got))].tag)
    return None


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--only', default='')
    parser.add_argument('program')
    options = parser.parse_args()
    corpus = os.environ.get('VMWRIGHT_CORPUS', '')
    if not corpus:
        print('SKIPPED: VMWRIGHT_CORPUS names no corpus')
        return SKIPPED
    accept = os.path.join(corpus, 'accept')
    cases = equal = refused = 0
    for file in sorted(os.listdir(accept)):
        name = file[:-len('.dump.xml')]
        if not file.endswith('.dump.xml') or not re.search(options.only, name):
            continue
        cases += 1
        done = subprocess.run([options.program, os.path.join(accept, name + '.xml')], capture_output=True, text=True, timeout=20)
        if done.returncode != 0:
            refused += 1
            errors = [line for line in done.stderr.splitlines() if 'error: ' in line] or ['exit %d' % done.returncode]
            print('%s: REFUSED %s' % (name, errors[0].split('error: ')[-1]))
            continue
        found = difference(ElementTree.parse(os.path.join(accept, file)).getroot(), ElementTree.fromstring(done.stdout))
        equal += not found
        if found:
            print('%s: %s' % (name, found))
    print('inactive XML equal %d of %d (%.1f %%), refused %d' % (equal, cases, 100.0 * equal / max(cases, 1), refused))
    return 0


if __name__ == '__main__':
    sys.exit(main())
