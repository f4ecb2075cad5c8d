/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_KAT_H
#define CRYPTO_KAT_H

/* Known answers of a crypto provider, for the host and for the target. */

#include <prot/crypto.h>

/* FIPS 180-4 and FIPS 202, "abc"; HMAC: RFC 4231 test case 2. */
static const struct {
	enum prot_hash_alg alg;
	const char *abc;
	const char *hmac;
} kat_hashes[] = {
	{PROT_HASH_SHA256,
	 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
	{PROT_HASH_SHA384,
	 "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
	 "8086072ba1e7cc2358baeca134c825a7",
	 "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
	 "8e2240ca5e69e2c78b3239ecfab21649"},
	{PROT_HASH_SHA512,
	 "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	 "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
	 "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
	 "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
	{PROT_HASH_SHA3_256,
	 "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
	 "c7d4072e788877ae3596bbb0da73b887c9171f93095b294ae857fbe2645e1ba5"},
	{PROT_HASH_SHA3_384,
	 "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b2"
	 "98d88cea927ac7f539f1edf228376d25",
	 "f1101f8cbf9766fd6764d2ed61903f21ca9b18f57cf3e1a23ca13508a93243ce"
	 "48c045dc007f26a21b3f5e0e9df4c20a"},
	{PROT_HASH_SHA3_512,
	 "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
	 "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
	 "5a4bfeab6166427c7a3647b747292b8384537cdb89afb3bf5665e4c5e709350b"
	 "287baec921fd7ca0ee7a0c31d022a95e1fc92ba9d77df883960275beb4e62024"},
};

/*
 * Public keys of the seed 00 01 .. 2f, computed with an independent
 * implementation of the derivation (Python's hmac and cryptography).
 */
static const struct {
	enum prot_asym_alg alg;
	const char *point;
} kat_keys[] = {
	{PROT_ASYM_ECDSA_P256,
	 "212274f39e8841a38931e598b5c39cbfa25e8bde96a3348c9d7fb37da4699029"
	 "830c24f594f0b8e2a9c792d8843d420d5e6f4ae6d945941d3feac401561d557f"},
	{PROT_ASYM_ECDSA_P384,
	 "6fdc40307f92c116514a4c3343965ec0efb498d92957933afc08fadfd247249c"
	 "e6f01437bba4a2b92948774bb19491b30fa87f510ff945c2a37f6cc8dd9fd1e3"
	 "4ed266b0f8007980a3319823532cf5bd65f9f0dc96df907136a5ed38a8c1495b"},
};

/* RFC 6979, A.2.6: P-384, SHA-384 of "sample". */
static const struct {
	const char *point;
	const char *message;
	const char *signature;
} kat_signature = {
	"ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64"
	"def8f0ea9055866064a254515480bc138015d9b72d7d57244ea8ef9ac0c62189"
	"6708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720",
	"sample",
	"94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c"
	"81a648152e44acf96e36dd1e80fabe4699ef4aeb15f178cea1fe40db2603138f"
	"130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8",
};

#endif /* CRYPTO_KAT_H */
