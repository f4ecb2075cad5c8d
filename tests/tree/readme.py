#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The program in README.md compiles against the public headers and the MCTP library, runs, and answers.

usage: readme.py SOURCE_ROOT [BUILD_ROOT]
"""
import pathlib
import re
import subprocess
import sys
import tempfile


def main():
    source = pathlib.Path(sys.argv[1])
    program = re.search(r"^```c\n(.*?)^```", (source / "README.md").read_text(), re.S | re.M)[1]
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        (tmp / "main.c").write_text(program)
        sources = sorted((source / "libmctp/src").glob("*.c"))
        done = subprocess.run(["gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", f"-I{source / 'include'}",
                               f"-I{source / 'libmctp/src'}", tmp / "main.c", *sources, "-o", tmp / "main"],
                              text=True, capture_output=True)
        if done.returncode:
            sys.exit(done.stderr)
        out = subprocess.run([tmp / "main"], text=True, capture_output=True)
    print(out.stdout, end="")
    return 0 if out.returncode == 0 and out.stdout == "EID 9 answers with 9 bytes\n" else 1


sys.exit(main())
