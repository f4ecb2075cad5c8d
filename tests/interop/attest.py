# SPDX-License-Identifier: Apache-2.0
"""prot attest against prot device, against a man in the middle, and against peers that misbehave."""
import json
import select
import socket
import struct
import subprocess
import threading
import time

from harness import PATIENCE, Device, Peer, check, main

ERROR, CERTIFICATE, CHALLENGE_AUTH, VERSION, MEASUREMENTS, CAPABILITIES, ALGORITHMS = 0x7F, 2, 3, 4, 0x60, 0x61, 0x63


class Emu:
    """A server in the framing of spdm-emu; `answer` makes the response to each SPDM request, or None."""

    def __init__(self, answer):
        self.answer = answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                try:
                    while True:
                        request = receive(connection)
                        response = self.answer(request)
                        if response is not None:
                            send(connection, response)
                except (OSError, ConnectionError):
                    pass

    def stop(self):
        self.listener.close()


def send(connection, message):
    connection.sendall(struct.pack(">III", 1, 1, len(message) + 1) + b"\x05" + message)


def exactly(connection, count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise ConnectionError("closed")
        data += piece
    return data


def receive(connection):
    command, _, length = struct.unpack(">III", exactly(connection, 12))
    if command != 1:
        raise ConnectionError("the client leaves")
    return exactly(connection, length)[1:]


def start(prot):
    """A device that listens in both framings; (device, emu port)."""
    prot.image("a.img", prot.runtime("1.0.0"))
    prot.provision(golden=None)
    device = Device(prot, "state", (), listen=("mctp::0", "emu::0"))
    prot.devices.append(device)
    emu = int(device.expect(r"listening on emu:.*:(\d+)").group(1))
    device.expect("started in mode normal")
    return device, emu


def attest(prot, spec, *options, expect=0, ca="state/ca.pem"):
    """stderr is empty, or one sentence."""
    done = prot.run("attest", "--connect", spec, "--ca", ca, *options, expect=expect)
    lines = done.stderr.splitlines()
    check(len(lines) == (1 if expect == 2 else 0), f"stderr of exit code {expect}: {done.stderr}")
    check(not lines or lines[0].startswith("prot attest: "), done.stderr)
    return done


def references(prot, spec):
    attest(prot, spec, "--save-refs", "refs.json", expect=2)
    with open(prot.path("refs.json")) as f:
        return json.load(f)


def write(prot, name, value):
    with open(prot.path(name), "w") as f:
        f.write(value if isinstance(value, str) else json.dumps(value))
    return name


def genuine_device__trusted(prot):
    device, emu = start(prot)
    refs = references(prot, f"mctp::{device.port}")
    check([m["index"] for m in refs["measurements"]] == [1, 2, 3, 4, 5, 254], str(refs))
    for spec, options in ((f"mctp::{device.port}", ()), (f"mctp::{device.port}", ("--mtu", "64")), (f"emu::{emu}", ())):
        text = attest(prot, spec, "--refs", "refs.json", "--pcap", "t.pcap", *options).stdout
        check("TRUSTED: every reference value is met." in text and "NOT TRUSTED" not in text, text)
        check(text.count("  match") == 6, text)
        check("OpenPRoT-C IDevID" in text and "answered with a valid signature" in text, text)
        trace = prot.run("trace", "t.pcap").stdout
        check("0 refused or malformed" in trace, trace)
        check("CHALLENGE_AUTH" in trace and "MEASUREMENTS" in trace, trace)


def json_output__complete(prot):
    device, _ = start(prot)
    refs = references(prot, f"mctp::{device.port}")
    nonces = set()
    for _ in range(2):
        result = json.loads(attest(prot, f"mctp::{device.port}", "--refs", "refs.json", "--json").stdout)
        check(result["result"] == "trusted" and result["reason"] is None, str(result))
        check(result["spdm"]["version"] == "1.3" and result["spdm"]["hash"] == "sha384", str(result["spdm"]))
        check(result["identity"]["trusted"] and len(result["identity"]["chain"]) == 4, str(result["identity"]))
        found = {m["index"]: m for m in result["measurements"]}
        check(found[2]["digest"] == refs["measurements"][1]["digests"][0], str(found))
        check(found[3]["text"] == "1.0.0" and all(m["verdict"] == "match" for m in found.values()), str(found))
        nonces.add(result["nonce"])
    check(len(nonces) == 2, "the nonce was used twice")


def payload_digest__is_the_runtime(prot):
    device, _ = start(prot)
    refs = references(prot, f"mctp::{device.port}")
    digest = subprocess.run(["openssl", "dgst", "-sha384", "-r", prot.runtime("1.0.0")], capture_output=True,
                            text=True, check=True).stdout.split()[0]
    check(refs["measurements"][1]["digests"] == [digest], str(refs["measurements"][1]))


def each_reference_not_met__not_trusted(prot):
    device, _ = start(prot)
    spec = f"mctp::{device.port}"
    good = references(prot, spec)

    def expect(code, text, change):
        refs = json.loads(json.dumps(good))
        change(refs, refs["measurements"])
        write(prot, "changed.json", refs)
        done = attest(prot, spec, "--refs", "changed.json", expect=code)
        check(text in done.stdout, done.stdout)
        check(("NOT TRUSTED" in done.stdout) == (code == 1), done.stdout)

    flip = lambda text: ("1" if text[0] == "0" else "0") + text[1:]
    expect(1, "measurement 1 (boot stage) is not as expected", lambda r, m: m[0].update(digests=[flip(m[0]["digests"][0])]))
    expect(1, "MISMATCH", lambda r, m: m[0].update(digests=[m[0]["digests"][0][2:]]))
    expect(1, "MISMATCH", lambda r, m: m[0].update(alg="sha3-384"))
    expect(1, "MISMATCH", lambda r, m: m[0].update(type="hardware configuration"))
    expect(0, "  match", lambda r, m: m[0].update(digests=[flip(m[0]["digests"][0]), m[0]["digests"][0].upper()]))
    expect(1, "MISMATCH", lambda r, m: m[2].update(text=["1.0.1", "1.0.00"]))
    expect(1, "at least 2", lambda r, m: m[3].update(min=2))
    expect(0, "at least 0", lambda r, m: m[3].update(min=0))
    expect(1, "MISMATCH", lambda r, m: m[4].update(raw=["0201"]))
    # A raw value is no digest, and the other way round.
    expect(1, "MISMATCH", lambda r, m: (m[4].pop("raw"), m[4].update(alg="sha384", digests=["0200"])))
    expect(1, "MISMATCH", lambda r, m: m[0].update(raw=[m[0].pop("digests")[0]]))
    expect(1, "MISSING", lambda r, m: m.append({"index": 9, "name": "a fan", "raw": ["00"]}))
    expect(0, "MISSING", lambda r, m: m.append({"index": 9, "raw": ["00"], "optional": True}))
    expect(0, "not listed", lambda r, m: m.pop(0))
    expect(1, "not listed", lambda r, m: (m.pop(0), r.update(unlisted="refuse")))


def bad_files__one_sentence(prot):
    device, _ = start(prot)
    spec = f"mctp::{device.port}"
    good = references(prot, spec)

    def refused(value, text):
        write(prot, "bad.json", value)
        done = attest(prot, spec, "--refs", "bad.json", expect=2)
        check(text in done.stderr and done.stdout == "", done.stderr)

    def with_entry(**entry):
        return {**good, "measurements": [entry]}

    refused("", "bad.json")
    refused("[]", "not an object")
    refused("{", "bad.json:1")
    refused({}, '"format" is missing')
    refused({**good, "format": "corim"}, "not a")
    refused({**good, "version": 2}, "not a")
    refused({**good, "unlisted": "maybe"}, '"unlisted"')
    refused({**good, "measurements": []}, "at least one")
    refused({**good, "measurements": [1]}, "not an object")
    refused(with_entry(raw=["00"]), '"index" is missing')
    refused(with_entry(index=0, raw=["00"]), "index is 0")
    refused(with_entry(index=255, raw=["00"]), "not in 0..254")
    refused({**good, "measurements": good["measurements"][:1] * 2}, "twice")
    refused(with_entry(index=1), "give one of")
    refused(with_entry(index=1, raw=["00"], text=["a"]), "give one of")
    refused(with_entry(index=1, raw=[]), "hexadecimal")
    refused(with_entry(index=1, raw=["0"]), "hexadecimal")
    refused(with_entry(index=1, raw=["0g"]), "hexadecimal")
    refused(with_entry(index=1, raw="00"), "hexadecimal")
    refused(with_entry(index=1, digests=["00"]), '"alg"')
    refused(with_entry(index=1, alg="md5", digests=["00"]), '"alg"')
    refused(with_entry(index=1, text=[1]), "texts")
    refused(with_entry(index=1, min=-1), "number")
    refused(with_entry(index=1, raw=["00"], type="spoon"), '"type"')
    refused(with_entry(index=1, raw=["00"], optional=1), '"optional"')
    attest(prot, spec, "--refs", "none.json", expect=2)
    attest(prot, spec, ca="none.pem", expect=2)
    attest(prot, spec, ca=write(prot, "empty.pem", ""), expect=2)
    attest(prot, spec, ca=write(prot, "text.pem", "not a certificate\n"), expect=2)
    attest(prot, spec, ca="state/ca-key.pem", expect=2)
    done = prot.run("attest", "--connect", spec, expect=64)
    check("--ca is required" in done.stderr, done.stderr)
    prot.run("attest", "--ca", "state/ca.pem", "--slot", "8", expect=64)
    prot.run("attest", "--ca", "state/ca.pem", "--connect", "ftp:nowhere", expect=64)
    prot.run("attest", "--ca", "state/ca.pem", "stray", expect=64)


def foreign_ca__not_trusted(prot):
    device, _ = start(prot)
    for name, subject in (("same.pem", "/CN=OpenPRoT-C Manufacturer CA"), ("other.pem", "/CN=Somebody else")):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp384r1", "-nodes",
                        "-keyout", prot.path("k"), "-out", prot.path(name), "-subj", subject, "-days", "30"],
                       capture_output=True, check=True)
        text = attest(prot, f"mctp::{device.port}", ca=name, expect=1).stdout
        check("NOT TRUSTED: the certificate chain of slot 0 is not trusted" in text, text)
        check("measurement " not in text, "measurements of a stranger were shown")
    # Both in one file: one of them fits.
    with open(prot.path("both.pem"), "w") as f:
        for name in ("other.pem", "state/ca.pem"):
            f.write(open(prot.path(name)).read())
    attest(prot, f"mctp::{device.port}", ca="both.pem", expect=2)


