#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Use the tree as a Meson subproject of another program.

usage: subproject.py SOURCE_ROOT [BUILD_ROOT]
"""
import os
import pathlib
import subprocess
import sys
import tempfile

MESON = """
project('firmware', 'c', default_options: ['c_std=c11'])
deps = []
foreach name : ['prot-mctp', 'prot-spdm-core', 'prot-pldm', 'prot-crypto', 'prot-services']
  deps += dependency(name, fallback: ['openprot-c'])
endforeach
executable('firmware', 'main.c', dependencies: deps)
"""
PROGRAM = """
#include <prot/mctp/endpoint.h>
#include <prot/services/image.h>
int main(void)
{
	struct prot_mctp m;
	struct prot_mctp_config config = { 0 };

	if (prot_mctp_init(&m, &config) != PROT_ERR_ARG) {
		return 1;
	}
	return prot_image_reason_text(PROT_IMAGE_ACCEPTED)[0] == 'a' ? 0 : 1;
}
"""


def run(*args, **kw):
    done = subprocess.run([str(a) for a in args], text=True, capture_output=True, **kw)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, args))} failed:\n{done.stdout}{done.stderr}")


def main():
    source = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        (tmp / "subprojects").mkdir()
        os.symlink(source, tmp / "subprojects/openprot-c")
        (tmp / "meson.build").write_text(MESON)
        (tmp / "main.c").write_text(PROGRAM)
        run("meson", "setup", tmp / "build", tmp)
        run("ninja", "-C", tmp / "build", "firmware")
        run(tmp / "build/firmware")
        print("a program built against the five libraries as a subproject")


main()
