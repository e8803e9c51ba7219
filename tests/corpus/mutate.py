#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Breaks the corpus' documents in one place each and looks whether the diagnostics name that very place.

    VMWRIGHT_CORPUS=DIR mutate.py [--only REGEX] [--each N] [--least PERCENT] [--list] XML2ARGV

Operators: an element's or attribute's name misspelt, a value misspelt, a number out of range, an element or attribute dropped, an
element doubled. Mutants that libvirt's RNG schema still accepts are no mistakes and do not count; neither do documents that it refuses as they
stand, and texts that are free (FREE). Of each
document and operator, N mutants are tried, chosen by a fixed seed. A mutant is found when a diagnostic (warnings too) stands at the line and column of what
was broken; of what was dropped, at its parent, and of an attribute's value, at the attribute or its element.
"""
import argparse
import collections
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

SKIPPED = 77
SCHEMA = '/usr/share/libvirt/schemas/domain.rng'

# Whose text or value is anything: a misspelling cannot be seen.
FREE = {'name', 'title', 'description', 'uuid', 'file', 'dev', 'path', 'emulator', 'cmdline', 'kernel', 'initrd', 'loader', 'nvram', 'serial',
        'vendor', 'product', 'alias', 'entry', 'model/name', 'partition', 'label', 'imagelabel', 'baselabel', 'initarg', 'oemStrings', 'id',
        'bridge', 'network', 'host', 'service', 'socket', 'passwd', 'script', 'dir', 'address', 'mac', 'wwn', 'key', 'lockspace', 'portgroup',
        'filter', 'value', 'keymap', 'device', 'command', 'arg', 'env', 'binary', 'xauth', 'display', 'username', 'usage', 'query', 'vendor_id', 'offset'}

TOKEN = re.compile(r'<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?P<close>/)?(?P<name>[\w:.-]+)(?P<attrs>(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|\'[^\']*\'))*)\s*'
                   r'(?P<empty>/)?>', re.S)
ATTRIBUTE = re.compile(r'([\w:.-]+)(\s*=\s*)("[^"]*"|\'[^\']*\')')


class Node:
    def __init__(self, match, parent):
        self.begin, self.start_end = match.start(), match.end()
        self.name, self.parent = match['name'], parent
        self.end = self.start_end
        self.content_end = self.start_end
        self.empty = bool(match['empty'])
        self.children = 0
        self.attributes = []
        base = match.start('attrs')
        for found in ATTRIBUTE.finditer(match['attrs']):
            self.attributes.append((found[1], base + found.start(), base + found.start(3) + 1, base + found.end(3) - 1, base + found.end()))

    def is_foreign(self):
        node = self
        while node:
            if ':' in node.name or node.name == 'metadata':
                return True
            node = node.parent
        return False


def nodes_of(text):
    found, stack = [], []
    for match in TOKEN.finditer(text):
        if not match['name']:
            continue
        if match['close']:
            stack[-1].content_end, stack[-1].end = match.start(), match.end()
            stack.pop()
            continue
        node = Node(match, stack[-1] if stack else None)
        if stack:
            stack[-1].children += 1
        found.append(node)
        if not node.empty:
            stack.append(node)
    return [node for node in found if not node.is_foreign()]


def misspelt(word):
    """The word with two of its letters swapped, or with one more."""
    for at in range(len(word) - 2, 0, -1):
        if word[at] != word[at + 1] and word[at].isalpha() and word[at + 1].isalpha():
            return word[:at] + word[at + 1] + word[at] + word[at + 2:]
    return word + 'q'


def replaced(text, begin, end, new):
    return text[:begin] + new + text[end:]


def mutants(text):
    """(operator, text, offsets where a diagnostic may stand)"""
    for node in nodes_of(text):
        parent = node.parent
        if parent is None:
            continue
        wrong = misspelt(node.name)
        changed = text
        if not node.empty:
            changed = replaced(changed, node.content_end + 2, node.content_end + 2 + len(node.name), wrong)
        changed = replaced(changed, node.begin + 1, node.begin + 1 + len(node.name), wrong)
        yield 'name', changed, [node.begin]
        yield 'drop', replaced(text, node.begin, node.end, ''), [parent.begin]
        yield 'double', replaced(text, node.end, node.end, text[node.begin:node.end]), [node.end]
        content = text[node.start_end:node.content_end]
        if not node.empty and not node.children and content.strip() and node.name not in FREE:
            begin = node.start_end + len(content) - len(content.lstrip())
            end = begin + len(content.strip())
            places = [node.begin, begin]
            if content.strip().lstrip('-').isdigit():
                yield 'range', replaced(text, begin, end, '99999999999999999999999'), places
            yield 'value', replaced(text, begin, end, misspelt(content.strip())), places
        for name, at, begin, end, over in node.attributes:
            yield 'attribute', replaced(text, at, at + len(name), misspelt(name)), [at]
            yield 'drop-attribute', replaced(text, at, over, ''), [node.begin]
            value = text[begin:end]
            if name in FREE or '%s/%s' % (node.name, name) in FREE or not value:
                continue
            if re.fullmatch(r'-?\d+|0x[0-9a-fA-F]+', value):
                yield 'range', replaced(text, begin, end, '99999999999999999999999'), [at, node.begin]
            yield 'value', replaced(text, begin, end, misspelt(value)), [at, node.begin]


def position(text, offset):
    head = text[:offset].encode()
    return head.count(b'\n') + 1, len(head) - (head.rfind(b'\n') + 1) + 1


def still_valid(files):
    """Those that the schema accepts; nothing where libvirt's schemas are not installed."""
    valid = set()
    for at in range(0, len(files), 200):
        done = subprocess.run(['xmllint', '--noout', '--relaxng', os.environ.get('LIBVIRT_SCHEMA', SCHEMA), *files[at:at + 200]],
                              capture_output=True, text=True)
        valid.update(line.rsplit(' ', 1)[0] for line in done.stderr.splitlines() if line.endswith(' validates'))
    return valid


