#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Instructions from reset until the device serves MCTP, in the emulator, by what they are spent on.

The boot loader and the runtime are those of tests/target/profile_*.c: the release's, with a stopwatch between their
parts. QEMU counts one nanosecond per instruction (-icount shift=0), so that the emulated timer counts instructions, in
thousands. Not counted is what start.S and start.c do before the boot loader's main function: copying and clearing data.

usage: boot.py PROT FIRMWARE_BUILD_DIR [RUNS]
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BOARD = "ast1030-evb"
SPREAD = 0.01  # between runs


def run(*args):
    done = subprocess.run([str(a) for a in args], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, args))}:\n{done.stdout}{done.stderr}")


def provision(prot, runtime, folder):
    key, image, golden = folder / "sign.pem", folder / "fw.img", folder / "golden.img"
    run(prot, "image", "keygen", key)
    for path, extra in ((image, []), (golden, ["--golden"])):
        run(prot, "image", "sign", "--board", BOARD, "--key", key, "--image-version", "1.0.0", "--svn", "1", *extra,
            "--output", path, runtime)
    run(prot, "provision", "--board", BOARD, "--state", folder / "dev", "--image", image, "--golden", golden,
        "--image-key", key)


def boot(kernel, folder):
    """Microseconds by phase."""
    run(ROOT / "examples/qemu.sh", "start", folder / "dev", "--kernel", kernel, "--icount")
    run(ROOT / "examples/qemu.sh", "stop", folder / "dev")
    console = (folder / "dev/console.log").read_text(errors="replace")
    line = re.search(r"^profile, us:(.*)$", console, re.M)
    if not line:
        sys.exit(f"the runtime printed no profile:\n{console}")
    return {name: int(us) for name, us in re.findall(r"(\w+) (\d+)", line[1])}


def main():
    prot = pathlib.Path(sys.argv[1])
    images = pathlib.Path(sys.argv[2]) / "tests/target"
    runs = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        provision(prot, images / "profile_runtime.bin", folder)
        for _ in range(int(sys.argv[3]) if len(sys.argv) > 3 else 2):
            runs.append(boot(images / "profile_bootloader.elf", folder))
    us = runs[0]
    other = us["boot"] - us["signature"] - us["hash"] - us["dice"]
    size = (images / "profile_runtime.bin").stat().st_size
    print(f"From reset until the device serves, thousands of instructions; a runtime of {size} bytes")
    for text, count in (("signature of the image", us["signature"]),
                        ("hashes: boot loader, image, keys", us["hash"]),
                        ("DICE: keys, certificates", us["dice"]),
                        ("boot loader, everything else", other),
                        ("start-up of the runtime", us["ready"] - us["boot"]),
                        ("total", us["ready"])):
        print(f"  {text:<34}{count:9}")
    for again in runs[1:]:
        for name, count in again.items():
            if abs(count - us[name]) > max(SPREAD * us[name], 10):
                sys.exit(f"{name} does not repeat: {us[name]} and {count} thousand instructions")


main()
