#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`prot device` from power on to power off: boots, crashes, hangs, corrupt banks, recovery.

usage: device.py PROT RUNTIMES
"""
import os
import signal
import socket
import struct
import sys

sys.dont_write_bytecode = True
from harness import PATIENCE, check, main

# Regions of the flash, as `prot board posix` names them.
BANK = {"A": "bank-a", "B": "bank-b", "golden": "golden"}


def corrupt(prot, bank, offset=600, state="state"):
    """Flip one bit of a bank's image, as a failing flash would."""
    with open(prot.path(f"{state}/flash.bin"), "r+b") as flash:
        flash.seek(prot.region(BANK[bank]) + offset)
        byte = flash.read(1)[0]
        flash.seek(-1, os.SEEK_CUR)
        flash.write(bytes([byte ^ 1]))


def make(prot, runtime="1.0.0", golden=True):
    prot.image("a.img", prot.runtime(runtime))
    if golden:
        prot.image("golden.img", prot.runtime("1.0.0"), "0.9.0", 2, "--golden")
    return prot.provision(golden="golden.img" if golden else None)


def boots_and_answers(prot):
    make(prot)
    device = prot.device()
    device.expect(r"reset by power on; bank A, version 1\.0\.0, SVN 1 \(floor 1\), mode normal")
    device.expect("started in mode normal")
    mctp = device.connect()
    check(mctp.control(2)[0] == 0, "has an EID at start")
    check(mctp.control(1, bytes([0, 77]))[:2] == bytes([0, 77]), "Set Endpoint ID refused")
    check(mctp.control(2, eid=77)[0] == 77, "Get Endpoint ID does not give the EID that was set")
    types = mctp.control(5, eid=77)
    check(set(types[1:]) >= {1, 5}, f"message types {types.hex()}")
    first = mctp.control(3, eid=77)
    check(len(first) == 16 and first[6] >> 4 == 8, f"UUID {first.hex()}")
    device.expect("endpoint ID assigned: 77")
    check(device.stop() == 0, "power off is not exit code 0")
    device = prot.device()
    check(device.connect().control(3) == first, "the UUID changed with a restart")


def burst_of_packets__all_answered(prot):
    """More packets at once than the device takes from one connection in a turn."""
    make(prot, golden=False)
    device = prot.device()
    device.expect("started in mode normal")
    mctp = device.connect()
    requests = [bytes([1, 0, 8, 0xC8 | i % 8, 0, 0x80 | i % 32, 2]) for i in range(200)]
    mctp.socket.sendall(b"".join(struct.pack(">H", len(request)) + request for request in requests))
    for request in requests:
        answer = mctp.receive()
        check(answer[5:8] == bytes([request[5] & 0x1F, 2, 0]), f"{request.hex()} answered with {answer.hex()}")


def survives_rubbish(prot):
    make(prot, golden=False)
    device = prot.device()
    device.expect("started in mode normal")
    for data in [b"GET / HTTP/1.1\r\n\r\n" * 100, bytes(1000), os.urandom(100000), b"\xff" * 70000, b"\0\x04abcd"]:
        bad = device.connect()
        try:
            bad.socket.sendall(data)
        except OSError:
            pass
        bad.close()
    idle = [device.connect() for _ in range(6)]  # more than the device keeps
    check(device.connect().control(2)[0] == 0, "no answer beside idle connections")
    for connection in idle:
        connection.close()
    check(device.stop() == 0, "the device did not survive")
    check("signal" not in device.text(), device.text())


def emulator_sockets__speak_as_spdm_emu(prot):
    make(prot, golden=False)
    device = prot.device(listen=("mctp::0", "emu::0"))
    port = int(device.expect(r"listening on emu:.*:(\d+)").group(1))
    device.expect("started in mode normal")

    def exchange(connection, command, payload=b"", transport=1):
        connection.sendall(struct.pack(">III", command, transport, len(payload)) + payload)
        header = b""
        while len(header) < 12:
            header += connection.recv(12 - len(header))
        command, transport, size = struct.unpack(">III", header)
        check(transport == 1, f"transport {transport}")
        payload = b""
        while len(payload) < size:
            payload += connection.recv(size - len(payload))
        return command, payload

    def connect():
        return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)

    for last in [0xFFFE, 0xFFFD]:  # shut down, continue: either way the device stays on
        with connect() as connection:
            check(exchange(connection, 0xDEAD, b"Client Hello!\0") == (0xDEAD, b"Server Hello!\0"), "hello")
            check(exchange(connection, 1, bytes.fromhex("0510840000"))[1][:3] == bytes.fromhex("051004"), "VERSION")
            check(exchange(connection, 0x1234) == (0xFFFF, b""), "unknown command")
            check(exchange(connection, last) == (last, b""), "leave")
            check(connection.recv(1) == b"", "still connected")
    with connect() as connection:
        connection.sendall(struct.pack(">III", 1, 2, 4) + b"PCIe")
        check(connection.recv(1) == b"", "another transport was accepted")
    with connect() as connection:
        check(exchange(connection, 1, bytes.fromhex("0510840000"))[0] == 1, "no answer afterwards")


def runtime_killed__starts_again(prot):
    make(prot, golden=False)
    device = prot.device()
    device.expect("started in mode normal")
    before = device.child()
    os.kill(before, signal.SIGKILL)
    device.expect("ended by signal 9")
    device.expect("reset by fault; bank A")
    device.expect("started in mode normal")
    check(device.child() != before, "same process")
    device.connect().control(2)


