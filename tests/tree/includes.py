#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who may include whom: the dependency rule of docs/architecture.md, checked over every source.

usage: includes.py SOURCE_ROOT [BUILD_ROOT]
"""
import pathlib
import re
import sys

FREESTANDING = {"float.h", "iso646.h", "limits.h", "stdalign.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h",
                "stdnoreturn.h", "string.h"}
BASE = {"prot/base", "prot/config.h"}
CRYPTO = BASE | {"prot/crypto.h", "prot/crypto_wait.h", "prot/x509.h", "prot/hkdf.h", "prot/der.h",
                 "prot/oid.h"}
SEAMS = CRYPTO | {"prot/port/flash.h", "prot/port/otp.h"}
LIBRARIES = {"prot/mctp", "prot/spdm", "prot/pldm"}
# A driver knows its seam: nothing of boards, services or programs.
DRIVER = BASE | {"prot/crypto.h", "prot/crypto_provider.h", "prot/port/clock.h", "prot/port/entropy.h", "prot/port/flash.h",
                 "prot/port/gpio.h", "prot/port/i2c.h", "prot/port/otp.h", "prot/port/uart.h", "prot/port/watchdog.h"}

# directory -> public headers that it may include; None: any. System headers beyond the freestanding ones
# only where the value's second element is true.
RULES = {
    "libmctp": (BASE | {"prot/mctp"}, False),
    "libspdm-core": (CRYPTO | {"prot/spdm"}, False),
    "libpldm": (BASE | {"prot/pldm"}, False),
    "libcrypto-port/src": (CRYPTO | {"prot/crypto_provider.h"}, False),
    "libcrypto-port/wolfcrypt": (None, True),
    "libcrypto-port/fake": (CRYPTO | {"prot/crypto_fake.h"}, False),
    "port/aspeed/drivers": (DRIVER, False),
    "port/board": (None, False),
    "port/firmware": (None, False),
    "services": (SEAMS | LIBRARIES | {"prot/services"}, False),
    "include/prot/base": (BASE, False),
    "include/prot/mctp": (BASE | {"prot/mctp"}, False),
    "include/prot/spdm": (CRYPTO | {"prot/spdm"}, False),
    "include/prot/pldm": (BASE | {"prot/pldm"}, False),
    "include/prot/services": (SEAMS | LIBRARIES | {"prot/services"}, False),
}
# Whose private headers a directory may include, beside its own.
NEIGHBOURS = {"port/aspeed/drivers": ("port/aspeed/soc", "port/aspeed/soc/target")}
# Rings between an interrupt handler and the main program.
ATOMICS = {"port/aspeed/drivers"}


def allowed(name, public):
    return public is None or any(name == p or name.startswith(p + "/") for p in public)


def check(root, folder, public, system):
    here = root / folder
    near = [root / neighbour for neighbour in NEIGHBOURS.get(folder, ())]
    for path in sorted(here.rglob("*.[ch]")):
        places = (here, here / "src", path.parent, *near)
        for number, line in enumerate(path.read_text().splitlines(), 1):
            m = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if not m:
                continue
            kind, name = m.groups()
            where = f"{path.relative_to(root)}:{number}"
            if name.startswith("prot/"):
                if not allowed(name, public):
                    yield f"{where}: may not include {name}"
            elif kind == '"':
                if not any((p / name).is_file() for p in places):
                    yield f"{where}: {name} is not a header of its own directory"
            elif name == "stdatomic.h" and folder in ATOMICS:
                continue
            elif not system and name not in FREESTANDING:
                yield f"{where}: {name} is not a freestanding header"


def main():
    root = pathlib.Path(sys.argv[1])
    problems = [p for folder, (public, system) in RULES.items() for p in check(root, folder, public, system)]
    print("\n".join(problems) or f"{len(RULES)} directories keep the include rule")
    return 1 if problems else 0


sys.exit(main())
