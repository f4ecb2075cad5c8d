/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/boot_stage.h>

#include <prot/base/cursor.h>
#include <prot/base/wipe.h>
#include <prot/der.h>
#include <prot/services/cert.h>
#include <prot/services/dice.h>
#include <prot/services/measurement.h>
#include <prot/x509.h>

enum {
	PHASE_SELECT,
	PHASE_IDENTITY,
	PHASE_DERIVE,
	PHASE_DONE
};

const char *prot_identity_problem_text(enum prot_identity_problem problem)
{
	switch (problem) {
	case PROT_IDENTITY_FINE:
		return "none";
	case PROT_IDENTITY_NO_UDS:
		return "no device secret provisioned";
	case PROT_IDENTITY_NO_CERTIFICATE:
		return "no device certificate provisioned";
	case PROT_IDENTITY_DAMAGED:
		return "device certificate does not match this device";
	case PROT_IDENTITY_DEVICE:
		return "flash, OTP or crypto provider failed";
	case PROT_IDENTITY_SPACE:
		return "certificates or keys exceed the memory for them";
	default:
		return "unknown";
	}
}

enum prot_status prot_boot_stage_init(struct prot_boot_stage *b,
				      const struct prot_boot_stage_config *cfg,
				      const struct prot_boot_stage_input *in,
				      const struct prot_image_sink *sink)
{
	if (!cfg->product ||
	    (unsigned)in->reset_reason >= PROT_RESET_REASON_COUNT) {
		return PROT_ERR_ARG;
	}
	memset(b, 0, sizeof(*b));
	b->cfg = cfg;
	b->in = *in;
	b->phase = PHASE_SELECT;
	return prot_boot_init(&b->boot, &cfg->boot, sink);
}

static void describe(struct prot_boot_stage *b)
{
	const struct prot_boot_result *r = &b->boot.result;
	struct prot_handoff *h = &b->handoff;

	h->reset_reason = b->in.reset_reason;
	h->mode = r->mode;
	h->bank = r->bank;
	h->boot_count = r->boot_count;
	h->lifecycle = r->lifecycle;
	h->debug = (r->header.flags & PROT_IMAGE_FLAG_DEBUG) != 0;
	h->svn = r->header.svn;
	h->svn_floor = r->svn_floor;
	h->version = r->header.version;
	memcpy(h->boot_digest, b->in.boot_digest, sizeof(h->boot_digest));
	memcpy(h->runtime_digest, r->header.digest, sizeof(h->runtime_digest));
	for (size_t i = 0; i < PROT_BANK_COUNT; i++) {
		h->refused[i] = (uint8_t)(r->refused[i] & 0xff);
	}
}

static enum prot_status select_image(struct prot_boot_stage *b)
{
	enum prot_status st = prot_boot_step(&b->boot);

	if (st == PROT_PENDING) {
		return st;
	}
	if (st != PROT_OK || b->boot.result.mode == PROT_BOOT_LOCKDOWN) {
		b->phase = PHASE_DONE;
		return PROT_ERR_STATE;
	}
	describe(b);
	b->phase = PHASE_IDENTITY;
	return PROT_PENDING;
}

/* No identity: the device starts all the same, to be updated or repaired. */
static enum prot_status without_identity(struct prot_boot_stage *b,
					 enum prot_identity_problem problem)
{
	b->problem = problem;
	b->handoff.has_identity = false;
	b->handoff.chain_len = 0;
	prot_wipe(b->handoff.ak_seed, sizeof(b->handoff.ak_seed));
	b->phase = PHASE_DONE;
	return PROT_OK;
}

static enum prot_status read_identity(struct prot_boot_stage *b)
{
	const struct prot_image_store *store = &b->cfg->boot.store;
	const struct prot_flash_region *at = &store->layout->identity;
	size_t len = sizeof(b->region);
	const uint8_t *certs;
	enum prot_status st;

	if (at->size < len) {
		len = at->size;
	}
	st = store->flash->ops->read(store->flash->ctx, at->offset, b->region,
				     len);
	if (st == PROT_PENDING) {
		return st;
	}
	if (st != PROT_OK) {
		return without_identity(b, PROT_IDENTITY_DEVICE);
	}
	st = prot_identity_decode(b->region, len, &certs, &len);
	if (st != PROT_OK) {
		return without_identity(b,
					st == PROT_ERR_NOT_FOUND
						? PROT_IDENTITY_NO_CERTIFICATE
						: PROT_IDENTITY_DAMAGED);
	}
	memcpy(b->handoff.chain, certs, len);
	b->handoff.chain_len = (uint16_t)len;
	b->phase = PHASE_DERIVE;
	return PROT_PENDING;
}

static enum prot_status read_otp(const struct prot_otp *otp, uint32_t offset,
				 uint8_t *out, size_t len)
{
	enum prot_status st;

	do {
		st = otp->ops->read(otp->ctx, offset, out, len);
	} while (st == PROT_PENDING);
	return st;
}

/* The seeds of this boot; the secrets they come from do not outlive the call.
 */
