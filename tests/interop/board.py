#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`prot board`, and what `prot image`, `prot provision` and `prot package` make for each board.

usage: board.py PROT RUNTIMES
"""
import fcntl
import hashlib
import json
import os
import pathlib
import re
import struct
import subprocess
import sys

sys.dont_write_bytecode = True
from harness import PATIENCE, check, main

BOARDS = ["posix", "ast1030-evb", "ast1060-evb"]
HEADER = 512  # bytes of an image header


def facts(prot, board):
    return json.loads(prot.run("board", board, "--json").stdout)


def payload(prot, name, size, load, reset=None):
    """The bytes of a runtime as far as tools can tell: a vector table, then anything."""
    data = struct.pack("<II", 0x80000, load + 0x101 if reset is None else reset) + os.urandom(size - 8)
    pathlib.Path(prot.path(name)).write_bytes(data)
    return name


def sign(prot, board, name, source, *options, version="1.0.0", svn=1):
    return prot.image(name, source, version, svn, "--board", board, *options)


def refused(prot, args, code, text):
    done = prot.run(*args, expect=code)
    check(re.search(text, done.stderr), f"prot {' '.join(map(str, args))}: {done.stderr}")
    check(done.stderr.count("\n") <= (3 if code == 64 else 1), done.stderr)


def lists_and_describes(prot):
    for command in (["provision"], ["image", "sign"]):
        check(prot.run(*command, "--board", "help").stdout.split() == BOARDS, f"{command} --board help")
    table = prot.run("board").stdout
    check([line.split()[0] for line in table.strip().split("\n")[1:]] == BOARDS, table)
    everything = json.loads(prot.run("board", "--json").stdout)["boards"]
    check([b["name"] for b in everything] == BOARDS, everything)
    check(len({b["uuid"] for b in everything}) == 3 and [b["bit"] for b in everything] == [0, 1, 2], everything)
    for board in BOARDS:
        one = facts(prot, board)
        check(one in everything, one)
        text = prot.run("board", board).stdout
        check(one["uuid"] in text, text)
        for name, region in one["regions"].items():
            check(re.search(rf"^  {name} +0x0*{region['offset']:x} +{region['size']}$", text, re.M), f"{name}: {text}")
            check(region["offset"] + region["size"] <= one["flash"]["size"], f"{board}: {name}")
    refused(prot, ["board", "ast9999"], 1, "there is no board 'ast9999'")
    for command in (["provision"], ["image", "sign"]):
        refused(prot, [*command, "--board", "ast9999"], 64, "there is no board 'ast9999'; --board help")


def images_carry_the_facts_of_their_board(prot):
    ast = facts(prot, "ast1030-evb")
    payload(prot, "p", 4000, ast["load_address"])
    for boards, mask, names, load in [(["posix"], 1, ["posix"], 0), (["ast1030-evb"], 2, ["ast1030-evb"], 0x20000),
                                      (["ast1030-evb", "ast1060-evb"], 6, ["ast1030-evb", "ast1060-evb"], 0x20000),
                                      (["9", "ast1060-evb"], 0x204, ["ast1060-evb"], 0x20000), (["9"], 0x200, [], 0)]:
        options = [x for b in boards for x in ("--board", b)]
        prot.image("i.img", "p", "1.0.0", 1, *options)
        shown = json.loads(prot.run("image", "show", "--json", "i.img").stdout)
        check((shown["boards"], shown["board_names"]) == (mask, names), shown)
        check((shown["load_address"], shown["entry"], shown["component"]) == (load, 0, 1), shown)
        text = prot.run("image", "show", "i.img").stdout
        check(re.search(rf"boards +0x{mask:x} ?{', '.join(names)}\n", text), text)
    prot.image("i.img", "p")
    shown = json.loads(prot.run("image", "show", "--json", "i.img").stdout)
    check((shown["boards"], shown["load_address"]) == (1, 0), "without --board")


def images_that_no_board_could_start__refused(prot):
    ast = facts(prot, "ast1030-evb")
    load = ast["load_address"]
    bank, golden = ast["regions"]["bank-a"]["size"], ast["regions"]["golden"]["size"]
    key = prot.key()
    command = ["image", "sign", "--key", key, "--image-version", "1.0", "--svn", "1", "--output", "o.img"]

    def no(source, text, *options, board="ast1030-evb"):
        refused(prot, [*command, "--board", board, *options, source], 2, text)
        check(not os.path.exists(prot.path("o.img")), "a failed command left its output")

    no(payload(prot, "p", bank - HEADER + 1, load), rf"does not fit the bank: {bank + 1} bytes with the header, the "
                                                    rf"bank of ast1030-evb takes {bank}")
    no(payload(prot, "p", golden, load), rf"the golden bank of ast1030-evb takes {golden}", "--golden")
    no(payload(prot, "p", 4000, load), "for load address 0x30000, ast1030-evb loads at 0x20000", "--load-address",
       "0x30000")
    for reset in [load + 0x100, load + 4001, load - 1, 0, 0xFFFFFFFF]:
        no(payload(prot, "p", 4000, load, reset), "no vector table for load address 0x20000")
    pathlib.Path(prot.path("p")).write_bytes(bytes(7))
    no("p", "no vector table")
    no("p", "--entry lies outside", "--entry", "7")
    no(prot.runtime("1.0.0"), "an ELF file; ast1060-evb loads raw bytes|does not fit", board="ast1060-evb")
    pathlib.Path(prot.path("p")).write_bytes(b"\x7fELF" + bytes(100))
    no("p", "an ELF file")
    payload(prot, "p", 4000, load)
    refused(prot, [*command, "--board", "posix", "--board", "ast1030-evb", "p"], 64, "differ in load address")
    for size, options in [(bank, []), (golden, ["--golden"])]:
        prot.run(*command, "--force", "--board", "ast1030-evb", *options, payload(prot, "p", size - HEADER, load))


def provision(prot, board, state, *options):
    prot.run("provision", "--board", board, "--state", state, "--image", "a.img", "--golden", "golden.img",
             "--image-key", "key.pem.pub", *options)
    root = pathlib.Path(prot.path(state))
    info = json.loads((root / "device.json").read_text())
    check(info["board"] == board, info)
    return (root / "flash.bin").read_bytes(), (root / "otp.bin").read_bytes()


def make_images(prot, board):
    sources = {name: payload(prot, name, 5001, facts(prot, board)["load_address"]) for name in ("p", "g")}
    sign(prot, board, "a.img", sources["p"])
    sign(prot, board, "golden.img", sources["g"], "--golden", version="0.9.0", svn=2)
    return {name: pathlib.Path(prot.path(name)).read_bytes() for name in ("a.img", "golden.img")}


def flash_holds_what_the_layout_says(prot):
    """Byte for byte: every region that provisioning writes, and 0xFF everywhere else."""
    for board in BOARDS:
        fact = facts(prot, board)
        images = make_images(prot, board)
        flash, _ = provision(prot, board, f"state-{board}")
        check(len(flash) == fact["flash"]["size"], f"{board}: flash of {len(flash)} bytes")
        region = {name: flash[at["offset"]:at["offset"] + at["size"]] for name, at in fact["regions"].items()}

        def holds(name, start):
            content, size = region[name], len(start)
            check(content[:size] == start and set(content[size:]) <= {0xFF}, f"{board}: {name}")

        holds("bank-a", images["a.img"])
        holds("golden", images["golden.img"])
        for empty in {"bank-b", "journal-1", "storage-0", "storage-1", "boot-loader"} & set(region):
            holds(empty, b"")
        check(region["identity"][:4] == b"PID1", f"{board}: identity")
        check(region["journal-0"][:8] != b"\xff" * 8, f"{board}: journal")
        key = region["keys"]
        check(len(set(key[:96])) > 10 and set(key[96:]) == {0xFF}, f"{board}: keys")
        outside = bytearray(flash)
        for at in fact["regions"].values():
            outside[at["offset"]:at["offset"] + at["size"]] = b"\xff" * at["size"]
        check(set(outside) == {0xFF}, f"{board}: something stands in no region")


def otp_bits_are_the_same_on_every_board(prot):
    """In fuses they stand as they are; in a NOR flash inverted, the rest of the flash erased."""
    for board in BOARDS:
        fact = facts(prot, board)["otp"]
        make_images(prot, board)
        flash, otp = provision(prot, board, f"state-{board}")
        check(len(otp) == (fact["flash_size"] if fact["in_flash"] else fact["size"]), f"{board}: {len(otp)} bytes")
        if fact["in_flash"]:
            check(set(otp[fact["size"]:]) == {0xFF}, f"{board}: not erased")
            otp = bytes(b ^ 0xFF for b in otp[:fact["size"]])
        keys = facts(prot, board)["regions"]["keys"]["offset"]
        check(otp[0x60:0x90] == hashlib.sha384(flash[keys:keys + 96]).digest(), f"{board}: key hash")
        check(otp[0x40:0x43] == bytes([3, 3, 3]), f"{board}: lifecycle")
        check([sum(bin(b).count("1") for b in otp[at:at + 32]) for at in (0x120, 0x140, 0x160)] == [1, 1, 1],
              f"{board}: SVN floor")
        check(len(set(otp[0:32])) > 10 and otp[0x180:] == bytes(len(otp) - 0x180), f"{board}: UDS")


def boot_loader__stands_where_the_board_has_it(prot):
    make_images(prot, "ast1060-evb")
    size = facts(prot, "ast1060-evb")["regions"]["boot-loader"]["size"]
    loader = os.urandom(size)
    pathlib.Path(prot.path("loader.bin")).write_bytes(loader)
    flash, _ = provision(prot, "ast1060-evb", "state", "--boot-loader", "loader.bin")
    check(flash[:size] == loader, "boot loader")
    command = ["provision", "--state", "other", "--image", "a.img", "--image-key", "key.pem", "--boot-loader", "bad"]
    for board, content, text in [("ast1060-evb", loader + b"x", f"has 1 to {size}"), ("ast1060-evb", b"", "0 bytes"),
                                 ("ast1030-evb", b"\x7fELF....", "an ELF file"),
                                 ("posix", loader, "posix has no boot loader in its flash")]:
        pathlib.Path(prot.path("bad")).write_bytes(content)
        refused(prot, [*command, "--board", board], 2, text)
    check(not os.path.exists(prot.path("other")), "a failed provisioning left its directory")


def images_of_another_board__refused(prot):
    make_images(prot, "ast1030-evb")
    command = ["provision", "--state", "state", "--image-key", "key.pem"]
    refused(prot, [*command, "--board", "ast1060-evb", "--image", "a.img"], 2, "image is for another board")
    refused(prot, [*command, "--image", "a.img"], 2, "image is for another board")
    payload(prot, "p", 0x60000, 0x20000)
    prot.image("big.img", "p", "1.0.0", 1, "--board", 1, "--load-address", "0x20000")
    refused(prot, [*command, "--board", "ast1030-evb", "--image", "big.img"], 2,
            "does not fit the bank: 393728 bytes with the header, the bank of ast1030-evb takes 327680")
    prot.image("elsewhere.img", "p", "1.0.0", 1, "--board", 1)
    payload(prot, "p", 4000, 0x20000)
    prot.image("elsewhere.img", "p", "1.0.0", 1, "--board", 1)
    refused(prot, [*command, "--board", "ast1030-evb", "--image", "elsewhere.img"], 2,
            "for load address 0x0, ast1030-evb loads at 0x20000")
    check(not os.path.exists(prot.path("state")), "a failed provisioning left its directory")


def packages_name_their_board(prot):
    make_images(prot, "ast1030-evb")

    def create(device, code=0):
        text = json.dumps({"version": "1", "components": [{"file": "a.img"}], "devices": [device]})
        pathlib.Path(prot.path("p.json")).write_text(text)
        return prot.run("package", "create", "p.json", "--force", "--output", "p.pldm", expect=code)

    for board in BOARDS:
        create({"board": board})
        raw = pathlib.Path(prot.path("p.pldm")).read_bytes()
        check(bytes.fromhex(facts(prot, board)["uuid"].replace("-", "")) in raw, f"{board}: no descriptor")
    uuid = {"type": "uuid", "data": facts(prot, "posix")["uuid"]}
    check("two ways" in create({"board": "posix", "descriptors": [uuid]}, 2).stderr, "both")
    for wrong in ("ast9999", 7, None):
        check('no such "board"' in create({"board": wrong}, 2).stderr, wrong)


def power_switch_of_the_emulator__says_what_is_wrong(prot):
    """examples/qemu.sh, with programs in place of the emulator that end at once or do nothing."""
    script = pathlib.Path(__file__).resolve().parent.parent.parent / "examples" / "qemu.sh"
    make_images(prot, "ast1030-evb")
    provision(prot, "ast1030-evb", "state")
    pathlib.Path(prot.path("state/bootloader.elf")).write_bytes(b"")
    os.mkdir(prot.path("empty"))

    def switch(*args, qemu="true", expect=1):
        done = subprocess.run([script, *args], capture_output=True, text=True, cwd=prot.dir, timeout=PATIENCE,
                              stdin=subprocess.DEVNULL, env={**os.environ, "QEMU": qemu})
        check(done.returncode == expect, f"{args}: {done.returncode} {done.stdout}{done.stderr}")
        return done.stderr

    for args, text in [(["start", "none"], "there is no directory none"), (["start", "empty"], "holds no device"),
                       (["start", "state", "--kernel", "none"], "there is no boot loader"),
                       (["start", "state"], "the emulator ended")]:
        check(text in switch(*args), args)
    check("apt-get install qemu-system-arm" in switch("start", "state", qemu="no-such-program"), "no emulator")
    for args in [[], ["start"], ["jump", "state"], ["start", "state", "--nonsense"], ["start", "state", "--timeout"],
                 ["start", "state", "--timeout", "soon"]]:
        check("usage: qemu.sh" in switch(*args, expect=64), args)
    switch("status", "state")
    switch("stop", "state", expect=0)
    lock = os.open(prot.path("state"), os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    check("another program uses" in switch("start", "state"), "a locked directory")
    os.close(lock)


main([
    lists_and_describes,
    images_carry_the_facts_of_their_board,
    images_that_no_board_could_start__refused,
    flash_holds_what_the_layout_says,
    otp_bits_are_the_same_on_every_board,
    boot_loader__stands_where_the_board_has_it,
    images_of_another_board__refused,
    packages_name_their_board,
    power_switch_of_the_emulator__says_what_is_wrong,
])
