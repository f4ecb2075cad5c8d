#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Live interoperability with DMTF's emulators, in both directions; docs/interop.md says how to get them.

Their requester talks to `prot device`, `prot attest` to their responder. The emulators are run, never built, in a
directory of links to their files, so that their folder stays as it is. Exit code: 0 all as expected, 1 not, 2 the
programs are not there.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import socket
import struct
import subprocess
import sys
import time

from harness import Device, Failure, Prot, check

TIMEOUT = 60  # seconds for one exchange; measuring all 254 indices one by one takes the longest
SHUTDOWN = 0xFFFE  # command of the emulators' sockets
# What their requester announces unless told otherwise, but EP_INFO_SIG. Below 1.3 libspdm checks ReqBaseAsymAlg for
# that flag although it does not announce it, and DSP0274 1.2 has nothing that would select one.
CAPS_12 = "CERT,CHAL,ENCRYPT,MAC,MUT_AUTH,KEY_EX,PSK,ENCAP,HBEAT,KEY_UPD,HANDSHAKE_IN_CLEAR,CHUNK"
# Their requester offers RSA alone for its own signatures, which nobody here verifies.
REQ_ASYM = ["--req_asym", "ECDSA_P384"]
EVERYTHING = "DIGEST,CERT,CHAL,MEAS"


class Case:
    """`expect`: patterns that the result must show, in this order; `ok`: whether attestation succeeds."""

    def __init__(self, name, version, theirs=(), ours=(), ok=True, expect=(), ca="ecp384/ca", by=None):
        self.name, self.version, self.ok, self.ca, self.by = name, version, ok, ca, by
        self.theirs, self.ours, self.expect = list(theirs), list(ours), list(expect)


def requester_cases():
    """Their requester against `prot device`. What is expected is looked for in `prot trace` of their own pcap."""
    challenge = r"CHALLENGE_AUTH slot 0"
    total = r"MEASUREMENTS all, signed[^\n]*\n[^!\n]*MEASUREMENTS "
    for version in ("1.2", "1.3"):
        base = ["--ver", version] + (["--cap", CAPS_12] if version == "1.2" else REQ_ASYM)
        yield Case("defaults, measurements one by one", version, base,
                   expect=[f"VERSION: {version}", f"SPDM {version} CERTIFICATE slot 0", challenge, "MEASUREMENTS how many",
                           r"index 1, signed|index 1 "])
        for name in ("SHA_384", "SHA3_384", "SHA_512"):
            yield Case(f"{name}, all measurements", version,
                       base + ["--hash", name, "--exe_conn", EVERYTHING, "--meas_op", "ALL"], expect=[challenge, total])
        yield Case("raw measurements", version,
                   base + ["--exe_conn", EVERYTHING, "--meas_op", "ALL", "--meas_att", "RAW"],
                   expect=[challenge, total])
        for summary in ("NO", "TCB"):
            yield Case(f"challenge, summary hash {summary}", version,
                       base + ["--exe_conn", "DIGEST,CERT,CHAL", "--meas_sum", summary], expect=[challenge])
        yield Case("a requester that announces CERT and CHAL only", version,
                   ["--ver", version, "--cap", "CERT,CHAL", "--exe_conn", EVERYTHING, "--meas_op", "ALL"],
                   expect=[challenge, total])
        yield Case("up to ALGORITHMS", version, base + ["--exe_conn", "VCA"], expect=["ALGORITHMS", "ALGORITHMS"])
        yield Case("ECDSA P-256 only", version, base + ["--asym", "ECDSA_P256"], ok=False,
                   expect=["NEGOTIATE_ALGORITHMS", "InvalidRequest|[Ii]nvalid request"])
        yield Case("SHA-256 only", version, base + ["--hash", "SHA_256"], ok=False,
                   expect=["NEGOTIATE_ALGORITHMS", "InvalidRequest|[Ii]nvalid request"])
        yield Case("slot 1, which is empty", version,
                   base + ["--exe_conn", "DIGEST,CERT,CHAL", "--slot_id", "1"], ok=False,
                   expect=["GET_CERTIFICATE slot 1", "InvalidRequest|[Ii]nvalid request"])
        other = "1.3" if version == "1.2" else "1.2"
        yield Case(f"requester of {other} only", version, ["--ver", other, "--cap", CAPS_12], ok=False,
                   expect=[f"VERSION: {version}"])
    yield Case("all versions allowed", "1.3", REQ_ASYM + ["--exe_conn", EVERYTHING, "--meas_op", "ALL"],
               expect=["VERSION: 1.3", challenge, total])
    yield Case("requester that signs ENDPOINT_INFO with RSA only", "1.3", ["--ver", "1.3"], ok=False,
               expect=["ALGORITHMS", "ALGORITHMS"])


