/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/update_pldm.h>

#include <prot/services/measurement.h>

_Static_assert(PROT_UPDATE_PLDM_TEXT_MAX <= PROT_MEASUREMENT_VALUE_MAX,
	       "a version text is the value of a measurement");

/* Reasons that fit into a vendor range of 32 codes. */
#define VENDOR_REASONS 32

static uint8_t vendor_code(uint8_t first, enum prot_image_reason reason)
{
	unsigned n = (unsigned)reason;

	/* 0 is "unchecked", and makes the agent be told "generic error". */
	return n != 0 && n < VENDOR_REASONS ? (uint8_t)(first + n) : 0;
}

enum prot_image_reason prot_update_pldm_reason(uint8_t result)
{
	static const uint8_t first[] = {PROT_PLDM_TRANSFER_VENDOR_FIRST,
					PROT_PLDM_VERIFY_VENDOR_FIRST,
					PROT_PLDM_APPLY_VENDOR_FIRST};

	if (result == PROT_PLDM_VERIFY_SECURITY_REVISION) {
		return PROT_IMAGE_SVN;
	}
	if (result == PROT_PLDM_TRANSFER_STORAGE) {
		return PROT_IMAGE_FLASH;
	}
	for (size_t i = 0; i < PROT_ARRAY_SIZE(first); i++) {
		if (result > first[i] && result - first[i] < VENDOR_REASONS) {
			return (enum prot_image_reason)(result - first[i]);
		}
	}
	return PROT_IMAGE_UNCHECKED;
}

/* "1.2.3", in a buffer of PROT_MEASUREMENT_VALUE_MAX bytes. */
static struct prot_pldm_string
version_text(const struct prot_image_version *version, uint8_t *buf)
{
	struct prot_pldm_string s = {PROT_PLDM_STRING_ASCII, 0, buf};
	size_t len = prot_measurement_version_text(version, buf);

	s.len = (uint8_t)len;
	return s;
}

static bool has_pending(const struct prot_update *u)
{
	return prot_update_state(u) == PROT_UPDATE_PENDING;
}

static enum prot_status parameters(void *ctx, struct prot_wr *body)
{
	const struct prot_update_pldm *p = ctx;
	const struct prot_image_header *h = prot_update_header(p->update);
	uint8_t active[PROT_MEASUREMENT_VALUE_MAX];
	uint8_t pending[PROT_MEASUREMENT_VALUE_MAX];
	struct prot_pldm_component_entry e = {
		.id = {PROT_PLDM_CLASS_FIRMWARE,
		       (uint16_t)p->update->cfg->component, 0},
		.active = {.stamp = p->running->svn,
			   .version =
				   version_text(&p->running->version, active)},
		.activation_methods = PROT_PLDM_ACTIVATION_SELF_CONTAINED |
				      PROT_PLDM_ACTIVATION_SYSTEM_REBOOT,
		.capabilities = PROT_PLDM_CAPABILITY_DOWNGRADE_RESTRICTED,
	};
	struct prot_pldm_firmware_parameters m = {
		.capabilities = PROT_PLDM_CAPABILITY_RECOVERY |
				PROT_PLDM_CAPABILITY_RETRY |
				PROT_PLDM_CAPABILITY_DOWNGRADE_RESTRICTED,
		.component_count = 1,
		.active = e.active.version,
	};

	if (has_pending(p->update)) {
		e.pending.stamp = h->svn;
		e.pending.version = version_text(&h->version, pending);
		m.pending = e.pending.version;
	}
	prot_pldm_firmware_parameters_encode(body, &m);
	prot_pldm_component_entry_encode(body, &e);
	return prot_wr_ok(body) ? PROT_OK : PROT_ERR_SPACE;
}

static enum prot_status begin(void *ctx,
			      const struct prot_pldm_request_update_req *rq)
{
	struct prot_update_pldm *p = ctx;

	(void)rq;
	/* A trial becomes confirmed, or ends: either way, later. */
	if (p->hold || prot_update_allowed(p->update) != PROT_OK) {
		return PROT_ERR_BUSY;
	}
	return PROT_OK;
}

