#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""That tests/size/stack.py bounds the stack, or refuses to.

Small programs are compiled for Cortex-M4 and linked; each says what must come out: bytes, or words of the refusal.

usage: stack_bound.py SOURCE_ROOT BUILD_ROOT
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(sys.argv[1]) / "tests/size"))
from indirect import Tree  # noqa: E402
from stack import Image, Refused  # noqa: E402

HEAD = """
struct ops {
	int (*run)(int);
	int (*other)(int);
};
extern const struct ops *chosen;
const struct ops *chosen;
#define FRAME(bytes) __asm__ volatile("sub sp, sp, #" #bytes "\\n\\tadd sp, sp, #" #bytes ::: "memory")
#define NOINLINE __attribute__((noinline))
"""

# name, program, bytes from entry() down | words of the refusal
CASES = [
    ("assembly counts", "int entry(int x) { FRAME(128); return x; }", 128),
    ("the deepest call counts, not the sum",
     "NOINLINE static int a(int x) { FRAME(64); return x + 1; }\n"
     "NOINLINE static int b(int x) { FRAME(96); return x * 3; }\n"
     "int entry(int x) { return a(b(x)); }", 96 + 8),
    ("what an initialiser puts into the member is called",
     "NOINLINE static int deep(int x) { FRAME(200); return x; }\n"
     "NOINLINE static int flat(int x) { return x; }\n"
     "static const struct ops table = {.run = flat, .other = deep};\n"
     "int entry(int x) { chosen = &table; return chosen->other(x) + 1; }", 200 + 8),
    ("by place, too",
     "NOINLINE static int deep(int x) { FRAME(200); return x; }\n"
     "NOINLINE static int flat(int x) { return x; }\n"
     "static const struct ops table = {flat, deep};\n"
     "int entry(int x) { chosen = &table; return chosen->run(x) + 1; }", 8),
    ("what callers pass to a parameter is called",
     "NOINLINE static int deep(int x) { FRAME(200); return x; }\n"
     "NOINLINE static int flat(int x) { return x * 3; }\n"
     "NOINLINE static int twice(int (*f)(int), int x)\n{ return f(f(x)) + 1; }\n"
     "int entry(int x) { return twice(deep, x) + twice(flat, x); }", 200 + 8 + 16),
    ("recursion", "NOINLINE static int a(int x) { return x ? entry(x - 1) * 3 : 0; }\n"
     "int entry(int x) { return a(x) + 1; }", "recursion: entry > a > entry"),
    ("recursion through a pointer",
     "static const struct ops table = {.run = entry};\n"
     "NOINLINE void choose(void) { chosen = &table; }\n"
     "int entry(int x) { choose(); return x ? chosen->run(x - 1) * 3 : 0; }", "recursion: entry > entry"),
    ("a frame of variable size", "NOINLINE void use(char *p) { FRAME(8); *p = 0; }\n"
     "int entry(int x) { char a[x]; use(a); return a[0]; }", "the stack pointer|not a constant|variable size"),
    ("a pointer that nobody can name", "int entry(int x) { return ((int (*)(int))x)(x) + 1; }", "call through a pointer"),
    ("an address that is taken without a call",
     "extern void *address;\nvoid *address;\n"
     "NOINLINE static int lost(int x) { return x; }\n"
     "int entry(int x) { address = (void *)lost; return x; }", "address of lost"),
]


def build(folder, text):
    gcc = ["arm-none-eabi-gcc", "-std=gnu11", "-Os", "-mcpu=cortex-m4", "-mthumb", "-ffreestanding", "-fno-ipa-sra",
           "-ffunction-sections", "-fdata-sections", "-fno-ipa-cp", "-fno-pic", "-w"]
    source = folder / "case.c"
    source.write_text(HEAD + "int entry(int x);\n" + text + "\n")
    (folder / "case.ld").write_text("SECTIONS { .text : { *(.text .text.*) *(.rodata .rodata.*) } "
                                    ".data : { *(.data .data.*) *(.bss .bss.*) } }\n")
    for command in (["-fcallgraph-info=su", "-c", source.name, "-o", "case.c.o"],
                    ["-nostdlib", "-T", "case.ld", "-Wl,-e,entry", "-Wl,--gc-sections", "-Wl,-Map=case.map", "case.c.o",
                     "-o", "case.elf"]):
        subprocess.run([*gcc, *command], cwd=folder, check=True, capture_output=True)


def outcome(text):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder).resolve()
        build(folder, text)
        try:
            image = Image(folder, folder / "case.elf", Tree([folder]))
            return "; ".join(image.problems) or image.stack("entry")[0]
        except Refused as why:
            return str(why)


def main():
    if not shutil.which("arm-none-eabi-gcc"):
        print("there is no compiler for Cortex-M4")
        return 77
    failed = 0
    for name, text, expected in CASES:
        got = outcome(text)
        fits = got == expected if isinstance(expected, int) else any(w in str(got) for w in expected.split("|"))
        failed += not fits
        if not fits:
            print(f"{name}: {got}, not {expected}")
    print(f"{len(CASES)} cases, {failed} fail")
    return 1 if failed else 0


sys.exit(main())
