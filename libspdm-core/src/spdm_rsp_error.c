/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a request was refused, and the ERROR that says so (DSP0274 1.3.2, clause
 * 10.10).
 */

#include "spdm_rsp_dispatch.h"

static enum prot_spdm_error error_of(enum prot_spdm_refusal why)
{
	static const uint8_t errors[PROT_SPDM_REFUSAL_COUNT] = {
		[PROT_SPDM_REFUSAL_UNKNOWN] =
			PROT_SPDM_ERROR_UNSUPPORTED_REQUEST,
		[PROT_SPDM_REFUSAL_VERSION] = PROT_SPDM_ERROR_VERSION_MISMATCH,
		[PROT_SPDM_REFUSAL_NOT_READY] =
			PROT_SPDM_ERROR_RESPONSE_NOT_READY,
		[PROT_SPDM_REFUSAL_BUSY] = PROT_SPDM_ERROR_BUSY,
		[PROT_SPDM_REFUSAL_CAPABILITY] =
			PROT_SPDM_ERROR_UNSUPPORTED_REQUEST,
		[PROT_SPDM_REFUSAL_STATE] = PROT_SPDM_ERROR_UNEXPECTED_REQUEST,
		[PROT_SPDM_REFUSAL_SESSION] = PROT_SPDM_ERROR_SESSION_REQUIRED,
		[PROT_SPDM_REFUSAL_MALFORMED] = PROT_SPDM_ERROR_INVALID_REQUEST,
		[PROT_SPDM_REFUSAL_CAPABILITIES] =
			PROT_SPDM_ERROR_INVALID_REQUEST,
		[PROT_SPDM_REFUSAL_ALGORITHMS] =
			PROT_SPDM_ERROR_INVALID_REQUEST,
		[PROT_SPDM_REFUSAL_SLOT] = PROT_SPDM_ERROR_INVALID_REQUEST,
		[PROT_SPDM_REFUSAL_INDEX] = PROT_SPDM_ERROR_INVALID_REQUEST,
		[PROT_SPDM_REFUSAL_SIGNATURE] = PROT_SPDM_ERROR_INVALID_REQUEST,
		[PROT_SPDM_REFUSAL_TOKEN] = PROT_SPDM_ERROR_INVALID_REQUEST,
		[PROT_SPDM_REFUSAL_TOO_LARGE] =
			PROT_SPDM_ERROR_RESPONSE_TOO_LARGE,
		[PROT_SPDM_REFUSAL_DEVICE] = PROT_SPDM_ERROR_UNSPECIFIED,
		[PROT_SPDM_REFUSAL_CRYPTO] = PROT_SPDM_ERROR_UNSPECIFIED,
		[PROT_SPDM_REFUSAL_PENDING] = PROT_SPDM_ERROR_UNSPECIFIED,
	};

	return (enum prot_spdm_error)errors[why];
}

enum prot_spdm_refusal prot_spdm_rsp_refusal_of(const struct prot_spdm_work *w,
						enum prot_status st)
{
	if (w->refusal != PROT_SPDM_REFUSAL_NONE) {
		return (enum prot_spdm_refusal)w->refusal;
	}
	switch ((int)st) {
	case PROT_ERR_MALFORMED:
		return PROT_SPDM_REFUSAL_MALFORMED;
	case PROT_ERR_SPACE:
		return PROT_SPDM_REFUSAL_TOO_LARGE;
	case PROT_ERR_CRYPTO:
		return PROT_SPDM_REFUSAL_CRYPTO;
	case PROT_PENDING:
		return PROT_SPDM_REFUSAL_PENDING;
	default:
		return PROT_SPDM_REFUSAL_DEVICE;
	}
}

/*
 * SPDMVersion of an ERROR: the negotiated one, which the requester chooses with
 * GET_CAPABILITIES, and 1.0 before and in answer to GET_VERSION.
 */
static uint8_t error_version(const struct prot_spdm_responder *r,
			     const struct spdm_rsp_exchange *x)
{
	bool chosen = r->state >= PROT_SPDM_STATE_CAPABILITIES ||
		      (r->state == PROT_SPDM_STATE_VERSION &&
		       x->io->rx[0] == r->cfg->version);

	return chosen && spdm_rsp_code(x) != SPDM_GET_VERSION
		       ? r->cfg->version
		       : PROT_SPDM_VERSION_10;
}

static void note(struct prot_spdm_responder *r,
		 const struct spdm_rsp_exchange *x, enum prot_spdm_refusal why)
{
	r->counters.last_request = x->io->rx_len > 1 ? spdm_rsp_code(x) : 0;
	r->counters.last_error = (uint8_t)error_of(why);
	r->counters.last_refusal = (uint8_t)why;
}

void prot_spdm_rsp_drop(struct prot_spdm_responder *r,
			const struct spdm_rsp_exchange *x,
			enum prot_spdm_refusal why)
{
	r->counters.drops++;
	note(r, x, why);
}

void prot_spdm_rsp_send_error(struct prot_spdm_responder *r,
			      const struct spdm_rsp_exchange *x,
			      enum prot_spdm_refusal why, size_t needed)
{
	struct prot_wr w = prot_wr_init(x->io->tx, x->io->tx_cap);
	enum prot_spdm_error error = error_of(why);

	note(r, x, why);
	prot_wr_u8(&w, error_version(r, x));
	prot_wr_u8(&w, SPDM_ERROR);
	prot_wr_u8(&w, (uint8_t)error);
	prot_wr_u8(&w, error == PROT_SPDM_ERROR_UNSUPPORTED_REQUEST
			       ? spdm_rsp_code(x)
			       : 0);
	if (error == PROT_SPDM_ERROR_RESPONSE_TOO_LARGE) {
		prot_wr_le32(&w, (uint32_t)needed);
	}
	if (error == PROT_SPDM_ERROR_RESPONSE_NOT_READY) {
		prot_wr_u8(&w, r->cfg->rdt_exponent);
		prot_wr_u8(&w, r->deferral->work.row->cmd->code);
		prot_wr_u8(&w, r->deferral->token);
		prot_wr_u8(&w, r->cfg->rdtm);
		r->counters.deferrals++;
	} else {
		r->counters.errors++;
	}
	*x->tx_len = w.len;
}
