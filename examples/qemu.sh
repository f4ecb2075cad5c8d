#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Power supply of a device that QEMU plays: an AST1030 evaluation board whose memories are the files of a directory
# that `prot provision --board ast1030-evb` made.
#
# usage: qemu.sh start DIR [OPTION...] [-- QEMU_ARGUMENT...]   power on; wait until the runtime serves
#        qemu.sh stop DIR                                      power off
#        qemu.sh status DIR                                    exit code 0: it runs
#   --kernel ELF     the boot loader (default: bootloader.elf beside the memories)
#   --no-wait        do not wait for the runtime
#   --timeout S      wait for so long at most (default 60)
#   --gdb [PORT]     wait for gdb before the first instruction (default port 1234)
#   --icount         one instruction is one nanosecond: exact time, for measurements
#
# Beside the memories stand console.log (UART5), mctp.sock (UART1: MCTP over serial), qemu.log and qemu.pid.
set -uo pipefail

machine=ast1030-evb,fmc-model=w25q256,spi-model=w25q80bl
qemu=${QEMU:-qemu-system-arm}

usage() {
	sed -n 's/^# \{0,1\}//;6,14p' "$0" >&2
	exit 64
}
die() {
	printf 'qemu.sh: %s\n' "$*" >&2
	exit 1
}

# The process that plays DIR, unless it has ended.
running() {
	local pid
	pid=$(cat "$dir/qemu.pid" 2>/dev/null) || return 1
	# Another process may have the number by now.
	[ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$dir" ] && echo "$pid"
}

# A process that was killed is there for some time, and holds its files until the last of its threads has gone.
ended() { # PID TENTHS
	local n
	for ((n = 0; n < $2; n++)); do
		grep -qs '^State:[[:space:]]*[^ZX]' "/proc/$1/task/"*/status || return 0
		sleep 0.1
	done
	return 1
}

stop() {
	local pid
	pid=$(running) || { rm -f "$dir/qemu.pid"; return 0; }
	kill "$pid" 2>/dev/null
	ended "$pid" 50 || kill -KILL "$pid" 2>/dev/null
	ended "$pid" 50 || die "process $pid does not end"
	rm -f "$dir/qemu.pid" "$dir/mctp.sock"
}

# Until the console shows that the runtime serves, or that it never will.
await_runtime() { # PID
	local deadline=$((SECONDS + timeout))
	until grep -aqE '^runtime .*: started' "$dir/console.log" 2>/dev/null; do
		grep -aq '^boot: lockdown' "$dir/console.log" 2>/dev/null && die "the device locked down: $dir/console.log"
		ended "$1" 1 && report_end "$1"
		[ $SECONDS -lt $deadline ] || die "no runtime within $timeout s: $dir/console.log"
	done
}

# Say why the process PID, which this script started, has ended.
report_end() {
	wait "$1"
	[ $? -ne 75 ] || die "another program uses $dir"
	cat "$dir/qemu.log" >&2
	die "the emulator ended"
}

# Paths of sockets are short: QEMU runs in the directory and is given none.
start_emulator() {
	cd "$dir" || exit 1
	rm -f mctp.sock
	: >console.log
	# The lock tells 'prot provision --force' that a device runs from here.
	setsid flock --nonblock --conflict-exit-code 75 --no-fork . "$qemu" -M "$machine" -nodefaults -display none -kernel "$kernel" \
		-drive if=mtd,format=raw,index=0,file=flash.bin -drive if=mtd,format=raw,index=2,file=otp.bin \
		-serial file:console.log -serial unix:mctp.sock,server=on,wait=off "${extra[@]}" \
		</dev/null >qemu.log 2>&1 &
	echo $! >qemu.pid
}

start() {
	local pid
	command -v "$qemu" >/dev/null || die "$qemu is not there; on Debian: apt-get install qemu-system-arm"
	if [ ! -f "$dir/flash.bin" ] || [ ! -f "$dir/otp.bin" ]; then
		die "$dir holds no device; make one with: prot provision --board ast1030-evb --state DIR ..."
	fi
	[ -f "$kernel" ] || die "there is no boot loader $kernel"
	pid=$(running) && die "process $pid runs this device already"
	start_emulator
	pid=$(cat "$dir/qemu.pid")
	# What is wrong with the arguments shows at once.
	until [ -S "$dir/mctp.sock" ]; do
		ended "$pid" 1 && report_end "$pid"
	done
	# A memory of the wrong size or a port in use shows only after the socket.
	if [ -n "$wait" ]; then
		await_runtime "$pid"
	elif ended "$pid" 3; then
		report_end "$pid"
	fi
	printf 'process  %s\nconsole  %s\nMCTP     serial:unix:%s\n' "$pid" "$given/console.log" "$given/mctp.sock"
	[ -z "$gdb" ] || printf "gdb      gdb-multiarch -ex 'target remote :%s' %s\n" "$gdb" "$kernel"
}

[ $# -ge 2 ] || usage
command=$1
given=${2%/}
dir=$(cd "$2" 2>/dev/null && pwd -P) || die "there is no directory $2"
shift 2
kernel=$dir/bootloader.elf
wait=yes
timeout=60
gdb=
extra=()
while [ $# -gt 0 ]; do
	case $1 in
	--kernel)
		[ $# -ge 2 ] || usage
		kernel=$(realpath "$2")
		shift
		;;
	--no-wait) wait= ;;
	--timeout)
		[ $# -ge 2 ] || usage
		[[ $2 =~ ^[0-9]+$ ]] || usage
		timeout=$2
		shift
		;;
	--gdb)
		gdb=1234
		if [[ ${2:-} =~ ^[0-9]+$ ]]; then
			gdb=$2
			shift
		fi
		extra+=(-S -gdb "tcp:127.0.0.1:$gdb")
		wait=
		;;
	--icount) extra+=(-icount shift=0) ;;
	--)
		shift
		extra+=("$@")
		break
		;;
	*) usage ;;
	esac
	shift
done

case $command in
start) start ;;
stop) stop ;;
status) running >/dev/null ;;
*) usage ;;
esac
