#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The secure-update scenario, step by step, with the commands that a user would type. Any deviation ends it.
#
# usage: demo.sh BUILD_DIR [--keep DIR]
#   --keep DIR   work in DIR and leave it there (default: a temporary directory)
set -uo pipefail

[ $# -ge 1 ] || { sed -n 's/^# \{0,1\}//;3,6p' "$0" >&2; exit 64; }
build=$(cd "$1" && pwd) || exit 2
if [ "${2:-}" = --keep ]; then
	mkdir -p "$3" && work=$(cd "$3" && pwd) || exit 2
	keep=yes
else
	work=$(mktemp -d)
	keep=
fi
PATH=$build/examples:$PATH
firmware=$build/port/posix # the runtimes: each is the payload of an image
start=$(date +%s)
device=
step=0

finish() {
	local code=$?
	if [ -n "$device" ]; then
		kill "$device" 2>/dev/null
		wait "$device" 2>/dev/null
	fi
	[ -n "$keep" ] || rm -rf "$work"
	exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

cd "$work" || exit 2

title() {
	step=$((step + 1))
	printf '\n\033[1m== %d. %s\033[0m\n' "$step" "$*"
}
note() { printf '\n   %s\n' "$*"; }
fail() {
	printf '\nDEMO FAILED in step %d: %s\n' "$step" "$*" >&2
	[ -f device.log ] && { echo 'The device said:' >&2; tail -n 30 device.log | sed 's/^/  | /' >&2; }
	exit 1
}

# run CODE COMMAND...: print the command and its output; the exit code must be CODE.
run() {
	local want=$1 code
	shift
	printf '\n\033[36m$ %s\033[0m\n' "$*"
	"$@" >output 2>&1
	code=$?
	cat output
	[ "$code" -eq "$want" ] || fail "'$*' ended with $code, not $want"
}

# says TEXT: the last command printed it.
says() { grep -q -- "$1" output || fail "the output does not say '$1'"; }

# ---- the device ----

shown=0
show_device() { # [LINES]: what the device printed since the last time, up to that line of it
	tail -n +$((shown + 1)) device.log | head -n "${1:-1000}" >news
	sed 's/^/  device | /' news
	shown=$((shown + $(wc -l <news)))
}

# wait_device SECONDS TEXT: until the device prints it, in what was not shown yet.
wait_device() {
	local deadline=$((SECONDS + $1)) line
	until line=$(tail -n +$((shown + 1)) device.log | grep -n -m 1 -- "$2"); do
		[ $SECONDS -lt $deadline ] || fail "the device did not say '$2' within $1 s"
		kill -0 "$device" 2>/dev/null || fail "the device is gone; waited for '$2'"
		sleep 0.05
	done
	show_device "${line%%:*}"
}

power_on() {
	local command=(prot device --state dev --listen "mctp:127.0.0.1:${port:-0}" --confirm-after 700 --watchdog 1500)
	printf '\n\033[36m$ %s &\033[0m\n' "${command[*]}"
	: >device.log
	shown=0
	"${command[@]}" >device.log 2>&1 &
	device=$!
	wait_device 20 '^runtime .*: started'
	port=$(sed -n 's/^device: listening on mctp:127.0.0.1:\([0-9]*\).*/\1/p' device.log | head -n 1)
	[ -n "$port" ] || fail "the device does not say where it listens"
	peer=mctp:127.0.0.1:$port
}

power_off() {
	kill "$device"
	wait "$device"
	device=
}

# ---- what happens again and again ----

# image NAME VERSION SVN RUNTIME [OPTION...]: a signed image
image() {
	local name=$1 version=$2 svn=$3 payload=$4
	shift 4
	run 0 prot image sign --key sign.pem --image-version "$version" --svn "$svn" "$@" --output "$name.img" "$payload"
}

# package NAME VERSION [UUID]: a package of NAME.img
package() {
	local devices=
	[ -z "${3:-}" ] || devices=", \"devices\": [{\"descriptors\": [{\"type\": \"uuid\", \"data\": \"$3\"}]}]"
	printf '{"version": "%s", "components": [{"file": "%s.img"}]%s}\n' "$2" "$1" "$devices" >"$1.json"
	run 0 prot package create "$1.json" --output "$1.pldm"
}

attest() { run "$1" prot attest --connect "$peer" --ca dev/ca.pem --refs "$2" "${@:3}"; }
update() { run "$1" prot update --connect "$peer" --package "$2" --self-contained "${@:3}"; }

# still_trusted REFS: nothing happened to what runs
still_trusted() {
	prot attest --connect "$peer" --ca dev/ca.pem --refs "$1" >output 2>&1 || { cat output; fail "attestation fails afterwards"; }
	note "Afterwards: $(grep '^TRUSTED' output)"
}

# ---- the scenario ----

title 'Provision: a manufacturer CA, a device secret, image-signing keys, bank A, golden image, OTP'
run 0 prot image keygen sign.pem
image fw-1.0.0 1.0.0 1 "$firmware/prot-runtime-1.0.0"
image golden 1.0.0 2 "$firmware/prot-runtime-1.0.0" --golden
run 0 prot provision --state dev --image fw-1.0.0.img --golden golden.img --image-key sign.pem --svn-floor 1
run 0 ls -l dev
run 0 prot image refs --output refs-1.0.0.json fw-1.0.0.img

title 'Boot: verify the bank, derive the identity, start the runtime from a sealed memory file'
power_on

title 'Attest: who is it, and what does it run?'
attest 0 refs-1.0.0.json
says TRUSTED
note 'The same for machines, with the exit code as the verdict:'
prot attest --connect "$peer" --ca dev/ca.pem --refs refs-1.0.0.json --json >result.json || fail 'attest --json'
printf '\n\033[36m$ prot attest ... --json\033[0m\n'
grep -E '"(result|reason|index|verdict)"' result.json

title 'Update: a package of the standard, over PLDM, into the other bank'
image fw-2.0.0 2.0.0 2 "$firmware/prot-runtime-2.0.0"
package fw-2.0.0 2.0.0
run 0 prot package show fw-2.0.0.pldm
update 0 fw-2.0.0.pldm

title 'Reboot into bank B on trial; confirm; only then does the SVN floor rise. Attest again'
wait_device 30 'mode trial'
wait_device 30 'image confirmed: bank B, SVN floor 2'
run 0 prot image refs --output refs-2.0.0.json fw-2.0.0.img
attest 0 refs-2.0.0.json
note 'Against the reference values of the former version the device is not trusted, as it must be:'
attest 1 refs-1.0.0.json

title 'Refusals, each at its step and with its reason; the running bank is not touched'
note 'One bit of the payload flipped:'
cp fw-2.0.0.img flipped.img
printf '\x01' | dd of=flipped.img bs=1 seek=1000000 conv=notrunc status=none
cmp -s flipped.img fw-2.0.0.img && fail 'the byte was 1 already'
package flipped 2.0.1
update 1 flipped.pldm
says 'payload does not match its digest'
still_trusted refs-2.0.0.json

note 'Signed by a key that the device does not know:'
run 0 prot image keygen foreign.pem
run 0 prot image sign --key foreign.pem --image-version 2.0.1 --svn 2 --output foreign.img "$firmware/prot-runtime-2.0.0"
package foreign 2.0.1
update 1 foreign.pldm
says 'signature does not verify'
still_trusted refs-2.0.0.json

note 'Security version below the floor:'
image older 1.5.0 1 "$firmware/prot-runtime-1.0.0"
package older 1.5.0
update 1 older.pldm
says 'security version below the floor'
still_trusted refs-2.0.0.json

note 'A truncated package:'
head -c 500000 fw-2.0.0.pldm >truncated.pldm
update 1 truncated.pldm
still_trusted refs-2.0.0.json

note 'A package for another device:'
cp fw-2.0.0.img other.img
package other 2.0.0 00112233-4455-6677-8899-aabbccddeeff
update 1 other.pldm
says 'not for this device'
still_trusted refs-2.0.0.json
show_device

title 'Recovery without help: an image that never becomes healthy falls back after its tries'
image fw-2.1.0 2.1.0 2 "$firmware/prot-runtime-2.1.0-unhealthy"
package fw-2.1.0 2.1.0
update 0 fw-2.1.0.pldm
wait_device 60 'bank B, version 2.0.0.*mode normal'
wait_device 20 '^runtime 2.0.0: started'
attest 0 refs-2.0.0.json

title 'Recovery without help: an image that hangs is reset by the watchdog, and falls back'
image fw-2.2.0 2.2.0 2 "$firmware/prot-runtime-2.2.0-hang"
package fw-2.2.0 2.2.0
update 0 fw-2.2.0.pldm
wait_device 60 'bank B, version 2.0.0.*mode normal'
wait_device 20 '^runtime 2.0.0: started'
attest 0 refs-2.0.0.json

title 'Recovery without help: both banks destroyed, the golden image comes up and takes an update'
power_off
note 'Zeros over the headers of bank A and bank B (offsets of port/posix/posix_board.c):'
run 0 dd if=/dev/zero of=dev/flash.bin bs=4096 count=1 seek=$((0x100000 / 4096)) conv=notrunc status=none
run 0 dd if=/dev/zero of=dev/flash.bin bs=4096 count=1 seek=$((0x700000 / 4096)) conv=notrunc status=none
power_on
grep -q 'mode recovery' device.log || fail 'the golden image did not come up in recovery mode'
run 0 prot image refs --recovery --output refs-golden.json golden.img
attest 0 refs-golden.json
update 0 fw-2.0.0.pldm
wait_device 30 'image confirmed'
attest 0 refs-2.0.0.json

title 'Trace: record an exchange and read it as a ladder'
attest 0 refs-2.0.0.json --pcap attest.pcap
run 0 prot trace attest.pcap
says 'CHALLENGE_AUTH'
power_off

printf '\n\033[1mDemo complete: %d steps, %d s.\033[0m\n' "$step" $(($(date +%s) - start))
