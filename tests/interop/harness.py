# SPDX-License-Identifier: Apache-2.0
"""What the tests of the command line share: run `prot`, make devices, play peers."""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time


# Far beyond what a busy machine needs, in seconds: only what hangs takes so long.
PATIENCE = 100


class Failure(Exception):
    pass


def check(condition, text):
    if not condition:
        raise Failure(text)


class Prot:
    """The command under test, with a directory of its own to work in."""

    def __init__(self, prot, runtimes):
        self.prot = str(pathlib.Path(prot).resolve())
        self.runtimes = pathlib.Path(runtimes).resolve()
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="prot-interop-"))
        self.devices = []

    def close(self):
        for device in self.devices:
            device.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, name):
        return str(self.dir / name)

    def run(self, *args, expect=0, timeout=PATIENCE):
        """Run a command; its exit code must be `expect` (None: any)."""
        start = time.monotonic()
        try:
            done = subprocess.run([self.prot, *map(str, args)], capture_output=True, text=True,
                                  timeout=timeout, stdin=subprocess.DEVNULL, cwd=self.dir)
        except subprocess.TimeoutExpired:
            raise Failure(f"prot {' '.join(map(str, args))}: still running after {timeout} s")
        done.seconds = time.monotonic() - start
        check(expect is None or done.returncode == expect,
              f"prot {' '.join(map(str, args))}: exit code {done.returncode}, not {expect}\n"
              f"{done.stdout}{done.stderr}")
        return done

    def runtime(self, version):
        return str(self.runtimes / f"prot-runtime-{version}")

    def region(self, name, board="posix"):
        """Where a region of the board's flash begins."""
        return json.loads(self.run("board", board, "--json").stdout)["regions"][name]["offset"]

    def key(self, name="key.pem"):
        if not (self.dir / name).exists():
            self.run("image", "keygen", name)
        return name

    def image(self, name, payload, version="1.0.0", svn=1, *options, key="key.pem"):
        self.run("image", "sign", "--key", self.key(key), "--image-version", version, "--svn", svn, "--output",
                 name, "--force", *options, payload)
        return name

    def provision(self, state="state", image="a.img", golden="golden.img", *options):
        args = ["provision", "--state", state, "--image", image, "--image-key", "key.pem.pub", "--force"]
        if golden:
            args += ["--golden", golden]
        self.run(*args, *options)
        return state

    def device(self, *options, state="state", listen=("mctp::0",)):
        device = Device(self, state, options, listen)
        self.devices.append(device)
        return device


