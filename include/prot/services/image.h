/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_IMAGE_H
#define PROT_SERVICES_IMAGE_H

/*
 * Firmware images: a header of 512 bytes, then the payload. The signature
 * covers bytes 0..255 of the header, which hold the digest of the payload.
 *
 * All numbers little endian:
 *
 *	  0  4  magic "PRT1"
 *	  4  2  header version, 1
 *	  6  2  header size, 512
 *	  8  4  payload size, bytes
 *	 12  4  component identifier
 *	 16  4  load address
 *	 20  4  entry point, offset into the payload
 *	 24  4  security version number (SVN)
 *	 28  8  version: major, minor, patch, build, 2 bytes each
 *	 36  4  flags
 *	 40  8  boards that the image runs on, one bit each
 *	 48  2  hash algorithm of the payload digest
 *	 50  2  signature algorithm
 *	 52  2  key index: OTP key slot of the signing key
 *	 54  2  key epoch, 0..31
 *	 56 48  payload digest
 *	104  4  lowest SVN of the boot stage that may start the image
 *	108  4  lowest policy version that the image runs under
 *	112 32  build identifier, for people
 *	144  4  SVN floor to commit once the image is confirmed, <= SVN
 *	148 108 reserved, zero
 *	256 96  signature r || s
 *	352 160 reserved, zero
 *
 * Used in three places: by the boot stage on images in flash, by the update
 * on a header as it arrives, and by the tool that makes images.
 */

#include <prot/base/status.h>
#include <prot/crypto.h>
#include <prot/port/flash.h>
#include <prot/port/otp.h>
#include <prot/services/flash_layout.h>
#include <prot/services/otp_layout.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_IMAGE_HEADER_SIZE    512
#define PROT_IMAGE_SIGNED_SIZE    256 /* bytes that the signature covers */
#define PROT_IMAGE_SIGNATURE_SIZE 96
#define PROT_IMAGE_DIGEST_SIZE    48
#define PROT_IMAGE_BUILD_ID_SIZE  32
#define PROT_IMAGE_EPOCHS         32

#define PROT_IMAGE_HASH_SHA384    1 /* hash algorithm field */
#define PROT_IMAGE_SIG_ECDSA_P384 1 /* signature algorithm field */

#define PROT_IMAGE_FLAG_GOLDEN 0x1u /* may stand in the golden bank */
#define PROT_IMAGE_FLAG_DEBUG  0x2u /* runs in debug lifecycles only */
#define PROT_IMAGE_FLAG_CONFIRM                                                \
	0x4u /* confirm only after all health checks                           \
	      */
#define PROT_IMAGE_FLAGS_KNOWN 0x7u

/*
 * Why an image, or an update as a whole, is not accepted. One byte in the
 * journal, hence stable: append, do not renumber. Zeroed memory says "not
 * examined", and acceptance has a value that a flipped bit does not make.
 */
