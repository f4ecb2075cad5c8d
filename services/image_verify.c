/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/image.h>

#include <prot/base/cursor.h>
#include <prot/base/wipe.h>

#include <string.h>

enum {
	PHASE_READ_HEADER,
	PHASE_HEADER,
	PHASE_REVOKED,
	PHASE_KEY_HASH,
	PHASE_KEY,
	PHASE_SIGNATURE,
	PHASE_PAYLOAD,
	PHASE_DIGEST,
	PHASE_ENDED
};

/*
 * The two proofs that acceptance needs, each set in one place only. Far apart
 * and not 0 or 1, so that neither skipping an instruction nor a disturbed
 * register makes one.
 */
#define PROOF_SIGNATURE 0x6A09E667u
#define PROOF_DIGEST    0x955A2C31u

void prot_image_verify_init(struct prot_image_verify *v,
			    const struct prot_image_store *store,
			    const struct prot_image_rules *rules,
			    uint32_t offset, const struct prot_image_sink *sink)
{
	memset(v, 0, sizeof(*v));
	v->store = store;
	v->rules = *rules;
	v->offset = offset;
	v->sink = sink;
	v->phase = PHASE_READ_HEADER;
}

void prot_image_verify_header_init(struct prot_image_verify *v,
				   const struct prot_image_store *store,
				   const struct prot_image_rules *rules,
				   const uint8_t raw[PROT_IMAGE_HEADER_SIZE])
{
	prot_image_verify_init(v, store, rules, 0, NULL);
	memcpy(v->raw, raw, sizeof(v->raw));
	v->header_only = true;
	v->phase = PHASE_HEADER;
}

static enum prot_status reason_status(enum prot_image_reason reason)
{
	if (reason == PROT_IMAGE_ACCEPTED) {
		return PROT_OK;
	}
	if (reason == PROT_IMAGE_FLASH || reason == PROT_IMAGE_OTP) {
		return PROT_ERR_IO;
	}
	return reason == PROT_IMAGE_CRYPTO ? PROT_ERR_CRYPTO : PROT_ERR_AUTH;
}

static enum prot_status end(struct prot_image_verify *v,
			    enum prot_image_reason reason)
{
	v->reason = reason;
	v->phase = PHASE_ENDED;
	return reason_status(reason);
}

/* On to the next phase, or the end when an operation failed. */
static enum prot_status advance(struct prot_image_verify *v,
				enum prot_status st,
				enum prot_image_reason on_error)
{
	if (st == PROT_OK) {
		v->phase++;
		return PROT_PENDING;
	}
	return st == PROT_PENDING ? st : end(v, on_error);
}

static enum prot_status read_flash(const struct prot_image_verify *v,
				   uint32_t offset, void *buf, size_t len)
{
	const struct prot_flash *f = v->store->flash;

	return f->ops->read(f->ctx, offset, buf, len);
}

static enum prot_status read_otp(struct prot_image_verify *v, uint32_t offset,
				 size_t len)
{
	const struct prot_otp *otp = v->store->otp;

	return otp->ops->read(otp->ctx, offset, v->otp, len);
}

static enum prot_status check_header(struct prot_image_verify *v)
{
	enum prot_image_reason reason =
		prot_image_header_decode(v->raw, &v->header);

	if (reason == PROT_IMAGE_ACCEPTED) {
		reason = prot_image_header_check(&v->header, &v->rules);
	}
	if (reason != PROT_IMAGE_ACCEPTED) {
		return end(v, reason);
	}
	v->phase++;
	return PROT_PENDING;
}

static enum prot_status check_revoked(struct prot_image_verify *v)
{
	uint32_t at = PROT_OTP_KEY_REVOKED +
		      v->header.key_index * (uint32_t)PROT_OTP_KEY_REVOKED_SIZE;
	enum prot_status st = read_otp(v, at, PROT_OTP_KEY_REVOKED_SIZE);
	struct prot_rd r = prot_rd_init(v->otp, PROT_OTP_KEY_REVOKED_SIZE);

	if (st == PROT_OK && prot_rd_le32(&r) >> v->header.key_epoch & 1) {
		return end(v, PROT_IMAGE_KEY_REVOKED);
	}
	return advance(v, st, PROT_IMAGE_OTP);
}

static enum prot_status load_key_hash(struct prot_image_verify *v)
{
	uint32_t at = PROT_OTP_KEY_HASH +
		      v->header.key_index * (uint32_t)PROT_OTP_KEY_HASH_SIZE;
	enum prot_status st = read_otp(v, at, PROT_OTP_KEY_HASH_SIZE);
	struct prot_rd r = prot_rd_init(v->otp, PROT_OTP_KEY_HASH_SIZE);

	if (st == PROT_OK && prot_rd_fill(&r, 0, PROT_OTP_KEY_HASH_SIZE)) {
		return end(v, PROT_IMAGE_KEY_EMPTY);
	}
	return advance(v, st, PROT_IMAGE_OTP);
}

/* With the state that the payload needs later: it is large for a stack. */
static enum prot_status hash_key(struct prot_image_verify *v, uint8_t *out)
{
	const struct prot_crypto *c = v->store->crypto;
	enum prot_status st =
		c->ops->hash_init(c->ctx, &v->hash, PROT_HASH_SHA384);

	if (st == PROT_OK) {
		st = c->ops->hash_update(c->ctx, &v->hash, v->key,
					 sizeof(v->key));
	}
	if (st == PROT_OK) {
		st = c->ops->hash_final(c->ctx, &v->hash, out);
	}
	return st;
}

