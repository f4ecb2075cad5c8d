/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificate chain structure of a slot (DSP0274 1.3.2, clause 10.6.1), made
 * from the DER certificates that the device stores, without holding them.
 */

#include "spdm_rsp.h"

/* Length has 16 bits. */
#define CERTIFICATES_MAX (0xffffu - SPDM_CHAIN_HEADER_SIZE - PROT_HASH_MAX)

#define DER_SEQUENCE        0x30u
#define DER_HEADER_SIZE_MAX 4u /* tag, 0x82, two bytes of length */

/* Steps of prot_spdm_rsp_root_hash() and prot_spdm_rsp_chain_digest(). */
enum {
	STEP_SIZE,
	STEP_FIRST,
	STEP_ROOT,
	STEP_CHAIN,
	STEP_ALL
};

static void advance(struct prot_spdm_work *w, enum prot_status st)
{
	if (st == PROT_OK) {
		w->step++;
	}
}

enum prot_status prot_spdm_rsp_slot_size(struct prot_spdm_responder *r,
					 struct prot_spdm_work *w, uint8_t slot)
{
	enum prot_status st =
		prot_spdm_rsp_size(r, w, PROT_SPDM_OBJECT_CERTIFICATES, slot);

	if (st == PROT_OK && w->size > CERTIFICATES_MAX) {
		return PROT_ERR_IO;
	}
	return st;
}

enum prot_status prot_spdm_rsp_scan_slots(struct prot_spdm_responder *r,
					  struct prot_spdm_work *w)
{
	for (; w->item < PROT_SPDM_SLOT_COUNT; w->item++) {
		unsigned bit = 1u << w->item;
		enum prot_status st;

		if (!(r->cfg->slots & bit)) {
			continue;
		}
		st = prot_spdm_rsp_slot_size(r, w, w->item);
		if (st == PROT_OK) {
			w->mask = (uint8_t)(w->mask | bit);
		} else if (st != PROT_ERR_NOT_FOUND) {
			return st;
		}
	}
	return PROT_OK;
}

void prot_spdm_rsp_chain_header(const struct prot_spdm_work *w,
				uint8_t out[SPDM_CHAIN_HEADER_SIZE])
{
	struct prot_wr wr = prot_wr_init(out, SPDM_CHAIN_HEADER_SIZE);

	prot_wr_le32(&wr, (uint32_t)spdm_rsp_chain_size(w));
}

/* Size of the certificate that begins with w->piece; 0 if it is none. */
static size_t certificate_size(const struct prot_spdm_work *w)
{
	struct prot_rd rd = prot_rd_init(w->piece, DER_HEADER_SIZE_MAX);
	uint8_t tag = prot_rd_u8(&rd);
	size_t len = prot_rd_u8(&rd);

	if (len == 0x81) {
		len = prot_rd_u8(&rd);
	} else if (len == 0x82) {
		len = prot_rd_be16(&rd);
	} else if (len >= 0x80) {
		return 0;
	}
	len += DER_HEADER_SIZE_MAX - rd.left;
	return tag == DER_SEQUENCE && len <= w->size ? len : 0;
}

static enum prot_status first_certificate(struct prot_spdm_responder *r,
					  struct prot_spdm_work *w,
					  uint8_t slot)
{
	enum prot_status st;

	w->offset = 0;
	if (w->size < DER_HEADER_SIZE_MAX) {
		return PROT_ERR_IO;
	}
	st = prot_spdm_rsp_read(r, w, PROT_SPDM_OBJECT_CERTIFICATES, slot,
				w->piece, DER_HEADER_SIZE_MAX);
	if (st != PROT_OK) {
		return st;
	}
	w->root_size = certificate_size(w);
	return w->root_size != 0 ? prot_spdm_rsp_hash_init(r, w) : PROT_ERR_IO;
}

enum prot_status prot_spdm_rsp_root_hash(struct prot_spdm_responder *r,
					 struct prot_spdm_work *w, uint8_t slot,
					 uint8_t *out)
{
	enum prot_status st = PROT_OK;

	if (w->step == STEP_SIZE) {
		st = prot_spdm_rsp_slot_size(r, w, slot);
		advance(w, st);
	}
	if (w->step == STEP_FIRST) {
		st = first_certificate(r, w, slot);
		advance(w, st);
	}
	if (w->step == STEP_ROOT) {
		st = prot_spdm_rsp_hash_object(r, w,
					       PROT_SPDM_OBJECT_CERTIFICATES,
					       slot, w->root_size);
		if (st == PROT_OK) {
			st = prot_spdm_rsp_hash_final(r, w, out);
		}
		advance(w, st);
	}
	return st;
}

/* Start the digest of the chain structure; RootHash stands in `root`. */
static enum prot_status begin_chain(struct prot_spdm_responder *r,
				    struct prot_spdm_work *w,
				    const uint8_t *root)
{
	uint8_t header[SPDM_CHAIN_HEADER_SIZE];
	enum prot_status st = prot_spdm_rsp_hash_init(r, w);

	prot_spdm_rsp_chain_header(w, header);
	if (st == PROT_OK) {
		st = prot_spdm_rsp_hash_add(r, w, header, sizeof(header));
	}
	if (st == PROT_OK) {
		st = prot_spdm_rsp_hash_add(r, w, root, spdm_rsp_hash_size(w));
	}
	w->offset = 0;
	return st;
}

enum prot_status prot_spdm_rsp_chain_digest(struct prot_spdm_responder *r,
					    struct prot_spdm_work *w,
					    uint8_t slot, uint8_t *out)
{
	enum prot_status st = prot_spdm_rsp_root_hash(r, w, slot, out);

	if (w->step == STEP_CHAIN) {
		st = begin_chain(r, w, out);
		advance(w, st);
	}
	if (w->step == STEP_ALL) {
		st = prot_spdm_rsp_hash_object(
			r, w, PROT_SPDM_OBJECT_CERTIFICATES, slot, w->size);
		if (st == PROT_OK) {
			st = prot_spdm_rsp_hash_final(r, w, out);
			w->step = STEP_SIZE;
		}
	}
	return st;
}
