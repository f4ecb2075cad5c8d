/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/otp_layout.h>
#include <prot/services/svn.h>

#include <prot/base/wipe.h>

#include <string.h>

enum {
	LIFECYCLE_BITS = 5
};

const char *prot_lifecycle_text(enum prot_lifecycle lifecycle)
{
	static const char *const text[] = {
		"raw",   "manufacturing", "production",
		"owned", "RMA",           "end of life",
	};

	return (unsigned)lifecycle < PROT_ARRAY_SIZE(text) ? text[lifecycle]
							   : "unknown";
}

enum prot_lifecycle
prot_lifecycle_decode(const uint8_t copies[PROT_OTP_LIFECYCLE_SIZE])
{
	unsigned a = copies[0], b = copies[1], c = copies[2];
	unsigned bits = (a & b) | (a & c) | (b & c);

	for (unsigned n = 0; n <= LIFECYCLE_BITS; n++) {
		if (bits == (1u << n) - 1u) {
			return (enum prot_lifecycle)n;
		}
	}
	return PROT_LIFECYCLE_PRODUCTION;
}

enum {
	WRITE_CHECK,
	WRITE_SET,
	WRITE_READ_BACK,
	WRITE_DONE
};

void prot_otp_write_init(struct prot_otp_write *w, const struct prot_otp *otp,
			 uint32_t offset, const void *want, uint32_t len)
{
	memset(w, 0, sizeof(*w));
	w->otp = otp;
	w->want = (const uint8_t *)want;
	w->offset = offset;
	w->len = len;
}

static uint32_t write_piece(const struct prot_otp_write *w)
{
	uint32_t left = w->len - w->at;

	return left < sizeof(w->read) ? left : (uint32_t)sizeof(w->read);
}

/* True when no byte read holds a bit that is not wanted. */
static bool write_subset(const struct prot_otp_write *w, uint32_t n)
{
	uint8_t extra = 0;

	for (uint32_t i = 0; i < n; i++) {
		extra = (uint8_t)(extra | (w->read[i] & ~w->want[w->at + i]));
	}
	return extra == 0;
}

/*
 * The whole field is checked before its first bit is set; only then is the
 * "nothing was changed" of PROT_ERR_STATE true.
 */
static enum prot_status write_read(struct prot_otp_write *w)
{
	uint32_t n = write_piece(w);
	enum prot_status st =
		w->otp->ops->read(w->otp->ctx, w->offset + w->at, w->read, n);

	if (st != PROT_OK) {
		return st;
	}
	if (w->phase == WRITE_CHECK && !write_subset(w, n)) {
		return PROT_ERR_STATE;
	}
	if (w->phase == WRITE_READ_BACK &&
	    memcmp(w->read, w->want + w->at, n) != 0) {
		return PROT_ERR_IO;
	}
	w->at += n;
	return PROT_OK;
}

static enum prot_status write_phase(struct prot_otp_write *w)
{
	enum prot_status st;

	if (w->phase != WRITE_SET) {
		st = write_read(w);
	} else {
		st = w->otp->ops->set(w->otp->ctx, w->offset, w->want, w->len);
		w->at = st == PROT_OK ? w->len : 0;
	}
	if (st == PROT_OK && w->at == w->len) {
		w->at = 0;
		w->phase++;
	}
	return st;
}

enum prot_status prot_otp_write_step(struct prot_otp_write *w)
{
	enum prot_status st = PROT_OK;

	if (w->offset > w->otp->size || w->len > w->otp->size - w->offset) {
		return PROT_ERR_ARG;
	}
	if (w->phase != WRITE_DONE) {
		st = write_phase(w);
	}
	if (st != PROT_PENDING) {
		prot_wipe(w->read, sizeof(w->read));
	}
	return st == PROT_OK && w->phase != WRITE_DONE ? PROT_PENDING : st;
}

/* The low `bits` bits of each of three copies of `size` bytes set. */
static void thermometer(uint8_t *out, uint32_t size, uint32_t bits)
{
	memset(out, 0, 3 * (size_t)size);
	for (uint32_t copy = 0; copy < 3; copy++) {
		for (uint32_t n = 0; n < bits; n++) {
			uint8_t *byte = &out[copy * size + n / 8];

			*byte = (uint8_t)(*byte | 1u << n % 8);
		}
	}
}

enum {
	FIELD_UDS = 1,
	FIELD_ENTROPY,
	FIELD_KEY,
	FIELD_SVN = FIELD_KEY + PROT_OTP_KEY_SLOTS,
	FIELD_LIFECYCLE,
	FIELD_DONE
};

/* Start the write of p->field; false when there is nothing to write. */
static bool field_begin(struct prot_otp_provision *p,
			const struct prot_otp *otp)
{
	uint32_t slot = (uint32_t)p->field - FIELD_KEY;
	const void *want = p->image;
	uint32_t offset = PROT_OTP_UDS;
	uint32_t len = PROT_OTP_UDS_SIZE;

	if (p->field == FIELD_UDS) {
		want = p->uds;
	} else if (p->field == FIELD_ENTROPY) {
		want = p->field_entropy;
		offset = PROT_OTP_FIELD_ENTROPY;
		len = PROT_OTP_FIELD_ENTROPY_SIZE;
	} else if (p->field < FIELD_SVN) {
		want = p->key_hash[slot];
		offset = PROT_OTP_KEY_HASH + slot * PROT_OTP_KEY_HASH_SIZE;
		len = PROT_OTP_KEY_HASH_SIZE;
	} else if (p->field == FIELD_SVN) {
		thermometer(p->image, PROT_OTP_SVN_COPY, p->svn_floor);
		offset = PROT_OTP_SVN;
		len = PROT_OTP_SVN_SIZE;
	} else {
		thermometer(p->image, 1, (uint32_t)p->lifecycle);
		offset = PROT_OTP_LIFECYCLE;
		len = PROT_OTP_LIFECYCLE_SIZE;
	}
	prot_otp_write_init(&p->write, otp, offset, want, len);
	return want != NULL;
}

static void field_next(struct prot_otp_provision *p, const struct prot_otp *otp)
{
	do {
		p->field++;
	} while (p->field < FIELD_DONE && !field_begin(p, otp));
}

enum prot_status prot_otp_provision_step(struct prot_otp_provision *p,
					 const struct prot_otp *otp)
{
	enum prot_status st;

	if (p->uds == NULL || p->svn_floor > PROT_SVN_MAX ||
	    (unsigned)p->lifecycle > PROT_LIFECYCLE_END_OF_LIFE ||
	    otp->size < PROT_OTP_SIZE) {
		return PROT_ERR_ARG;
	}
	if (p->field == 0) {
		field_next(p, otp);
	}
	if (p->field >= FIELD_DONE) {
		return PROT_OK;
	}
	st = prot_otp_write_step(&p->write);
	if (st == PROT_OK) {
		field_next(p, otp);
		st = p->field < FIELD_DONE ? PROT_PENDING : PROT_OK;
	}
	return st;
}
