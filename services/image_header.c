/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/image.h>
#include <prot/services/svn.h>

#include <prot/base/cursor.h>

#include <string.h>

enum {
	MAGIC = 0x31545250, /* "PRT1" */
	HEADER_VERSION = 1,
	RESERVED_SIGNED = 108,
	RESERVED_SIGNATURE = 160
};

const char *prot_image_reason_text(enum prot_image_reason reason)
{
	switch (reason) {
#define REASON_CASE(name, value, text)                                         \
	case name:                                                             \
		return text;
		PROT_IMAGE_REASON_TABLE(REASON_CASE)
#undef REASON_CASE
	default:
		return "unknown reason";
	}
}

static bool is_blank(const uint8_t *raw)
{
	struct prot_rd ones = prot_rd_init(raw, PROT_IMAGE_HEADER_SIZE);
	struct prot_rd zeros = ones;

	return prot_rd_fill(&ones, 0xFF, PROT_IMAGE_HEADER_SIZE) ||
	       prot_rd_fill(&zeros, 0x00, PROT_IMAGE_HEADER_SIZE);
}

/* Everything after the fixed first eight bytes; false: reserved not zero. */
static bool decode_fields(struct prot_rd *r, struct prot_image_header *h)
{
	bool zero;

	h->payload_size = prot_rd_le32(r);
	h->component = prot_rd_le32(r);
	h->load_address = prot_rd_le32(r);
	h->entry = prot_rd_le32(r);
	h->svn = prot_rd_le32(r);
	h->version.major = prot_rd_le16(r);
	h->version.minor = prot_rd_le16(r);
	h->version.patch = prot_rd_le16(r);
	h->version.build = prot_rd_le16(r);
	h->flags = prot_rd_le32(r);
	h->boards = prot_rd_le64(r);
	h->hash = prot_rd_le16(r);
	h->sig = prot_rd_le16(r);
	h->key_index = prot_rd_le16(r);
	h->key_epoch = prot_rd_le16(r);
	prot_rd_copy(r, h->digest, sizeof(h->digest));
	h->boot_svn = prot_rd_le32(r);
	h->policy_version = prot_rd_le32(r);
	prot_rd_copy(r, h->build_id, sizeof(h->build_id));
	h->svn_floor = prot_rd_le32(r);
	zero = prot_rd_fill(r, 0, RESERVED_SIGNED);
	prot_rd_copy(r, h->signature, sizeof(h->signature));
	return prot_rd_fill(r, 0, RESERVED_SIGNATURE) && zero && prot_rd_end(r);
}

enum prot_image_reason
prot_image_header_decode(const uint8_t raw[PROT_IMAGE_HEADER_SIZE],
			 struct prot_image_header *h)
{
	struct prot_rd r = prot_rd_init(raw, PROT_IMAGE_HEADER_SIZE);

	memset(h, 0, sizeof(*h));
	if (prot_rd_le32(&r) != MAGIC) {
		return is_blank(raw) ? PROT_IMAGE_EMPTY : PROT_IMAGE_MAGIC;
	}
	if (prot_rd_le16(&r) != HEADER_VERSION ||
	    prot_rd_le16(&r) != PROT_IMAGE_HEADER_SIZE) {
		return PROT_IMAGE_VERSION;
	}
	if (!decode_fields(&r, h)) {
		memset(h, 0, sizeof(*h));
		return PROT_IMAGE_RESERVED;
	}
	return PROT_IMAGE_ACCEPTED;
}

