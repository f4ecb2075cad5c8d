#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every mistake ends within its time limit, with one sentence and a non-zero exit code.

usage: cli_bad_input.py PROT RUNTIMES
"""
import hashlib
import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys

sys.dont_write_bytecode = True
from harness import PATIENCE, Peer, check, main

USAGE, NO, FAILED = 64, 1, 2


def refused(prot, args, expect, pattern, seconds=30):
    """One sentence on standard error; usage errors add the hint that argp prints."""
    done = prot.run(*args, expect=expect, timeout=seconds + 10)
    text = f"prot {' '.join(map(str, args))}: {done.stderr}"
    check(done.seconds < seconds, f"{text} took {done.seconds:.1f} s")
    lines = done.stderr.strip("\n").split("\n")
    check(len(lines) <= (3 if expect == USAGE else 1) and lines[0], text)
    check(lines[0].startswith("prot"), text)
    check(re.search(pattern, lines[0]), f"{text} does not match '{pattern}'")
    check(not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", done.stderr), f"control characters in {done.stderr!r}")
    check("Sanitizer" not in done.stderr and "ssert" not in done.stderr, text)


def usage_errors(prot):
    refused(prot, ["nonsense"], USAGE, "no command 'nonsense'")
    refused(prot, ["image", "nonsense"], USAGE, "no command 'nonsense'")
    refused(prot, ["image", "show", "--nonsense", "x"], USAGE, "unrecognized option")
    refused(prot, ["image", "show"], USAGE, "IMAGE is missing")
    refused(prot, ["image", "show", "a", "b"], USAGE, "one IMAGE only")
    refused(prot, ["image", "keygen"], USAGE, "FILE is missing")
    refused(prot, ["image", "sign", "x"], USAGE, "required")
    sign = ["image", "sign", "-k", "k", "-o", "o", "p"]
    refused(prot, [*sign, "-v", "1.2.x", "-s", "1"], USAGE, "'1.2.x' is not a version")
    refused(prot, [*sign, "-v", "1.2", "-s", "257"], USAGE, "--svn must be a number from 0 to 256")
    refused(prot, [*sign, "-v", "1.2", "-s", "-1"], USAGE, "--svn must be")
    refused(prot, [*sign, "-v", "1.2", "-s", "1x"], USAGE, "--svn must be")
    refused(prot, [*sign, "-v", "1.2", "-s", "1", "--svn-floor", "2"], USAGE, "--svn-floor is above --svn")
    refused(prot, [*sign, "-v", "1.2", "-s", "1", "--board", "64"], USAGE, "--board")
    refused(prot, [*sign, "-v", "1.2", "-s", "1", "--build-id", "x" * 33], USAGE, "32 characters")
    refused(prot, ["provision"], USAGE, "required")
    many = [x for i in range(5) for x in ("--image-key", f"k{i}")]
    refused(prot, ["provision", *many], USAGE, "4 key slots")
    refused(prot, ["provision", "--state", "s", "--image", "i", "--image-key", "k", "--ca-key", "c"], USAGE,
            "go together")
    refused(prot, ["device"], USAGE, "--state is required")
    refused(prot, ["device", "--state", "s", "--listen", "tcp:1"], USAGE, "mctp:HOST:PORT")
    refused(prot, ["device", "--state", "s", "--mtu", "63"], USAGE, "--mtu")
    refused(prot, ["device", "--state", "s", *(["--listen", "mctp"] * 5)], USAGE, "at most 4")
    refused(prot, ["trace"], USAGE, "FILE is missing")
    check(prot.run(expect=USAGE).stdout.startswith("Usage: prot COMMAND"), "prot alone")


def documented(args, text):
    """Every option of --help stands in the manual, in the part about its command."""
    page = (pathlib.Path(__file__).parent.parent.parent / "docs" / "prot.1").read_text().replace("\\-", "-")
    title = f".SS prot {' '.join(args)}"
    check(title in page, f"the manual has no part '{title}'")
    part = page.split(title, 1)[1].split("\n.S", 1)[0]
    if "--connect" in text:
        part += page.split(".SS Connection options", 1)[1].split("\n.S", 1)[0]
    for option in set(re.findall(r"--[a-z][a-z-]+", text)) - {"--help", "--usage", "--version"}:
        check(option in part, f"the manual's '{title}' does not explain {option}")


def help_everywhere(prot):
    top = prot.run("--help").stdout
    commands = re.findall(r"^  (\w+) +\S", top, re.M)
    check(len(commands) >= 4, top)
    check(re.fullmatch(r"prot \(openprot-c\) [0-9.]+\n", prot.run("--version").stdout), "--version")
    queue = [[c] for c in commands]
    while queue:
        args = queue.pop()
        text = prot.run(*args, "--help").stdout
        check(text.startswith(f"Usage: prot {' '.join(args)}"), f"{args}: {text[:80]}")
        if " COMMAND " in text.split("\n")[0]:
            queue += [[*args, verb] for verb in re.findall(r"^  (\w+) +\S", text, re.M)]
        else:
            documented(args, text)
            check(prot.run(*args, "--version").stdout.startswith("prot (openprot-c)"), f"{args} --version")


def files(prot):
    payload = prot.path("payload")
    pathlib.Path(payload).write_bytes(b"code" * 100)
    prot.image("good.img", payload)
    good = pathlib.Path(prot.path("good.img")).read_bytes()
    pathlib.Path(prot.path("empty")).write_bytes(b"")
    pathlib.Path(prot.path("short")).write_bytes(good[:511])
    pathlib.Path(prot.path("cut")).write_bytes(good[:-1])
    pathlib.Path(prot.path("long")).write_bytes(good + b"x")
    pathlib.Path(prot.path("text")).write_text("not a key\n")
    prot.key("other.pem")
    for path in ["missing", "missing\n\x1b[2J"]:
        refused(prot, ["image", "show", path], FAILED, r"cannot read missing.*: No such file")
    refused(prot, ["image", "show", "."], FAILED, "Is a directory")
    for path in ["empty", "short", "text"]:
        refused(prot, ["image", "show", path], NO, "not a firmware image")
    for path in ["cut", "long"]:
        refused(prot, ["image", "show", path], NO, "fewer or more bytes")
    refused(prot, ["image", "verify", "-k", "missing", "good.img"], FAILED, "cannot read missing")
    refused(prot, ["image", "verify", "-k", "text", "good.img"], FAILED, "not a private key file|not .* key")
    refused(prot, ["image", "verify", "-k", "other.pem", "good.img"], NO, "signature does not verify")
    refused(prot, ["image", "keygen", "key.pem"], FAILED, "File exists")
    refused(prot, ["image", "keygen", "none/key.pem"], FAILED, "No such file")
    sign = ["image", "sign", "-v", "1.0", "-s", "1"]
    refused(prot, [*sign, "-k", "text", "-o", "o.img", payload], FAILED, "not a private key file")
    refused(prot, [*sign, "-k", "key.pem.pub", "-o", "o.img", payload], FAILED, "key")
    refused(prot, [*sign, "-k", "key.pem", "-o", "good.img", payload], FAILED, "File exists")
    refused(prot, [*sign, "-k", "key.pem", "-o", "o.img", "empty"], FAILED, "payload is empty")
    refused(prot, [*sign, "-k", "key.pem", "-o", "o.img", "missing"], FAILED, "cannot read missing")
    refused(prot, [*sign, "-k", "key.pem", "-o", "o.img", "--entry", "400", payload], FAILED, "--entry")
    check(not os.path.exists(prot.path("o.img")), "a failed command left its output")


def reference_values(prot):
    pathlib.Path(prot.path("one")).write_bytes(b"one")
    pathlib.Path(prot.path("two")).write_bytes(b"two")
    prot.image("one.img", "one", "1.0.0", 3)
    prot.image("two.img", "two", "2.0.0", 4)
    prot.run("image", "refs", "-o", "refs.json", "one.img", "two.img")
    refs = json.loads(pathlib.Path(prot.path("refs.json")).read_text())
    check((refs["format"], refs["version"]) == ("prot-reference-values", 1), refs)
    entry = {m["index"]: m for m in refs["measurements"]}
    boot = hashlib.sha384(pathlib.Path(prot.prot).read_bytes()).hexdigest()
    check(entry[1]["digests"] == [boot], "the boot stage is not this program")
    check(entry[2]["digests"] == [hashlib.sha384(d).hexdigest() for d in (b"one", b"two")], entry[2])
    check(entry[3]["text"] == ["1.0.0", "2.0.0"] and entry[4]["min"] == 3, refs)
    check(entry[5]["raw"] == ["0200"] and len(entry[254]["raw"]) == 1, refs)
    other = json.loads(prot.run("image", "refs", "--boot-stage", "one", "--recovery", "one.img").stdout)
    other = {m["index"]: m for m in other["measurements"]}
    check(other[1]["digests"] == [hashlib.sha384(b"one").hexdigest()], "--boot-stage")
    check(other[254]["raw"] != entry[254]["raw"], "--recovery")
    refused(prot, ["image", "refs", "one"], NO, "not a firmware image")
    refused(prot, ["image", "refs"], USAGE, "IMAGE is missing")
    refused(prot, ["image", "refs", "-o", "refs.json", "one.img"], FAILED, "File exists")
    refused(prot, ["image", "refs", "--boot-stage", "missing", "one.img"], FAILED, "cannot read missing")


def every_bit_of_an_image_counts(prot):
    payload = prot.path("payload")
    pathlib.Path(payload).write_bytes(b"code" * 8)
    prot.image("good.img", payload, "1.2.3", 4, "--build-id", "abc")
    good = pathlib.Path(prot.path("good.img")).read_bytes()
    for at in [*range(0, 148, 7), 144, 200, 255, 256, 300, 351, 352, 511, 512, 543]:
        bad = bytearray(good)
        bad[at] ^= 0x10
        pathlib.Path(prot.path("bad.img")).write_bytes(bad)
        refused(prot, ["image", "verify", "-k", "key.pem.pub", "bad.img"], NO, "bad.img: ")
    prot.run("image", "verify", "-k", "key.pem.pub", "good.img")


def openssl_keys(prot):
    """Keys made elsewhere: P-384 in either form is taken, everything else refused with the reason."""
    def openssl(*args):
        subprocess.run(["openssl", *args], check=True, capture_output=True, cwd=prot.dir)

    payload = prot.path("payload")
    pathlib.Path(payload).write_bytes(b"code")
    openssl("ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", "sec1.pem")
    openssl("pkcs8", "-topk8", "-nocrypt", "-in", "sec1.pem", "-out", "pkcs8.pem")
    openssl("pkey", "-in", "sec1.pem", "-pubout", "-out", "pub.pem")
    for key in ["sec1.pem", "pkcs8.pem"]:
        prot.run("image", "sign", "-f", "-k", key, "-v", "1", "-s", "0", "-o", "a.img", payload)
        prot.run("image", "verify", "-k", "pub.pem", "a.img")
    openssl("pkcs8", "-topk8", "-in", "sec1.pem", "-out", "encrypted.pem", "-passout", "pass:x")
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "p256.pem")
    openssl("pkey", "-in", "p256.pem", "-pubout", "-out", "p256.pub")
    openssl("genrsa", "-out", "rsa.pem", "2048")
    for key in ["encrypted.pem", "p256.pem", "rsa.pem"]:
        refused(prot, ["image", "sign", "-k", key, "-v", "1", "-s", "0", "-o", "b.img", payload], FAILED,
                "not an unencrypted P-384 private key|not a private key file")
    refused(prot, ["image", "verify", "-k", "p256.pub", "a.img"], FAILED, "not a P-384 public key")


def provisioning(prot):
    payload = prot.path("payload")
    pathlib.Path(payload).write_bytes(b"code" * 100)
    prot.image("a.img", payload)
    prot.image("other.img", payload, "1.0.0", 1, key="other.pem")
    prot.image("board.img", payload, "1.0.0", 1, "--board", "5")
    prot.image("component.img", payload, "1.0.0", 1, "--component", "7")
    big = prot.path("big")
    pathlib.Path(big).write_bytes(bytes(0x600000))
    prot.image("big.img", big)
    command = ["provision", "--state", "state", "--image-key", "key.pem.pub"]
    for image, why in [("other.img", "signature does not verify"), ("board.img", "for another board"),
                       ("component.img", "another component"), ("big.img", "does not fit the bank"),
                       ("missing", "cannot read"), ("payload", "not a firmware image")]:
        refused(prot, [*command, "--image", image], FAILED, why)
        check(not os.path.exists(prot.path("state")), "a failed provisioning left its directory")
    refused(prot, [*command, "--image", "a.img", "--golden", "a.img"], FAILED, "not a recovery image")
    refused(prot, ["provision", "--state", "none/state", "--image-key", "key.pem", "--image", "a.img"], FAILED,
            "No such file")
    prot.run(*command, "--image", "a.img")
    for name in ["ca-key.pem", "otp.bin", "flash.bin"]:
        check(os.stat(prot.path(f"state/{name}")).st_mode & 0o77 == 0, f"{name} is readable by others")
    before = pathlib.Path(prot.path("state/otp.bin")).read_bytes()
    refused(prot, [*command, "--image", "a.img"], FAILED, "--force replaces it")
    refused(prot, [*command, "--image", "other.img", "--force"], FAILED, "signature")
    check(pathlib.Path(prot.path("state/otp.bin")).read_bytes() == before, "the state directory was changed")
    prot.run(*command, "--image", "a.img", "--force")
    check(pathlib.Path(prot.path("state/otp.bin")).read_bytes() != before, "--force kept the old secrets")
    os.mkdir(prot.path("home"))
    pathlib.Path(prot.path("home/letters")).write_text("dear")
    refused(prot, ["provision", "--state", "home", "--image-key", "key.pem", "--image", "a.img", "--force"], FAILED,
            "not a state directory")
    check(os.listdir(prot.path("home")) == ["letters"], "--force touched a foreign directory")
    leftovers = [n for n in os.listdir(prot.dir) if n.startswith("state.") or n.startswith("home.")]
    check(not leftovers, f"left behind: {leftovers}")


def given_ca(prot):
    payload = prot.path("payload")
    pathlib.Path(payload).write_bytes(b"code" * 100)
    prot.image("a.img", payload)
    command = ["provision", "--image-key", "key.pem.pub", "--image", "a.img"]
    prot.run(*command, "--state", "first")
    ca = ["--ca-key", "first/ca-key.pem", "--ca-cert", "first/ca.pem"]
    prot.run(*command, "--state", "second", *ca)
    check(not os.path.exists(prot.path("second/ca-key.pem")), "a given CA key was copied")
    check(pathlib.Path(prot.path("second/ca.pem")).read_bytes() == pathlib.Path(prot.path("first/ca.pem")).read_bytes(),
          "another CA certificate")
    refused(prot, [*command, "--state", "third", "--ca-key", "key.pem", "--ca-cert", "first/ca.pem"], FAILED,
            "not the CA certificate of the key")
    refused(prot, [*command, "--state", "third", "--ca-key", "first/ca-key.pem", "--ca-cert", "key.pem.pub"], FAILED,
            "does not hold a certificate")


def devices(prot):
    refused(prot, ["device", "--state", "missing"], FAILED, "cannot use missing: No such file")
    os.mkdir(prot.path("empty"))
    refused(prot, ["device", "--state", "empty", "--listen", "mctp::0"], FAILED, "not provisioned")
    payload = prot.path("payload")
    pathlib.Path(payload).write_bytes(b"\x7fELF, but not really" * 10)
    prot.image("a.img", payload)
    prot.provision(golden=None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused(prot, ["device", "--state", "state", "--listen", f"mctp::{taken.getsockname()[1]}"], FAILED,
                "Address already in use")
    refused(prot, ["device", "--state", "state", "--listen", "mctp:no.such.host.invalid"], FAILED, "unknown host")
    refused(prot, ["device", "--state", "state", "--listen", "mctp::0"], FAILED,
            "cannot execute the verified payload: Exec format error")
    with open(prot.path("state/flash.bin"), "r+b") as flash:
        flash.truncate(1000)
    refused(prot, ["device", "--state", "state", "--listen", "mctp::0"], FAILED, "wrong size")


def traces(prot):
    def pcap(*records, magic=0xA1B2C3D4, major=2, link=291):
        data = struct.pack("<IHHIIII", magic, major, 4, 0, 0, 65535, link)
        for record in records:
            data += struct.pack("<IIII", 1, 2, len(record), len(record)) + record
        return data

    def trace(data, expect=0):
        pathlib.Path(prot.path("t.pcap")).write_bytes(data)
        return prot.run("trace", "t.pcap", expect=expect)

    request = bytes.fromhex("010908c8008002")
    check("1 packets, 1 messages, 0 refused" in trace(pcap(request)).stdout, "one message")
    for data, why in [(b"", "not a pcap file"), (b"text\n" * 10, "not a pcap file"), (pcap()[:23], "not a pcap file"),
                      (b"\x0a\x0d\x0d\x0a" + bytes(40), "pcapng"), (pcap(request, major=1), "version 2"),
                      (pcap(request, link=1), "link type 1, not 291"),
                      (pcap(request)[:-1], "ends within a record"),
                      (pcap() + struct.pack("<IIII", 0, 0, 0xFFFFFFFF, 0xFFFFFFFF), "ends within a record")]:
        pathlib.Path(prot.path("t.pcap")).write_bytes(data)
        refused(prot, ["trace", "t.pcap"], FAILED, why)
    refused(prot, ["trace", "missing"], FAILED, "cannot read missing")
    lost = trace(pcap(bytes.fromhex("01090888") + b"\x05" * 8, bytes.fromhex("01090868") + b"\x05" * 8)).stdout
    check("sequence is broken" in lost and "0 messages" in lost, lost)
    short = trace(pcap(b"", b"\x01", request[:4])).stdout
    check(short.count("not an MCTP packet") == 3, short)
    emulator = trace(pcap(bytes.fromhex("000000c00510840000"), bytes.fromhex("000000c0057f"))).stdout
    check("--- SPDM 1.0 GET_VERSION" in emulator and "2 messages" in emulator, emulator)
    open_end = trace(pcap(bytes.fromhex("01090888") + b"\x05" * 8)).stdout
    check("1 incomplete" in open_end, open_end)


# Commands that connect, with what else they need.
CONNECTING = {
    "attest": ["--ca", "state/ca.pem"],
    "update": ["--package", "p.pldm"],
}


def prepare_to_connect(prot):
    pathlib.Path(prot.path("payload")).write_bytes(b"code" * 100)
    prot.image("a.img", "payload")
    prot.provision(golden=None)
    pathlib.Path(prot.path("p.json")).write_text('{"version": "2.0.0", "components": [{"file": "a.img"}]}')
    prot.run("package", "create", "p.json", "--output", "p.pldm")


def peers_that_misbehave(prot):
    prepare_to_connect(prot)
    for name, args in CONNECTING.items():
        for how in Peer.BEHAVIOURS:
            for framing in ["mctp", "emu"]:
                if (name, framing, how) == ("update", "emu", "echo"):
                    continue  # our refusal of our own request comes back as the device's
                peer = Peer(how)
                refused(prot, [name, "--connect", f"{framing}:127.0.0.1:{peer.port}", "--timeout", "600", *args],
                        FAILED, "127.0.0.1|does not answer")
                peer.stop()
        refused(prot, [name, "--connect", "mctp:127.0.0.1:1", *args], FAILED, "nobody listens there")
        refused(prot, [name, "--connect", "mctp:no.such.host.invalid", *args], FAILED, "unknown host")
        refused(prot, [name, "--connect", "nonsense", *args], USAGE, "mctp:HOST:PORT")
        refused(prot, [name, "--timeout", "0", *args], USAGE, "--timeout")
        refused(prot, [name, "--eid", "7", *args], USAGE, "--eid")
        refused(prot, [name, "--mtu", "63", *args], USAGE, "--mtu")


def interrupted__ends_at_once(prot):
    prepare_to_connect(prot)
    for name, args in CONNECTING.items():
        peer = Peer("hang")
        process = subprocess.Popen([prot.prot, name, "--connect", f"mctp:127.0.0.1:{peer.port}", "--timeout",
                                    str(2000 * PATIENCE), *args],
                                   cwd=prot.dir, stderr=subprocess.PIPE, text=True)
        check(peer.accepted.wait(PATIENCE), f"{name} does not connect")
        process.send_signal(signal.SIGINT)
        _, text = process.communicate(timeout=PATIENCE)
        check(process.returncode != 0 and "interrupted" in text, f"{name}: {process.returncode} {text}")
        peer.stop()


main([
    usage_errors,
    help_everywhere,
    files,
    reference_values,
    every_bit_of_an_image_counts,
    openssl_keys,
    provisioning,
    given_ca,
    devices,
    traces,
    peers_that_misbehave,
    interrupted__ends_at_once,
])