#define PROT_IMAGE_REASON_TABLE(X)                                             \
	X(PROT_IMAGE_ACCEPTED, 0x3CA5965A, "accepted")                         \
	X(PROT_IMAGE_UNCHECKED, 0, "not examined")                             \
	X(PROT_IMAGE_EMPTY, 1, "no image there")                               \
	X(PROT_IMAGE_MAGIC, 2, "not a firmware image")                         \
	X(PROT_IMAGE_VERSION, 3, "unknown image header version")               \
	X(PROT_IMAGE_SIZE, 4, "image does not fit the bank")                   \
	X(PROT_IMAGE_LENGTH, 5, "fewer or more bytes than the header says")    \
	X(PROT_IMAGE_RESERVED, 6, "reserved header field is not zero")         \
	X(PROT_IMAGE_ENTRY, 7, "entry point outside the payload")              \
	X(PROT_IMAGE_COMPONENT, 8, "image is of another component")            \
	X(PROT_IMAGE_BOARD, 9, "image is for another board")                   \
	X(PROT_IMAGE_ALGORITHM, 10, "unknown hash or signature algorithm")     \
	X(PROT_IMAGE_FLAGS, 11, "unknown image flag")                          \
	X(PROT_IMAGE_DEBUG, 12, "debug image on a locked device")              \
	X(PROT_IMAGE_NOT_GOLDEN, 13, "image is not a recovery image")          \
	X(PROT_IMAGE_SVN, 14, "security version below the floor")              \
	X(PROT_IMAGE_SVN_RANGE, 15, "security version above the highest")      \
	X(PROT_IMAGE_BOOT_SVN, 16, "boot stage too old for the image")         \
	X(PROT_IMAGE_POLICY, 17, "device policy too old for the image")        \
	X(PROT_IMAGE_KEY_INDEX, 18, "no such signing key slot")                \
	X(PROT_IMAGE_KEY_EMPTY, 19, "signing key slot is not provisioned")     \
	X(PROT_IMAGE_KEY_REVOKED, 20, "signing key epoch is revoked")          \
	X(PROT_IMAGE_KEY_HASH, 21, "signing key does not match its OTP hash")  \
	X(PROT_IMAGE_SIGNATURE, 22, "signature does not verify")               \
	X(PROT_IMAGE_DIGEST, 23, "payload does not match its digest")          \
	X(PROT_IMAGE_FLASH, 24, "flash device failed")                         \
	X(PROT_IMAGE_OTP, 25, "OTP device failed")                             \
	X(PROT_IMAGE_CRYPTO, 26, "crypto provider failed")                     \
	X(PROT_IMAGE_LOAD, 27, "image cannot be loaded here")                  \
	X(PROT_IMAGE_UNCONFIRMED, 28, "never confirmed in its trial boots")    \
	X(PROT_IMAGE_ATTEMPTS, 29, "failed to come up several times")          \
	X(PROT_IMAGE_JOURNAL, 30, "boot journal cannot be written")            \
	X(PROT_IMAGE_TRIAL, 31, "running image is not confirmed")              \
	X(PROT_IMAGE_UNRECORDED, 32, "trial could not be recorded")

enum prot_image_reason {
#define PROT_IMAGE_REASON_ENUM(name, value, text) name = (value),
	PROT_IMAGE_REASON_TABLE(PROT_IMAGE_REASON_ENUM)
#undef PROT_IMAGE_REASON_ENUM
};

/* A short English text; never NULL. */
const char *prot_image_reason_text(enum prot_image_reason reason);

struct prot_image_version {
	uint16_t major;
	uint16_t minor;
	uint16_t patch;
	uint16_t build;
};

/* A decoded header; the fields are those of the table above. */
struct prot_image_header {
	uint32_t payload_size;
	uint32_t component;
	uint32_t load_address;
	uint32_t entry;
	uint32_t svn;
	uint32_t svn_floor;
	struct prot_image_version version;
	uint32_t flags;
	uint64_t boards;
	uint16_t hash;
	uint16_t sig;
	uint16_t key_index;
	uint16_t key_epoch;
	uint32_t boot_svn;
	uint32_t policy_version;
	uint8_t digest[PROT_IMAGE_DIGEST_SIZE];
	uint8_t build_id[PROT_IMAGE_BUILD_ID_SIZE];
	uint8_t signature[PROT_IMAGE_SIGNATURE_SIZE];
};

/*
 * Decode 512 bytes. Checks what makes it a header at all: magic, version,
 * sizes that are fixed, reserved fields. PROT_IMAGE_ACCEPTED, or the reason;
 * *h is all zero then. PROT_IMAGE_EMPTY: all bytes equal 0xFF or all 0x00.
 */
PROT_MUST_CHECK
enum prot_image_reason
prot_image_header_decode(const uint8_t raw[PROT_IMAGE_HEADER_SIZE],
			 struct prot_image_header *h);

/* The inverse, signature included; the fields are not judged. */
void prot_image_header_encode(const struct prot_image_header *h,
			      uint8_t raw[PROT_IMAGE_HEADER_SIZE]);

/*
 * Fill in h->hash, h->sig, h->digest (from `payload`), h->payload_size and
 * h->signature, and encode. For tools that make images; payload is in memory.
 * PROT_PENDING: call again with the same arguments.
 */
PROT_MUST_CHECK
enum prot_status prot_image_sign(const struct prot_crypto *crypto, prot_key key,
				 struct prot_image_header *h,
				 const void *payload,
				 uint8_t raw[PROT_IMAGE_HEADER_SIZE]);

/*
 * Verify the signature in `raw` with a public key (X || Y). PROT_ERR_AUTH: it
 * is not that key's. Says nothing about the key, nor about the payload.
 */