def hangup__power_cycle(prot):
    make(prot, golden=False)
    device = prot.device()
    device.expect("started in mode normal")
    before = device.child()
    device.process.send_signal(signal.SIGHUP)
    device.expect("device: power cycle")
    device.expect("reset by power on; bank A")
    device.expect("started in mode normal")
    check(device.child() != before, "same process")
    device.connect().control(2)


def supervisor_killed__device_goes_too(prot):
    make(prot, golden=False)
    device = prot.device()
    device.expect("started in mode normal")
    child = device.child()
    device.process.kill()
    device.wait()
    again = prot.device()
    again.expect("reset by power on")
    again.expect("started in mode normal")
    check(not os.path.exists(f"/proc/{child}") or "(prot" not in open(f"/proc/{child}/stat").read(),
          "the runtime outlived its supervisor")


def second_device__refused(prot):
    make(prot, golden=False)
    device = prot.device()
    device.expect("started in mode normal")
    done = prot.run("device", "--state", "state", "--listen", "mctp::0", expect=2)
    check("a device runs from it" in done.stderr, done.stderr)
    done = prot.run("provision", "--state", "state", "--image", "a.img", "--image-key", "key.pem.pub", "--force",
                    expect=2)
    check("a device runs from it" in done.stderr, done.stderr)


def hanging_runtime__watchdog_then_golden(prot):
    make(prot, "2.2.0-hang")
    device = prot.device("--watchdog", "4000")
    for _ in range(3):
        device.expect(r"bank A, version 1\.0\.0")
        device.expect("hangs")
        device.expect("watchdog, silent for 4000 ms")
    device.expect(r"bank A passed over: failed to come up several times")
    device.expect(r"reset by watchdog; bank golden, version 0\.9\.0, SVN 2 \(floor 1\), mode recovery")
    device.expect("started in mode recovery")
    device.connect().control(2)


def corrupt_bank__golden(prot):
    make(prot)
    for offset in [8, 60, 300, 600]:
        corrupt(prot, "A", offset)
        device = prot.device()
        device.expect("bank A passed over: ")
        device.expect("bank golden, version 0.9.0, SVN 2 .*, mode recovery")
        device.expect("started in mode recovery")
        check(device.stop() == 0, "power off")
        corrupt(prot, "A", offset)
    device = prot.device()
    device.expect("bank A, version 1.0.0.*mode normal")


def damaged_identity__starts_without(prot):
    """Certificates that rot cost attestation, not the means to repair the device."""
    make(prot)
    with open(prot.path("state/flash.bin"), "r+b") as flash:
        flash.seek(prot.region("identity") + 40)
        flash.write(bytes(8))
    device = prot.device()
    device.expect("no identity")
    device.expect("started in mode normal")
    mctp = device.connect()
    check(mctp.control(2)[0] == 0, "Get Endpoint ID is not answered")
    check(1 in mctp.control(5)[1:], "no PLDM to update it with")
    check(device.stop() == 0, "power off is not exit code 0")


def everything_corrupt__lockdown(prot):
    make(prot)
    corrupt(prot, "A")
    corrupt(prot, "golden")
    done = prot.run("device", "--state", "state", "--listen", "mctp::0", expect=1)
    check("lockdown, no image may run" in done.stdout, done.stdout)


def foreign_keys__lockdown(prot):
    """An attacker who writes the flash, keys included, is stopped by the hashes in OTP."""
    make(prot, golden=False)
    prot.image("evil.img", prot.runtime("2.0.0"), "6.6.6", 9, key="evil.pem")
    prot.run("provision", "--state", "evil", "--image", "evil.img", "--image-key", "evil.pem.pub")
    os.replace(prot.path("evil/flash.bin"), prot.path("state/flash.bin"))
    done = prot.run("device", "--state", "state", "--listen", "mctp::0", expect=1)
    check("signing key does not match its OTP hash" in done.stdout, done.stdout)


def downgraded_image__not_booted(prot):
    prot.image("a.img", prot.runtime("1.0.0"), "1.0.0", 3)
    prot.image("old.img", prot.runtime("1.0.0"), "0.5.0", 2)
    done = prot.run("provision", "--state", "state", "--image", "old.img", "--image-key", "key.pem.pub",
                    "--svn-floor", "3", expect=2)
    check("security version below the floor" in done.stderr, done.stderr)
    check(not os.path.exists(prot.path("state")), "a failed provisioning left its directory")


def trace_of_a_device__readable(prot):
    make(prot, golden=False)
    device = prot.device("--pcap", "trace.pcap")
    device.expect("started in mode normal")
    mctp = device.connect()
    mctp.control(2)
    mctp.control(1, bytes([0, 77]))
    # A packet is recorded before it is sent: nothing that was answered is lost.
    os.kill(device.child(), signal.SIGKILL)
    device.expect("reset by fault")
    device.expect("started in mode normal")
    device.connect().control(2)
    check(device.stop() == 0, "power off")
    text = prot.run("trace", "trace.pcap").stdout
    check(text.count("MCTP Get Endpoint ID: success") == 2, text)
    check("MCTP Set Endpoint ID: success, EID is 77" in text, text)
    check("6 packets, 6 messages, 0 refused" in text, text)


main([
    boots_and_answers,
    burst_of_packets__all_answered,
    survives_rubbish,
    emulator_sockets__speak_as_spdm_emu,
    runtime_killed__starts_again,
    hangup__power_cycle,
    supervisor_killed__device_goes_too,
    second_device__refused,
    hanging_runtime__watchdog_then_golden,
    corrupt_bank__golden,
    damaged_identity__starts_without,
    everything_corrupt__lockdown,
    foreign_keys__lockdown,
    downgraded_image__not_booted,
    trace_of_a_device__readable,
])
