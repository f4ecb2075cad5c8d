#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every text file states its licence, near its top.

usage: spdx.py SOURCE_ROOT [BUILD_ROOT]
"""
import os
import pathlib
import shutil
import subprocess
import sys

EXEMPT = (".gitkeep", ".json", ".der", ".pem", ".bin", ".pldm", ".cbor", ".gitignore", "LICENSE", ".txt.expected")


def tracked(root):
    """The files of the tree: as git knows them, or all but build folders where there is no git."""
    if shutil.which("git"):
        git = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True, text=True)
        if git.returncode == 0 and git.stdout:
            return git.stdout.split("\0")[:-1]
    names = []
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if f not in (".git", "build", "__pycache__")]
        names += [os.path.relpath(os.path.join(folder, f), root) for f in files]
    return names


def main():
    root = pathlib.Path(sys.argv[1])
    names = tracked(root)
    missing = []
    for name in names:
        if name.endswith(EXEMPT) or name.startswith("fuzz/corpus/") or not (root / name).is_file():
            continue
        if b"SPDX-License-Identifier: Apache-2.0" not in (root / name).read_bytes()[:600]:
            missing.append(name)
    print("\n".join(f"{n}: no SPDX-License-Identifier" for n in missing) or f"{len(names)} files looked at")
    return 1 if missing else 0


sys.exit(main())
