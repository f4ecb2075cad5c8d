#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the library archives define and refer to.

Every external symbol begins with prot_; nothing beyond the four mem functions and the compiler's own helpers is
referred to, so no allocation, stdio, time or locale symbol can be. Checked in the Cortex-M4 build (environment
variable PROT_M4_BUILD) where there is one.

usage: symbols.py SOURCE_ROOT BUILD_ROOT
"""
import os
import pathlib
import re
import subprocess
import sys

MEM = {"memcpy", "memmove", "memset", "memcmp", "strlen"}
COMPILER = re.compile(r"__aeabi_\w+|__stack_chk_\w+")


def symbols(nm, archive, flag):
    out = subprocess.run([nm, flag, "--extern-only", "-P", archive], capture_output=True, text=True, check=True).stdout
    return {line.split()[0] for line in out.splitlines() if line and not line.endswith(":")}


def check(nm, archive, siblings):
    defined = symbols(nm, archive, "--defined-only")
    undefined = symbols(nm, archive, "--undefined-only") - defined
    for name in sorted(defined):
        if not name.startswith("prot_"):
            yield f"{archive.name}: defines {name}"
    for name in sorted(undefined - siblings):
        if name not in MEM and not COMPILER.fullmatch(name):
            yield f"{archive.name}: refers to {name}"


def main():
    m4 = os.environ.get("PROT_M4_BUILD")
    if not m4:
        print("PROT_M4_BUILD is not set: nothing to look at")
        return 77
    archives = sorted(pathlib.Path(m4).glob("*/libprot-*.a"))
    if len(archives) < 5:
        print(f"{m4} holds {len(archives)} archives, not five")
        return 1
    nm = "arm-none-eabi-nm"
    by_name = {a.name: symbols(nm, a, "--defined-only") for a in archives}
    problems = []
    for archive in archives:
        # Only the services may refer to the other libraries.
        siblings = set().union(*by_name.values()) if archive.name == "libprot-services.a" else set()
        problems += check(nm, archive, siblings)
    print("\n".join(problems) or f"{len(archives)} archives, {sum(map(len, by_name.values()))} symbols")
    return 1 if problems else 0


sys.exit(main())