def responder_cases():
    """`prot attest` against their responder. What is expected is looked for in its JSON, then its stderr."""
    for version in ("1.2", "1.3"):
        base = ["--ver", version]
        spoken = f'"version": "{version}"'
        for curve, ca, names in (("ECDSA_P384", "ecp384/ca", ("SHA_384", "SHA3_384", "SHA_512")),
                                 ("ECDSA_P256", "ecp256/ca", ("SHA_256", "SHA3_256"))):
            for name in names:
                shown = name.lower().replace("sha_", "sha").replace("_", "-")
                yield Case(f"{curve}, {name}", version, base + ["--asym", curve, "--hash", name], ca=ca,
                           expect=[spoken, f'"hash": "{shown}"', '"challenged": true', '"index": 254'])
        for name in ("SHA_256", "SHA3_384"):
            shown = name.lower().replace("sha_", "sha").replace("_", "-")
            yield Case(f"measurement hash {name}", version, base + ["--meas_hash", name],
                       expect=[spoken, f'"measurement_hash": "{shown}"', '"challenged": true', '"index": 254'])
        yield Case("slot 1, under their second CA", version, base, ["--slot", "1"], ca="ecp384/ca1",
                   expect=['"slot": 1', '"challenged": true', '"index": 254'])
        yield Case("eight slots", version, base + ["--slot_count", "8"], ["--slot", "0"],
                   expect=['"challenged": true', '"index": 254'])
        yield Case("no CHALLENGE", version, base + ["--cap", "CERT,MEAS_SIG"],
                   expect=['"challenged": false', '"index": 254'])
        yield Case("reference values of the same device", version, base, by="refs",
                   expect=['"result": "trusted"'])
        yield Case("reference values with one bit changed", version, base, by="wrong refs", ok=False,
                   expect=['"result": "not trusted"|"result": "untrusted"'])
        yield Case("another CA", version, base, ca="ecp384/ca1", ok=False, expect=["not trusted"])
        yield Case("empty slot 5", version, base, ["--slot", "5"], ok=False, expect=["slot 5.*empty"])
        yield Case("unsigned measurements only", version, base + ["--cap", "CERT,CHAL,MEAS_NO_SIG"], ok=False,
                   expect=["does not offer signed"])
        yield Case("RSA only", version, base + ["--asym", "RSAPSS_3072"], ok=False, expect=["error code 0x01"])
    yield Case("all versions offered", "1.3", expect=['"version": "1.3"', '"challenged": true', '"index": 254'])
    yield Case("MULTI_KEY_ONLY", "1.3",
               ["--ver", "1.3", "--cap", "CERT,CHAL,MEAS_SIG,MULTI_KEY_ONLY,GET_KEY_PAIR_INFO"],
               expect=['"challenged": true', '"index": 254'])
    for version in ("1.1", "1.4"):
        yield Case(f"responder of {version} only", version, ["--ver", version], ok=False,
                   expect=["no SPDM version that is allowed"])


def in_order(patterns, text):
    at = 0
    for pattern in patterns:
        found = re.compile(pattern).search(text, at)
        check(found, f"'{pattern}' is missing in\n{text[-6000:]}")
        at = found.end()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_listening(process, port):
    """Their responder listens for one connection at a time, so that trying one would use it up."""
    listening = re.compile(rf"^\s*\d+: [0-9A-F]{{8}}:{port:04X} [0-9A-F:]+ 0A ", re.M)
    deadline = time.monotonic() + 10
    while not listening.search(pathlib.Path("/proc/net/tcp").read_text()):
        check(process.poll() is None, "their responder ended")
        check(time.monotonic() < deadline, "their responder does not listen")
        time.sleep(0.02)


