# SPDX-License-Identifier: Apache-2.0
"""The worst case of the stack of a linked image.

Frames and direct calls are read from the machine code, so that assembly, the C library and the compiler's helpers
count like everything else; calls through pointers are resolved with the places that the compiler names
(-fcallgraph-info=su) and the sources (indirect.py). Refused are: recursion, a frame of variable size, a call through
a pointer that nobody resolves, a function whose address is taken without a call that is known to reach it.
"""
import collections
import functools
import pathlib
import re
import sys

from binutils import PREFIX, read_callgraph, run, sections
from indirect import Unknown

EXCEPTION_FRAME = 8 * 4 + 4  # eight words and the one that aligns; no floating point (armv7-m, B1.5.6)
DEPTH_LIMIT = 1 << 16

# Assembly that jumps through a register without a call to come back from.
LEAVES = {"prot_ast_leave": "another program starts, on its own stack"}

Instruction = collections.namedtuple("Instruction", "address name operands")


class Refused(Exception):
    pass


class Function:
    def __init__(self, name, address, size, section):
        self.name, self.address, self.size, self.section = name, address, size, section
        self.node = None  # the compiler's
        self.code = []
        self.depth = 0  # of its own frame, by the machine code
        self.calls = {}  # address -> depth there
        self.indirect = None  # depth of the deepest call through a pointer
        self.lost = []  # instructions that the walk did not come to
        self.sites = set()  # (file, line, column) of calls through pointers


def registers(operands):
    """How many registers a list like {r4-r6, lr} names."""
    order = [f"r{i}" for i in range(9)] + ["r9", "r10", "r11", "r12", "sp", "lr", "pc"]
    alias = {"sl": "r10", "fp": "r11", "ip": "r12", "sb": "r9"}
    count = 0
    for part in re.search(r"\{(.*?)\}", operands)[1].split(","):
        ends = [alias.get(p.strip(), p.strip()) for p in part.split("-")]
        count += order.index(ends[-1]) - order.index(ends[0]) + 1
    return count


def number(operands):
    m = re.search(r"#(-?\d+)\s*$", operands)
    return int(m[1]) if m else None


def is_padding(i):
    return i.name.startswith("nop") or (i.name, i.operands) == ("movs", "r0, r0")


class Walker:
    """Follows the machine code of one function and keeps how deep the stack is."""

    CONDITION = re.compile(r"(eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)$")

    def __init__(self, function):
        self.f = function
        self.code = {i.address: n for n, i in enumerate(function.code)}
        self.at = [None] * len(function.code)  # depth before each instruction
        self.constants = self.find_constants()

    def find_constants(self):
        """Values of registers that an instruction before set, for `add sp, r6`."""
        known, result = {}, []
        for i in self.f.code:
            result.append(dict(known))
            target = re.match(r"(\w+)", i.operands)
            if target and i.name.startswith("rsb") and re.fullmatch(r"(\w+), \1, #0", i.operands):
                value = known.get(target[1])
                known[target[1]] = None if value is None else -value
            elif target:
                known[target[1]] = number(i.operands) if i.name.startswith("mov") else None
        return result

    def pushed(self, n):
        """Bytes that an instruction puts on the stack; negative: takes off it."""
        i = self.f.code[n]
        name, ops = i.name.split(".")[0], i.operands
        if re.match(r"push|stmdb|stmfd", name) and ("sp!" in ops or name.startswith("push")):
            return 4 * registers(ops)
        if re.match(r"pop|ldmia|ldmfd|ldm", name) and ("sp!" in ops or name.startswith("pop")):
            return -4 * registers(ops)
        if re.search(r"\[sp, #-?\d+\]!$", ops) or re.search(r"\[sp\], #-?\d+$", ops):
            return -int(re.search(r"#(-?\d+)", ops)[1])
        if re.match(r"(add|sub)w?(?!\w*s\b)", name) and re.match(r"sp\b", ops):
            value = number(ops)
            if value is None:
                value = self.constants[n].get(ops.split(",")[-1].strip())
            if value is None:
                raise Refused(f"{self.f.name}: the size of a frame is not a constant, at {i.address:#x}")
            return value if name.startswith("sub") else -value
        if re.match(r"mov|ldr|vpush|vpop", name) and re.match(r"sp\b|\{", ops):
            raise Refused(f"{self.f.name}: {i.name} {ops} at {i.address:#x} sets the stack pointer")
        return 0

    def jump(self, n):
        """(targets inside, whether the next instruction follows, table) and note calls."""
        i = self.f.code[n]
        name = i.name.split(".")[0]
        conditional = bool(self.CONDITION.search(name))
        target = re.match(r"(?:\w+, )?([0-9a-f]+)(?: <|$)", i.operands)
        base = self.CONDITION.sub("", name) if conditional else name
        if base in ("bl", "blx"):
            self.call(n, int(target[1], 16) if target and base == "bl" else None)
            return [], True, False
        if name in ("cbz", "cbnz") or base == "b":
            to = int(target[1], 16)
            if to in self.code:
                return [to], conditional or name != "b", False
            self.call(n, to)
            return [], conditional, False
        if name in ("tbb", "tbh"):
            return [], False, True
        if base == "bx" and i.operands.strip() != "lr":
            self.call(n, None)
            return [], conditional, False
        if base == "bx" or re.search(r"\bpc\b[^\[]*\}", i.operands) or base == "udf":
            return [], conditional, False
        if re.match(r"pc\b", i.operands):
            return [], conditional, not re.search(r"\[sp\]", i.operands)
        return [], True, False

    def call(self, n, to):
        depth = self.at[n]
        if to is None:
            self.f.indirect = max(depth, self.f.indirect or 0)
        else:
            self.f.calls[to] = max(depth, self.f.calls.get(to, 0))

    def reach(self, n, depth, work):
        if n < len(self.at) and (self.at[n] is None or self.at[n] < depth):
            if depth > DEPTH_LIMIT:
                raise Refused(f"{self.f.name}: its stack grows in a loop")
            self.at[n] = depth
            work.append(n)

    def follow(self, work):
        """Returns the depth at the deepest jump through a table."""
        table = None
        while work:
            n = work.pop()
            inside, falls, by_table = self.jump(n)
            depth = self.at[n] + self.pushed(n)
            self.f.depth = max(self.f.depth, depth)
            for to in inside:
                self.reach(self.code[to], depth, work)
            if falls:
                conditional_return = "pc}" in self.f.code[n].operands
                self.reach(n + 1, self.at[n] if conditional_return else depth, work)
            if by_table:
                table = max(depth, table or 0)
        return table

    def walk(self):
        work = []
        if self.at:
            self.reach(0, 0, work)
        table = self.follow(work)
        while table is not None:  # what nothing else reaches is where the table leads
            lost = next((n for n, depth in enumerate(self.at) if depth is None), None)
            if lost is None:
                break
            self.reach(lost, table, work)
            self.follow(work)
        self.f.lost = [i.address for i, depth in zip(self.f.code, self.at) if depth is None and not is_padding(i)]


