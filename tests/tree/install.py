#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Install the libraries into an empty folder and build a program against what is there, through pkg-config.

usage: install.py SOURCE_ROOT BUILD_ROOT
"""
import os
import pathlib
import subprocess
import sys
import tempfile

PROGRAM = """
#include <prot/base/status.h>
#include <prot/crypto.h>
#include <prot/mctp/endpoint.h>
#include <prot/pldm/responder.h>
#include <prot/services/image.h>
#include <prot/spdm/responder.h>
int main(void)
{
	struct prot_mctp m;
	struct prot_mctp_config mctp = { 0 };
	struct prot_pldm_responder p;
	struct prot_pldm_responder_config pldm = { 0 };
	struct prot_spdm_responder s;
	struct prot_spdm_responder_config spdm = { 0 };

	if (prot_mctp_init(&m, &mctp) != PROT_ERR_ARG || prot_pldm_responder_init(&p, &pldm) != PROT_ERR_ARG ||
	    prot_spdm_responder_init(&s, &spdm, NULL) != PROT_ERR_ARG) {
		return 1;
	}
	return prot_image_reason_text(PROT_IMAGE_ACCEPTED)[0] == 'a' ? 0 : 1;
}
"""
MODULES = ["prot-mctp", "prot-spdm-core", "prot-pldm", "prot-crypto", "prot-services"]


def main():
    source = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)

        def run(*args, **kw):
            done = subprocess.run([str(a) for a in args], text=True, capture_output=True, **kw)
            if done.returncode:
                sys.exit(f"{' '.join(map(str, args))} failed:\n{done.stdout}{done.stderr}")
            return done.stdout

        env = {k: v for k, v in os.environ.items() if k != "DESTDIR"}
        run("meson", "setup", tmp / "build", source, f"--prefix={tmp}/usr", "--libdir=lib", "-Dtests=disabled",
            "-Dfuzz=off", "--buildtype=release", env=env)
        run("meson", "install", "-C", tmp / "build", "--quiet", env=env)
        env["PKG_CONFIG_PATH"] = str(tmp / "usr/lib/pkgconfig")
        (tmp / "main.c").write_text(PROGRAM)
        flags = run("pkg-config", "--cflags", "--libs", "--static", *MODULES, env=env).split()
        run("gcc", "-std=c11", tmp / "main.c", "-o", tmp / "main", *flags)
        run(tmp / "main")
        headers = list((tmp / "usr/include/prot").rglob("*.h"))
        if not headers:
            sys.exit("no headers installed")
        fakes = [p for p in (tmp / "usr").rglob("*fake*")]
        if fakes:
            sys.exit(f"installed, but for tests only: {fakes}")
        print(f"built against {len(MODULES)} installed libraries and {len(headers)} headers")


main()
