# SPDX-License-Identifier: Apache-2.0
"""What both size reports need: the cross tools, map files, the compiler's call graphs, tables in documents."""
import collections
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PREFIX = "arm-none-eabi-"

Section = collections.namedtuple("Section", "output name address size object")
Node = collections.namedtuple("Node", "title bytes bounded")


def run(*args):
    done = subprocess.run([str(a) for a in args], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, args))}:\n{done.stderr}")
    return done.stdout


def sections(mapfile):
    """What the linker kept: input sections with the output section they went to and the object they are from."""
    kept = mapfile.split("Linker script and memory map", 1)[1]
    output = None
    pattern = r"^( ?)([.\w*][\w.*$-]*)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)\b(?: load address 0x[0-9a-f]+| *(\S.*)?)$"
    for m in re.finditer(pattern, kept, re.M):
        if not m[1]:
            output = m[2]
        elif m[2] == "*fill*" or m[5]:
            yield Section(output, m[2], int(m[3], 16), int(m[4], 16), m[5] or "")


def symbols(elf):
    out = run(PREFIX + "nm", "-S", "--size-sort", elf)
    return {p[3].split(".")[0]: int(p[1], 16) for p in (line.split() for line in out.splitlines()) if len(p) == 4}


def read_callgraph(path):
    """(nodes, edges) of a file that -fcallgraph-info=su wrote; an edge is (caller, callee, file:line:column)."""
    text = path.read_text()
    nodes = []
    for title, label in re.findall(r'node: \{ title: "([^"]+)" label: "([^"]*)"', text):
        size = re.search(r"(\d+) bytes \((.*?)\)", label)
        if size:
            nodes.append(Node(title, int(size[1]), size[2] in ("static", "dynamic,bounded")))
    edges = re.findall(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"(?: label: "([^"]*)")?', text)
    return nodes, edges


def write_table(path, name, lines):
    """Replace a generated part of a document, between its two markers."""
    begin, end = f"<!-- generated: {name} begin -->", f"<!-- generated: {name} end -->"
    text = pathlib.Path(path).read_text()
    head, rest = text.split(begin)
    pathlib.Path(path).write_text(f"{head}{begin}\n\n" + "\n".join(lines) + f"\n\n{end}{rest.split(end)[1]}")
