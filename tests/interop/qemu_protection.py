#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the firmware as it is shipped leaves in memory and lets its programs touch, seen through QEMU's monitor.

usage: qemu_protection.py PROT FIRMWARE
"""
import json
import pathlib
import socket
import sys

sys.dont_write_bytecode = True
from harness import PATIENCE, check, main
from qemu import Firmware

SRAM_SIZE = 0xC0000
LOAD, LOAD_END = 0x20000, 0x70000 # port/aspeed/soc/sram_map.h
BOOT_DATA, BOOT_DATA_END = 0xA0000, 0xB0000
HANDOFF, HANDOFF_END = 0xBE000, 0xBF000
UDS_SIZE = 32 # the first bytes of the OTP
MPU_CTRL = 0xE000ED94
MPU_ENABLED_WITHOUT_DEFAULT_MAP = 3 # in fault handlers, too


class Monitor:
    """QEMU's machine protocol, on a socket in the device's directory."""

    def __init__(self, device):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(str(device.state / "qmp.sock"))
        self.lines = self.socket.makefile()
        self.lines.readline()
        self.call("qmp_capabilities")

    def call(self, command, **arguments):
        self.socket.sendall(json.dumps({"execute": command, "arguments": arguments}).encode())
        while True:
            answer = json.loads(self.lines.readline())
            check("error" not in answer, f"{command}: {answer}")
            if "return" in answer:
                return answer["return"]

    def word(self, address):
        said = self.call("human-monitor-command", **{"command-line": f"x /1wx {address:#x}"})
        return int(said.split(":")[1], 16)


def provision(prot):
    prot.image("a.img", prot.runtime("1.0.0"))
    prot.provision(golden=None)


def power_on(prot):
    return prot.device("--", "-qmp", "unix:qmp.sock,server=on,wait=off")


def runtime_serves__no_secret_of_the_boot_loader_in_memory(prot):
    provision(prot)
    device = power_on(prot)
    device.expect("runtime 1.0.0: started")
    monitor = Monitor(device)
    monitor.call("pmemsave", val=0, size=SRAM_SIZE, filename="sram.bin")
    memory = (device.state / "sram.bin").read_bytes()
    otp = bytes(byte ^ 0xFF for byte in (device.state / "otp.bin").read_bytes()[:UDS_SIZE])
    check(any(otp), "no UDS was provisioned")
    payload = pathlib.Path(prot.runtime("1.0.0")).read_bytes()
    check(memory[LOAD:LOAD + len(payload)] == payload, "the runtime does not stand where it is loaded, or was written")
    for part in otp[:16], otp[16:]:
        check(part not in memory and part[::-1] not in memory, "the UDS is in the SRAM")
    for name, begin, end in [("data of the boot loader", BOOT_DATA, BOOT_DATA_END), ("hand-off", HANDOFF, HANDOFF_END),
                             ("load memory behind the runtime", LOAD + len(payload), LOAD_END)]:
        left = next((i for i in range(begin, end) if memory[i]), None)
        check(left is None, f"{name} is not wiped: {left or 0:#x}")
    check(monitor.word(MPU_CTRL) == MPU_ENABLED_WITHOUT_DEFAULT_MAP, "the runtime runs without MPU")


def nothing_to_start__boot_loader_waits_protected(prot):
    provision(prot)
    with open(prot.path("state/flash.bin"), "r+b") as flash:
        flash.seek(prot.region("bank-a", prot.board))
        flash.write(bytes(4096))
    device = power_on(prot)
    device.expect("boot: locked down")
    check(Monitor(device).word(MPU_CTRL) == MPU_ENABLED_WITHOUT_DEFAULT_MAP, "the boot loader runs without MPU")


main([runtime_serves__no_secret_of_the_boot_loader_in_memory, nothing_to_start__boot_loader_waits_protected], Firmware)