def empty_slot__undecided(prot):
    device, _ = start(prot)
    done = attest(prot, f"mctp::{device.port}", "--slot", "3", expect=2)
    check("slot 3" in done.stderr and "is empty" in done.stderr, done.stderr)


class Middle:
    """Between requester and device, over the emu framing; `change` sees each response."""

    def __init__(self, port, change):
        self.port = port
        self.change = change
        self.device = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)

    def __call__(self, request):
        send(self.device, request)
        return self.change(receive(self.device))


def man_in_the_middle__every_signed_message(prot):
    _, emu = start(prot)
    references(prot, f"emu::{emu}")

    def flip(code, at):
        def change(message):
            if message[1] != code:
                return message
            place = at % len(message)
            return message[:place] + bytes([message[place] ^ 1]) + message[place + 1:]
        return change

    for code, at, expect in ((CHALLENGE_AUTH, -1, 1), (CHALLENGE_AUTH, 60, 1), (CHALLENGE_AUTH, 4, 1),
                             (MEASUREMENTS, -1, 1), (MEASUREMENTS, 20, 1), (CERTIFICATE, -1, 1), (CERTIFICATE, 20, 1),
                             (VERSION, 6, 1), (CAPABILITIES, 5, 1), (MEASUREMENTS, 0, 2), (ALGORITHMS, 16, 2)):
        server = Emu(Middle(emu, flip(code, at)))
        done = attest(prot, f"emu::{server.port}", "--refs", "refs.json", expect=expect)
        check(expect != 1 or "NOT TRUSTED: " in done.stdout, done.stdout)
        server.stop()
    # Untouched, it is a wire.
    server = Emu(Middle(emu, lambda message: message))
    attest(prot, f"emu::{server.port}", "--refs", "refs.json")
    server.stop()


