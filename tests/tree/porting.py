#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands of docs/porting.md, done in a copy of the tree: a port that is a copy of the blank one builds, with
nothing of the C library but mem and str functions, and with vectors that a Cortex-M can start from; also after its
board moved to where the tools look.

usage: porting.py SOURCE_ROOT [BUILD_ROOT]
"""
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

NM = "arm-none-eabi-nm"
# What the linker script defines, the C library's part, and helpers of the compiler.
FOREIGN = re.compile(r"link_\w+|mem(cpy|move|set|cmp)|strlen|__\w+")
TOOL = "examples/prot/cli_board.c"
MEMORIES = {"boot": (0x00000, 0xA0000), "runtime": (0x20000, 0x80000)}


def copy_of(source, target):
    keep = ["include", "libmctp", "libspdm-core", "libpldm", "libcrypto-port", "services", "port", "meson.build",
            "meson_options.txt"]
    for name in keep:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
        else:
            shutil.copy(source / name, target / name)
    (target / TOOL).parent.mkdir(parents=True)
    shutil.copy(source / TOOL, target / TOOL)


def commands(source):
    return "".join(re.findall(r"^```sh\n(.*?)^```", (source / "docs/porting.md").read_text(), re.S | re.M))


def check_vectors(image, program):
    code, data = MEMORIES[program]
    stack, reset = struct.unpack("<II", image[:8])
    if not data < stack <= data + 0x18000 or stack % 8:
        yield f"{program}: the stack is at {stack:#x}"
    if not (code < reset < code + len(image) and reset & 1):
        yield f"{program}: reset goes to {reset:#x}"


def check_symbols(elf, program):
    out = subprocess.run([NM, "--extern-only", "-P", elf], text=True, capture_output=True, check=True).stdout
    for name in sorted(line.split()[0] for line in out.splitlines()):
        if not name.startswith("prot_") and not FOREIGN.fullmatch(name):
            yield f"{program}: holds {name}"


def main():
    source = pathlib.Path(sys.argv[1]).resolve()
    if not shutil.which("arm-none-eabi-gcc"):
        print("no compiler for Cortex-M4")
        return 77
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        copy_of(source, tmp)
        done = subprocess.run(["sh", "-e", "-c", commands(source)], cwd=tmp, text=True, capture_output=True)
        if done.returncode:
            sys.exit(f"{done.stdout[-4000:]}{done.stderr}")
        out = tmp / "build/myboard/port/myboard"
        problems = []
        for program in MEMORIES:
            problems += check_vectors((out / f"myboard-{program}.bin").read_bytes(), program)
            problems += check_symbols(out / f"myboard-{program}.elf", program)
        left = [p.name for p in sorted((tmp / "port/myboard").iterdir()) if "template" in p.name + p.read_text()]
        if "&prot_board_myboard," not in (tmp / TOOL).read_text():
            problems.append("the tools do not know the board")
        if left:
            problems.append(f"template is still named in {' '.join(left)}")
    print("\n".join(problems) or "a copy of the blank port builds")
    return 1 if problems else 0


sys.exit(main())
