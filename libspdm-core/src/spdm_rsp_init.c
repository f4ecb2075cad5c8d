/* SPDX-License-Identifier: Apache-2.0 */
/* What a responder's configuration must be like. */

#include "spdm_rsp_dispatch.h"

#include <string.h>

#define CAP(name) PROT_SPDM_CAP_##name

#define CAPS_SUPPORTED                                                         \
	(CAP(CERT) | CAP(CHAL) | CAP(MEAS) | CAP(MEAS_FRESH) | CAP(ALIAS_CERT))

/* Flags that need CERT_CAP, as there is no provisioned public key here. */
#define CAPS_NEED_CERT (CAP(CHAL) | CAP(MEAS_SIG) | CAP(ALIAS_CERT))

#define DEFERRAL_EXPONENT_MAX 31u

static bool has(uint32_t flags, uint32_t any)
{
	return (flags & any) != 0;
}

/* Clause 10.4: what requires and excludes what in a CAPABILITIES response. */
static bool capabilities_ok(uint32_t caps)
{
	if (has(caps, ~CAPS_SUPPORTED) ||
	    (caps & CAP(MEAS)) == CAP(MEAS)) { /* 11b is reserved */
		return false;
	}
	if (has(caps, CAP(MEAS_FRESH)) && !has(caps, CAP(MEAS))) {
		return false;
	}
	return has(caps, CAP(CERT)) ? has(caps, CAP(CHAL) | CAP(MEAS_SIG))
				    : !has(caps, CAPS_NEED_CERT);
}

static bool scalars_ok(const struct prot_spdm_responder_config *cfg)
{
	return (cfg->version == PROT_SPDM_VERSION_12 ||
		cfg->version == PROT_SPDM_VERSION_13) &&
	       cfg->ct_exponent <= SPDM_CT_EXPONENT_MAX &&
	       cfg->data_transfer_size >= SPDM_DATA_TRANSFER_SIZE_MIN &&
	       capabilities_ok(cfg->capabilities) &&
	       (cfg->slots != 0 || !has(cfg->capabilities, CAP(CERT)));
}

/* Both lists end, and name nothing that the provider does not offer. */
static bool algorithms_ok(const struct prot_spdm_responder_config *cfg)
{
	uint32_t hashes = 1u << PROT_HASH_NONE | cfg->crypto.ops->hashes;
	uint32_t asyms = 1u << PROT_ASYM_NONE | cfg->crypto.ops->asyms;

	for (size_t i = 0; i < PROT_HASH_COUNT; i++) {
		if ((unsigned)cfg->base_hash[i] >= PROT_HASH_COUNT ||
		    !(hashes & 1u << cfg->base_hash[i])) {
			return false;
		}
	}
	for (size_t i = 0; i < PROT_ASYM_COUNT; i++) {
		if ((unsigned)cfg->base_asym[i] >= PROT_ASYM_COUNT ||
		    !(asyms & 1u << cfg->base_asym[i])) {
			return false;
		}
	}
	return cfg->base_hash[PROT_HASH_COUNT - 1] == PROT_HASH_NONE &&
	       cfg->base_asym[PROT_ASYM_COUNT - 1] == PROT_ASYM_NONE &&
	       (!has(cfg->capabilities, CAP(CERT)) ||
		(cfg->base_hash[0] != PROT_HASH_NONE &&
		 cfg->base_asym[0] != PROT_ASYM_NONE)) &&
	       (unsigned)cfg->measurement_hash < PROT_HASH_COUNT;
}

static bool measurements_ok(const struct prot_spdm_responder_config *cfg)
{
	unsigned readable = PROT_SPDM_MEASUREMENT_RAW;
	unsigned before = 0;

	if (cfg->measurement_hash != PROT_HASH_NONE) {
		readable |= PROT_SPDM_MEASUREMENT_DIGEST;
	}
	for (size_t i = 0; i < cfg->measurement_count; i++) {
		const struct prot_spdm_measurement *m = &cfg->measurements[i];

		if (m->index <= before || m->index == SPDM_MEAS_OP_ALL ||
		    m->type >= PROT_SPDM_MEAS_RAW || !(m->flags & readable)) {
			return false;
		}
		before = m->index;
	}
	return true;
}

static bool deferral_ok(const struct prot_spdm_responder_config *cfg,
			const struct prot_spdm_deferral *d)
{
	return d->buf && d->cap >= SPDM_DATA_TRANSFER_SIZE_MIN &&
	       cfg->rdt_exponent <= DEFERRAL_EXPONENT_MAX && cfg->rdtm >= 1;
}

enum prot_status
prot_spdm_responder_init(struct prot_spdm_responder *r,
			 const struct prot_spdm_responder_config *cfg,
			 struct prot_spdm_deferral *deferral)
{
	if (!cfg->ops || !cfg->ops->size || !cfg->ops->read || !cfg->ops->key ||
	    !cfg->crypto.ops || !scalars_ok(cfg) || !algorithms_ok(cfg) ||
	    !measurements_ok(cfg) ||
	    (deferral && !deferral_ok(cfg, deferral)) ||
	    !prot_spdm_rsp_find(cfg, SPDM_NEGOTIATE_ALGORITHMS)) {
		return PROT_ERR_ARG;
	}
	memset(r, 0, sizeof(*r));
	r->cfg = cfg;
	r->deferral = deferral;
	if (deferral) {
		deferral->phase = SPDM_RSP_IDLE;
		deferral->token = 0;
	}
	prot_spdm_responder_reset(r);
	return PROT_OK;
}
