#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands of docs/aspeed.md that add a board, done in a copy of the tree: build and tools then know it, and its files compile.

usage: boards.py SOURCE_ROOT [BUILD_ROOT]
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

CC = "arm-none-eabi-gcc"
BOARD = "my_board"
# What knows boards, and where it must name this one.
LISTS = {"meson_options.txt": "'my-board'", "port/board/meson.build": "'board_my_board.c'",
         "include/prot/port/board.h": "prot_board_my_board;", "examples/prot/cli_board.c": "&prot_board_my_board,"}
INCLUDES = ["include", "port/aspeed/soc", "port/aspeed/soc/target", "port/aspeed/drivers", "port/aspeed/start",
            "port/aspeed/boards", "port/aspeed/firmware"]


def commands(source):
    return re.search(r"^```sh\n(.*?)^```", (source / "docs/aspeed.md").read_text(), re.S | re.M)[1]


def check(tree):
    for path, name in LISTS.items():
        count = (tree / path).read_text().count(name)
        if count != 1:
            yield f"{path} names the board {count} times"
    for path in (f"port/aspeed/boards/{BOARD}.c", f"port/board/board_{BOARD}.c"):
        if "evb" in re.sub(r"prot_ast_evb_\w+|\"evb.h\"|/\*.*?\*/", "", (tree / path).read_text(), flags=re.S):
            yield f"{path} still names the board that it was copied from"
        done = subprocess.run([CC, "-std=c11", "-mcpu=cortex-m4", "-mthumb", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                               *(f"-I{i}" for i in INCLUDES), path], cwd=tree, text=True, capture_output=True)
        if done.returncode:
            yield done.stderr


def main():
    source = pathlib.Path(sys.argv[1]).resolve()
    if not shutil.which(CC):
        print("no compiler for Cortex-M4")
        return 77
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        for name in ("include", "port", "examples"):
            shutil.copytree(source / name, tmp / name)
        shutil.copy(source / "meson_options.txt", tmp)
        subprocess.run(["sh", "-e", "-c", commands(source)], cwd=tmp, check=True)
        problems = list(check(tmp))
    print("\n".join(problems) or "a copy of a board compiles, and is known by its name")
    return 1 if problems else 0


sys.exit(main())