void prot_image_header_encode(const struct prot_image_header *h,
			      uint8_t raw[PROT_IMAGE_HEADER_SIZE])
{
	struct prot_wr w = prot_wr_init(raw, PROT_IMAGE_HEADER_SIZE);

	prot_wr_le32(&w, MAGIC);
	prot_wr_le16(&w, HEADER_VERSION);
	prot_wr_le16(&w, PROT_IMAGE_HEADER_SIZE);
	prot_wr_le32(&w, h->payload_size);
	prot_wr_le32(&w, h->component);
	prot_wr_le32(&w, h->load_address);
	prot_wr_le32(&w, h->entry);
	prot_wr_le32(&w, h->svn);
	prot_wr_le16(&w, h->version.major);
	prot_wr_le16(&w, h->version.minor);
	prot_wr_le16(&w, h->version.patch);
	prot_wr_le16(&w, h->version.build);
	prot_wr_le32(&w, h->flags);
	prot_wr_le64(&w, h->boards);
	prot_wr_le16(&w, h->hash);
	prot_wr_le16(&w, h->sig);
	prot_wr_le16(&w, h->key_index);
	prot_wr_le16(&w, h->key_epoch);
	prot_wr_bytes(&w, h->digest, sizeof(h->digest));
	prot_wr_le32(&w, h->boot_svn);
	prot_wr_le32(&w, h->policy_version);
	prot_wr_bytes(&w, h->build_id, sizeof(h->build_id));
	prot_wr_le32(&w, h->svn_floor);
	prot_wr_fill(&w, 0, RESERVED_SIGNED);
	prot_wr_bytes(&w, h->signature, sizeof(h->signature));
	prot_wr_fill(&w, 0, RESERVED_SIGNATURE);
}

/* Sizes come first: they bound everything that is read later. */
static enum prot_image_reason check_extent(const struct prot_image_header *h,
					   const struct prot_image_rules *rules)
{
	if (h->payload_size == 0 || rules->max_size < PROT_IMAGE_HEADER_SIZE ||
	    h->payload_size > rules->max_size - PROT_IMAGE_HEADER_SIZE) {
		return PROT_IMAGE_SIZE;
	}
	if (h->entry >= h->payload_size) {
		return PROT_IMAGE_ENTRY;
	}
	if (rules->load_size != 0 && (h->load_address != rules->load_address ||
				      h->payload_size > rules->load_size)) {
		return PROT_IMAGE_LOAD;
	}
	return PROT_IMAGE_ACCEPTED;
}

static enum prot_image_reason check_target(const struct prot_image_header *h,
					   const struct prot_image_rules *rules)
{
	if (h->component != rules->component) {
		return PROT_IMAGE_COMPONENT;
	}
	if (rules->board > 63 || (h->boards >> rules->board & 1) == 0) {
		return PROT_IMAGE_BOARD;
	}
	if (h->hash != PROT_IMAGE_HASH_SHA384 ||
	    h->sig != PROT_IMAGE_SIG_ECDSA_P384) {
		return PROT_IMAGE_ALGORITHM;
	}
	if (h->flags & ~PROT_IMAGE_FLAGS_KNOWN) {
		return PROT_IMAGE_FLAGS;
	}
	if (h->flags & PROT_IMAGE_FLAG_DEBUG && !rules->allow_debug) {
		return PROT_IMAGE_DEBUG;
	}
	if (rules->golden && !(h->flags & PROT_IMAGE_FLAG_GOLDEN)) {
		return PROT_IMAGE_NOT_GOLDEN;
	}
	return PROT_IMAGE_ACCEPTED;
}

static enum prot_image_reason
check_versions(const struct prot_image_header *h,
	       const struct prot_image_rules *rules)
{
	if (h->svn > PROT_SVN_MAX || h->svn_floor > h->svn) {
		return PROT_IMAGE_SVN_RANGE;
	}
	if (h->svn < rules->svn_floor) {
		return PROT_IMAGE_SVN;
	}
	if (h->boot_svn > rules->boot_svn) {
		return PROT_IMAGE_BOOT_SVN;
	}
	if (h->policy_version > rules->policy_version) {
		return PROT_IMAGE_POLICY;
	}
	if (h->key_index >= PROT_OTP_KEY_SLOTS) {
		return PROT_IMAGE_KEY_INDEX;
	}
	/* Only 32 epochs can be revoked, so there are no more. */
	if (h->key_epoch >= PROT_IMAGE_EPOCHS) {
		return PROT_IMAGE_KEY_REVOKED;
	}
	return PROT_IMAGE_ACCEPTED;
}

enum prot_image_reason
prot_image_header_check(const struct prot_image_header *h,
			const struct prot_image_rules *rules)
{
	enum prot_image_reason reason = check_extent(h, rules);

	if (reason == PROT_IMAGE_ACCEPTED) {
		reason = check_target(h, rules);
	}
	if (reason == PROT_IMAGE_ACCEPTED) {
		reason = check_versions(h, rules);
	}
	return reason;
}
