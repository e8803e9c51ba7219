#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""xml2argv.py PROGRAM DATA: its exit codes, its words on standard error, and what it prints."""
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM, DATA = sys.argv[1:3]
GOOD = "<domain type='qemu'>\n<name>a</name>\n<memory>65536</memory>\n<os><type arch='x86_64' machine='q35'>hvm</type></os>\n%s</domain>\n"


def run(*arguments):
    done = subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                          text=True, timeout=20)
    return done.returncode, done.stdout, done.stderr


class Xml2argv(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, text):
        path = os.path.join(self.folder.name, 'x.xml')
        with open(path, 'wb') as out:
            out.write(text if isinstance(text, bytes) else text.encode())
        return path

    def test_prints_one_argument_a_line(self):
        status, out, err = run(os.path.join(DATA, 'test_vm.xml'))
        self.assertEqual((status, err), (0, ''))
        lines = out.splitlines()
        self.assertEqual(lines[0], '/usr/bin/qemu-system-x86_64')
        self.assertEqual(lines[lines.index('-m') + 1], '512')

    def test_a_line_break_in_an_argument_is_two_characters(self):
        path = self.file(GOOD.replace("hvm</type>", "hvm</type><kernel>/k</kernel><cmdline>a&#10;b</cmdline>") % '')
        status, out, _ = run(path)
        self.assertEqual(status, 0)
        self.assertIn('-append\na\\nb\n', out)

    def test_a_warning_is_told_and_exits_0_and_strict_makes_it_an_error(self):
        path = self.file(GOOD % '<vcpus_/>\n')
        status, out, err = run(path)
        self.assertEqual(status, 0)
        self.assertTrue(out)
        self.assertEqual(err.splitlines()[0].split(' /')[0], path + ':5:1: warning:')
        status, out, err = run('--strict', path)
        self.assertEqual((status, out), (1, ''))
        self.assertEqual(err.splitlines()[0].split(' /')[0], path + ':5:1: error:')

    def test_all_errors_come_in_one_pass(self):
        path = self.file(GOOD % "<vcpu>x</vcpu>\n<on_crash>y</on_crash>\n")
        status, out, err = run(path)
        self.assertEqual((status, out), (1, ''))
        self.assertEqual([line.split(':')[1] for line in err.splitlines()], ['5', '6'])

    def test_wrong_usage_exits_2(self):
        for arguments in ([], ['--nonsense', 'x.xml'], ['a.xml', 'b.xml']):
            self.assertEqual(run(*arguments)[0], 2, arguments)

    def test_what_is_no_document_is_refused_with_a_sentence(self):
        for path in (self.folder.name, os.path.join(self.folder.name, 'absent'), self.file(''), self.file(b'\0\0'),
                     self.file('<domain>' * 300), self.file(b'<' + b'a' * (17 << 20))):
            status, out, err = run(path)
            self.assertEqual((status, out), (1, ''), path)
            self.assertIn(': error: ', err)
            self.assertLess(len(err), 2000)

    def test_explain_names_the_places(self):
        path = os.path.join(DATA, 'example.xml')
        status, out, _ = run('--explain', path)
        self.assertEqual(status, 0)
        self.assertIn('-accel kvm\n    %s:2:9: /domain/@type\n' % path, out)

    def test_an_architecture_without_a_profile(self):
        status, _, err = run(self.file(GOOD.replace('x86_64', 'pdp11') % ''))
        self.assertEqual(status, 1)
        self.assertIn(':4:11: error: /domain/os/type/@arch: ', err)

    def test_facts_of_this_host_are_read(self):
        status, out, _ = run('--facts', 'host', os.path.join(DATA, 'test_vm.xml'))
        self.assertEqual(status, 0)
        self.assertIn('-vnc\n', out)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
