#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the documentation names exists: files, tests, fuzz targets, identifiers, links.

In docs/spec-coverage.md every word in code style must be a source file, a test function, the name of a test program or fuzz
target, or an identifier of a public header. In all documents, paths, prot_ identifiers and relative links must lead somewhere.
docs/aspeed.md says of each driver of that port which test ran it where, and leaves none out.

usage: spec_coverage.py SOURCE_ROOT [BUILD_ROOT]
"""
import pathlib
import re
import sys

CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
IDENTIFIER = re.compile(r"(?:struct |enum )?((?:prot|PROT)_\w+)(?:\(\))?")
FUNCTION = re.compile(r"^(?:static void (?:\w+ )?|def )(\w+)\(", re.M)
FILE = re.compile(r"[\w./-]+\.(?:c|h|py|json|pldm|der|sh|build|ini|md)")
TOP = ("docs", "examples", "fuzz", "include", "libcrypto-port", "libmctp", "libpldm", "libspdm-core", "port", "services", "tests")


def read(root, *patterns):
    return "\n".join(p.read_text() for pattern in patterns for p in sorted(root.glob(pattern)) if p.is_file())


class Tree:
    def __init__(self, root):
        self.root = root
        self.paths = [p.relative_to(root) for top in TOP for p in (root / top).rglob("*") if p.is_file()]
        self.names = {p.name for p in self.paths}
        self.functions = set(FUNCTION.findall(read(root, "tests/**/*.c", "tests/**/*.py")))
        build = read(root, "tests/**/meson.build", "fuzz/**/meson.build", "examples/**/meson.build")
        self.programs = set(re.findall(r"'(\w+)'", build)) | {p.stem for p in self.paths if p.suffix == ".c"}
        self.programs |= {p.stem[len("fuzz_"):] for p in self.paths if p.name.startswith("fuzz_")}
        self.identifiers = set(re.findall(r"\b(?:prot|PROT)_\w+", read(root, "include/**/*.h", "port/**/*.h")))

    def has_path(self, name):
        """Of a file or directory."""
        places = ("", "include", "include/prot")
        return any(any((self.root / place).glob(name)) for place in places)

    def has_identifier(self, name):
        if name.endswith("_"):  # a family: PROT_MCTP_BINDING_*
            return any(i.startswith(name) for i in self.identifiers)
        return name in self.identifiers

    def covers(self, word):
        """Whether a word of the coverage tables is something that exists."""
        if "/" in word:
            return self.has_path(word)
        if FILE.fullmatch(word):
            return word in self.names
        match = IDENTIFIER.fullmatch(word)
        if match:
            return self.has_identifier(match[1])
        return word in self.functions or word in self.programs


def check_document(tree, path, strict):
    text = path.read_text()
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    for word in CODE.findall(prose):
        if strict and not tree.covers(word):
            yield f"`{word}` does not exist"
        elif FILE.fullmatch(word) and word.split("/")[0] in TOP + ("prot",) and not tree.has_path(word):
            yield f"`{word}` does not exist"
    for name in re.findall(r"\b(?:prot|PROT)_\w+", re.sub(r"^```sh\n.*?^```", "", text, flags=re.M | re.S)):
        if not tree.has_identifier(name) and name not in tree.functions and name not in tree.programs:
            yield f"{name} is in no header"
    for target in LINK.findall(prose):
        if "://" not in target and not (path.parent / target).exists():
            yield f"link to {target}"


def functions(root, pattern):
    return set(FUNCTION.findall(read(root, pattern)))


def check_drivers(root):
    """The table of docs/aspeed.md: | `driver.c` ... | tests on the target | tests on the host |"""
    text = (root / "docs/aspeed.md").read_text().split("## Which driver ran where")[1]
    rows = [line.split("|")[1:4] for line in text.splitlines() if line.startswith("| `") and line.count("|") == 4]
    rows = [[CODE.findall(cell) for cell in row] for row in rows]
    rows = [row for row in rows if row[0][0].endswith(".c")]
    drivers = {p.name for p in (root / "port/aspeed/drivers").glob("*.c")}
    drivers |= {p.name for p in (root / "port/firmware").glob("*.c") if not p.name.startswith("firmware_")}
    named = [name for row in rows for name in row[0]]
    programs = {p.name for place in ("aspeed", "firmware") for p in (root / "tests/unit" / place).glob("test_*.c")
                if not p.name.startswith("test_firmware_")}
    target = functions(root, "tests/target/*.c")
    yield from (f"driver {name} is not in the table" for name in sorted(drivers - set(named)))
    yield from (f"driver {name} does not exist" for name in named if name not in drivers)
    yield from (f"driver {name} stands twice" for name in sorted(drivers) if named.count(name) > 1)
    for row in rows:
        yield from (f"{name} is no test on the target" for name in row[1] if name not in target)
        yield from (f"{name} is no test of tests/unit/aspeed or tests/unit/firmware" for name in row[2] if name not in programs)
        if not row[2]:
            yield f"{row[0][0]}: no test on the host"
    tested = {name for row in rows for name in row[2]}
    yield from (f"{name} is in no row" for name in sorted(programs - tested))


def main():
    root = pathlib.Path(sys.argv[1])
    tree = Tree(root)
    documents = [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]
    problems = [f"{d.relative_to(root)}: {problem}" for d in documents
                for problem in check_document(tree, d, d.name == "spec-coverage.md")]
    problems += [f"docs/aspeed.md: {problem}" for problem in check_drivers(root)]
    print("\n".join(problems) or f"{len(documents)} documents, all that they name exists")
    return 1 if problems else 0


sys.exit(main())
