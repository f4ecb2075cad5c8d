#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Image size, RAM and worst-case stack of the firmware of the AST10x0, by component, against their budgets.

Sizes are read from the linker's map files, the stack from the machine code and the compiler's call graphs (stack.py).
Fails when a budget is exceeded, when the stack cannot be bounded, and when anything of the C library is linked but
its mem and str functions, or of the compiler's library but arithmetic.

usage: images.py FIRMWARE_BUILD_DIR [--paths] [--write FILE]
"""
import argparse
import collections
import pathlib
import re
import sys
import tempfile

from binutils import PREFIX, ROOT, run, sections, symbols, write_table
from indirect import Tree, Unknown
from stack import EXCEPTION_FRAME, Image, Refused

KIB = 1024
HEADER = 512  # of a signed image: PROT_IMAGE_HEADER_SIZE
GOLDEN_BANK = 192 * KIB  # prot_flash_layout_ast1060: the smallest bank

# image -> bytes in flash, RAM with stack
BUDGETS = {"bootloader": (96 * KIB, 64 * KIB), "runtime": (320 * KIB, 96 * KIB)}
STACK_SHARE = 0.9  # of the reserved stack that the worst case may need
SHOWN = ("bootloader", "runtime-1.0.0")

FOLDERS = ("include", "libmctp", "libspdm-core", "libpldm", "libcrypto-port", "services", "port")
OTHER_PORTS = ("posix", "template")

COMPONENTS = {  # of objects, by the first pattern that fits
    "libmctp": r"libprot-mctp\.a",
    "libspdm-core": r"libprot-spdm-core\.a",
    "libpldm": r"libprot-pldm\.a",
    "services": r"libprot-services\.a",
    "wolfCrypt": r"\bwolfcrypt_src_\w+\.c\.o",
    "libcrypto-port": r"libprot-crypto\.a",
    "firmware": r"libprot-firmware\.a|\bfirmware_\w+\.c\.o|_variant_\w+\.c\.o",
    "drivers, board": r"\b(drivers|boards)_\w+\.c\.o|libprot-board\.a",
    "start, protection, faults": r"\b(start|soc)_\w+\.[cS]\.o",
    "C library, compiler": r"\blib(c|gcc)\.a\(",
}
LIBC = re.compile(r"libc\.a\((lib_a-|libc_a-)?(mem|str)\w+\.o\)")
LIBGCC = re.compile(r"libgcc\.a\(_(aeabi_u?ldivmod|u?divmoddi4|u?divdi3|u?moddi3|dvmd_tls|muldi3|ashldi3|ashrdi3|lshrdi3|"
                    r"clzsi2|clzdi2|ctzsi2|bswapsi2|bswapdi2)\.o\)")
HEAP = re.compile(r"_*(m|c|re)alloc(_r)?|_*free(_r)?|_*sbrk(_r)?|_*v?[sf]?n?i?printf(_r)?|_*puts(_r)?|_*abort|_*exit|__errno")


def component(section):
    for name, pattern in COMPONENTS.items():
        if re.search(pattern, section.object):
            return name
    sys.exit(f"images.py: no component for {section.object}")


class Firmware:
    """One image: what stands in its map."""

    def __init__(self, build, elf, tree):
        self.name = elf.stem
        self.elf = elf
        self.kind = self.name.split("-")[0]
        self.sections = [s for s in sections(elf.with_suffix(".map").read_text()) if s.size]
        self.image, self.ram = collections.Counter(), collections.Counter()
        self.reserved = {}
        for s in self.sections:
            if s.output in (".stack", ".fault_stack"):
                self.reserved[s.output] = s.size
            elif s.object and s.output in (".vectors", ".text"):
                self.image[component(s)] += s.size
            elif s.object and s.output in (".data", ".bss"):
                self.ram[component(s)] += s.size
                self.image[component(s)] += s.size if s.output == ".data" else 0
        self.image_total = elf.with_suffix(".bin").stat().st_size + (HEADER if self.kind == "runtime" else 0)
        used = [line.split() for line in run(PREFIX + "nm", elf).splitlines()]
        self.ram_total = next(int(p[0], 16) for p in used if p[-1] == "link_data_used")
        self.graph = Image(build, elf, tree)

    def stacks(self):
        """(main path, deepest interrupt, fault), each (bytes, path)."""
        return [self.graph.stack(n) for n in ("prot_ast_reset_entry", "interrupt_entry", "fault_entry")]

    def worst(self):
        """With one interrupt, of which all have one priority, and the frame of a fault."""
        main, interrupt, _ = self.stacks()
        return main[0] + EXCEPTION_FRAME + interrupt[0] + EXCEPTION_FRAME

    def failures(self):
        image, ram = BUDGETS[self.kind]
        image = min(image, GOLDEN_BANK) if self.kind == "runtime" else image
        yield from (f"{self.name}: {p}" for p in self.graph.problems)
        checks = [("image", self.image_total, image), ("RAM", self.ram_total, ram),
                  ("stack, worst case", self.worst(), int(STACK_SHARE * self.reserved[".stack"])),
                  ("stack for faults, worst case", self.stacks()[2][0], self.reserved[".fault_stack"])]
        for what, value, limit in checks:
            if value > limit:
                yield f"{self.name}: {what}: {value} bytes, {limit} is the limit"
        for s in self.sections:
            if re.search(r"\blib(c|gcc)\.a\(", s.object) and s.output in (".text", ".data", ".bss") and \
                    not LIBC.search(s.object) and not LIBGCC.search(s.object):
                yield f"{self.name}: links {s.object.rsplit('/', 1)[-1]}"
        for name in symbols(self.elf):
            if HEAP.fullmatch(name):
                yield f"{self.name}: holds {name}"


# ---- RAM by buffer


class Buffers:
    """Objects in RAM; large structs by their members."""

    LARGE = 2 * KIB

    def __init__(self, tree):
        self.tree = tree
        self.headers = [s.path for s in tree.sources.values() if s.path.suffix == ".h"
                        and (ROOT / "include") in s.path.parents]

    def struct_of(self, symbol):
        for source in self.tree.sources.values():
            m = re.search(rf"^static struct (\w+) {symbol}(\[\w+\])?[;= ]", source.text, re.M)
            if m and not m[2]:
                return self.public(m[1], source.path)
        return None

    def public(self, tag, path):
        try:
            struct = self.tree.struct(tag, path)
        except Unknown:
            return None
        return struct if struct.path in self.headers and struct.name else None

    def members(self, struct):
        """(member, bytes, its struct) by a compiler's word."""
        names = [n for n in struct.members]
        text = f'#include "{struct.path}"\n' + "".join(
            f"char member_{n}[sizeof(((struct {struct.name} *)0)->{n})];\n" for n in names)
        with tempfile.TemporaryDirectory() as folder:
            source, out = pathlib.Path(folder) / "members.c", pathlib.Path(folder) / "members.o"
            source.write_text(text)
            run(PREFIX + "gcc", "-std=c11", "-mcpu=cortex-m4", "-mthumb", f"-I{ROOT / 'include'}", "-c", source, "-o", out)
            sizes = symbols(out)
        for n in names:
            kind = struct.members[n]
            array = re.search(rf"\b{n}\s*\[", self.tree.sources[struct.path].text[struct.start:])
            yield n, sizes[f"member_{n}"], self.public(kind, struct.path) if isinstance(kind, str) and not array else None

    def pieces(self, name, size, struct):
        if struct is None or size < self.LARGE:
            yield size, name
            return
        for member, bytes_, inner in self.members(struct):
            yield from self.pieces(f"{name}.{member}", bytes_, inner)

    def largest(self, firmware, count):
        found = []
        for s in firmware.sections:
            if s.output in (".bss", ".data") and s.object and s.name.count(".") > 1:
                symbol = s.name.split(".", 2)[2]
                found += self.pieces(symbol.removeprefix("prot_ast_"), s.size, self.struct_of(symbol))
        return sorted(found, reverse=True)[:count]