def diagnosed(program, path):
    done = subprocess.run([program, path], capture_output=True, text=True, errors='replace')
    return {(int(m[1]), int(m[2])) for m in re.finditer(r'^%s:(\d+):(\d+): ' % re.escape(path), done.stderr, re.M)}, done


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--only', default='')
    parser.add_argument('--each', type=int, default=1)
    parser.add_argument('--least', type=float, default=0)
    parser.add_argument('--list', action='store_true')
    parser.add_argument('program')
    options = parser.parse_args()
    corpus = os.environ.get('VMWRIGHT_CORPUS', '')
    if not corpus:
        print('SKIPPED: VMWRIGHT_CORPUS names no corpus')
        return SKIPPED
    if not os.path.exists(os.environ.get('LIBVIRT_SCHEMA', SCHEMA)):
        print("SKIPPED: libvirt's schemas are not installed")
        return SKIPPED
    chance = random.Random(1)
    tried, found, unplaced = collections.Counter(), collections.Counter(), []
    with tempfile.TemporaryDirectory(prefix='mutate-') as root:
        cases = {}
        for path in sorted((pathlib.Path(corpus) / 'accept').glob('*.xml')):
            if path.name.endswith('.dump.xml') or not re.search(options.only, path.stem):
                continue
            text = path.read_text()
            # what is already said of the document says nothing about the mutant
            by_operator = collections.defaultdict(list)
            for operator, changed, offsets in mutants(text):
                by_operator[operator].append((changed, offsets))
            for operator, list_ in by_operator.items():
                for number, (changed, offsets) in enumerate(chance.sample(list_, min(options.each, len(list_)))):
                    file = os.path.join(root, '%s-%s-%d.xml' % (path.stem, operator, number))
                    pathlib.Path(file).write_text(changed)
                    cases[file] = (operator, [position(changed, offset) for offset in offsets], str(path))
        valid = still_valid(list(cases))
        # a document that the schema refuses as it stands says nothing about what was done to it
        originals = still_valid(sorted({source for _, _, source in cases.values()}))
        for file, (operator, places, source) in cases.items():
            if file in valid or source not in originals:
                continue
            tried[operator] += 1
            said, done = diagnosed(options.program, file)
            if said & set(places):
                found[operator] += 1
            else:
                unplaced.append('%s: expected at %s, said %s' % (os.path.basename(file), places, (done.stderr.splitlines() or ['nothing'])[0][len(file):]))
    if options.list:
        print('\n'.join(unplaced))
    for operator in sorted(tried):
        print('%-15s %d of %d' % (operator, found[operator], tried[operator]))
    percent = 100.0 * sum(found.values()) / max(sum(tried.values()), 1)
    print('mutants found at their place: %d of %d (%.1f %%, at least %.0f %%)' % (sum(found.values()), sum(tried.values()), percent, options.least))
    return 0 if percent >= options.least else 1


if __name__ == '__main__':
    sys.exit(main())
