#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The secure-update scenario, step by step, with the commands that a user would type. Any deviation ends it.
#
# usage: demo.sh BUILD_DIR [--keep DIR] [--device posix | --device qemu --firmware DIR]
#   BUILD_DIR        a build for this machine: it holds the command prot, and the POSIX runtimes
#   --keep DIR       work in DIR and leave it there (default: a temporary directory)
#   --device posix   the device is a process of this machine (default)
#   --device qemu    the device is firmware of an AST1030 in the emulator
#   --firmware DIR   the firmware: bootloader.elf, bootloader.bin and runtime-VERSION.bin
set -uo pipefail

usage() {
	sed -n 's/^# \{0,1\}//;5,10p' "$0" >&2
	exit 64
}

[ $# -ge 1 ] || usage
build=$(cd "$1" && pwd) || exit 2
shift
here=$(cd "$(dirname "$0")" && pwd)
keep=
kind=posix
firmware=
while [ $# -gt 0 ]; do
	[ $# -ge 2 ] || usage
	case $1 in
	--keep) mkdir -p "$2" && keep=$(cd "$2" && pwd) || exit 2 ;;
	--device) kind=$2 ;;
	--firmware) firmware=$(cd "$2" && pwd) || exit 2 ;;
	*) usage ;;
	esac
	shift 2
done
[ -f "$here/demo_$kind.sh" ] || usage
[ "$kind" = posix ] || [ -n "$firmware" ] || usage
work=${keep:-$(mktemp -d)}
PATH=$build/examples:$PATH
start=$(date +%s)
step=0

