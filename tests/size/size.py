#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Code, data, context RAM and worst-case stack of the libraries, on Cortex-M4 at -Os.

Each profile is a small program in tests/size/ that uses a library the way a firmware would. It is linked with
--gc-sections against the archives; what the linker kept of each archive is that library's price, compiler helpers
and the C library left out. Objects named context_* are the structs that a caller allocates, without buffers.

The stack figure is the deepest path through the call graph that the compiler wrote (-fcallgraph-info=su) from the
functions the profile calls. A call through a pointer goes to every function of the same archive whose address is
taken; what an op of the integrator needs comes on top.

usage: size.py M4_BUILD_DIR [--write FILE]
"""
import argparse
import collections
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PREFIX = "arm-none-eabi-"
CFLAGS = ["-std=c11", "-Os", "-mcpu=cortex-m4", "-mthumb", "-ffreestanding", "-ffunction-sections", "-fdata-sections",
          f"-I{ROOT / 'include'}"]

# profile -> {archive: code budget in bytes}, {context: budget in bytes}
PROFILES = {
    "mctp": ({"prot-mctp": 4608}, {"context_endpoint": 256}),
    "spdm_responder": ({"prot-spdm-core": 14336}, {"context_responder": 1536}),
    "spdm_requester": ({"prot-spdm-core": None}, {"context_requester": None}),
    "pldm_fd": ({"prot-pldm": 8192}, {"context_fd": None, "context_responder": None}),
    "pldm_ua": ({"prot-pldm": None}, {"context_ua": None}),
    "services": ({"prot-services": None, "prot-crypto": None}, {"context_device": None}),
}
CONTEXT_SUMS = {"pldm_fd": 256}


def run(*args):
    done = subprocess.run([str(a) for a in args], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, args))}:\n{done.stderr}")
    return done.stdout


def link(profile, archives, folder):
    elf, mapfile = folder / f"{profile}.elf", folder / f"{profile}.map"
    run(PREFIX + "gcc", *CFLAGS, HERE / f"{profile}.c", "-o", elf, "-nostdlib", "-Wl,-e,main", "-Wl,--gc-sections",
        f"-Wl,-Map={mapfile}", "-Wl,--start-group", *archives, "-lc", "-lgcc", "-Wl,--end-group",
        "-Wl,--no-warn-rwx-segments")
    return elf, mapfile.read_text()


def sections(mapfile):
    """(section, bytes, archive stem) of everything that the linker kept of our archives."""
    kept = mapfile.split("Linker script and memory map", 1)[1]
    for m in re.finditer(r"^ \.?(\S+)\s+0x[0-9a-f]+\s+0x([0-9a-f]+)\s+\S*lib(prot-[\w-]+)\.a\(", kept, re.M):
        yield m[1], int(m[2], 16), m[3]


def archive_sizes(mapfile):
    code, data = collections.Counter(), collections.Counter()
    for section, size, archive in sections(mapfile):
        if section.startswith(("text", "rodata")):
            code[archive] += size
        elif section.startswith(("data", "bss")):
            data[archive] += size
    return code, data


def contexts(elf):
    out = run(PREFIX + "nm", "-S", "--size-sort", elf)
    return {p[3]: int(p[1], 16) for p in (line.split() for line in out.splitlines())
            if len(p) == 4 and p[3].startswith("context_")}


class CallGraph:
    """Nodes are function names; statics of the same name in two files are one node, the deeper counts."""

    def __init__(self, build):
        self.frame, self.calls, self.home = collections.defaultdict(int), collections.defaultdict(set), {}
        for path in pathlib.Path(build).rglob("*.ci"):
            self.read(path.read_text(), str(path.relative_to(build)).split("/")[1].split(".a.p")[0])
        self.taken = self.address_taken(build)

    @staticmethod
    def plain(title):
        return title.rsplit(":", 1)[-1].split(".", 1)[0]

    def read(self, text, home):
        for title, label in re.findall(r'node: \{ title: "([^"]+)" label: "([^"]*)"', text):
            bytes_ = re.search(r"(\d+) bytes", label)
            if bytes_:
                name = self.plain(title)
                self.frame[name] = max(self.frame[name], int(bytes_[1]))
                self.home[name] = home
        for source, target in re.findall(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"', text):
            self.calls[self.plain(source)].add(self.plain(target))

    def address_taken(self, build):
        taken = collections.defaultdict(set)
        for archive in pathlib.Path(build).glob("*/libprot-*.a"):
            for line in run(PREFIX + "readelf", "-rW", archive).splitlines():
                m = re.search(r"R_ARM_ABS32\s+\S+\s+\.?(?:text\.)?(\w+)", line)
                if m and m[1] in self.frame:
                    taken[archive.name.removesuffix(".a")].add(m[1])
        return taken

    def targets(self, name):
        for callee in self.calls[name]:
            if callee == "__indirect_call":
                yield from self.taken[self.home.get(name)]
            else:
                yield callee

    def depth(self, name, path=(), memo=None):
        memo = {} if memo is None else memo
        if name in path or name not in self.frame:
            return 0
        if name not in memo:
            below = [self.depth(t, path + (name,), memo) for t in self.targets(name)]
            memo[name] = self.frame[name] + max(below, default=0)
        return memo[name]


def entry_points(profile, graph):
    text = (HERE / f"{profile}.c").read_text()
    return [n for n in set(re.findall(r"\bprot_\w+(?=\()", text)) if n in graph.frame]


def over(value, budget):
    return budget is not None and value > budget


def report(build):
    graph = CallGraph(build)
    archives = sorted(pathlib.Path(build).glob("*/libprot-*.a"))
    lines = ["| profile | library | code | data | context | stack | budget |", "|---|---|---:|---:|---|---:|---|"]
    failures = []
    with tempfile.TemporaryDirectory() as tmp:
        for profile, (code_budget, context_budget) in PROFILES.items():
            elf, mapfile = link(profile, archives, pathlib.Path(tmp))
            code, data = archive_sizes(mapfile)
            ram = contexts(elf)
            stack = max((graph.depth(n) for n in entry_points(profile, graph)), default=0)
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
    return lines, failures


def write(path, lines):
    """Replace the generated table of a document, between its two markers."""
    begin, end = "<!-- generated: begin -->", "<!-- generated: end -->"
    text = pathlib.Path(path).read_text()
    head, rest = text.split(begin)
    pathlib.Path(path).write_text(f"{head}{begin}\n\n" + "\n".join(lines) + f"\n\n{end}{rest.split(end)[1]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--write", metavar="FILE")
    options = parser.parse_args()
    lines, failures = report(options.build)
    print("Cortex-M4, -Os, bytes. Code counts instructions and constants that the linker kept.\n")
    print("\n".join(lines))
    if options.write:
        write(options.write, lines)
    if failures:
        sys.exit("\n" + "\n".join(failures))


main()