# ---- tables


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows]


def size_table(shown):
    rows = []
    for name in COMPONENTS:
        rows.append([name] + [c[name] for f in shown for c in (f.image, f.ram)])
    rows.append(["vectors and alignment, header of the runtime"] + [n for f in shown for n in (
        f.image_total - sum(f.image.values()),
        f.ram_total - sum(f.ram.values()) - sum(f.reserved.values()))])
    rows.append(["stack, stack for faults"] + [n for f in shown for n in (0, sum(f.reserved.values()))])
    rows.append(["**total**"] + [f"**{n}**" for f in shown for n in (f.image_total, f.ram_total)])
    rows.append(["budget"] + [n for f in shown for n in BUDGETS[f.kind]])
    return table(["component"] + [f"{f.kind}, {what}" for f in shown for what in ("image", "RAM")], rows)


def buffer_table(shown, tree):
    buffers = Buffers(tree)
    rows = [[f"{f.kind}: {name}", size] for f in shown for size, name in buffers.largest(f, 10)]
    return table(["buffer", "bytes"], rows)


def stack_table(shown):
    rows = []
    for f in shown:
        main, interrupt, fault = f.stacks()
        rows.append([f.kind, main[0], interrupt[0], 2 * EXCEPTION_FRAME, f.worst(), f.reserved[".stack"], fault[0],
                     f.reserved[".fault_stack"]])
    return table(["image", "main path", "interrupt", "frames of exceptions", "worst case", "reserved", "fault handler",
                  "reserved for it"], rows)


def print_paths(firmware):
    for (size, path), what in zip(firmware.stacks(), ("main path", "interrupt", "fault")):
        print(f"\n{firmware.name}, {what}, {size} bytes:\n  " + " > ".join(f"{p.name} {p.depth}" for p in path))
    for name, said, found in firmware.graph.extra_frames():
        print(f"  {name}: {found} bytes of stack in the machine code, {said} by the compiler's figure")
    for where, text in sorted(firmware.graph.unused.items()):
        print(f"  {where}: {text} is never set in this image")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--write", metavar="FILE")
    parser.add_argument("--paths", action="store_true", help="print the deepest path of each image")
    options = parser.parse_args()
    tree = Tree([ROOT / f for f in FOLDERS], skip=OTHER_PORTS)
    folder = options.build / "port/aspeed"
    elves = [folder / "bootloader.elf", *sorted(folder.glob("runtime-*.elf"))]
    try:
        images = [Firmware(options.build, elf, tree) for elf in elves]
        shown = [f for f in images if f.name in SHOWN]
        tables = {"images": size_table(shown), "buffers": buffer_table(shown, tree), "stack": stack_table(shown)}
        failures = [p for f in images for p in f.failures()]
    except Refused as why:
        sys.exit(f"images.py: {why}")
    print("\nFirmware, Cortex-M4, -Os, bytes.\n")
    for name, lines in tables.items():
        print("\n".join(lines) + "\n")
        if options.write:
            write_table(options.write, name, lines)
    if options.paths:
        for f in shown:
            print_paths(f)
    if failures:
        sys.exit("\n".join(failures))


main()
