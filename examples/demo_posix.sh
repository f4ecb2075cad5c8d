# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# For demo.sh: the device is `prot device`, a process of this machine.
board=posix
runs='start the runtime from a sealed memory file'
console=device.log
patience=1
signing=()
devices=
measured=()

device=
port=0

payload() { printf '%s\n' "$build/port/posix/prot-runtime-$1"; }

switch_on() {
	local command=(prot device --state dev --listen "mctp:127.0.0.1:$port" --confirm-after 700 --watchdog 1500)
	printf '\n\033[36m$ %s &\033[0m\n' "${command[*]}"
	"${command[@]}" >"$console" 2>&1 &
	device=$!
	wait_device 20 '^device: listening on'
	port=$(sed -n 's/^device: listening on mctp:127.0.0.1:\([0-9]*\).*/\1/p' "$console")
	[ -n "$port" ] || fail "the device does not say where it listens"
	peer=mctp:127.0.0.1:$port
}

is_on() { kill -0 "$device" 2>/dev/null; }

power_off() {
	kill "$device"
	wait "$device"
	device=
}

power_cut() { [ -z "$device" ] || power_off; }