PROT_MUST_CHECK
enum prot_status
prot_image_signature_verify(const struct prot_crypto *crypto,
			    const uint8_t public_key[PROT_KEY_RECORD_SIZE],
			    const uint8_t raw[PROT_IMAGE_HEADER_SIZE]);

/* What an image must satisfy besides being authentic. */
struct prot_image_rules {
	uint32_t component;      /* component identifier expected */
	uint32_t max_size;       /* of header and payload: the bank's, bytes */
	uint32_t svn_floor;      /* lowest SVN that may run */
	uint32_t boot_svn;       /* SVN of the boot stage */
	uint32_t policy_version; /* of the device policy in force */
	uint32_t load_address;   /* the one that images must have ... */
	uint32_t load_size;      /* ... and bytes of memory there; 0: any */
	uint8_t board;           /* this board's bit, 0..63 */
	bool allow_debug;
	bool golden; /* the image is to stand in the golden bank */
};

/* Judge a decoded header; sizes first. No cryptography. */
PROT_MUST_CHECK
enum prot_image_reason
prot_image_header_check(const struct prot_image_header *h,
			const struct prot_image_rules *rules);

/* Devices that hold an image and what verifies it. */
struct prot_image_store {
	const struct prot_flash *flash;
	const struct prot_otp *otp;
	const struct prot_crypto *crypto;
	const struct prot_flash_layout *layout;
};

/*
 * Takes the payload while it is hashed, so that the bytes that run are the
 * bytes that were verified. `offset` counts within the payload, rising without
 * gaps from 0; a new 0 starts over. What it took is worthless unless the
 * verification ends in PROT_OK. `h` is authentic (its signature was verified).
 * Any error refuses the image with PROT_IMAGE_LOAD; may return PROT_PENDING.
 */
struct prot_image_sink {
	enum prot_status (*load)(void *ctx, const struct prot_image_header *h,
				 uint32_t offset, const void *data, size_t len);
	void *ctx;
};

/* Bytes of payload that one step reads, hashes and loads. */
#define PROT_IMAGE_CHUNK PROT_IMAGE_HEADER_SIZE

/*
 * A verification in progress, about 1.3 KB. `header` and `reason` are for the
 * caller to read when it has ended; all else is private.
 */
struct prot_image_verify {
	struct prot_image_header header;
	enum prot_image_reason reason;

	/* private */
	const struct prot_image_store *store;
	const struct prot_image_sink *sink;
	struct prot_image_rules rules;
	uint32_t offset; /* of the image, from the start of the flash */
	uint32_t done;   /* payload bytes hashed */
	uint32_t proof;  /* what has been shown so far */
	uint8_t phase;
	bool header_only;
	bool chunk_read;
	struct prot_hash_state hash;
	uint8_t otp[PROT_OTP_KEY_HASH_SIZE];
	uint8_t key[PROT_KEY_RECORD_SIZE];
	uint8_t raw[PROT_IMAGE_HEADER_SIZE]; /* header, then payload chunks */
};

/*
 * Verify the image at `offset` of the flash: header, key, signature, payload.
 * `store` and `sink` (NULL: none) must outlive the verification; `rules` is
 * copied.
 */
void prot_image_verify_init(struct prot_image_verify *v,
			    const struct prot_image_store *store,
			    const struct prot_image_rules *rules,
			    uint32_t offset,
			    const struct prot_image_sink *sink);

/*
 * Verify a header that is not in flash yet, without its payload: the same
 * checks in the same order up to the signature. `raw` is copied.
 */
void prot_image_verify_header_init(struct prot_image_verify *v,
				   const struct prot_image_store *store,
				   const struct prot_image_rules *rules,
				   const uint8_t raw[PROT_IMAGE_HEADER_SIZE]);

/*
 * One bounded piece of work: at most one operation on a device or the crypto
 * provider, at most PROT_IMAGE_CHUNK bytes hashed. PROT_PENDING: call again.
 * PROT_OK: accepted, and only then. PROT_ERR_AUTH: refused; PROT_ERR_IO or
 * PROT_ERR_CRYPTO: could not be verified; `reason` says why.
 */
PROT_MUST_CHECK
enum prot_status prot_image_verify_step(struct prot_image_verify *v);

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_IMAGE_H */
