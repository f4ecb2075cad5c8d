/* SPDX-License-Identifier: Apache-2.0 */
/* The device's objects as the responder uses them: ops, pieces, hashes. */

#include "spdm_rsp.h"

/*
 * Every op is left through here. A failure becomes `failure`, so that no status
 * of an op passes for a verdict on the request.
 */
static enum prot_status done(const struct prot_spdm_work *w,
			     enum prot_status st, enum prot_status failure)
{
	if (st == PROT_PENDING) {
		return st;
	}
	if (w->abandoned) {
		return PROT_ERR_CANCELLED;
	}
	return st == PROT_OK || st == PROT_ERR_NOT_FOUND ? st : failure;
}

enum prot_status prot_spdm_rsp_size(struct prot_spdm_responder *r,
				    struct prot_spdm_work *w,
				    enum prot_spdm_object what, uint8_t id)
{
	const struct prot_spdm_responder_config *cfg = r->cfg;
	enum prot_status st = cfg->ops->size(cfg->ops_ctx, what, id, &w->size);

	return done(w, st, PROT_ERR_IO);
}

enum prot_status prot_spdm_rsp_read(struct prot_spdm_responder *r,
				    struct prot_spdm_work *w,
				    enum prot_spdm_object what, uint8_t id,
				    uint8_t *buf, size_t len)
{
	const struct prot_spdm_responder_config *cfg = r->cfg;
	enum prot_status st =
		cfg->ops->read(cfg->ops_ctx, what, id, w->offset, buf, len);

	return done(w, st, PROT_ERR_IO);
}

enum prot_status prot_spdm_rsp_measure(struct prot_spdm_responder *r,
				       struct prot_spdm_work *w,
				       bool pending_update)
{
	const struct prot_spdm_responder_config *cfg = r->cfg;

	if (!cfg->ops->measure) {
		return PROT_OK;
	}
	return done(w,
		    cfg->ops->measure(cfg->ops_ctx, pending_update, &w->change),
		    PROT_ERR_IO);
}

enum prot_status prot_spdm_rsp_sign(struct prot_spdm_responder *r,
				    struct prot_spdm_work *w)
{
	const struct prot_crypto *c = &r->cfg->crypto;
	enum prot_status st =
		c->ops->sign(c->ctx, w->key, &w->u.signing.data, w->out);

	return done(w, st, PROT_ERR_CRYPTO);
}

enum prot_status prot_spdm_rsp_key(struct prot_spdm_responder *r,
				   struct prot_spdm_work *w)
{
	enum prot_status st =
		r->cfg->ops->key(r->cfg->ops_ctx, w->slot, &w->key);

	if (st == PROT_ERR_NOT_FOUND) {
		return spdm_rsp_refuse(w, PROT_SPDM_REFUSAL_SLOT);
	}
	return st == PROT_OK ? PROT_OK : PROT_ERR_IO;
}

enum prot_status prot_spdm_rsp_hash_init(struct prot_spdm_responder *r,
					 struct prot_spdm_work *w)
{
	const struct prot_crypto *c = &r->cfg->crypto;

	return c->ops->hash_init(c->ctx, &w->u.hash, w->hash);
}

enum prot_status prot_spdm_rsp_hash_add(struct prot_spdm_responder *r,
					struct prot_spdm_work *w,
					const uint8_t *data, size_t len)
{
	const struct prot_crypto *c = &r->cfg->crypto;

	return c->ops->hash_update(c->ctx, &w->u.hash, data, len);
}

enum prot_status prot_spdm_rsp_hash_final(struct prot_spdm_responder *r,
					  struct prot_spdm_work *w,
					  uint8_t *out)
{
	const struct prot_crypto *c = &r->cfg->crypto;

	return c->ops->hash_final(c->ctx, &w->u.hash, out);
}

enum prot_status prot_spdm_rsp_hash_object(struct prot_spdm_responder *r,
					   struct prot_spdm_work *w,
					   enum prot_spdm_object what,
					   uint8_t id, size_t end)
{
	while (w->offset < end) {
		size_t n = end - w->offset;
		enum prot_status st;

		n = n < sizeof(w->piece) ? n : sizeof(w->piece);
		st = prot_spdm_rsp_read(r, w, what, id, w->piece, n);
		if (st == PROT_OK) {
			st = prot_spdm_rsp_hash_add(r, w, w->piece, n);
		}
		if (st != PROT_OK) {
			return st;
		}
		w->offset += n;
	}
	return PROT_OK;
}
