#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""OpenSSL judges the certificates that the services issue (verification, every extension) and a key file.

usage: openssl_chain.py DUMP_PROGRAM
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

EXPECTED = [
    ["CA:TRUE", "Certificate Sign"],
    ["CA:TRUE, pathlen:1", "Certificate Sign", "2.23.133.5.4.100.6, 2.23.133.5.4.100.12", "2.23.133.5.4.4:",
     "1.3.6.1.4.1.412.274.6:"],
    ["CA:TRUE, pathlen:0", "Certificate Sign", "2.23.133.5.4.100.7, 2.23.133.5.4.100.12", "2.23.133.5.4.4:"],
    ["CA:FALSE", "Digital Signature", "2.23.133.5.4.100.9, 1.3.6.1.4.1.412.274.3", "2.23.133.5.4.1:",
     "2.23.133.5.4.4:", "1.3.6.1.4.1.412.274.6:"],
]
COMMON = ["Version: 3", "ecdsa-with-SHA384", "secp384r1", "Not After : Dec 31 23:59:59 9999 GMT",
          "X509v3 Basic Constraints: critical", "X509v3 Key Usage: critical", "X509v3 Subject Key Identifier",
          "X509v3 Authority Key Identifier"]


def openssl(*args):
    done = subprocess.run(["openssl", *map(str, args)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"openssl {' '.join(map(str, args))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def main():
    if not shutil.which("openssl"):
        print("no openssl command")
        return 77
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        subprocess.run([sys.argv[1], tmp], check=True)
        certs = sorted(tmp.glob("*.der"))
        if len(certs) != len(EXPECTED):
            sys.exit(f"{len(certs)} certificates")
        for der, expected in zip(certs, EXPECTED):
            text = openssl("x509", "-inform", "DER", "-in", der, "-noout", "-text")
            missing = [e for e in COMMON + expected if e not in text]
            if missing:
                sys.exit(f"{der.name}: OpenSSL does not show {missing} in\n{text}")
            openssl("asn1parse", "-inform", "DER", "-in", der)
            openssl("x509", "-inform", "DER", "-in", der, "-out", der.with_suffix(".pem"))
        if "Key is valid" not in openssl("pkey", "-in", tmp / "key.pem", "-check", "-noout"):
            sys.exit("OpenSSL does not read the private key")
        untrusted = tmp / "untrusted.pem"
        untrusted.write_text((tmp / "1.pem").read_text() + (tmp / "2.pem").read_text())
        out = openssl("verify", "-x509_strict", "-CAfile", tmp / "0.pem", "-untrusted", untrusted,
                      tmp / "3.pem")
        if "OK" not in out:
            sys.exit(out)
        print(out.replace(str(tmp), ""), end="")
    return 0


sys.exit(main())
