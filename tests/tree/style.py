#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""House style of the product code: sizes of functions and files, depth, parameters, conditional compilation.

usage: style.py            (from the root of the tree; needs Universal Ctags)
"""
import pathlib
import re
import subprocess
import sys

DIRS = ["include", "libmctp", "libspdm-core", "libpldm", "libcrypto-port", "services", "port", "examples"]
MEDIAN, LENGTH, NESTING, PARAMETERS, FILE = 18, 100, 3, 6, 600
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def functions(path, lines):
    tags = subprocess.run(["ctags", "--language-force=C", "--kinds-C=f", "--fields=+neS", "-o", "-", path],
                          capture_output=True, text=True, check=True).stdout
    for tag in tags.splitlines():
        start, end = re.search(r"\tline:(\d+)", tag), re.search(r"\tend:(\d+)", tag)
        if tag.startswith("!") or not start or not end:
            continue
        signature = re.search(r"signature:\((.*)\)", tag)
        body = lines[int(start[1]) - 1:int(end[1])]
        yield tag.split("\t")[0], int(start[1]), body, signature[1].strip() if signature else ""


def depth_of(body):
    depth = deepest = 0
    for ch in "\n".join(body):
        depth += (ch == "{") - (ch == "}")
        deepest = max(deepest, depth)
    return deepest - 1


def problems_of(name, body, signature):
    if len(body) > LENGTH:
        yield f"{name} has {len(body)} lines"
    if depth_of(body) > NESTING:
        yield f"{name} nests {depth_of(body)} deep"
    if signature not in ("", "void") and signature.count(",") + 1 > PARAMETERS:
        yield f"{name} takes {signature.count(',') + 1} parameters"
    if any(re.match(r"\s*#\s*(if|ifdef|ifndef)\b", line) for line in body):
        yield f"{name} holds an #if"


def main():
    lengths, problems = [], []
    for path in sorted(p for d in DIRS for p in pathlib.Path(d).rglob("*.c")):
        text = path.read_text()
        code = TOKEN.sub(lambda m: re.sub(r"[^\n]", " ", m[0]) if m[0][0] == "/" else '""', text)
        lines = code.split("\n")
        if text.count("\n") > FILE:
            problems.append(f"{path}: {text.count(chr(10))} lines")
        for name, number, body, signature in functions(path, lines):
            lengths.append(len(body))
            problems += [f"{path}:{number}: {p}" for p in problems_of(name, body, signature)]
    lengths.sort()
    median = lengths[len(lengths) // 2]
    if median > MEDIAN:
        problems.append(f"the median function has {median} lines")
    print("\n".join(problems) or f"{len(lengths)} functions, median {median} lines, longest {lengths[-1]}")
    return 1 if problems else 0


sys.exit(main())
