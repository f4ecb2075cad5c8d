#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A device that is killed at any moment, updates included, boots a verified image and takes an update.

The moments are spread evenly over the length of one undisturbed update with its reboot and confirmation. (What
every single flash operation leaves behind is the subject of the power-cut test; here the real files are.)

usage: kill9.py PROT RUNTIMES
"""
import json
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from harness import PATIENCE, check, main

MOMENTS = 16


def package(prot, version, image):
    with open(prot.path(version + ".json"), "w") as file:
        json.dump({"version": version, "components": [{"file": image}]}, file)
    prot.run("package", "create", version + ".json", "--output", version + ".pldm")


def start(prot):
    """A device that has come up, and the version that it runs."""
    device = prot.device("--confirm-after", "200")
    version = device.expect(r"bank [AB], version (\d\.0\.0), SVN 1 \(floor 1\), mode (normal|trial)").group(1)
    device.expect("started in mode (normal|trial)")
    return device, version


def begin_update(prot, device, running):
    """To the version that does not run."""
    other = "2.0.0" if running == "1.0.0" else "1.0.0"
    return other, subprocess.Popen([prot.prot, "update", "--connect", f"mctp::{device.port}", "--package",
                                    other + ".pldm", "--force", "--self-contained", "--takeover", "--timeout", "2000"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=prot.dir)


def complete_update(prot, device, running):
    deadline = time.monotonic() + PATIENCE
    while True:
        other, process = begin_update(prot, device, running)
        _, error = process.communicate(timeout=PATIENCE)
        # While an image is still on trial, the device asks to come back later.
        if process.returncode == 0:
            break
        check(time.monotonic() < deadline, f"an update is not taken any more: {error}")
        time.sleep(0.2)
    device.expect(f"version {other}, SVN 1 .*, mode trial, try 1")
    device.expect("image confirmed")
    return other


def killed_at_any_moment__boots_and_updates(prot):
    prot.image("1.img", prot.runtime("1.0.0"), "1.0.0", 1)
    prot.image("2.img", prot.runtime("2.0.0"), "2.0.0", 1)
    prot.image("golden.img", prot.runtime("1.0.0"), "0.9.0", 2, "--golden")
    package(prot, "1.0.0", "1.img")
    package(prot, "2.0.0", "2.img")
    prot.provision(image="1.img")
    device, running = start(prot)
    begun = time.monotonic()
    running = complete_update(prot, device, running)
    length = time.monotonic() - begun
    seen = set()
    for moment in range(MOMENTS):
        _, process = begin_update(prot, device, running)
        time.sleep(length * moment / MOMENTS)
        device.process.kill()
        device.wait()
        process.communicate(timeout=PATIENCE)
        device, running = start(prot)
        seen.add(running)
    running = complete_update(prot, device, running)
    check(device.stop() == 0, "power off")
    print(f"killed {MOMENTS} times within {length:.1f} s of an update; came up with {sorted(seen)}")


main([killed_at_any_moment__boots_and_updates])