class Image:
    def __init__(self, build, elf, tree):
        self.build, self.elf, self.tree = pathlib.Path(build), pathlib.Path(elf), tree
        self.sections = list(sections(self.elf.with_suffix(".map").read_text()))
        self.functions = self.read_functions()
        self.by_name = collections.defaultdict(list)
        for f in self.functions.values():
            self.by_name[f.name].append(f)
        self.read_code()
        self.graphs = {}
        self.unused = {}  # call through a pointer -> what it would call, if something was put there
        self.reached = set()  # (file, name) that a known call through a pointer reaches
        for f in self.functions.values():
            self.attach(f)
            Walker(f).walk()
        self.problems = [*self.check_frames(), *self.check_pointers()]

    # ---- what there is

    def read_functions(self):
        code = sorted(s for s in self.sections if s.name.startswith(".text") and s.size)
        found = {}
        for line in run(PREFIX + "readelf", "-sW", self.elf).splitlines():
            p = line.split()
            if len(p) == 8 and p[3] == "FUNC" and p[6] != "UND":
                address = int(p[1], 16) & ~1
                section = next(s for s in code if s.address <= address < s.address + s.size)
                found.setdefault(address, Function(p[7], address, int(p[2], 0), section))
        return found

    def read_code(self):
        starts = sorted(self.functions)
        current, end = None, 0
        for line in run(PREFIX + "objdump", "-d", "--no-show-raw-insn", self.elf).splitlines():
            m = re.match(r"\s*([0-9a-f]+):\t(\S+)\s*([^@;]*)", line)
            if not m:
                continue
            address = int(m[1], 16)
            if address in self.functions:
                current = self.functions[address]
                end = current.section.address + current.section.size
            if current and address < end and not m[2].startswith("."):
                current.code.append(Instruction(address, m[2], m[3].strip()))
        if not starts:
            raise Refused(f"{self.elf.name}: no functions")

    @functools.cached_property
    def graph_files(self):
        files = collections.defaultdict(list)
        for path in self.build.rglob("*.c.ci"):
            files[path.name].append(path)
        return files

    def graph_file(self, object_name):
        """The call graph of an object, which may have been put into an archive of another folder."""
        m = re.fullmatch(r"(?:(.*)\((.*)\)|(.*/)?([^/]*))", object_name)
        member = m[2] or m[4]
        known = self.graph_files.get(re.sub(r"\.o$", ".ci", member), [])
        own = str(self.build / (m[1] + ".p" if m[1] else m[3] or ""))
        return next((p for p in known if str(p.parent) == own.rstrip("/")), known[0] if len(known) == 1 else None)

    def attach(self, f):
        """Give a function what the compiler says of it."""
        path = self.graph_file(f.section.object)
        if path is None:
            return
        if path not in self.graphs:
            nodes, edges = read_callgraph(path)
            sites = collections.defaultdict(set)
            for caller, callee, label in edges:
                if callee == "__indirect_call":
                    file, line, column = label.rsplit(":", 2)
                    sites[caller].add(((self.build / file).resolve(), int(line), int(column)))
            self.graphs[path] = {n.title.rsplit(":", 1)[-1]: n for n in nodes}, sites
        nodes, sites = self.graphs[path]
        f.node = nodes.get(f.name)
        f.sites = sites[f.node.title] if f.node else set()

    def source(self, f):
        """The file of a static function, None for one that every file can name."""
        return (self.build / f.node.title.rsplit(":", 1)[0]).resolve() if f.node and ":" in f.node.title else None

    # ---- calls through pointers

    def named(self, path, name):
        """The function that a name in a file means, if it is in the image."""
        fits = [f for f in self.by_name.get(name, []) if self.source(f) in (None, path)]
        return next((f for f in fits if self.source(f)), fits[0] if fits else None)

    @functools.lru_cache(None)
    def callees(self, site):
        try:
            text, names = self.tree.callees(*site)
        except Unknown as why:
            raise Refused(f"{site[0].name}:{site[1]}: call through a pointer: {why}")
        found = {f.address for f in (self.named(*n) for n in names) if f}
        if not found:
            self.unused[f"{site[0].name}:{site[1]}"] = text
        return found

    def targets(self, f):
        """(address, depth there) of everything that a function calls."""
        yield from f.calls.items()
        for site in sorted(f.sites):
            yield from ((to, f.indirect) for to in sorted(self.callees(site)))

    # ---- the worst case

    def deepest(self, f, memo, path=()):
        """(bytes, functions from here down) of the deepest path."""
        if f.address in path:
            names = " > ".join(self.functions[a].name for a in path[path.index(f.address):])
            raise Refused(f"recursion: {names} > {f.name}")
        if f.address not in memo:
            best = f.depth, (f,)
            for to, depth in self.targets(f):
                if to not in self.functions:
                    raise Refused(f"{f.name} calls {to:#x}, which is no function")
                below = self.deepest(self.functions[to], memo, path + (f.address,))
                best = max(best, (depth + below[0], (f,) + below[1]), key=lambda b: b[0])
            memo[f.address] = best
        return memo[f.address]

    def stack(self, root):
        return self.deepest(self.by_name[root][0], {})

    # ---- what must hold

    def check_frames(self):
        for f in self.functions.values():
            if f.node and not f.node.bounded:
                yield f"{f.name}: a frame of variable size"
            if f.lost:
                yield f"{f.name}: nothing is seen to reach {f.lost[0]:#x}"
            if f.indirect is not None and not f.sites and f.name not in LEAVES:
                yield f"{f.name}: jumps through a register where the compiler knows of no call"
            if f.sites and f.indirect is None:
                yield f"{f.name}: the compiler knows of a call through a pointer, the machine code has none"

    def taken(self):
        """(object, function) whose address the image holds."""
        kept = {(s.object, s.name) for s in self.sections if s.output in (".text", ".rodata", ".data")}
        for name in {s.object for s in self.sections if s.object}:
            path = self.graph_file(name)
            if path is None:
                continue
            local = None
            for line in run(PREFIX + "readelf", "-rW", path.with_suffix(".o")).splitlines():
                section = re.match(r"Relocation section '\.rel(\.[\w.$-]+)'", line)
                if section:
                    local = section[1] if (name, section[1]) in kept else None
                m = local and re.search(r"R_ARM_(?:ABS32|THM_MOVW_ABS_NC)\s+\S+\s+(?:\.text\.)?([\w.]+)", line)
                if m and m[1] in self.by_name and local != f".text.{m[1]}":  # its own labels: a table of jumps
                    yield name, m[1]

    def check_pointers(self):
        """A function whose address is taken is one that a call through a pointer is known to reach."""
        for f in self.functions.values():
            for site in sorted(f.sites):
                self.callees(site)
        put = {name for names in [*self.tree.assigned.values(), self.tree.passed] for _, name in names}
        for object_name, name in sorted(set(self.taken())):
            if name not in put:
                yield f"{object_name} takes the address of {name}, which nothing is known to call"

    def extra_frames(self):
        """Functions that use more stack than the compiler says: assembly inside of C."""
        return sorted((f.name, f.node.bytes, f.depth) for f in self.functions.values()
                      if f.node and f.depth > f.node.bytes)
