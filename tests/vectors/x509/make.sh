#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the certificates of this directory with the openssl command line tool (3.0 or later). The keys under keys/
# are PUBLIC TEST KEYS: they are kept, so that a new run changes signatures and dates only.
#
# usage: make.sh            (in this directory)
set -eu
cd "$(dirname "$0")"
mkdir -p keys
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
serial=1

key() { # name, genpkey options
	name=$1
	shift
	[ -f "keys/$name.pem" ] || openssl genpkey -quiet "$@" -out "keys/$name.pem" 2>/dev/null ||
		openssl genpkey "$@" -out "keys/$name.pem"
}

# certificate: name, key, issuer (own name: self-signed), subject, digest; extensions on standard input
cert() {
	serial=$((serial + 1))
	cat >"$tmp/ext"
	ext="-extfile $tmp/ext"
	[ -s "$tmp/ext" ] || ext=
	openssl req -new -key "keys/$2.pem" -subj "$4" -out "$tmp/csr"
	if [ "$1" = "$3" ]; then
		# shellcheck disable=SC2086
		openssl x509 -req -in "$tmp/csr" -key "keys/$2.pem" -$5 -days 7300 -set_serial $serial $ext \
			-outform DER -out "$1.der" 2>/dev/null
	else
		# shellcheck disable=SC2086
		openssl x509 -req -in "$tmp/csr" -CA "$3.der" -CAform DER -CAkey "keys/$(cat "$tmp/$3.key").pem" -$5 \
			-days 7300 -set_serial $serial $ext -outform DER -out "$1.der" 2>/dev/null
	fi
	echo "$2" >"$tmp/$1.key"
}

for k in root int int2 leaf other; do
	key $k -algorithm EC -pkeyopt ec_paramgen_curve:P-384
done
key leaf256 -algorithm EC -pkeyopt ec_paramgen_curve:P-256
key ca256 -algorithm EC -pkeyopt ec_paramgen_curve:P-256
key rsa -algorithm RSA -pkeyopt rsa_keygen_bits:2048
# the same key in the other forms that openssl writes
[ -f keys/int_sec1.pem ] || openssl ec -in keys/int.pem -out keys/int_sec1.pem 2>/dev/null
[ -f keys/int_encrypted.pem ] || openssl pkcs8 -topk8 -in keys/int.pem -passout pass:public -out keys/int_encrypted.pem
[ -f keys/int_sec1_encrypted.pem ] ||
	openssl ec -in keys/int.pem -aes128 -passout pass:public -out keys/int_sec1_encrypted.pem 2>/dev/null

ca="basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid"
ee="basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid"

cert root root root "/O=Test/CN=Test Root" sha384 <<EOF
$ca
EOF
# same name, another key
cert root_twin other root_twin "/O=Test/CN=Test Root" sha384 <<EOF
$ca
EOF
cert root_other other root_other "/O=Test/CN=Other Root" sha384 <<EOF
$ca
EOF
cert root_path0 root root_path0 "/O=Test/CN=Path Root" sha384 <<EOF
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign
EOF
cert int int root "/O=Test/CN=Test Intermediate" sha384 <<EOF
$ca
EOF
cert int_path0 int root "/O=Test/CN=Test Intermediate" sha384 <<EOF
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign
EOF
cert int_under_path0 int root_path0 "/O=Test/CN=Test Intermediate" sha384 <<EOF
$ca
EOF
cert int_not_ca int root "/O=Test/CN=Test Intermediate" sha384 <<EOF
basicConstraints=critical,CA:FALSE
keyUsage=critical,keyCertSign
EOF
cert int_no_constraints int root "/O=Test/CN=Test Intermediate" sha384 <<EOF
keyUsage=critical,keyCertSign
EOF
cert int_no_sign int root "/O=Test/CN=Test Intermediate" sha384 <<EOF
basicConstraints=critical,CA:TRUE
keyUsage=critical,digitalSignature
EOF
cert int_rsa rsa root "/O=Test/CN=RSA Intermediate" sha384 <<EOF
$ca
EOF
cert int2 int2 int "/O=Test/CN=Test Intermediate 2" sha384 <<EOF
$ca
EOF
# signed by the right key, under the wrong name
cert int_renamed int root "/O=Test/CN=Renamed Intermediate" sha384 <<EOF
$ca
EOF

leaf="/O=Test/CN=Test Leaf/serialNumber=0123456789abcdef"
cert leaf leaf int "$leaf" sha384 <<EOF
$ee
extendedKeyUsage=1.3.6.1.4.1.412.274.3
EOF
cert leaf_under_int2 leaf int2 "$leaf" sha384 <<EOF
$ee
EOF
cert leaf_under_root leaf root "$leaf" sha512 <<EOF
$ee
EOF
cert leaf_ca leaf int "$leaf" sha384 <<EOF
basicConstraints=critical,CA:TRUE
keyUsage=critical,digitalSignature,keyCertSign
EOF
cert leaf_no_constraints leaf int "$leaf" sha384 <<EOF
keyUsage=critical,digitalSignature
EOF
cert leaf_no_usage leaf int "$leaf" sha384 <<EOF
basicConstraints=critical,CA:FALSE
EOF
cert leaf_agreement leaf int "$leaf" sha384 <<EOF
basicConstraints=critical,CA:FALSE
keyUsage=critical,keyAgreement
EOF
cert leaf_requester leaf int "$leaf" sha384 <<EOF
$ee
extendedKeyUsage=1.3.6.1.4.1.412.274.4
EOF
cert leaf_both_roles leaf int "$leaf" sha384 <<EOF
$ee
extendedKeyUsage=critical,1.3.6.1.4.1.412.274.4,1.3.6.1.4.1.412.274.3
EOF
cert leaf_tls leaf int "$leaf" sha384 <<EOF
$ee
extendedKeyUsage=critical,serverAuth
EOF
cert leaf_critical leaf int "$leaf" sha384 <<EOF
$ee
1.2.3.4=critical,DER:0500
EOF
cert leaf_uncritical leaf int "$leaf" sha384 <<EOF
$ee
1.2.3.4=DER:0500
EOF
cert leaf_dice leaf int "$leaf" sha384 <<EOF
$ee
2.23.133.5.4.1=critical,DER:3008870204108902ffff
2.23.133.5.4.4=DER:3013041101000102030405060708090a0b0c0d0e0f
EOF
cert leaf_hardware leaf int "$leaf" sha384 <<EOF
$ee
1.3.6.1.4.1.412.274.6=DER:300e300c060a2b06010401831c821202
EOF
cert leaf_v1 leaf int "$leaf" sha384 </dev/null
cert leaf_rsa rsa int "$leaf" sha384 <<EOF
$ee
EOF
cert leaf_by_rsa leaf int_rsa "$leaf" sha384 <<EOF
$ee
EOF
cert leaf_sha1 leaf int "$leaf" sha1 <<EOF
$ee
EOF
cert root256 ca256 root256 "/CN=P-256 Root" sha256 <<EOF
$ca
EOF
cert leaf256 leaf256 root256 "/CN=P-256 Leaf" sha256 <<EOF
$ee
EOF
{
	openssl x509 -inform DER -in root.der -text
	openssl x509 -inform DER -in int.der
} >root_int.pem
