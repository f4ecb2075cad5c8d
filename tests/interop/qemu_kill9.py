#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Firmware whose emulator is killed at random moments of updates boots a verified image and takes an update.

The moments are spread over the length of one undisturbed update with its reboot, trial and confirmation. The
seed that is printed repeats them, as far as the speed of the machine does.

usage: qemu_kill9.py PROT FIRMWARE [KILLS [SEED]]
"""
import hashlib
import json
import pathlib
import random
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from harness import PATIENCE, check, main
from qemu import Firmware

KILLS = int(sys.argv[3]) if len(sys.argv) > 3 else 50
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else random.randrange(1 << 32)
COMPLETE_EVERY = 10  # kills: then an update is left to its end
OTHER = {"1.0.0": "2.0.0", "2.0.0": "1.0.0"}


def prepare(prot):
    """Images and packages; the digests of the payloads by version."""
    prot.image("golden.img", prot.runtime("1.0.0"), "0.9.0", 2, "--golden")
    for version in OTHER:
        prot.image(f"{version}.img", prot.runtime(version), version, 1)
        description = {"version": version, "components": [{"file": f"{version}.img"}],
                       "devices": [{"board": prot.board}]}
        pathlib.Path(prot.path(f"{version}.json")).write_text(json.dumps(description))
        prot.run("package", "create", f"{version}.json", "--output", f"{version}.pldm")
    prot.provision(image="1.0.0.img")
    return {v: hashlib.sha384(pathlib.Path(prot.runtime(v)).read_bytes()).hexdigest() for v in OTHER}


def come_up(device, digests):
    """What the device starts: one of the two versions, every bit of it, and confirmed by the end."""
    version, mode = device.expect(r"bank [AB], version (\d\.0\.0), SVN 1 \(floor 1\), mode (normal|trial)").groups()
    digest = device.expect(r"runtime sha384 ([0-9a-f]{96})").group(1)
    check(digest == digests[version], f"version {version} has another digest:\n{device.text()}")
    device.expect(f"runtime {version}: started in mode {mode}")
    if mode == "trial":
        device.expect("image confirmed")
    return version


def begin_update(prot, device, version):
    return subprocess.Popen([prot.prot, "update", "--connect", device.connection, "--package", f"{version}.pldm",
                             "--force", "--self-contained", "--takeover"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=prot.dir)


def complete_update(prot, device, running, digests):
    version = OTHER[running]
    process = begin_update(prot, device, version)
    _, error = process.communicate(timeout=3 * PATIENCE)
    check(process.returncode == 0, f"an update is not taken any more: {error}\n{device.text()}")
    check(come_up(device, digests) == version, f"the update did not come up:\n{device.text()}")
    return version


def killed_at_random_moments__boots_and_updates(prot):
    moments = random.Random(SEED)
    print(f"seed {SEED}", flush=True)
    digests = prepare(prot)
    device = prot.device()
    running = come_up(device, digests)
    begun = time.monotonic()
    running = complete_update(prot, device, running, digests)
    length = time.monotonic() - begun
    seen = {v: 0 for v in OTHER}
    for n in range(1, KILLS + 1):
        process = begin_update(prot, device, OTHER[running])
        time.sleep(moments.uniform(0, length))
        device.kill()
        process.communicate(timeout=PATIENCE)
        device = prot.device()
        running = come_up(device, digests)
        seen[running] += 1
        if n % COMPLETE_EVERY == 0 or n == KILLS:
            running = complete_update(prot, device, running, digests)
    print(f"killed {KILLS} times within {length:.1f} s of an update; came up with {seen}")


main([killed_at_random_moments__boots_and_updates], Firmware)
