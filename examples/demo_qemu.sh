# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# For demo.sh: the device is the firmware of an AST1030, in QEMU. Its MCTP runs over a serial line, UART1.
board=ast1030-evb
runs='copy the runtime to the SRAM, start it'
console=dev/console.log
patience=6
signing=(--board "$board")
devices="{\"board\": \"$board\"}"
measured=(--boot-stage "$firmware/bootloader.bin")
peer=serial:unix:dev/mctp.sock

payload() { printf '%s\n' "$firmware/runtime-$1.bin"; }

switch_on() { run 0 "$here/qemu.sh" start dev --kernel "$firmware/bootloader.elf" --no-wait; }
is_on() { kill -0 "$(<dev/qemu.pid)" 2>/dev/null; }
power_off() { run 0 "$here/qemu.sh" stop dev; }
power_cut() { [ ! -d dev ] || "$here/qemu.sh" stop dev; }
