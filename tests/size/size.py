#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Code, data, context RAM and worst-case stack of the libraries, on Cortex-M4 at -Os.

Each profile is a small program in tests/size/ that uses a library the way a firmware would. It is linked with
--gc-sections against the archives; what the linker kept of each archive is that library's price, compiler helpers
and the C library left out. Objects named context_* are the structs that a caller allocates, without buffers.

The stack figure is the worst case of what the profile calls (stack.py); what an op of the integrator needs comes on
top.

usage: size.py M4_BUILD_DIR [--paths] [--write FILE]
"""
import argparse
import collections
import pathlib
import re
import sys
import tempfile

from binutils import HERE, PREFIX, ROOT, run, sections, symbols, write_table
from indirect import Tree
from stack import Image, Refused

CFLAGS = ["-std=c11", "-Os", "-mcpu=cortex-m4", "-mthumb", "-ffreestanding", "-ffunction-sections", "-fdata-sections",
          f"-I{ROOT / 'include'}"]

FOLDERS = ("include", "libmctp", "libspdm-core", "libpldm", "libcrypto-port", "services")

# profile -> {archive: code budget in bytes}, {context: budget in bytes}
PROFILES = {
    "mctp": ({"prot-mctp": 4608}, {"context_endpoint": 256}),
    "serial": ({"prot-mctp": None}, {"context_encoder": None, "context_decoder": None}),
    "smbus": ({"prot-mctp": None}, {"context_sender": None, "context_decoder": None}),
    "spdm_responder": ({"prot-spdm-core": 14336}, {"context_responder": 1536}),
    "spdm_requester": ({"prot-spdm-core": None, "prot-crypto": None}, {"context_requester": None}),
    "pldm_fd": ({"prot-pldm": 8192}, {"context_fd": None, "context_responder": None}),
    "pldm_ua": ({"prot-pldm": None}, {"context_ua": None}),
    "boot_stage": ({"prot-services": None, "prot-crypto": None}, {"context_boot_stage": None}),
    "device": ({"prot-services": None, "prot-mctp": None, "prot-spdm-core": None, "prot-pldm": None},
               {"context_device": None}),
}
CONTEXT_SUMS = {"pldm_fd": 256}


def link(profile, archives, folder):
    elf, mapfile = folder / f"{profile}.elf", folder / f"{profile}.map"
    run(PREFIX + "gcc", *CFLAGS, HERE / f"{profile}.c", "-o", elf, "-nostdlib", "-Wl,-e,main", "-Wl,--gc-sections",
        f"-Wl,-Map={mapfile}", "-Wl,--start-group", *archives, "-lc", "-lgcc", "-Wl,--end-group",
        "-Wl,--no-warn-rwx-segments")
    return elf, mapfile.read_text()


def archive_sizes(mapfile):
    code, data = collections.Counter(), collections.Counter()
    for section in sections(mapfile):
        archive = re.search(r"lib(prot-[\w-]+)\.a\(", section.object)
        if archive and section.name.startswith((".text", ".rodata")):
            code[archive[1]] += section.size
        elif archive and section.name.startswith((".data", ".bss")):
            data[archive[1]] += section.size
    return code, data


def deepest(image, profile):
    """(bytes, functions) of the deepest path from what the profile calls."""
    text = (HERE / f"{profile}.c").read_text()
    called = sorted(set(re.findall(r"\bprot_\w+(?=\()", text)) & set(image.by_name))
    return max((image.stack(name) for name in called), key=lambda found: found[0])


def over(value, budget):
    return budget is not None and value > budget


def report(build):
    tree = Tree([ROOT / folder for folder in FOLDERS])
    archives = sorted(build.glob("*/libprot-*.a"))
    lines = ["| profile | library | code | data | context | stack | budget |", "|---|---|---:|---:|---|---:|---|"]
    failures, paths = [], []
    with tempfile.TemporaryDirectory() as tmp:
        for profile, (code_budget, context_budget) in PROFILES.items():
            elf, mapfile = link(profile, archives, pathlib.Path(tmp))
            code, data = archive_sizes(mapfile)
            names = symbols(elf)
            ram = {n: size for n, size in names.items() if n.startswith("context_")}
            image = Image(build, elf, tree)
            stack, path = deepest(image, profile)
            paths.append(f"{profile}: {' > '.join(f'{f.name} {f.depth}' for f in path)}")
            failures += [f"{profile}: {problem}" for problem in image.problems]
            for library, budget in code_budget.items():
                limits = [f"code {budget}"] if budget else []
                limits += [f"{c.removeprefix('context_')} {b}" for c, b in context_budget.items() if b]
                if profile in CONTEXT_SUMS:
                    limits.append(f"contexts {CONTEXT_SUMS[profile]}")
                text = ", ".join(f"{n.removeprefix('context_')} {v}" for n, v in sorted(ram.items()))
                lines.append(f"| {profile} | {library} | {code[library]} | {data[library]} | {text} | {stack} | "
                             f"{', '.join(limits) or '-'} |")
                if over(code[library], budget):
                    failures.append(f"{profile}: {library} has {code[library]} bytes of code, budget {budget}")
            failures += [f"{profile}: {c} has {ram.get(c)} bytes, budget {b}"
                         for c, b in context_budget.items() if c not in ram or over(ram[c], b)]
            if over(sum(ram.values()), CONTEXT_SUMS.get(profile)):
                failures.append(f"{profile}: contexts have {sum(ram.values())} bytes, budget {CONTEXT_SUMS[profile]}")
    return lines, failures, paths


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--write", metavar="FILE")
    parser.add_argument("--paths", action="store_true", help="print the deepest path of each profile")
    options = parser.parse_args()
    try:
        lines, failures, paths = report(options.build.resolve())
    except Refused as why:
        sys.exit(f"size.py: {why}")
    print("Cortex-M4, -Os, bytes. Code counts instructions and constants that the linker kept.\n")
    print("\n".join(lines))
    if options.paths:
        print("\n" + "\n".join(paths))
    if options.write:
        write_table(options.write, "libraries", lines)
    if failures:
        sys.exit("\n" + "\n".join(failures))


main()