class Drip(Middle):
    """Hands the certificate chain out byte by byte, each in time."""

    def __call__(self, request):
        if request[1] == 0x82:
            time.sleep(0.1)
            request = request[:6] + b"\x01\x00" + request[8:]
        return super().__call__(request)


def chain_byte_by_byte__ends_in_time(prot):
    _, emu = start(prot)
    server = Emu(Drip(emu, lambda message: message))
    done = attest(prot, f"emu::{server.port}", "--timeout", "300", expect=2)
    check("without an end" in done.stderr and done.seconds < 20, f"{done.seconds} s: {done.stderr}")
    server.stop()


def peers_that_misbehave__in_time(prot):
    start(prot)
    for behaviour in Peer.BEHAVIOURS:
        peer = Peer(behaviour)
        for framing in ("mctp", "emu"):
            done = attest(prot, f"{framing}::{peer.port}", "--timeout", "700", expect=2)
            check(done.seconds < 30, f"{behaviour} took {done.seconds:.1f} s")
        peer.stop()
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0)) # and nobody listens
        done = attest(prot, f"mctp::{unused.getsockname()[1]}", expect=2)
        check("nobody listens" in done.stderr, done.stderr)


def responders_that_misbehave__in_time(prot):
    start(prot)
    error = lambda *data: lambda request: bytes([request[0], ERROR, *data])
    answers = {
        "busy": error(3, 0),
        "not ready": lambda request: bytes([request[0], ERROR, 0x42, 0, 30, request[1], 1, 255]),
        "resynch": error(0x43, 0),
        "unsupported": error(7, 0x84),
        "silent": lambda request: None,
        "empty": lambda request: b"",
        "short": lambda request: request[:2],
        "own words": lambda request: request,
        "zeros": lambda request: bytes([0x10, request[1] & 0x7F]) + bytes(1000),
        "old": lambda request: bytes.fromhex("1004000000010011"),
        "future": lambda request: bytes.fromhex("1004000000010020"),
        "no versions": lambda request: bytes.fromhex("100400000000"),
        "stops": lambda request: bytes.fromhex("1004000000010013") if request[1] == 0x84 else None,
    }
    for name, answer in answers.items():
        server = Emu(answer)
        done = attest(prot, f"emu::{server.port}", "--timeout", "500", expect=2)
        check(done.seconds < 30, f"{name} took {done.seconds:.1f} s")
        server.stop()


def leaves__when_it_was_answered(prot):
    """CONTINUE is answered late: the client must still be there to receive it."""
    start(prot)
    seen = []

    def serve(listener):
        connection, _ = listener.accept()
        with connection:
            receive(connection)
            send(connection, bytes.fromhex("107f0100"))
            seen.append(exactly(connection, 12).hex())
            gone, _, _ = select.select([connection], [], [], 0.1)
            seen.append(bool(gone))
            connection.sendall(struct.pack(">III", 0xFFFD, 1, 0))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve, args=(listener,), daemon=True)
        server.start()
        attest(prot, f"emu::{listener.getsockname()[1]}", expect=2)
        server.join(5)
    check(seen == ["0000fffd0000000100000000", False], str(seen))


main([
    genuine_device__trusted,
    json_output__complete,
    payload_digest__is_the_runtime,
    each_reference_not_met__not_trusted,
    bad_files__one_sentence,
    foreign_ca__not_trusted,
    empty_slot__undecided,
    man_in_the_middle__every_signed_message,
    chain_byte_by_byte__ends_in_time,
    peers_that_misbehave__in_time,
    responders_that_misbehave__in_time,
    leaves__when_it_was_answered,
])