static enum prot_status load_key(struct prot_image_verify *v)
{
	uint32_t at = v->store->layout->keys.offset +
		      v->header.key_index * (uint32_t)PROT_KEY_RECORD_SIZE;
	uint8_t hash[PROT_OTP_KEY_HASH_SIZE];
	enum prot_status st = read_flash(v, at, v->key, sizeof(v->key));

	if (st != PROT_OK) {
		return advance(v, st, PROT_IMAGE_FLASH);
	}
	st = hash_key(v, hash);
	if (st == PROT_OK && !prot_equal_ct(hash, v->otp, sizeof(hash))) {
		return end(v, PROT_IMAGE_KEY_HASH);
	}
	return advance(v, st, PROT_IMAGE_CRYPTO);
}

static enum prot_status check_signature(struct prot_image_verify *v)
{
	const struct prot_crypto *c = v->store->crypto;
	volatile enum prot_status st =
		prot_image_signature_verify(c, v->key, v->raw);

	if (st == PROT_ERR_AUTH) {
		return end(v, PROT_IMAGE_SIGNATURE);
	}
	if (st != PROT_OK) {
		return advance(v, st, PROT_IMAGE_CRYPTO);
	}
	/* Read again: one skipped branch must not be enough. */
	v->proof = st == PROT_OK ? PROOF_SIGNATURE : 0;
	if (v->header_only) {
		return end(v, v->proof == PROOF_SIGNATURE
				      ? PROT_IMAGE_ACCEPTED
				      : PROT_IMAGE_SIGNATURE);
	}
	return advance(v, c->ops->hash_init(c->ctx, &v->hash, PROT_HASH_SHA384),
		       PROT_IMAGE_CRYPTO);
}

static enum prot_status read_chunk(struct prot_image_verify *v, size_t len)
{
	const struct prot_crypto *c = v->store->crypto;
	enum prot_status st = read_flash(
		v, v->offset + PROT_IMAGE_HEADER_SIZE + v->done, v->raw, len);

	if (st != PROT_OK) {
		return st == PROT_PENDING ? st : end(v, PROT_IMAGE_FLASH);
	}
	st = c->ops->hash_update(c->ctx, &v->hash, v->raw, len);
	if (st != PROT_OK) {
		return end(v, PROT_IMAGE_CRYPTO);
	}
	v->chunk_read = true;
	return PROT_OK;
}

/* The sink gets the buffer that was hashed, not a second read of the flash. */
static enum prot_status load_payload(struct prot_image_verify *v)
{
	uint32_t left = v->header.payload_size - v->done;
	uint32_t len = left < sizeof(v->raw) ? left : (uint32_t)sizeof(v->raw);
	enum prot_status st = PROT_OK;

	if (!v->chunk_read) {
		st = read_chunk(v, len);
		if (st != PROT_OK) {
			return st;
		}
	}
	if (v->sink) {
		st = v->sink->load(v->sink->ctx, &v->header, v->done, v->raw,
				   len);
	}
	if (st != PROT_OK) {
		return st == PROT_PENDING ? st : end(v, PROT_IMAGE_LOAD);
	}
	v->chunk_read = false;
	v->done += len;
	if (v->done == v->header.payload_size) {
		v->phase++;
	}
	return PROT_PENDING;
}

/* Compared twice, the second time backwards and without the helper. */
static bool digest_matches(const uint8_t *a, const uint8_t *b)
{
	const volatile uint8_t *x = a;
	uint8_t diff = 0;

	for (size_t i = PROT_IMAGE_DIGEST_SIZE; i > 0; i--) {
		diff = (uint8_t)(diff | (x[i - 1] ^ b[i - 1]));
	}
	return diff == 0 && prot_equal_ct(a, b, PROT_IMAGE_DIGEST_SIZE);
}

static enum prot_status check_digest(struct prot_image_verify *v)
{
	const struct prot_crypto *c = v->store->crypto;
	uint8_t digest[PROT_IMAGE_DIGEST_SIZE];

	if (c->ops->hash_final(c->ctx, &v->hash, digest) != PROT_OK) {
		return end(v, PROT_IMAGE_CRYPTO);
	}
	if (!digest_matches(digest, v->header.digest)) {
		return end(v, PROT_IMAGE_DIGEST);
	}
	v->proof ^= PROOF_DIGEST;
	if (v->proof != (PROOF_SIGNATURE ^ PROOF_DIGEST)) {
		return end(v, PROT_IMAGE_SIGNATURE);
	}
	/* The floor above all: judged a second time, after everything else. */
	return end(v, prot_image_header_check(&v->header, &v->rules));
}

enum prot_status prot_image_verify_step(struct prot_image_verify *v)
{
	switch (v->phase) {
	case PHASE_READ_HEADER:
		return advance(v,
			       read_flash(v, v->offset, v->raw, sizeof(v->raw)),
			       PROT_IMAGE_FLASH);
	case PHASE_HEADER:
		return check_header(v);
	case PHASE_REVOKED:
		return check_revoked(v);
	case PHASE_KEY_HASH:
		return load_key_hash(v);
	case PHASE_KEY:
		return load_key(v);
	case PHASE_SIGNATURE:
		return check_signature(v);
	case PHASE_PAYLOAD:
		return load_payload(v);
	case PHASE_DIGEST:
		return check_digest(v);
	default:
		return reason_status(v->reason);
	}
}
