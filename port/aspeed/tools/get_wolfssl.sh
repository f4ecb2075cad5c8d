#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Put the source of wolfSSL where Meson looks for the subproject: the source package of this Debian release, with
# its security patches, checked by apt; where there is none, what the wrap file names.
#
# usage: get_wolfssl.sh      (needs dpkg-dev and xz-utils, or a network that reaches the wrap's address)
set -euo pipefail
cd "$(dirname "$0")/../../.."

target=subprojects/$(sed -n 's/^directory *= *//p' subprojects/wolfssl.wrap)
overlay=subprojects/packagefiles/wolfssl

# from_debian FOLDER: unpack the patched source there. Uses apt's own keys, none of its state.
from_debian() {
	local work=$1 options
	command -v dpkg-source >/dev/null || return 1
	mkdir -p "$work/lists/partial" "$work/archives/partial"
	apt-cache policy libwolfssl-dev |
		sed -n 's/^ *[0-9]* \(http[^ ]*\) \([^ /]*\)\/\([^ ]*\) .*/deb-src \1 \2 \3/p' | sort -u >"$work/list"
	[ -s "$work/list" ] || return 1
	options=(-qq -o "Dir::Etc::SourceList=$work/list" -o Dir::Etc::SourceParts=/dev/null
		-o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work" -o APT::Sandbox::User=root)
	apt-get "${options[@]}" update || return 1
	(cd "$work" && apt-get "${options[@]}" --download-only source wolfssl) || return 1
	dpkg-source --no-check --extract "$work"/wolfssl_*.dsc "$work/source" >/dev/null
}

if [ ! -f "$target/wolfcrypt/src/ecc.c" ]; then
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	if from_debian "$work" >"$work/log" 2>&1; then
		rm -rf "$target"
		mv "$work/source" "$target"
		echo "wolfSSL: source of this distribution, with its patches"
	elif timeout 300 meson subprojects download wolfssl >>"$work/log" 2>&1; then
		echo "wolfSSL: source named by subprojects/wolfssl.wrap, without later patches"
	else
		cat "$work/log" >&2
		echo "wolfSSL: no source to be had, neither from the distribution nor from the wrap's address" >&2
		exit 1
	fi
fi
cp "$overlay"/* "$target"/
