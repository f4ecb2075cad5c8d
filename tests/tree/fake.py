#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The fake crypto provider links into a program only if that program says that it is a test.

usage: fake.py SOURCE_ROOT BUILD_ROOT
"""
import pathlib
import subprocess
import sys
import tempfile

PROGRAM = """
#include <prot/crypto_fake.h>
int main(void)
{
	struct prot_crypto_fake f = {0};
	unsigned char b;
	return prot_crypto_fake_ops.random(&f, &b, 1) == PROT_OK ? 0 : 1;
}
"""


def main():
    source = pathlib.Path(sys.argv[1])
    fake = source / "libcrypto-port/fake"
    with tempfile.TemporaryDirectory() as tmp:
        main_c = pathlib.Path(tmp) / "main.c"
        main_c.write_text(PROGRAM)

        def link(*extra):
            return subprocess.run(["cc", "-std=c11", f"-I{source}/include", "-o", f"{tmp}/main", main_c, fake / "fake.c",
                                   *extra], capture_output=True, text=True)

        refused = link()
        if refused.returncode == 0 or "prot_crypto_fake_allowed_in_tests" not in refused.stderr:
            sys.exit(f"a program without the marker links:\n{refused.stderr}")
        allowed = link(fake / "allowed_in_tests.c")
        if allowed.returncode != 0:
            sys.exit(allowed.stderr)
        subprocess.run([f"{tmp}/main"], check=True)
    print("refused without the marker, linked with it")
    return 0


sys.exit(main())
