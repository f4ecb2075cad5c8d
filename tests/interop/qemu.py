# SPDX-License-Identifier: Apache-2.0
"""A device that is the firmware of an AST1030 in QEMU, for tests that run `prot` against it."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from harness import PATIENCE, Failure, Prot, check

SCRIPT = pathlib.Path(__file__).resolve().parent.parent.parent / "examples" / "qemu.sh"


class Firmware(Prot):
    """The command under test, with images that the board in the emulator takes."""

    board = "ast1030-evb"

    def runtime(self, version):
        return str(self.runtimes / f"runtime-{version}.bin")

    def image(self, name, payload, version="1.0.0", svn=1, *options, key="key.pem"):
        return super().image(name, payload, version, svn, "--board", self.board, *options, key=key)

    def provision(self, state="state", image="a.img", golden="golden.img", *options):
        return super().provision(state, image, golden, "--board", self.board, *options)

    def device(self, *options, state="state"):
        device = Emulator(self, state, options)
        self.devices.append(device)
        return device


class Emulator:
    """A powered device; what it says on its console is read from the file that QEMU writes."""

    def __init__(self, prot, state, options):
        self.state = prot.dir / state
        self.connection = f"serial:unix:{state}/mctp.sock"
        self.seen = 0
        self.call("start", "--kernel", prot.runtimes / "bootloader.elf", "--no-wait", *options)
        self.pid = int((self.state / "qemu.pid").read_text())

    def call(self, command, *args):
        done = subprocess.run([SCRIPT, command, self.state, *map(str, args)], capture_output=True, text=True,
                              timeout=PATIENCE, stdin=subprocess.DEVNULL)
        check(done.returncode == 0, f"qemu.sh {command}: {done.stdout}{done.stderr}")

    def text(self):
        return (self.state / "console.log").read_bytes().decode(errors="replace").replace("\r", "")

    def expect(self, pattern, timeout=PATIENCE):
        """Wait for a line that was not matched before; earlier ones are passed over."""
        deadline = time.monotonic() + timeout
        while True:
            lines = self.text().split("\n")[:-1]
            while self.seen < len(lines):
                self.seen += 1
                found = re.search(pattern, lines[self.seen - 1])
                if found:
                    return found
            if time.monotonic() > deadline:
                raise Failure(f"the device did not print '{pattern}':\n{self.text()}")
            time.sleep(0.05)

    def kill(self):
        """As the power goes: whatever QEMU was about to write is lost. `stop` waits for the process."""
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            raise Failure(f"the emulator was gone before it was killed:\n{self.text()}")
        self.stop()

    def stop(self):
        self.call("stop")
        return 0
