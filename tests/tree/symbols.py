#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the library archives define and refer to.

Every external symbol begins with prot_; nothing beyond the four mem functions and the compiler's own helpers is
referred to, so no allocation, stdio, time or locale symbol can be. Checked in the Cortex-M4 build (environment
variable PROT_M4_BUILD) where there is one. In the host's archives, which also hold the wolfCrypt provider, those symbols
are looked for by name. The libraries offer the same symbols on the host, for Cortex-M4 and in the firmware (environment
variable PROT_FIRMWARE_BUILD).

usage: symbols.py SOURCE_ROOT BUILD_ROOT
"""
import os
import pathlib
import re
import subprocess
import sys

MEM = {"memcpy", "memmove", "memset", "memcmp", "strlen"}
FORBIDDEN = re.compile(r"(malloc|calloc|realloc|free|aligned_alloc|posix_memalign|strdup|alloca|v?s?n?f?d?printf|puts|fputs|"
                       r"fwrite|fopen|fread|perror|time|clock|clock_gettime|gettimeofday|localtime\w*|gmtime\w*|strftime|"
                       r"setlocale|localeconv|strerror|__errno_location|getenv|exit|abort|rand|random)(_chk)?")
COMPILER = re.compile(r"__aeabi_\w+|__stack_chk_\w+")


def symbols(nm, archive, flag):
    out = subprocess.run([nm, flag, "--extern-only", "-P", archive], capture_output=True, text=True, check=True).stdout
    return {line.split()[0] for line in out.splitlines() if line and not line.endswith(":")}


def check(nm, archive, siblings):
    defined = symbols(nm, archive, "--defined-only")
    undefined = symbols(nm, archive, "--undefined-only") - defined
    for name in sorted(defined):
        if not name.startswith("prot_"):
            yield f"{archive.name}: defines {name}"
    for name in sorted(undefined - siblings):
        if name not in MEM and not COMPILER.fullmatch(name):
            yield f"{archive.name}: refers to {name}"


def check_host(archive):
    for name in sorted(symbols("nm", archive, "--undefined-only")):
        if FORBIDDEN.fullmatch(name.removeprefix("__") if name.endswith("_chk") else name):
            yield f"{archive.name} of the host: refers to {name}"
    for name in sorted(symbols("nm", archive, "--defined-only")):
        if not name.startswith("prot_") and not name.startswith("__"):
            yield f"{archive.name} of the host: defines {name}"


LIBRARIES = ("mctp", "spdm-core", "pldm", "crypto", "services")


def host_archives(build):
    return [a for n in LIBRARIES for a in pathlib.Path(build).glob(f"*/libprot-{n}.a")]


def offered(nm, archive):
    return {name for name in symbols(nm, archive, "--defined-only") if name.startswith("prot_")}


def changed(hosts, build):
    """What a library offers on the host and not in a build for the target, or the other way round."""
    for host in hosts:
        if host.name != "libprot-crypto.a":  # which providers are in it is an option
            target = pathlib.Path(build) / host.parent.name / host.name
            for name in sorted(offered("nm", host) ^ offered("arm-none-eabi-nm", target)):
                yield f"{target}: {name} is not there as on the host"


def main():
    hosts = host_archives(sys.argv[2])
    problems = [p for a in hosts for p in check_host(a)]
    if len(hosts) != len(LIBRARIES):
        problems.append(f"{sys.argv[2]} holds {len(hosts)} archives, not {len(LIBRARIES)}")
    if problems:
        print("\n".join(problems))
        return 1
    m4 = os.environ.get("PROT_M4_BUILD")
    if not m4:
        print(f"{len(hosts)} archives of the host; PROT_M4_BUILD is not set, so those for Cortex-M4 were not looked at")
        return 77
    archives = sorted(pathlib.Path(m4).glob("*/libprot-*.a"))
    if len(archives) < 5:
        print(f"{m4} holds {len(archives)} archives, not five")
        return 1
    nm = "arm-none-eabi-nm"
    by_name = {a.name: symbols(nm, a, "--defined-only") for a in archives}
    for archive in archives:
        # Only the services may refer to the other libraries.
        siblings = set().union(*by_name.values()) if archive.name == "libprot-services.a" else set()
        problems += check(nm, archive, siblings)
    # So may what ports share; it is freestanding, too.
    shared = sorted(pathlib.Path(m4).glob("port/*/libprot-*.a"))
    for archive in shared:
        problems += check(nm, archive, set().union(*by_name.values()))
    builds = [m4, *filter(None, [os.environ.get("PROT_FIRMWARE_BUILD")])]
    problems += [p for build in builds for p in changed(hosts, build)]
    print("\n".join(problems) or f"{len(archives + shared)} archives, {sum(map(len, by_name.values()))} symbols")
    return 1 if problems else 0


sys.exit(main())
