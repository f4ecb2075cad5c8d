#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each public header compiles on its own, as C11 and as C++11, without a warning.

usage: headers.py SOURCE_ROOT [BUILD_ROOT]
"""
import pathlib
import subprocess
import sys

FLAGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wundef", "-Werror", "-fsyntax-only"]


def main():
    include = pathlib.Path(sys.argv[1]) / "include"
    headers = sorted(include.rglob("*.h"))
    failed = 0
    for header in headers:
        for compiler in (["gcc", "-std=c11", "-Wconversion", "-x", "c"], ["g++", "-std=c++11", "-x", "c++"]):
            text = f"#include <{header.relative_to(include)}>\nextern int not_empty;\n"
            run = subprocess.run(compiler + FLAGS + [f"-I{include}", "-"], input=text, text=True, capture_output=True)
            if run.returncode:
                failed += 1
                print(run.stderr)
    print(f"{len(headers)} headers, {failed} failures")
    return 1 if failed or not headers else 0


sys.exit(main())
