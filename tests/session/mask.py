# SPDX-License-Identifier: BSL-1.0
"""Takes out of an output what differs from run to run, or from virsh to vmsh by right."""
import re

FIXED_UUID = "5f1c9a52-7d3e-4c1b-9a64-0d2f3b8e6a10"


def always(text):
    text = re.sub(r"(?m)^ \d+(?=  )", " N", text)                       # list's Id column
    text = re.sub(r"(?m)^(Id: +)\d+$", r"\1N", text)                    # dominfo
    text = re.sub(r"\A\d+\n\n\Z", "N\n\n", text)                        # domid, list --id
    text = re.sub(r"(?m)\A\d+ (?=[a-z])", "N ", text)                   # list --id --name
    text = re.sub(rf"(?m)^({FIXED_UUID} )\d+(?= |$)", r"\1N", text)     # list --id --uuid
    text = re.sub(r"(?m)^(Domain|error: failed to get domain) '\d+'", r"\1 'N'", text)
    text = re.sub(r"(domain type='\w+' id=')\d+", r"\1N", text)
    text = re.sub(r"/dev/pts/\d+", "/dev/pts/N", text)
    text = re.sub(r"(?m)^(CPU time: +)\d+\.\d+s$", r"\1N.Ns", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+0000: ", "TIME: ", text)
    text = re.sub(r"-\d{4}-\d\d-\d\d-\d\d:\d\d:\d\d\.png", "-TIME.png", text)  # screenshot
    text = re.sub(r'("id": ?)"[^"]*"', r'\1"ID"', text)                 # a QMP reply's
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", lambda u: u[0] if u[0].startswith(FIXED_UUID[:-1])
                  else "UUID", text)
    text = re.sub(r"(/\S*|ROOT)/(virsh|vmsh)\w{6}\.xml", "EDITED.xml", text)
    return re.sub(r"(?s)(Escape character is [^\n]*\n)(.*)", lambda found: found[1] + console(found[2]), text)


def console(text):
    """What the guest says, its terminal codes and SeaBIOS' words, is GUEST; what follows is the shell's."""
    guest, error, words = re.fullmatch(r"(?s)(.*?)((?:^|\n)error:|\Z)(.*)", text, re.MULTILINE).groups()
    return ("GUEST\n" if guest.strip() else "") + error.lstrip() + words


def version(text):
    text = re.sub(r"(libvirt|vmwright) (?=\d)", "LIBRARY ", text)
    return re.sub(r"\d+\.\d+\.\d+", "N.N.N", text)


def help_(text):
    """Keeps names, synopsis and options; the prose is each program's own."""
    text = re.sub(r"(?m)^(    [a-z-]+ - ).*$", r"\1TEXT", text)
    text = re.sub(r"(?s)  DESCRIPTION\n.*?\n\n", "  DESCRIPTION\n    TEXT\n\n", text)
    return re.sub(r"(?m)^(    (?:\[--\S+\]|--\S+)(?: <\w+>)?) +\S.*$", r"\1  TEXT", text)


def native(text):
    """The command line has tests of its own; here it is one line that begins as it should."""
    return re.sub(r"^(?:\w+=\S* )*(\S+ -name \S+) .*\n", r"[VARIABLES] \1 [OPTIONS]\n", text)


def live(text):
    """Leaves out what libvirt learns by reading images and by asking QEMU for each feature of the CPU, which vmwright does not
    ask for, and the display's port, which depends on who else runs."""
    text = re.sub(r"(<graphics type='vnc' port=')\d+", r"\1PORT", text)
    text = re.sub(r"(?m)^ *<(feature policy=.*|backingStore)/>\n", "", text)
    text = re.sub(r"(<source file='[^']*') index='\d+'", r"\1", text)
    return re.sub(r"(<cpu .*)check='\w+'", r"\1check='CHECK'", text)


def edit(text):
    """The reason why a text is refused is told in other words, and tested where there is no terminal."""
    return re.sub(r"(?s)error: .*?\n+(?=Failed\. Try)", "error: REASON\n", text)


NAMED = {"edit": edit, "version": version, "help": help_, "native": native, "live": live}


class Mask:
    def __init__(self, root, uri):
        self.root = str(root)
        self.uri = uri

    def __call__(self, text, names):
        text = text.replace(self.uri, "URI").replace(self.root, "ROOT")
        text = always(text)
        for name in names:
            text = NAMED[name](text)
        return text