class Bench:
    """The programs of both sides, and what they work on."""

    def __init__(self, args):
        runtime = pathlib.Path(args.runtime).resolve()
        self.prot = Prot(args.prot, runtime.parent)
        self.dump = args.spdm_dump and str(pathlib.Path(args.spdm_dump).resolve())
        self.peers = self.prot.dir / "peers"
        self.peers.mkdir()
        for entry in pathlib.Path(args.peers).resolve().iterdir():
            (self.peers / entry.name).symlink_to(entry)
        self.prot.image("a.img", str(runtime))
        self.prot.provision("state", "a.img", None, "--ca-key", self.peers / "ecp384/ca.key", "--ca-cert",
                            self.peers / "ecp384/ca.cert")
        self.devices = {}

    def close(self):
        self.prot.close()

    def device(self, version):
        """One device per version, used by many requesters; and its port for emulators."""
        if version not in self.devices:
            for earlier in self.devices.values():
                earlier[0].stop()
            device = Device(self.prot, "state", ("--spdm-version", version, "--pcap", f"device-{version}.pcap"),
                            listen=("mctp::0", "emu::0"))
            self.prot.devices.append(device)
            port = int(device.expect(r"listening on emu:.*:(\d+)").group(1))
            device.expect("started in mode normal")
            self.devices[version] = device, port
        return self.devices[version]

    def requester(self, case):
        device, port = self.device(case.version)
        pcap = self.prot.path("requester.pcap")
        command = ["./spdm_requester_emu", "--trans", "MCTP", "--port", str(port), "--pcap", pcap, *case.theirs]
        try:
            done = subprocess.run(command, cwd=self.peers, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  errors="replace", timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            raise Failure(f"{' '.join(command)}: still running after {TIMEOUT} s")
        text = self.prot.run("trace", pcap).stdout
        check("does not parse" not in text and "not an MCTP" not in text, text)
        check((done.returncode == 0) == case.ok,
              f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout[-3000:]}\n{text[-3000:]}")
        in_order(case.expect, text)
        check(device.process.poll() is None, "the device is gone")
        self.read_by_dump(pcap)

    def responder(self, case):
        port = free_port()
        command = ["./spdm_responder_emu", "--trans", "MCTP", "--ip", "127.0.0.1", "--port", str(port), "--pcap",
                   self.prot.path("responder.pcap"), *case.theirs]
        with open(self.prot.path("responder.log"), "wb") as log:
            process = subprocess.Popen(command, cwd=self.peers, stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=subprocess.STDOUT)
        try:
            self.attest(case, process, port)
            self.shut_down(process, port)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
        trace = self.prot.run("trace", "responder.pcap").stdout
        check("GET_VERSION" in trace and "does not parse" not in trace and "not an MCTP" not in trace, trace)
        self.read_by_dump("ours.pcap")

    def attest(self, case, process, port):
        def run(*more):
            wait_listening(process, port)
            return self.prot.run("attest", "--connect", f"emu:127.0.0.1:{port}", "--ca",
                                 self.peers / f"{case.ca}.cert.der", "--json", "--pcap", "ours.pcap", *case.ours,
                                 *more, expect=None, timeout=TIMEOUT)

        options = []
        if case.by:
            run("--save-refs", "refs.json")
            options = ["--refs", "refs.json"]
        if case.by == "wrong refs":
            refs = json.loads(pathlib.Path(self.prot.path("refs.json")).read_text())
            digest = refs["measurements"][0]["digests"]
            digest[0] = f"{int(digest[0][0], 16) ^ 1:x}" + digest[0][1:]
            pathlib.Path(self.prot.path("refs.json")).write_text(json.dumps(refs))
        done = run(*options)
        text = done.stdout + done.stderr
        genuine = done.returncode == 0 or "the device is genuine, but what it runs was not judged" in done.stderr
        check(genuine == case.ok, f"exit code {done.returncode}\n{text[-3000:]}")
        check(case.by is None or done.returncode == (0 if case.ok else 1), f"exit code {done.returncode}\n{text}")
        in_order(case.expect, text)

    def shut_down(self, process, port):
        """Their way to end, after which their pcap is complete."""
        wait_listening(process, port)
        with socket.create_connection(("127.0.0.1", port), timeout=5) as s:
            s.sendall(struct.pack(">III", SHUTDOWN, 1, 0))
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                raise Failure("their responder does not shut down")

    def read_by_dump(self, pcap):
        """spdm_dump sees as many messages as `prot trace`, and knows them all."""
        if not self.dump:
            return
        done = subprocess.run([self.dump, "-r", pcap], cwd=self.prot.dir, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, errors="replace", timeout=TIMEOUT)
        lines = [line for line in done.stdout.splitlines() if re.match(r"\d+ \(\d+\) ", line)]
        count = re.search(r"(\d+) packets", self.prot.run("trace", pcap).stdout).group(1)
        check(done.returncode == 0 and "DataLink - 291" in done.stdout and len(lines) == int(count),
              f"spdm_dump: {len(lines)} of {count} messages\n{done.stdout[-3000:]}")
        strange = [line for line in lines if not re.search(r"SPDM_[A-Z]+", line)]
        check(not strange, f"spdm_dump: {strange[:3]}")

    def device_traces(self, rows):
        """What the devices recorded of all requesters, for spdm_dump."""
        for version, (device, _) in self.devices.items():
            device.stop()
            if self.dump:
                run_row(rows, "spdm_dump", "what prot device recorded", version, True,
                        lambda version=version: self.read_by_dump(f"device-{version}.pcap"))


def run_row(rows, direction, name, version, ok, action):
    start = time.monotonic()
    failure = None
    try:
        action()
    except (Failure, OSError, subprocess.TimeoutExpired) as error:
        failure = str(error)
    rows.append({"direction": direction, "version": version, "case": name,
                 "expected": "succeeds" if ok else "refused", "result": "FAILED" if failure else "as expected",
                 "seconds": round(time.monotonic() - start, 2)})
    if failure:
        rows[-1]["failure"] = failure


def print_row(row):
    print(f"{row['direction']:<34} {row['version']:<4} {row['case']:<50} {row['expected']:<9} {row['result']:<12}"
          f"{row['seconds']:6.2f} s", flush=True)
    if "failure" in row:
        print("    " + row["failure"].replace("\n", "\n    "), flush=True)


def run_all(args):
    rows = []
    bench = Bench(args)
    try:
        for direction, cases, action in (("their requester -> prot device", requester_cases(), bench.requester),
                                         ("prot attest -> their responder", responder_cases(), bench.responder)):
            for case in cases:
                if args.only and not re.search(args.only, f"{direction} {case.version} {case.name}"):
                    continue
                run_row(rows, direction, case.name, case.version, case.ok, lambda: action(case))
                if not args.json:
                    print_row(rows[-1])
        seen = len(rows)
        bench.device_traces(rows)
        for row in rows[seen:] if not args.json else []:
            print_row(row)
    finally:
        bench.close()
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", required=True, metavar="DIR",
                        help="folder of spdm_requester_emu, spdm_responder_emu and their key folders")
    parser.add_argument("--prot", required=True, metavar="PATH", help="the command prot")
    parser.add_argument("--runtime", required=True, metavar="PATH", help="a runtime, such as prot-runtime-1.0.0")
    parser.add_argument("--spdm-dump", metavar="PATH", help="DMTF's spdm_dump, to read the traces of both sides")
    parser.add_argument("--only", metavar="REGEX", help="cases whose direction, version and name match")
    parser.add_argument("--json", action="store_true", help="print the table as JSON")
    args = parser.parse_args()
    needed = [os.path.join(args.peers, name) for name in ("spdm_requester_emu", "spdm_responder_emu")]
    for path in [*needed, args.prot, args.runtime, *([args.spdm_dump] if args.spdm_dump else [])]:
        if not shutil.which(os.path.abspath(path)):
            print(f"spdm_emu.py: {path} is not a program", file=sys.stderr)
            return 2
    rows = run_all(args)
    failed = sum(row["result"] == "FAILED" for row in rows)
    if args.json:
        print(json.dumps({"cases": rows, "failed": failed}, indent=2))
    else:
        print(f"\n{len(rows)} cases, {failed} failed")
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