static enum prot_status derive_seeds(const struct prot_boot_stage *b,
				     struct prot_dice_seeds *seeds)
{
	const struct prot_image_store *store = &b->cfg->boot.store;
	const struct prot_handoff *h = &b->handoff;
	uint8_t uds[PROT_OTP_UDS_SIZE];
	uint8_t entropy[PROT_OTP_FIELD_ENTROPY_SIZE];
	struct prot_dice_boot boot = {
		.uds = uds,
		.field_entropy = entropy,
		.boot_digest = h->boot_digest,
		.runtime_digest = h->runtime_digest,
		.svn = h->svn,
		.lifecycle = (uint8_t)h->lifecycle,
		.debug = h->debug,
		.recovery = h->mode == PROT_BOOT_RECOVERY,
		.configured = h->lifecycle >= PROT_LIFECYCLE_PRODUCTION,
	};
	enum prot_status st =
		read_otp(store->otp, PROT_OTP_UDS, uds, sizeof(uds));

	if (st == PROT_OK) {
		st = read_otp(store->otp, PROT_OTP_FIELD_ENTROPY, entropy,
			      sizeof(entropy));
	}
	if (st == PROT_OK) {
		st = prot_dice_derive(store->crypto, &boot, seeds);
	}
	prot_wipe(uds, sizeof(uds));
	prot_wipe(entropy, sizeof(entropy));
	return st;
}

/* The UEID that the manufacturer put into the device certificate, or none. */
static struct prot_span ueid_of(const uint8_t *certs, size_t len)
{
	struct prot_rd chain = prot_rd_init(certs, len);
	struct prot_span none = {NULL, 0}, der = none;
	struct prot_x509 cert;
	struct prot_rd r, sequence;

	while (chain.left != 0) {
		if (prot_x509_next(&chain, &der) != PROT_OK) {
			return none;
		}
	}
	if (prot_x509_parse(der, &cert) != PROT_OK) {
		return none;
	}
	r = prot_rd_init(cert.ueid.at, cert.ueid.len);
	sequence = prot_der_get(&r, PROT_DER_SEQUENCE);
	r = prot_der_get(&sequence, PROT_DER_OCTET_STRING);
	return prot_rd_ok(&r) ? (struct prot_span){r.at, r.left} : none;
}

static enum prot_status issue(struct prot_boot_stage *b,
			      const struct prot_dice_seeds *seeds)
{
	struct prot_handoff *h = &b->handoff;
	char version[PROT_MEASUREMENT_VALUE_MAX + 1];
	struct prot_cert_device device = {
		.product = b->cfg->product,
		.ueid = ueid_of(h->chain, h->chain_len),
		.tcb_info =
			{
				.vendor = b->cfg->vendor,
				.model = b->cfg->model,
				.version = version,
				.svn = h->svn,
				.layer = 2,
				.fwid = h->runtime_digest,
				.flags_mask = PROT_TCB_NOT_CONFIGURED |
					      PROT_TCB_RECOVERY |
					      PROT_TCB_DEBUG,
			},
	};
	struct prot_wr chain = prot_wr_init(h->chain, sizeof(h->chain));
	enum prot_status st;

	version[prot_measurement_version_text(&h->version,
					      (uint8_t *)version)] = '\0';
	device.tcb_info.flags =
		(h->debug ? PROT_TCB_DEBUG : 0) |
		(h->mode == PROT_BOOT_RECOVERY ? PROT_TCB_RECOVERY : 0) |
		(h->lifecycle < PROT_LIFECYCLE_PRODUCTION
			 ? PROT_TCB_NOT_CONFIGURED
			 : 0);
	chain.len = h->chain_len;
	st = prot_cert_complete_chain(b->cfg->boot.store.crypto, seeds, &device,
				      &chain);
	if (st == PROT_OK) {
		h->chain_len = (uint16_t)chain.len;
		memcpy(h->ak_seed, seeds->ak, sizeof(h->ak_seed));
		h->has_identity = true;
	}
	return st;
}

static enum prot_identity_problem problem_of(enum prot_status st)
{
	switch ((int)st) {
	case PROT_ERR_NOT_FOUND:
		return PROT_IDENTITY_NO_UDS;
	case PROT_ERR_MALFORMED:
	case PROT_ERR_AUTH:
		return PROT_IDENTITY_DAMAGED;
	case PROT_ERR_SPACE:
		return PROT_IDENTITY_SPACE;
	default:
		return PROT_IDENTITY_DEVICE;
	}
}

static enum prot_status derive(struct prot_boot_stage *b)
{
	struct prot_dice_seeds seeds;
	enum prot_status st = derive_seeds(b, &seeds);

	if (st == PROT_OK) {
		st = issue(b, &seeds);
	}
	prot_wipe(&seeds, sizeof(seeds));
	if (st != PROT_OK) {
		return without_identity(b, problem_of(st));
	}
	b->phase = PHASE_DONE;
	return PROT_OK;
}

enum prot_status prot_boot_stage_step(struct prot_boot_stage *b)
{
	switch (b->phase) {
	case PHASE_SELECT:
		return select_image(b);
	case PHASE_IDENTITY:
		return read_identity(b);
	case PHASE_DERIVE:
		return derive(b);
	default:
		return b->boot.result.mode == PROT_BOOT_LOCKDOWN
			       ? PROT_ERR_STATE
			       : PROT_OK;
	}
}

void prot_boot_stage_wipe(struct prot_boot_stage *b)
{
	prot_wipe(b, sizeof(*b));
}