static uint8_t judge_component(const struct prot_update_pldm *p,
			       const struct prot_pldm_fd_component *c)
{
	if (c->id.classification != PROT_PLDM_CLASS_FIRMWARE ||
	    c->id.identifier != p->update->cfg->component || c->id.index != 0) {
		return PROT_PLDM_COMPONENT_NOT_SUPPORTED;
	}
	if (c->stamp != PROT_PLDM_STAMP_NONE &&
	    c->stamp < p->running->svn_floor) {
		return PROT_PLDM_COMPONENT_STAMP_LOWER;
	}
	return PROT_PLDM_COMPONENT_OK;
}

static enum prot_status component(void *ctx,
				  const struct prot_pldm_fd_component *c,
				  bool update, struct prot_pldm_fd_verdict *v)
{
	struct prot_update_pldm *p = ctx;
	enum prot_status st;

	v->code = judge_component(p, c);
	if (v->code != PROT_PLDM_COMPONENT_OK || !update) {
		return PROT_OK;
	}
	/* A few reads of OTP: short enough to answer the request with. */
	do {
		st = prot_update_begin(p->update, p->update->cfg->component,
				       c->size);
	} while (st == PROT_PENDING);
	return st;
}

/* What the agent is told; 0 becomes "generic error". */
static uint8_t result_of(const struct prot_update *u, uint8_t vendor_first)
{
	enum prot_image_reason reason = prot_update_reason(u);

	if (reason == PROT_IMAGE_SVN) {
		return PROT_PLDM_VERIFY_SECURITY_REVISION;
	}
	if (reason == PROT_IMAGE_FLASH &&
	    vendor_first == PROT_PLDM_TRANSFER_VENDOR_FIRST) {
		return PROT_PLDM_TRANSFER_STORAGE;
	}
	return vendor_code(vendor_first, reason);
}

static enum prot_status finish(enum prot_status st,
			       const struct prot_update_pldm *p,
			       struct prot_pldm_fd_work *work,
			       uint8_t vendor_first)
{
	if (st != PROT_OK && st != PROT_PENDING) {
		work->result = result_of(p->update, vendor_first);
	}
	return st;
}

static enum prot_status write(void *ctx, uint32_t offset, const uint8_t *data,
			      size_t len, struct prot_pldm_fd_work *work)
{
	struct prot_update_pldm *p = ctx;
	enum prot_status st = prot_update_write(p->update, offset, data, len);

	return finish(st, p, work, PROT_PLDM_TRANSFER_VENDOR_FIRST);
}

static enum prot_status verify(void *ctx, struct prot_pldm_fd_work *work)
{
	struct prot_update_pldm *p = ctx;
	enum prot_status st = prot_update_verify(p->update);

	return finish(st, p, work, PROT_PLDM_VERIFY_VENDOR_FIRST);
}

static enum prot_status apply(void *ctx, struct prot_pldm_fd_work *work)
{
	struct prot_update_pldm *p = ctx;
	enum prot_status st = prot_update_apply(p->update);

	return finish(st, p, work, PROT_PLDM_APPLY_VENDOR_FIRST);
}

/*
 * A journal record is written at once: the operation is short, and "success"
 * must not be answered before the next boot would try the image.
 */
static enum prot_status activate(void *ctx, bool self_contained,
				 struct prot_pldm_fd_activation *a)
{
	struct prot_update_pldm *p = ctx;
	enum prot_status st;

	do {
		st = prot_update_activate(p->update);
	} while (st == PROT_PENDING);
	if (st == PROT_OK) {
		p->reset_wanted = self_contained;
		a->seconds = self_contained ? 2 : 0;
	} else if (st == PROT_ERR_STATE) {
		a->cc = PROT_PLDM_FWUP_INCOMPLETE_UPDATE;
	}
	return st;
}

static enum prot_status cancel(void *ctx, bool update, uint64_t *broken)
{
	struct prot_update_pldm *p = ctx;

	/* The running image is never touched: no component breaks. */
	(void)update;
	*broken = 0;
	return prot_update_cancel(p->update);
}

const struct prot_pldm_fd_ops prot_update_pldm_ops = {
	.parameters = parameters,
	.begin = begin,
	.component = component,
	.write = write,
	.verify = verify,
	.apply = apply,
	.activate = activate,
	.cancel = cancel,
};

void prot_update_pldm_init(struct prot_update_pldm *p,
			   struct prot_update *update,
			   const struct prot_handoff *running)
{
	*p = (struct prot_update_pldm){.update = update, .running = running};
}
