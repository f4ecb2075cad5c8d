#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run the on-target tests in QEMU and pass their TAP on. On UART1 this program is an MCTP bus owner.

usage: run.py TARGET_TESTS_ELF
"""
import os
import pathlib
import random
import select
import socket
import subprocess
import sys
import tempfile
import threading

LIMIT_S = 240
FLASH_SIZE, OTP_SIZE = 32 << 20, 1 << 20
OWNER, DEVICE = 8, 9
ECHO = 0x7E


class Line:
    """MCTP over a serial line (DSP0253), written from the standard: it shares no code with what it tests."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(path)

    @staticmethod
    def fcs(data):
        crc = 0xFFFF
        for byte in data:
            crc ^= byte
            for _ in range(8):
                crc = crc >> 1 ^ (0x8408 if crc & 1 else 0)
        return crc.to_bytes(2, "big")

    def frame(self, packet):
        escaped = packet.replace(b"\x7d", b"\x7d\x5d").replace(b"\x7e", b"\x7d\x5e")
        head = bytes([1, len(packet)])
        return b"\x7e" + head + escaped + self.fcs(head + packet) + b"\x7e"

    def send(self, packet):
        self.socket.sendall(self.frame(packet))

    def byte(self):
        got = self.socket.recv(1)
        if not got:
            raise RuntimeError("the line closed")
        return got[0]

    def receive(self):
        """One frame: exactly one opening and one closing flag, nothing between frames, at most 68 bytes."""
        if self.byte() != 0x7E or self.byte() != 1:
            raise RuntimeError("no opening flag, or no revision 1")
        length = self.byte()
        if not 5 <= length <= 68:
            raise RuntimeError(f"a packet of {length} bytes")
        packet = bytearray()
        while len(packet) < length:
            byte = self.byte()
            packet.append(self.byte() ^ 0x20 if byte == 0x7D else byte)
        if bytes([self.byte(), self.byte()]) != self.fcs(bytes([1, length]) + packet):
            raise RuntimeError("bad FCS")
        if self.byte() != 0x7E:
            raise RuntimeError("no closing flag")
        return bytes(packet)

    def silent(self, seconds):
        return not select.select([self.socket], [], [], seconds)[0]

    def send_message(self, dest, tag, message):
        pieces = [message[i:i + 64] for i in range(0, len(message), 64)]
        for i, piece in enumerate(pieces):
            flags = (i == 0) << 7 | (i == len(pieces) - 1) << 6 | (i & 3) << 4 | 8 | tag
            self.send(bytes([1, dest, OWNER, flags]) + piece)

    def receive_message(self, tag):
        message = b""
        while True:
            packet = self.receive()
            if packet[1] != OWNER or packet[3] & 0x0F != tag:
                raise RuntimeError(f"not the reply: {packet[:4].hex()}")
            message += packet[4:]
            if packet[3] & 0x40:
                return message

    def exchange(self, dest, message):
        tag = random.randrange(8)
        self.send_message(dest, tag, message)
        return self.receive_message(tag)


def expect(what, got, want):
    if got != want:
        raise RuntimeError(f"{what}: got {got.hex()}, want {want.hex()}")


def own_the_bus(path):
    """Everything a bus owner does, noise between, then the word that ends the test on the target."""
    line = Line(path)
    reply = line.exchange(0, bytes([0, 0x80, 1, 0, DEVICE]))  # Set Endpoint ID
    expect("Set Endpoint ID", reply[:5], bytes([0, 0, 1, 0, 0]))
    expect("EID", reply[5:6], bytes([DEVICE]))
    expect("Get Endpoint ID", line.exchange(DEVICE, bytes([0, 0x81, 2]))[:5], bytes([0, 1, 2, 0, DEVICE]))
    for length in [1, 2, 63, 64, 65, 127, 128, 129, 500, 1000]:
        message = bytes([ECHO]) + random.randbytes(length - 1)
        expect(f"echo of {length} bytes", line.exchange(DEVICE, message), message)
    flags = bytes([ECHO]) + b"\x7e\x7d\x5e\x5d\x7d\x7e" * 10
    expect("echo of flags", line.exchange(DEVICE, flags), flags)
    broken = bytearray(line.frame(bytes([1, DEVICE, OWNER, 0xC8, ECHO, 1, 2, 3])))
    broken[-2] ^= 1
    line.socket.sendall(bytes(broken))
    line.socket.sendall(b"\x00\xff noise \x7e")
    if not line.silent(0.3):
        raise RuntimeError("an answer to a frame with a wrong FCS")
    expect("echo after noise", line.exchange(DEVICE, bytes([ECHO, 7])), bytes([ECHO, 7]))
    expect("end", line.exchange(DEVICE, bytes([ECHO]) + b"done"), bytes([ECHO]) + b"done")


def blank(path, size):
    path.write_bytes(b"\xff" * size)


def emulator(elf, folder):
    blank(folder / "flash.bin", FLASH_SIZE)
    blank(folder / "otp.bin", OTP_SIZE)
    return subprocess.Popen(
        [os.environ.get("QEMU", "qemu-system-arm"), "-M", "ast1030-evb,fmc-model=w25q256,spi-model=w25q80bl",
         "-display", "none", "-monitor", "none", "-serial", "stdio",
         "-serial", f"unix:{folder / 'uart1'},server=on,wait=off",
         "-drive", f"if=mtd,format=raw,index=0,file={folder / 'flash.bin'}",
         "-drive", f"if=mtd,format=raw,index=2,file={folder / 'otp.bin'}", "-kernel", elf],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")


def own_and_tell(path):
    try:
        own_the_bus(path)
    except (RuntimeError, OSError) as error:
        print(f"# mctp on the host: {error}", flush=True)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        qemu = emulator(sys.argv[1], folder)
        watchdog = threading.Timer(LIMIT_S, qemu.kill)
        watchdog.start()
        failed = planned = False
        for text in qemu.stdout:
            text = text.rstrip()
            print(text if text.startswith(("ok ", "not ok ", "1..", "Bail out!", "# ")) else f"# {text}", flush=True)
            failed |= text.startswith(("not ok", "Bail out!"))
            if text.startswith("# mctp: ready"):
                threading.Thread(target=own_and_tell, args=(str(folder / "uart1"),), daemon=True).start()
            if text.startswith(("1..", "Bail out!")):
                planned = True
                break
        watchdog.cancel()
        qemu.kill()
        qemu.wait()
    if not planned:
        print("Bail out! the target did not come to its end")
    return 1 if failed or not planned else 0


sys.exit(main())
