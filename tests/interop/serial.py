#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""MCTP over a serial line (DSP0253): a device behind a UNIX socket or a terminal, on good and on bad lines.

usage: serial.py PROT RUNTIMES
"""
import fcntl
import json
import os
import pathlib
import pty
import random
import select
import socket
import sys
import threading
import time
import tty

sys.dont_write_bytecode = True
from harness import PATIENCE, check, main

FLAG, ESCAPE = 0x7E, 0x7D


def fcs(data):
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ 0x8408 if value & 1 else value >> 1
    return value.to_bytes(2, "big")


def encode(packet):
    head = bytes([1, len(packet)])
    body = packet.replace(b"\x7d", b"\x7d\x5d").replace(b"\x7e", b"\x7d\x5e")
    return bytes([FLAG]) + head + body + fcs(head + packet) + bytes([FLAG])


class Line:
    """
    What an emulator is: it offers the device's line at a path of its own (or on a terminal), and keeps that end open
    while the device behind it is reset. `noise` makes the bytes that arrive of those that were sent.
    """

    def __init__(self, prot, near="near", far="line", noise=lambda data: data, terminal=False):
        self.far, self.noise = prot.path(far), noise
        self.device = self.listener = self.client = None
        self.running = True
        self.resets = 0
        if terminal:
            self.client, follower = pty.openpty()
            tty.setraw(follower)
            self.near, self.follower = os.ttyname(follower), follower
        else:
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(prot.path(near))
            self.listener.listen(1)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def connect(self):
        device = socket.socket(socket.AF_UNIX)
        try:
            device.connect(self.far)
            self.device = device
        except OSError:
            device.close()
            time.sleep(0.02)

    def read(self, end):
        try:
            return end.recv(4096) if isinstance(end, socket.socket) else os.read(end, 4096)
        except OSError:
            return b""

    def write(self, end, data):
        try:
            while data:
                data = data[end.send(data) if isinstance(end, socket.socket) else os.write(end, data):]
        except OSError:
            pass # its read end will tell

    def serve(self):
        while self.running:
            if self.device is None:
                self.connect()
            ends = [end for end in (self.device, self.client or self.listener) if end is not None]
            for end in select.select(ends, [], [], 0.05)[0]:
                self.one(end)

    def one(self, end):
        if end is self.listener:
            self.client, _ = self.listener.accept()
            return
        data = self.read(end)
        if end is self.device and not data:
            self.device.close()
            self.device = None
            self.resets += 1
        elif end is self.client and not data and self.listener:
            self.client.close()
            self.client = None
        elif end is self.device and self.client is not None:
            self.write(self.client, self.noise(data))
        elif end is self.client and self.device is not None:
            self.write(self.device, self.noise(data))

    def stop(self):
        self.running = False
        self.thread.join()
        for end in (self.device, self.client, self.listener):
            if isinstance(end, socket.socket):
                end.close()
            elif end is not None:
                os.close(end)
                os.close(self.follower)


class Noise:
    """Of what goes either way: loses single bytes at the given counts of bytes, puts garbage before every frame."""

    def __init__(self, *lost):
        self.lose(*lost)
        self.garbage = 0
        self.random = random.Random(253)

    def lose(self, *lost):
        self.lost, self.seen = sorted(lost), 0

    def __call__(self, data):
        while self.lost and self.lost[0] < self.seen + len(data):
            at = self.lost.pop(0) - self.seen
            data = data[:at] + data[at + 1:]
        self.seen += len(data)
        between = data.startswith(b"\x7e\x01"), data.count(b"\x7e\x7e\x01")
        self.garbage += sum(between)
        rubbish = self.random.randbytes(20).replace(b"\x7e", b"\x00")
        return (rubbish if between[0] else b"") + data.replace(b"\x7e\x7e\x01", b"\x7e" + rubbish + b"\x7e\x01")


def start(prot, runtime="2.0.0"):
    """A device at the socket `line`, and good.pldm for it."""
    prot.image("a.img", prot.runtime("1.0.0"), "1.0.0", 2)
    prot.image("b.img", prot.runtime(runtime) if runtime else "payload", "2.0.0", 3)
    prot.image("foreign.img", "payload", "2.0.0", 3, key="foreign.pem")
    prot.provision(golden=None)
    for name in ["b", "foreign"]:
        pathlib.Path(prot.path("d.json")).write_text(json.dumps(
            {"version": "2.0.0", "components": [{"file": name + ".img"}]}))
        prot.run("package", "create", "d.json", "--force", "--output", name + ".pldm")
    device = prot.device("--confirm-after", "500", listen=("mctp::0", "serial:unix:line"))
    device.expect("started in mode normal")
    return device


def small(prot):
    pathlib.Path(prot.path("payload")).write_bytes(os.urandom(50000))


def attest(prot, spec, *options, expect=0):
    return prot.run("attest", "--connect", spec, "--ca", "state/ca.pem", *options, expect=expect)


def update(prot, spec, package, *options, expect=0):
    return prot.run("update", "--connect", spec, "--package", package, *options, expect=expect, timeout=3 * PATIENCE)


def frames_on_the_wire__as_linux_wants_them(prot):
    small(prot)
    device = start(prot, None)
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(prot.path("line"))
        line.settimeout(PATIENCE)
        line.sendall(encode(bytes([1, 0, 8, 0xC8, 0, 0x80, 2])))
        answer = line.recv(4096)
        check(answer == encode(bytes([1, 8, 0, 0xC0, 0, 0, 2, 0, 0, 0, 0])), answer.hex())
        # Garbage, a broken frame, one with a shared flag: the next one is answered all the same.
        for before in [b"garbage", b"\x7e\x01\x07\x01\x00", encode(bytes(7))[:-2], b"\x7e" * 3,
                       encode(bytes(20)).replace(b"\x00", b"\x01", 1)]:
            line.sendall(before + encode(bytes([1, 0, 8, 0xC8, 0, 0x80, 2])))
            check(line.recv(4096) == answer, before.hex())
        # The longest message that comes in one try: every frame with two flags of its own, 68 bytes at most.
        request = bytes([1, 0, 8, 0xC9, 5, 0x10, 0x84, 0, 0])
        line.sendall(encode(request))
        check(line.recv(4096)[3 + 4] == 5, "no SPDM answer")
    check(device.stop() == 0, "power off")
    check(not os.path.exists(prot.path("line")), "the socket was left behind")


def attest_and_update__as_over_tcp(prot):
    small(prot)
    device = start(prot)
    spec = "serial:unix:line"
    attest(prot, spec, "--save-refs", "refs.json", expect=2)
    done = attest(prot, spec, "--refs", "refs.json", "--pcap", "t.pcap")
    check("TRUSTED: every reference value is met." in done.stdout, done.stdout)
    trace = prot.run("trace", "t.pcap").stdout
    check("0 refused or malformed" in trace and "CHALLENGE_AUTH" in trace, trace)
    attest(prot, f"mctp::{device.port}", "--refs", "refs.json")
    attest(prot, spec, "--refs", "refs.json", "--mtu", 251)
    done = attest(prot, spec, "--mtu", 252, expect=2)
    check("at most 251 on a serial line" in done.stderr, done.stderr)
    done = update(prot, spec, "foreign.pldm", expect=1)
    check("signature does not verify" in done.stderr and done.stderr.count("\n") == 1, done.stderr)
    done = update(prot, spec, "b.pldm", "--self-contained")
    check("1.0.0 -> 2.0.0" in done.stdout and "100 %" in done.stdout, done.stdout)
    device.expect(r"bank B, version 2\.0\.0")
    device.expect("image confirmed")
    done = attest(prot, spec, "--refs", "refs.json", expect=1)
    check("NOT TRUSTED" in done.stdout, done.stdout)


def restart_behind_the_line__update_ends_when_it_is_back(prot):
    small(prot)
    device = start(prot)
    line = Line(prot)
    done = update(prot, "serial:unix:near", "b.pldm", "--self-contained", "--json")
    outcome = json.loads(done.stdout)
    check(outcome["updated"] and outcome["activated"], done.stdout)
    check(line.resets == 1, f"{line.resets} resets")
    device.expect(r"bank B, version 2\.0\.0")
    device.expect("image confirmed")
    # The line is as good as before.
    attest(prot, "serial:unix:near", "--save-refs", "refs.json", expect=2)
    done = attest(prot, "serial:unix:near", "--refs", "refs.json")
    check("TRUSTED" in done.stdout, done.stdout)
    line.stop()


def noisy_line__tries_again_and_succeeds(prot):
    small(prot)
    start(prot, None)
    noise = Noise(40, 1500, 7000)
    line = Line(prot, noise=noise)
    done = attest(prot, "serial:unix:near", "--save-refs", "refs.json", "--timeout", 1500, expect=2)
    check(not noise.lost and noise.garbage > 10, f"{noise.lost} {noise.garbage}")
    check(os.path.exists(prot.path("refs.json")), done.stdout)
    noise.lose(500, 3000, 9000, 30000)
    done = update(prot, "serial:unix:near", "b.pldm", "--timeout", 1500)
    check(not noise.lost and "100 %" in done.stdout, done.stdout)
    line.stop()


def dead_line__one_sentence_in_time(prot):
    small(prot)
    start(prot, None)
    line = Line(prot, noise=lambda data: b"")
    begin = time.monotonic()
    done = attest(prot, "serial:unix:near", "--timeout", 600, expect=2)
    check("does not answer MCTP control requests within 600 ms" in done.stderr, done.stderr)
    check(time.monotonic() - begin < 30, "took too long")
    line.stop()


class Flood:
    """Listens at `near` and never stops sending."""

    def __init__(self, prot, data):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(prot.path("near"))
        self.listener.listen(1)
        self.data = data
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        try:
            client, _ = self.listener.accept()
            with client:
                while True:
                    client.sendall(self.data)
        except OSError:
            pass

    def stop(self, prot):
        self.listener.close()
        os.unlink(prot.path("near"))


def floods__neither_side_hangs(prot):
    small(prot)
    device = start(prot, None)
    for data in [b"garbage" * 10000, bytes([FLAG]) * 50000, encode(bytes([1, 8, 9, 0xC8, 5, 0])) * 1000]:
        flood = Flood(prot, data)
        begin = time.monotonic()
        done = attest(prot, "serial:unix:near", "--timeout", 600, expect=2)
        check("does not answer" in done.stderr and done.stderr.count("\n") == 1, done.stderr)
        check(time.monotonic() - begin < 30, "took too long")
        flood.stop(prot)
    stop = threading.Event()

    def pour():
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(prot.path("line"))
            while not stop.is_set():
                line.sendall(b"garbage" * 10000)

    pourer = threading.Thread(target=pour)
    pourer.start()
    attest(prot, f"mctp::{device.port}", "--save-refs", "refs.json", expect=2)
    attest(prot, "serial:unix:line", "--save-refs", "again.json", expect=2)
    stop.set()
    pourer.join()
    check("watchdog" not in device.text(), device.text())


def terminal__as_a_socket(prot):
    try:
        os.close(pty.openpty()[0])
    except OSError as error: # a container without pseudo-terminals
        print(f"not tried, {error}: ", end="")
        return
    small(prot)
    start(prot, None)
    line = Line(prot, terminal=True)
    attest(prot, f"serial:{line.near}", "--save-refs", "refs.json", expect=2)
    done = attest(prot, f"serial:{line.near},921600", "--refs", "refs.json")
    check("TRUSTED" in done.stdout, done.stdout)
    update(prot, f"serial:{line.near}", "b.pldm")
    done = attest(prot, f"serial:{line.near},12345", expect=2)
    check("does not do 12345 baud" in done.stderr, done.stderr)
    fcntl.flock(line.follower, fcntl.LOCK_EX)
    done = attest(prot, f"serial:{line.near}", expect=2)
    check("another program uses it" in done.stderr, done.stderr)
    line.stop()


def errors__one_sentence(prot):
    small(prot)
    prot.image("a.img", "payload")
    prot.provision(golden=None)
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(prot.path("dead"))
    dead.close()
    for spec, said in [("serial:/dev/none", "No such file or directory"),
                       ("serial:payload", "not a terminal device"),
                       ("serial:unix:none", "No such file or directory"),
                       ("serial:unix:dead", "nobody listens there"),
                       ("serial:unix:" + "a" * 120, "too long")]:
        done = attest(prot, spec, expect=2)
        check(said in done.stderr and done.stderr.count("\n") == 1, f"{spec}: {done.stderr}")
    for spec in ["serial", "serial:", "serial:unix:", "serial:/dev/ttyS0,", "serial:/dev/ttyS0,fast"]:
        done = attest(prot, spec, expect=64)
        check("serial:DEVICE[,BAUD]" in done.stderr, done.stderr)
    if os.geteuid() != 0:
        os.chmod(prot.path("payload"), 0)
        done = attest(prot, "serial:payload", expect=2)
        check("Permission denied" in done.stderr, done.stderr)
    done = prot.run("device", "--state", "state", "--listen", "serial:/dev/ttyS0", expect=64)
    check("serial:unix:PATH" in done.stderr, done.stderr)
    done = prot.run("device", "--state", "state", "--listen", "serial:unix:payload", expect=2)
    check("cannot listen on serial:unix:payload: Address already in use" in done.stderr, done.stderr)
    check(os.path.getsize(prot.path("payload")) == 50000, "a file gave way to a socket")


def socket_left_behind__replaced(prot):
    small(prot)
    device = start(prot, None)
    done = prot.run("device", "--state", "state", "--listen", "serial:unix:line", expect=2)
    check("a device runs from it" in done.stderr, done.stderr)
    prot.image("c.img", prot.runtime("1.0.0"))
    prot.provision("other", "c.img", None)
    done = prot.run("device", "--state", "other", "--listen", "serial:unix:line", expect=2)
    check("Address already in use" in done.stderr, done.stderr)
    device.process.kill()
    device.wait()
    device = prot.device("--confirm-after", "500", listen=("mctp::0", "serial:unix:line"))
    device.expect("started in mode normal")
    attest(prot, "serial:unix:line", "--save-refs", "refs.json", expect=2)


main([
    frames_on_the_wire__as_linux_wants_them,
    attest_and_update__as_over_tcp,
    restart_behind_the_line__update_ends_when_it_is_back,
    noisy_line__tries_again_and_succeeds,
    dead_line__one_sentence_in_time,
    floods__neither_side_hangs,
    terminal__as_a_socket,
    errors__one_sentence,
    socket_left_behind__replaced,
])