finish() {
	local code=$?
	power_cut 2>/dev/null
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
	[ -f "$console" ] && { echo 'The device said:' >&2; tail -n 30 "$console" | sed 's/^/  | /' >&2; }
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
#
# What demo_KIND.sh defines, which makes the scenario one of that device:
#   board, runs       its board; how a runtime is started, for a title
#   console           the file that its console goes to
#   patience          how much slower than a process of this machine it may be
#   signing           options of `prot image sign` that its images need
#   devices           who its packages are for, as a package description says it
#   measured          options of `prot image refs` that say what its boot stage is
#   payload VERSION   prints the path of a runtime
#   switch_on         starts it and sets peer; power_off ends it; power_cut, too, if it runs
#   is_on             whether it runs

shown=0
show_device() { # [LINES]: what the device printed since the last time, up to that line of it
	tail -n +$((shown + 1)) "$console" | head -n "${1:-1000}" | tr -d '\r' >news
	sed 's/^/  device | /' news
	shown=$((shown + $(wc -l <news)))
}

# wait_device SECONDS TEXT: until the device prints it, in what was not shown yet.
wait_device() {
	local seconds=$(($1 * patience)) line
	local deadline=$((SECONDS + seconds))
	until line=$(tail -n +$((shown + 1)) "$console" | grep -a -n -m 1 -- "$2"); do
		[ $SECONDS -lt $deadline ] || fail "the device did not say '$2' within $seconds s"
		is_on || fail "the device is gone; waited for '$2'"
		sleep 0.05
	done
	show_device "${line%%:*}"
}

power_on() {
	: >"$console"
	shown=0
	switch_on
	wait_device 20 '^runtime .*: started'
}

# shellcheck source=examples/demo_posix.sh
. "$here/demo_$kind.sh"

# spoil REGION: zeros over the first bytes of a region of the flash, as the board lays it out
spoil() {
	local offset
	offset=$(prot board "$board" | sed -n "s/^ *$1  *\(0x[0-9a-f]*\) .*/\1/p")
	run 0 dd if=/dev/zero of=dev/flash.bin bs=4096 count=1 seek=$((offset / 4096)) conv=notrunc status=none
}

# ---- what happens again and again ----

# image NAME VERSION SVN RUNTIME [OPTION...]: a signed image
image() {
	local name=$1 version=$2 svn=$3 payload
	payload=$(payload "$4")
	shift 4
	run 0 prot image sign --key "${key:-sign.pem}" --image-version "$version" --svn "$svn" "${signing[@]}" "$@" \
		--output "$name.img" "$payload"
}

# package NAME VERSION [DEVICE]: a package of NAME.img
package() {
	local device=${3:-$devices}
	printf '{"version": "%s", "components": [{"file": "%s.img"}]%s}\n' "$2" "$1" \
		"${device:+, \"devices\": [$device]}" >"$1.json"
	run 0 prot package create "$1.json" --output "$1.pldm"
}

# refs NAME IMAGE [OPTION...]: reference values of a device that runs the image
refs() { run 0 prot image refs "${measured[@]}" "${@:3}" --output "refs-$1.json" "$2.img"; }

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
image fw-1.0.0 1.0.0 1 1.0.0
image golden 1.0.0 2 1.0.0 --golden
run 0 prot provision --board "$board" --state dev --image fw-1.0.0.img --golden golden.img --image-key sign.pem --svn-floor 1
run 0 ls -l dev
refs 1.0.0 fw-1.0.0

title "Boot: verify the bank, derive the identity, $runs"
power_on

title 'Attest: who is it, and what does it run?'
attest 0 refs-1.0.0.json
says TRUSTED
note 'The same for machines, with the exit code as the verdict:'
prot attest --connect "$peer" --ca dev/ca.pem --refs refs-1.0.0.json --json >result.json || fail 'attest --json'
printf '\n\033[36m$ prot attest ... --json\033[0m\n'
grep -E '"(result|reason|index|verdict)"' result.json

title 'Update: a package of the standard, over PLDM, into the other bank'
image fw-2.0.0 2.0.0 2 2.0.0
package fw-2.0.0 2.0.0
run 0 prot package show fw-2.0.0.pldm
update 0 fw-2.0.0.pldm

title 'Reboot into bank B on trial; confirm; only then does the SVN floor rise. Attest again'
wait_device 30 'mode trial'
wait_device 30 'image confirmed: bank B, SVN floor 2'
refs 2.0.0 fw-2.0.0
attest 0 refs-2.0.0.json
note 'Against the reference values of the former version the device is not trusted, as it must be:'
attest 1 refs-1.0.0.json

title 'Refusals, each at its step and with its reason; the running bank is not touched'
note 'One bit of the payload flipped:'
cp fw-2.0.0.img flipped.img
middle=$(($(stat -c %s fw-2.0.0.img) / 2))
byte=$(od -An -tu1 -j $middle -N 1 fw-2.0.0.img)
printf '%b' "\\x$(printf %02x $((byte ^ 1)))" | dd of=flipped.img bs=1 seek=$middle conv=notrunc status=none
package flipped 2.0.1
update 1 flipped.pldm
says 'payload does not match its digest'
still_trusted refs-2.0.0.json

note 'Signed by a key that the device does not know:'
run 0 prot image keygen foreign.pem
key=foreign.pem image foreign 2.0.1 2 2.0.0
package foreign 2.0.1
update 1 foreign.pldm
says 'signature does not verify'
still_trusted refs-2.0.0.json

note 'Security version below the floor:'
image older 1.5.0 1 1.0.0
package older 1.5.0
update 1 older.pldm
says 'security version below the floor'
still_trusted refs-2.0.0.json

note 'A truncated package:'
head -c $middle fw-2.0.0.pldm >truncated.pldm
update 1 truncated.pldm
still_trusted refs-2.0.0.json

note 'A package for another device:'
cp fw-2.0.0.img other.img
package other 2.0.0 '{"descriptors": [{"type": "uuid", "data": "00112233-4455-6677-8899-aabbccddeeff"}]}'
update 1 other.pldm
says 'not for this device'
still_trusted refs-2.0.0.json
show_device

title 'Recovery without help: an image that never becomes healthy falls back after its tries'
image fw-2.1.0 2.1.0 2 2.1.0-unhealthy
package fw-2.1.0 2.1.0
update 0 fw-2.1.0.pldm
wait_device 60 'bank B, version 2.0.0.*mode normal'
wait_device 20 '^runtime 2.0.0: started'
attest 0 refs-2.0.0.json

title 'Recovery without help: an image that hangs is reset by the watchdog, and falls back'
image fw-2.2.0 2.2.0 2 2.2.0-hang
package fw-2.2.0 2.2.0
update 0 fw-2.2.0.pldm
wait_device 60 'bank B, version 2.0.0.*mode normal'
wait_device 20 '^runtime 2.0.0: started'
attest 0 refs-2.0.0.json

title 'Recovery without help: both banks destroyed, the golden image comes up and takes an update'
power_off
note 'Zeros over the headers of bank A and bank B:'
spoil bank-a
spoil bank-b
power_on
grep -aq 'mode recovery' "$console" || fail 'the golden image did not come up in recovery mode'
refs golden golden --recovery
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
