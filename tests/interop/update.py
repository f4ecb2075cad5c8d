#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`prot package` and `prot update` against a running device: the good case, each refusal, interruption.

usage: update.py PROT RUNTIMES
"""
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from harness import PATIENCE, Gate, Peer, check, main


def write(prot, name, content):
    with open(prot.path(name), "w") as file:
        file.write(content if isinstance(content, str) else json.dumps(content))


def package(prot, name, image, version="2.0.0", **more):
    write(prot, name + ".json", {"version": version, "components": [{"file": image}], **more})
    prot.run("package", "create", name + ".json", "--force", "--output", name)
    return name


def start(prot, runtime=None, svn=2):
    """A running device and b.img: a real runtime, or something that is quicker to transfer and never started."""
    open(prot.path("payload"), "wb").write(os.urandom(200000))
    prot.image("a.img", prot.runtime("1.0.0"), "1.0.0", svn)
    prot.image("b.img", prot.runtime(runtime) if runtime else "payload", "2.0.0", svn + 1)
    prot.image("golden.img", prot.runtime("1.0.0"), "0.9.0", svn, "--golden")
    prot.provision()
    device = prot.device("--confirm-after", "500")
    device.expect("started in mode normal")
    return device


def update(prot, device, name, *options, expect=0):
    return prot.run("update", "--connect", f"mctp::{device.port}", "--package", name, *options, expect=expect,
                    timeout=2 * PATIENCE)


def update_then_restart__runs_the_new_version(prot):
    device = start(prot, "2.0.0")
    package(prot, "good", "b.img")
    done = update(prot, device, "good", "--pcap", "u.pcap")
    check("1.0.0 -> 2.0.0" in done.stdout, done.stdout)
    check("verified by the device" in done.stdout and "applied" in done.stdout, done.stdout)
    check("100 %" in done.stdout and "\r" not in done.stdout, done.stdout)
    check("next restart" in done.stdout, done.stdout)
    check(os.path.getsize(prot.path("u.pcap")) > os.path.getsize(prot.path("b.img")), "trace is too short")
    check(device.stop() == 0, "device")
    device = prot.device("--confirm-after", "500")
    device.expect(r"bank B, version 2\.0\.0, SVN 3 \(floor 2\), mode trial, try 1")
    device.expect("image confirmed: bank B")


def self_contained__device_restarts_at_once(prot):
    device = start(prot, "2.0.0")
    package(prot, "good", "b.img")
    done = update(prot, device, "good", "--self-contained", "--json")
    outcome = json.loads(done.stdout)
    check(outcome["updated"] and outcome["activated"], done.stdout)
    check(outcome["components"][0]["active_version"] == "1.0.0", done.stdout)
    check(outcome["components"][0]["package_version"] == "2.0.0", done.stdout)
    device.expect(r"bank B, version 2\.0\.0")
    device.expect("image confirmed: bank B")


def still_running(prot, device):
    """The old firmware runs on, and a restart brings it up again."""
    device.connect().control(2)
    check(device.stop() == 0, "device")
    prot.device("--confirm-after", "500").expect(r"bank A, version 1\.0\.0, SVN 2 .* mode normal")


def refusals__each_with_its_reason(prot):
    device = start(prot)
    prot.image("foreign.img", "payload", "2.0.0", 3, key="foreign.pem")
    prot.image("old.img", "payload", "2.0.0", 1)
    prot.image("board.img", "payload", "2.0.0", 3, "--board", 5)
    good = open(prot.path(package(prot, "good", "b.img")), "rb").read()
    package(prot, "foreign", "foreign.img")
    package(prot, "old", "old.img")
    package(prot, "board", "board.img")
    package(prot, "other", "b.img",
            devices=[{"descriptors": [{"type": "uuid", "data": "00112233-4455-6677-8899-aabbccddeeff"}]}])
    open(prot.path("short"), "wb").write(good[:-1000])
    flipped = bytearray(good)
    flipped[len(good) // 2] ^= 1
    open(prot.path("flipped"), "wb").write(flipped)

    def refused(name, reason, *options):
        done = update(prot, device, name, *options, expect=1)
        check(reason in done.stderr, f"{name}: {done.stdout}{done.stderr}")
        check(done.stderr.count("\n") == 1, done.stderr)

    refused("foreign", "signature does not verify")
    refused("old", "security version below the floor")
    refused("board", "image is for another board")
    refused("other", "the package is not for this device")
    refused("short", "the package is truncated")
    refused("flipped", "payload checksum mismatch")
    # The device finds out by itself, too.
    refused("short", "payload does not match its digest", "--no-check")
    refused("flipped", "payload does not match its digest", "--no-check")
    done = update(prot, device, "old", "--json", expect=1)
    outcome = json.loads(done.stdout)
    check(not outcome["updated"] and "security version" in outcome["reason"], done.stdout)
    still_running(prot, device)


def interrupted__device_is_free_again(prot):
    device = start(prot, "2.0.0")
    package(prot, "good", "b.img")
    gate = Gate(device.port, 500000)
    command = [prot.prot, "update", "--connect", f"mctp::{gate.port}", "--package", "good"]
    process = subprocess.Popen(command, cwd=prot.dir, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    device.expect("update state: DOWNLOAD")
    check(gate.reached.wait(PATIENCE), "nothing is transferred")
    process.send_signal(signal.SIGINT)
    gate.open()
    out, err = process.communicate(timeout=PATIENCE)
    check(process.returncode == 130, f"exit code {process.returncode}: {out}{err}")
    check("cancelled" in err, err)
    device.expect("update state: IDLE")
    prot.image("small.img", "payload", "2.0.0", 3)
    update(prot, device, package(prot, "small", "small.img"))


def left_in_update_mode__takeover(prot):
    device = start(prot)
    package(prot, "good", "b.img")
    done = update(prot, device, "good", "--no-activate")
    check("not activated" in done.stdout, done.stdout)
    done = update(prot, device, "good", expect=1)
    check("already in update mode" in done.stderr and "--takeover" in done.stderr, done.stderr)
    update(prot, device, "good", "--takeover")


def on_a_terminal__draws_a_bar(prot):
    try:
        leader, follower = pty.openpty()
    except OSError as error: # a container without pseudo-terminals
        print(f"not tried, {error}: ", end="")
        return
    device = start(prot)
    package(prot, "good", "b.img")
    process = subprocess.Popen([prot.prot, "update", "--connect", f"mctp::{device.port}", "--package", "good"],
                               cwd=prot.dir, stdout=follower, stderr=follower, stdin=subprocess.DEVNULL)
    os.close(follower)
    text = b""
    while True:
        try:
            piece = os.read(leader, 4096)
        except OSError:
            break
        if not piece:
            break
        text += piece
    os.close(leader)
    check(process.wait(PATIENCE) == 0, text.decode())
    bars = re.findall(rb"\r  \[([#.]{28})\] +(\d+) %", text)
    check(bars and bars[-1] == (b"#" * 28, b"100"), text.decode())


def bad_peers__one_sentence_in_time(prot):
    prot.image("b.img", prot.runtime("2.0.0"), "2.0.0", 3)
    package(prot, "good", "b.img")
    for how in ["hang", "close_at_once", "close_after_request"]:
        peer = Peer(how)
        begin = time.monotonic()
        done = prot.run("update", "--connect", f"mctp::{peer.port}", "--package", "good", "--timeout", 1000, expect=2)
        check(time.monotonic() - begin < 30, f"{how} took too long")
        check(done.stderr.count("\n") == 1, f"{how}: {done.stderr}")
        peer.stopping = True
        peer.listener.close()
    done = prot.run("update", "--connect", "mctp::1", "--package", "good", expect=2)
    check("nobody listens" in done.stderr, done.stderr)
    prot.run("update", "--package", "missing", expect=2)
    prot.run("update", expect=64)


def package_descriptions__mistakes_are_named(prot):
    write(prot, "image", "some bytes")
    image = {"file": "image"}
    device = {"descriptors": [{"type": "uuid", "data": "00" * 16}]}
    for text, said in [
            ("{", "d.json:1"),
            ("[]", "not an object"),
            ({"components": [image]}, '"version" is missing'),
            ({"version": "1"}, "components"),
            ({"version": "", "components": [image]}, "1 to 255"),
            ({"version": "1", "components": []}, "1 to 255"),
            ({"version": "1", "components": [{"file": "none"}]}, "none"),
            ({"version": "1", "components": [{"fil": "image"}]}, 'unknown key "fil"'),
            ({"version": "1", "components": [{**image, "identifier": 65536}]}, "identifier"),
            ({"version": "1", "components": [{**image, "identifier": "0x1x"}]}, "identifier"),
            ({"version": "1", "components": [{**image, "stamp": 4294967295}]}, "stamp"),
            ({"version": "1", "components": [{**image, "force": 1}]}, "force"),
            ({"version": "1", "components": [{**image, "activation": ["soon"]}]}, "soon"),
            ({"version": "1", "released": "today", "components": [image]}, "released"),
            ({"version": "1", "components": [image], "devices": []}, "devices"),
            ({"version": "1", "components": [image], "devices": [{}]}, "descriptors"),
            ({"version": "1", "components": [image], "devices": [{**device, "components": [1]}]}, "components"),
            ({"version": "1", "components": [image],
              "devices": [{"descriptors": [{"type": "uuid", "data": "00"}]}]}, "length"),
            ({"version": "1", "components": [image],
              "devices": [{"descriptors": [{"type": "vendor", "data": "00"}]}]}, "title"),
            ({"version": "1", "components": [image],
              "devices": [{"descriptors": [{"type": "pci-device", "data": "0000"}]}]}, "initial"),
            ({"version": "1", "components": [image],
              "devices": [{"descriptors": [{"type": "nonsense", "data": "00"}]}]}, "nonsense"),
    ]:
        write(prot, "d.json", text)
        done = prot.run("package", "create", "d.json", "--output", "out", expect=2)
        check(said in done.stderr and done.stderr.count("\n") == 1, f"{text}: {done.stderr}")
        check(not os.path.exists(prot.path("out")), "a package was written")


def package_everything__shown_as_described(prot):
    write(prot, "image", "some bytes")
    write(prot, "data", "package data")
    write(prot, "d.json", {
        "version": "2.0.0", "released": "2026-11-23T15:00:00Z",
        "devices": [{"descriptors": [{"type": "uuid", "data": "13b6fb55-7a6e-4bd8-b9d5-3c9f0d6d2f01"},
                                     {"type": "vendor", "title": "Board", "data": "01:02"}],
                     "set_version": "set 2", "components": [1], "continue_after_failure": True,
                     "package_data": "data", "reference_manifest": "data"}],
        "components": [{"file": "image", "stamp": 5, "force": True, "activation": ["self-contained", "ac-cycle"]},
                       {"file": "data", "identifier": "0x1000", "classification": 1, "version": "3",
                        "opaque_data": "data"}]})
    prot.run("package", "create", "d.json", "--output", "p")
    prot.run("package", "check", "p")
    shown = json.loads(prot.run("package", "show", "--json", "p").stdout)
    check(shown["revision"] == 4 and shown["version"] == "2.0.0", shown)
    check(shown["released"] == "2026-11-23T15:00:00Z", shown)
    check(shown["devices"] == [{
        "set_version": "set 2", "option_flags": 1, "components": [1],
        "descriptors": [{"type": "uuid", "data": "13b6fb557a6e4bd8b9d53c9f0d6d2f01"},
                        {"type": "vendor", "data": "0105" + b"Board".hex() + "0102"}],
        "package_data_bytes": 12, "reference_manifest_bytes": 12}], shown["devices"])
    first, second = shown["components"]
    check((first["identifier"], first["classification"], first["stamp"], first["options"], first["activation"],
           first["bytes"]) == (1, 10, 5, 3, 0x22, 10), first)
    check((second["identifier"], second["classification"], second["version"], second["opaque_bytes"]) ==
          (0x1000, 1, "3", 12) and "stamp" not in second, second)
    check(second["offset"] == first["offset"] + first["bytes"], second)
    text = prot.run("package", "show", "p").stdout
    check("0x1000" in text and "Board".encode().hex() in text, text)
    done = prot.run("package", "create", "d.json", "--output", "p", expect=2)
    check("exists" in done.stderr, done.stderr)
    data = bytearray(open(prot.path("p"), "rb").read())
    data[40] ^= 1
    open(prot.path("p"), "wb").write(data)
    done = prot.run("package", "check", "p", expect=1)
    check("header checksum mismatch" in done.stderr, done.stderr)


main([
    update_then_restart__runs_the_new_version,
    self_contained__device_restarts_at_once,
    refusals__each_with_its_reason,
    interrupted__device_is_free_again,
    left_in_update_mode__takeover,
    on_a_terminal__draws_a_bar,
    bad_peers__one_sentence_in_time,
    package_descriptions__mistakes_are_named,
    package_everything__shown_as_described,
])
