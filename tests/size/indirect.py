# SPDX-License-Identifier: Apache-2.0
"""Who can be called through a pointer, read from the sources.

The compiler says where an indirect call stands: file, line, column. The expression there names a member of a struct
(`c->ops->hash_init`) or a table (`stages[i]`). Callable are the functions that the tree puts into this member of this
struct, by an initialiser or an assignment, or into this table. Only the C that this project writes is understood, and
what is not understood is an error, never an empty answer.
"""
import bisect
import collections
import functools
import pathlib
import re

FUNCTION = "function"  # the type of a member, beside ("struct", Struct) and None
NAME = re.compile(r"[A-Za-z_]\w*")
CALL = re.compile(r"\b(\w+)((?:\s*\[[^]]*\]|\s*(?:->|\.)\s*\w+)*)\s*\(")  # a->b.c[i](
KEYWORDS = {"sizeof", "NULL", "true", "false"}


class Unknown(Exception):
    pass


class Struct:
    def __init__(self, name, path, start):
        self.name, self.path, self.start = name, path, start
        self.members = {}  # name -> FUNCTION | tag of a struct | Struct | None, in order

    def __str__(self):
        return f"struct {self.name}" if self.name else f"table in {self.path.name}"


def blank(text):
    """The text without comments, strings and directives, everything else where it was."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|^[ \t]*#(?:\\\n|[^\n])*'
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.S | re.M)


def closing(text, at):
    """Where the bracket that opens at `at` is closed."""
    pairs, depth = {"(": ")", "[": "]", "{": "}"}, 0
    opens, closes = text[at], pairs[text[at]]
    for i in range(at, len(text)):
        depth += (text[i] == opens) - (text[i] == closes)
        if depth == 0:
            return i
    raise Unknown(f"unbalanced {opens}")


def split(text, start, end, separator):
    """(start, end) of the parts of a list, nested brackets left whole."""
    at = start
    i = start
    while i < end:
        if text[i] in "([{":
            i = closing(text, i)
        elif text[i] == separator:
            yield at, i
            at = i + 1
        i += 1
    if text[at:end].strip():
        yield at, end


class Source:
    def __init__(self, path):
        self.path = path
        self.text = blank(path.read_text())
        self.lines = [0] + [m.end() for m in re.finditer("\n", self.text)]

    def offset(self, line, column):
        return self.lines[line - 1] + column - 1

    def where(self, at):
        return f"{self.path.name}:{bisect.bisect_right(self.lines, at)}"


class Tree:
    """The sources below some folders, and what they put into members and tables of functions."""

    def __init__(self, folders, skip=()):
        self.sources, self.structs = {}, collections.defaultdict(list)
        self.assigned = collections.defaultdict(set)  # (Struct, member) or (path, table) -> {(path, function)}
        self.passed = set()  # (path, function) as an argument
        self.typedefs = set()
        for folder in folders:
            for path in sorted(p for p in pathlib.Path(folder).rglob("*.[ch]") if not set(skip) & set(p.parts)):
                self.sources[path.resolve()] = Source(path.resolve())
        for source in self.sources.values():
            self.typedefs.update(m[1] for m in re.finditer(r"\btypedef\b[^;{]*?\(\s*\*\s*(\w+)\s*\)\s*\(", source.text))
            self.typedefs.update(m[1] for m in re.finditer(r"\btypedef\b[^;{(]*?\b(\w+)\s*\(", source.text))
        for source in self.sources.values():
            for m in re.finditer(r"\b(?:struct|union)\s+(\w+)\s*\{", source.text):
                self.structs[m[1]].append(self.read_struct(source, m[1], m.end() - 1))
        for source in self.sources.values():
            self.read_initialisers(source)
            self.read_assignments(source)

    # ---- types

    def read_struct(self, source, name, brace):
        struct = Struct(name, source.path, brace)
        for start, end in split(source.text, brace + 1, closing(source.text, brace), ";"):
            self.read_member(source, struct, start, end)
        return struct

    def read_member(self, source, struct, start, end):
        text = source.text[start:end]
        inner = text.find("{")
        pointer = re.search(r"\(\s*\*\s*(?:const\s+)?(\w+)\s*(?:\[[^]]*\])?\s*\)\s*\(", text)
        if inner >= 0 and not text.lstrip().startswith("enum"):
            nested = self.read_struct(source, None, start + inner)
            name = re.match(r"\s*(\w*)", source.text[closing(source.text, start + inner) + 1:])[1]
            struct.members.update({name: nested} if name else nested.members)
        elif pointer:
            struct.members[pointer[1]] = FUNCTION
        elif inner < 0:
            tag = re.match(r"\s*(?:const\s+)?(?:struct|union)\s+(\w+)", text)
            typedef = set(NAME.findall(text)[:-1]) & self.typedefs
            for piece in text.split(","):
                name = re.search(r"(\w+)\s*(?:\[[^]]*\]\s*)*(?::\s*\w+\s*)?$", piece)
                if name:
                    struct.members[name[1]] = tag[1] if tag else FUNCTION if typedef else None

    def struct(self, tag, path):
        """The definition that a file sees: its own, or the one of the headers."""
        if isinstance(tag, Struct):
            return tag
        known = self.structs.get(tag, [])
        own = [s for s in known if s.path == path] or [s for s in known if s.path.suffix == ".h"] or known
        if len(own) != 1:
            raise Unknown(f"{len(own)} definitions of struct {tag}")
        return own[0]

    def variable(self, source, name, at):
        """The type of a variable that is visible at an offset: the nearest declaration before."""
        tagged = rf"\b(?:struct|union)\s+(\w+)\s*(?:\*|\bconst\b|\s)*\b{name}\b(?!\s*\()"
        best = None
        for m in re.finditer(tagged, source.text[:at]):
            best = m
        inline = [m for m in re.finditer(r"\bstruct\s*\w*\s*(\{)", source.text[:at])
                  if re.match(rf"\s*{name}\b", source.text[closing(source.text, m.start(1)) + 1:])]
        if inline and (best is None or inline[-1].start() > best.start()):
            return self.inline(source, inline[-1].start(1))
        if best is None:
            best = next((m for other in self.sources.values()
                         for m in re.finditer(r"\bextern\s[^;]*?" + tagged, other.text)), None)
        if best is None:
            raise Unknown(f"no declaration of {name}")
        return self.struct(best[1], source.path)

    @functools.lru_cache(None)
    def inline(self, source, brace):
        """A struct that is defined where its variable is."""
        return self.read_struct(source, None, brace)

    def walk(self, source, base, members, at):
        """(struct, member) that `base->a->b` names."""
        struct = self.variable(source, base, at)
        for i, member in enumerate(members):
            if member not in struct.members:
                raise Unknown(f"{struct} has no member {member}")
            kind = struct.members[member]
            if i == len(members) - 1:
                return struct, member, kind
            if kind is None or kind == FUNCTION:
                raise Unknown(f"{member} of {struct} is no struct")
            struct = self.struct(kind, source.path)

    # ---- what is put where

    def put(self, key, source, start, end):
        """Every name in an expression may be the function; the image knows which is one."""
        for m in NAME.finditer(source.text, start, end):
            if m[0] not in KEYWORDS:
                self.assigned[key].add((source.path, m[0]))

    def read_initialisers(self, source):
        text = source.text
        declared = r"\bstruct\s+(\w+)\s*(?:\*|\bconst\b|\s)*\w+\s*((?:\[[^]]*\]\s*)*)=\s*(\{)"
        literal = r"\(\s*(?:const\s+)?struct\s+(\w+)\s*(\[[^]]*\]\s*)?\)\s*(\{)"
        for m in [*re.finditer(declared, text), *re.finditer(literal, text)]:
            self.read_list(source, self.struct(m[1], source.path), m.start(3), bool(m[2]))
        for m in re.finditer(r"\bstruct\s*\w*\s*(\{)", text):
            rest = re.match(r"\s*\w+\s*((?:\[[^]]*\]\s*)*)=\s*(\{)", text[closing(text, m.start(1)) + 1:])
            if rest:
                begin = closing(text, m.start(1)) + 1 + rest.start(2)
                self.read_list(source, self.inline(source, m.start(1)), begin, bool(rest[1]))
        pointers = r"\(\s*\*\s*(?:const\s+)?(\w+)\s*\[[^]]*\]\s*\)\s*\([^;{]*?\)\s*=\s*(\{)"
        named = rf"\b(?:{'|'.join(self.typedefs) or '-'})\s*\*?\s*(?:const\s+)?(\w+)\s*\[[^]]*\]\s*=\s*(\{{)"
        for m in [*re.finditer(pointers, text), *re.finditer(named, text)]:
            self.put((source.path, m[1]), source, m.start(2) + 1, closing(text, m.start(2)))

    def read_list(self, source, struct, brace, is_array):
        order = list(struct.members)
        next_member = 0
        for start, end in split(source.text, brace + 1, closing(source.text, brace), ","):
            if not source.text[start:end].strip():
                continue
            if is_array:
                m = re.match(r"\s*(?:\[[^]]*\]\s*=)?\s*(\{)", source.text[start:end])
                if m:
                    self.read_list(source, struct, start + m.start(1), False)
                continue
            m = re.match(r"\s*\.(\w+)((?:\.\w+)*)\s*=", source.text[start:end])
            if m:
                next_member = order.index(m[1])
                start += m.end()
            member = order[next_member] if next_member < len(order) else None
            next_member += 1
            self.read_value(source, struct, member, m[2] if m else "", start, end)

    def read_value(self, source, struct, member, path, start, end):
        kind = struct.members.get(member)
        for name in path.split(".")[1:]:
            struct, member = self.struct(kind, source.path), name
            kind = struct.members[name]
        if kind == FUNCTION:
            self.put((struct, member), source, start, end)
        elif kind is not None and source.text[start:end].lstrip().startswith("{"):
            inner = source.text.index("{", start)
            array = re.match(r"\{\s*(?:\[[^]]*\]\s*=\s*)?\{", source.text[inner:end])
            self.read_list(source, self.struct(kind, source.path), inner, bool(array))

    @functools.cached_property
    def function_members(self):
        named = {m for known in self.structs.values() for s in known for m, kind in s.members.items()
                 if kind == FUNCTION}
        return named

    def read_assignments(self, source):
        target = r"\b(\w+)((?:\s*\[[^]]*\]|\s*(?:->|\.)\s*\w+)+)\s*=(?!=)([^;]*);"
        for m in re.finditer(target, source.text):
            members = re.findall(r"(?:->|\.)\s*(\w+)", m[2])
            if not members or members[-1] not in self.function_members:
                continue
            try:
                struct, member, kind = self.walk(source, m[1], members, m.start())
            except Unknown:  # rarely a function; whoever takes its address and is not read is found at the end
                continue
            if kind == FUNCTION:
                self.put((struct, member), source, m.start(3), m.end(3))

    # ---- the question

    def callees(self, path, line, column):
        """(text of the callee, {(file, name)}) of the call through a pointer that stands there."""
        source = self.sources[pathlib.Path(path).resolve()]
        at = source.offset(line, column)
        m = CALL.match(source.text, at)
        if not m:
            raise Unknown("a form of a call that is not understood; write it as a statement of its own")
        if self.members(m) or (source.path, m[1]) in self.assigned:
            return self.called(source, m)
        passed = self.arguments(source, m[1], at)
        if passed:
            return m[1], passed
        # The place of a call in an argument may be that of the whole.
        inner = [i for i in CALL.finditer(source.text, m.end(), closing(source.text, m.end() - 1)) if self.members(i)]
        if len(inner) != 1:
            raise Unknown(f"nothing is ever put into {m[1]}, if it is a variable")
        return self.called(source, inner[0])

    def arguments(self, source, name, at):
        """What callers in the file pass, if the name is a parameter of the static function around the offset."""
        found = set()
        brace = source.text.rfind("\n{", 0, at) + 1
        head = max(source.text.rfind(c, 0, brace) for c in ";}") + 1
        m = re.search(r"\bstatic\s[^(]*?\b(\w+)\s*\(", source.text[head:brace])
        if not m:
            return found
        parameters = list(split(source.text, head + m.end(), closing(source.text, head + m.end() - 1), ","))
        place = [i for i, (s, e) in enumerate(parameters) if re.search(rf"\b{name}\s*(\)|$)", source.text[s:e])]
        for call in re.finditer(rf"\b{m[1]}\s*(\()", source.text) if place else []:
            if not head <= call.start() < brace:
                start, end = list(split(source.text, call.end(), closing(source.text, call.start(1)), ","))[place[0]]
                found.update((source.path, n) for n in NAME.findall(source.text[start:end]))
        self.passed |= found
        return found

    @staticmethod
    def members(call):
        return re.findall(r"(?:->|\.)\s*(\w+)", re.sub(r"\[[^]]*\]", "", call[2]))

    def called(self, source, call):
        members = self.members(call)
        if not members:
            return call[1], self.assigned[source.path, call[1]]
        struct, member, kind = self.walk(source, call[1], members, call.start())
        if kind != FUNCTION:
            raise Unknown(f"{member} of {struct} is no function")
        found = self.assigned[struct, member]
        # A layer passes on to another one of its kind, never to itself.
        if "below" in members:
            found = {(p, n) for p, n in found if p != source.path}
        return f"{struct}.{member}", found