class Device:
    """A running `prot device`; its output is collected line by line."""

    def __init__(self, prot, state, options, listen):
        args = [prot.prot, "device", "--state", state]
        for spec in listen:
            args += ["--listen", spec]
        self.process = subprocess.Popen([*args, *map(str, options)], stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, cwd=prot.dir)
        self.lines = []
        self.seen = 0
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self.collect, daemon=True)
        self.reader.start()
        self.port = int(self.expect(r"listening on mctp:.*:(\d+)").group(1))

    def collect(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.lines.append(None)
            self.changed.notify_all()

    def expect(self, pattern, timeout=PATIENCE):
        """Wait for a line that was not matched before; earlier ones are passed over."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                while self.seen < len(self.lines):
                    line = self.lines[self.seen]
                    self.seen += 1
                    if line is None:
                        raise Failure(f"the device ended before '{pattern}':\n{self.text()}")
                    found = re.search(pattern, line)
                    if found:
                        return found
                if not self.changed.wait(deadline - time.monotonic()):
                    raise Failure(f"the device did not print '{pattern}':\n{self.text()}")

    def text(self):
        return "\n".join(line for line in self.lines if line is not None)

    def wait(self, timeout=PATIENCE):
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise Failure(f"the device did not end:\n{self.text()}")

    def child(self):
        """The process that boots and serves."""
        pid = self.process.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        check(len(children) == 1, f"the device has children {children}")
        return int(children[0])

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.wait()
        self.reader.join()
        return code

    def connect(self):
        return Mctp(self.port)


class Mctp:
    """The least of an MCTP bus owner over the packet framing of the TCP binding."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.instance = 0

    def close(self):
        self.socket.close()

    def packet(self, data):
        self.socket.sendall(struct.pack(">H", len(data)) + data)

    def receive(self):
        length = struct.unpack(">H", self.exactly(2))[0]
        return self.exactly(length)

    def exactly(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise ConnectionError("closed")
            data += piece
        return data

    def control(self, command, data=b"", eid=0):
        """One control request in one packet; the response after its completion code."""
        self.instance = (self.instance + 1) % 32
        self.packet(bytes([1, eid, 8, 0xC8, 0, 0x80 | self.instance, command]) + data)
        answer = self.receive()
        check(answer[0] == 1 and answer[3] & 0xCF == 0xC0, f"packet header {answer[:4].hex()}")
        check(answer[4:7] == bytes([0, self.instance, command]), f"control header {answer[4:7].hex()}")
        check(answer[7] == 0, f"completion code {answer[7]:#x}")
        return answer[8:]


class Peer:
    """A listener that misbehaves in one of several ways."""

    def __init__(self, how):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(4)
        self.port = self.listener.getsockname()[1]
        self.stopping = False
        self.accepted = threading.Event()
        self.thread = threading.Thread(target=self.serve, args=(getattr(self, how),), daemon=True)
        self.thread.start()

    def serve(self, behave):
        while not self.stopping:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.accepted.set()
            with connection:
                try:
                    behave(connection)
                except OSError:
                    pass

    def hang(self, connection):
        while not self.stopping and connection.recv(4096):
            pass

    def close_at_once(self, connection):
        pass

    def close_after_request(self, connection):
        connection.recv(1)

    def rubbish(self, connection):
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nServer: none\r\n\r\n" * 2000)
        self.hang(connection)

    def zeros(self, connection):
        connection.sendall(bytes(100000))
        self.hang(connection)

    def noise(self, connection):
        connection.sendall(os.urandom(1 << 20))
        self.hang(connection)

    def echo(self, connection):
        while not self.stopping:
            data = connection.recv(4096)
            if not data:
                return
            connection.sendall(data)

    def flood(self, connection):
        while not self.stopping:
            connection.sendall(bytes([0, 6, 1, 8, 9, 0xC0, 5, 0]) * 500)

    BEHAVIOURS = ["hang", "close_at_once", "close_after_request", "rubbish", "zeros", "noise", "echo", "flood"]

    def stop(self):
        self.stopping = True
        self.listener.close()


class Gate:
    """A relay to a device: holds back what follows the first `limit` bytes for it until open() is called."""

    def __init__(self, port, limit):
        self.limit = limit
        self.reached = threading.Event()
        self.opened = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, args=(port,), daemon=True).start()

    def serve(self, port):
        client, _ = self.listener.accept()
        with client, socket.create_connection(("127.0.0.1", port)) as device:
            back = threading.Thread(target=self.relay, args=(device, client), daemon=True)
            back.start()
            self.relay(client, device, self.limit)
            back.join()

    def relay(self, source, sink, limit=None):
        try:
            while data := source.recv(4096):
                if limit is not None and not self.reached.is_set():
                    limit -= len(data)
                    if limit <= 0:
                        self.reached.set()
                        self.opened.wait()
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def open(self):
        self.opened.set()
        self.listener.close()


def main(tests, make=Prot):
    """Run every test with the arguments PROT RUNTIMES; the exit code tells."""
    failed = 0
    for test in tests:
        prot = make(sys.argv[1], sys.argv[2])
        start = time.monotonic()
        try:
            test(prot)
            verdict = "ok"
        except Failure as failure:
            verdict = f"FAILED\n{failure}"
            failed += 1
        finally:
            prot.close()
        print(f"{test.__name__}: {verdict} ({time.monotonic() - start:.1f} s)", flush=True)
    sys.exit(1 if failed else 0)
