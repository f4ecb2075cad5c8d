#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Instructions per packet and per exchange, counted by callgrind; time where it is asked for.

Each figure is the difference of two runs that do the same work a different number of times, divided by the difference
in work: start-up and measuring cancel out. Instruction counts repeat exactly; nanoseconds are the median of several
runs and depend on the machine.

usage: bench.py BUILD_DIR
"""
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

PACKETS = 64  # of a 4096-byte message at MTU 64


def instructions(*args):
    with tempfile.TemporaryDirectory() as tmp:
        run = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={tmp}/out", *map(str, args)],
                             capture_output=True, text=True)
    match = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode or not match:
        sys.exit(f"{' '.join(map(str, args))} under callgrind failed:\n{run.stderr}")
    return int(match[1])


def per_unit(program, arguments, low, high, units=1):
    """Instructions that one more unit costs."""
    few = instructions(program, *arguments, low)
    many = instructions(program, *arguments, high)
    return (many - few) / ((high - low) * units)


def nanoseconds(program, arguments, count):
    times = []
    for _ in range(5):
        start = time.perf_counter_ns()
        subprocess.run([program, *map(str, arguments), str(count)], check=True, capture_output=True)
        times.append(time.perf_counter_ns() - start)
    return statistics.median(times) / count


def main():
    folder = pathlib.Path(sys.argv[1]) / "tests/bench"
    mctp, pldm, spdm = (folder / f"bench_{n}" for n in ("mctp", "pldm", "spdm"))
    print("MCTP, 4096-byte messages at MTU 64, instructions per packet")
    for mode in ("tx", "rx", "both"):
        print(f"  {mode:<5}{per_unit(mctp, [mode], 10, 110, PACKETS):8.1f}")
    print("PLDM, one RequestFirmwareData exchange: firmware device and update agent together")
    for size in (512, 4096):
        print(f"  {size:>4} bytes{per_unit(pldm, [size], 64, 1088):10.1f} instructions"
              f"{nanoseconds(pldm, [size], 200000):9.1f} ns")
    print("SPDM responder, instructions per exchange, cryptography and storage left out")
    for request in ("digests", "certificate", "challenge", "measurements"):
        print(f"  {request:<12}{per_unit(spdm, [request], 10, 110):10.1f}")


main()
