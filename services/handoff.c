/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/handoff.h>

#include <prot/base/crc32.h>
#include <prot/base/cursor.h>
#include <prot/base/wipe.h>

#define MAGIC       0x46484f50u /* "POHF" */
#define VERSION     1
#define LENGTH_AT   6 /* of the field that counts all bytes before the CRC */
#define HEADER_SIZE 8

#define FLAG_DEBUG    0x01u
#define FLAG_IDENTITY 0x02u

const char *prot_reset_reason_text(enum prot_reset_reason reason)
{
	static const char *const text[PROT_RESET_REASON_COUNT] = {
		"power on", "requested", "watchdog", "fault"};

	return (unsigned)reason < PROT_RESET_REASON_COUNT ? text[reason]
							  : "unknown";
}

static void put_version(struct prot_wr *w, const struct prot_image_version *v)
{
	prot_wr_le16(w, v->major);
	prot_wr_le16(w, v->minor);
	prot_wr_le16(w, v->patch);
	prot_wr_le16(w, v->build);
}

static void get_version(struct prot_rd *r, struct prot_image_version *v)
{
	v->major = prot_rd_le16(r);
	v->minor = prot_rd_le16(r);
	v->patch = prot_rd_le16(r);
	v->build = prot_rd_le16(r);
}

static void put_body(struct prot_wr *w, const struct prot_handoff *h)
{
	prot_wr_u8(w, (uint8_t)h->reset_reason);
	prot_wr_u8(w, (uint8_t)h->mode);
	prot_wr_u8(w, (uint8_t)h->bank);
	prot_wr_u8(w, h->boot_count);
	prot_wr_u8(w, (uint8_t)h->lifecycle);
	prot_wr_u8(w, (uint8_t)((h->debug ? FLAG_DEBUG : 0) |
				(h->has_identity ? FLAG_IDENTITY : 0)));
	prot_wr_bytes(w, h->refused, sizeof(h->refused));
	prot_wr_le32(w, h->svn);
	prot_wr_le32(w, h->svn_floor);
	put_version(w, &h->version);
	prot_wr_bytes(w, h->boot_digest, sizeof(h->boot_digest));
	prot_wr_bytes(w, h->runtime_digest, sizeof(h->runtime_digest));
	prot_wr_bytes(w, h->ak_seed, sizeof(h->ak_seed));
	prot_wr_le16(w, h->chain_len);
	prot_wr_bytes(w, h->chain, h->chain_len);
}

enum prot_status prot_handoff_encode(const struct prot_handoff *h, uint8_t *out,
				     size_t cap, size_t *out_len)
{
	struct prot_wr w = prot_wr_init(out, cap);

	if (h->chain_len > PROT_HANDOFF_CHAIN_MAX) {
		return PROT_ERR_ARG;
	}
	prot_wr_le32(&w, MAGIC);
	prot_wr_le16(&w, VERSION);
	prot_wr_le16(&w, 0);
	put_body(&w, h);
	prot_wr_patch_le16(&w, LENGTH_AT, (uint16_t)w.len);
	prot_wr_le32(&w, prot_wr_ok(&w) ? prot_crc32(0, out, w.len) : 0);
	if (!prot_wr_ok(&w)) {
		prot_wipe(out, cap);
		return PROT_ERR_SPACE;
	}
	*out_len = w.len;
	return PROT_OK;
}

static void get_body(struct prot_rd *r, struct prot_handoff *h)
{
	uint8_t flags;

	h->reset_reason = (enum prot_reset_reason)prot_rd_u8(r);
	h->mode = (enum prot_boot_mode)prot_rd_u8(r);
	h->bank = (enum prot_bank)prot_rd_u8(r);
	h->boot_count = prot_rd_u8(r);
	h->lifecycle = (enum prot_lifecycle)prot_rd_u8(r);
	flags = prot_rd_u8(r);
	h->debug = flags & FLAG_DEBUG;
	h->has_identity = flags & FLAG_IDENTITY;
	prot_rd_copy(r, h->refused, sizeof(h->refused));
	h->svn = prot_rd_le32(r);
	h->svn_floor = prot_rd_le32(r);
	get_version(r, &h->version);
	prot_rd_copy(r, h->boot_digest, sizeof(h->boot_digest));
	prot_rd_copy(r, h->runtime_digest, sizeof(h->runtime_digest));
	prot_rd_copy(r, h->ak_seed, sizeof(h->ak_seed));
	h->chain_len = prot_rd_le16(r);
	if (h->chain_len > sizeof(h->chain)) {
		r->bad = true;
		return;
	}
	prot_rd_copy(r, h->chain, h->chain_len);
}

/* The runtime exists only because some image was started. */
static bool in_range(const struct prot_handoff *h)
{
	return (unsigned)h->reset_reason < PROT_RESET_REASON_COUNT &&
	       h->mode >= PROT_BOOT_NORMAL && h->mode <= PROT_BOOT_RECOVERY &&
	       (unsigned)h->bank < PROT_BANK_COUNT &&
	       (h->mode == PROT_BOOT_RECOVERY) ==
		       (h->bank == PROT_BANK_GOLDEN) &&
	       (unsigned)h->lifecycle <= PROT_LIFECYCLE_END_OF_LIFE &&
	       h->has_identity == (h->chain_len != 0);
}

static enum prot_status decode(const uint8_t *in, size_t len,
			       struct prot_handoff *h)
{
	struct prot_rd r = prot_rd_init(in, len);
	uint32_t magic = prot_rd_le32(&r);
	uint16_t version = prot_rd_le16(&r);
	uint16_t total = prot_rd_le16(&r);
	struct prot_rd body;
	uint32_t crc;

	if (!prot_rd_ok(&r) || magic != MAGIC || total < HEADER_SIZE) {
		return PROT_ERR_MALFORMED;
	}
	if (version != VERSION) {
		return PROT_ERR_UNSUPPORTED;
	}
	body = prot_rd_sub(&r, (size_t)total - HEADER_SIZE);
	crc = prot_rd_le32(&r);
	if (!prot_rd_ok(&r) || crc != prot_crc32(0, in, total)) {
		return PROT_ERR_MALFORMED;
	}
	get_body(&body, h);
	return prot_rd_end(&body) && in_range(h) ? PROT_OK : PROT_ERR_MALFORMED;
}

enum prot_status prot_handoff_decode(const uint8_t *in, size_t len,
				     struct prot_handoff *h)
{
	enum prot_status st;

	memset(h, 0, sizeof(*h));
	st = decode(in, len, h);
	if (st != PROT_OK) {
		prot_wipe(h, sizeof(*h));
	}
	return st;
}
