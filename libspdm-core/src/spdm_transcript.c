/* SPDX-License-Identifier: Apache-2.0 */
#include "spdm_transcript.h"

#include "spdm_command.h"

#include <string.h>

#define M_BIT (1u << PROT_SPDM_TRANSCRIPT_M)
#define L_BIT (1u << PROT_SPDM_TRANSCRIPT_L)

static void drop(struct prot_spdm_transcript *t, unsigned bits)
{
	t->open = (uint8_t)(t->open & ~bits);
}

static enum prot_spdm_transcript_id id_of(const struct prot_spdm_command *cmd)
{
	return cmd->role == SPDM_ROLE_L ? PROT_SPDM_TRANSCRIPT_L
					: PROT_SPDM_TRANSCRIPT_M;
}

void prot_spdm_transcript_reset(struct prot_spdm_transcript *t)
{
	t->vca_len = 0;
	t->open = 0;
	t->version = PROT_SPDM_VERSION_NONE;
	t->hash = PROT_HASH_NONE;
}

void prot_spdm_transcript_set(struct prot_spdm_transcript *t, uint8_t version,
			      enum prot_hash_alg hash)
{
	t->version = version;
	t->hash = hash;
}

void prot_spdm_transcript_begin(struct prot_spdm_transcript *t,
				const struct prot_spdm_command *cmd,
				enum prot_spdm_state state)
{
	if (cmd->role == SPDM_ROLE_OUTSIDE) {
		return;
	}
	/* Only GET_MEASUREMENTS continues a measurement sequence. */
	if (cmd->role != SPDM_ROLE_L) {
		drop(t, L_BIT);
	}
	switch ((enum spdm_restart)cmd->restart) {
	case SPDM_RESTART_ALL:
		prot_spdm_transcript_reset(t);
		break;
	case SPDM_RESTART_M:
		drop(t, M_BIT);
		break;
	case SPDM_RESTART_M_UNLESS:
		if (state < PROT_SPDM_STATE_AUTHENTICATED) {
			drop(t, M_BIT);
		}
		break;
	case SPDM_RESTART_NONE:
		break;
	}
}

void prot_spdm_transcript_fail(struct prot_spdm_transcript *t,
			       const struct prot_spdm_command *cmd)
{
	if (cmd->role == SPDM_ROLE_L) {
		drop(t, L_BIT);
	}
}

static enum prot_status vca_add(struct prot_spdm_transcript *t,
				const uint8_t *msg, size_t len)
{
	if (len > sizeof(t->vca) - t->vca_len) {
		return PROT_ERR_SPACE;
	}
	memcpy(t->vca + t->vca_len, msg, len);
	t->vca_len = (uint16_t)(t->vca_len + len);
	return PROT_OK;
}

/* Start a running hash with A, where the version's definition begins so. */
static enum prot_status start(struct prot_spdm_transcript *t,
			      const struct prot_crypto *crypto,
			      enum prot_spdm_transcript_id id)
{
	enum prot_status st;

	if (t->open & 1u << id) {
		return PROT_OK;
	}
	st = crypto->ops->hash_init(crypto->ctx, &t->run[id], t->hash);
	if (st == PROT_OK && (id == PROT_SPDM_TRANSCRIPT_M ||
			      t->version >= PROT_SPDM_VERSION_12)) {
		st = crypto->ops->hash_update(crypto->ctx, &t->run[id], t->vca,
					      t->vca_len);
	}
	if (st == PROT_OK) {
		t->open = (uint8_t)(t->open | 1u << id);
	}
	return st;
}

enum prot_status prot_spdm_transcript_add(struct prot_spdm_transcript *t,
					  const struct prot_crypto *crypto,
					  const struct prot_spdm_command *cmd,
					  const uint8_t *msg, size_t len)
{
	enum prot_spdm_transcript_id id = id_of(cmd);
	enum prot_status st;

	if (cmd->role == SPDM_ROLE_VCA) {
		return vca_add(t, msg, len);
	}
	/* Without a base hash nothing can be signed, hence nothing is kept. */
	if ((cmd->role != SPDM_ROLE_M && cmd->role != SPDM_ROLE_L) ||
	    t->hash == PROT_HASH_NONE) {
		return PROT_OK;
	}
	st = start(t, crypto, id);
	if (st == PROT_OK) {
		st = crypto->ops->hash_update(crypto->ctx, &t->run[id], msg,
					      len);
	}
	if (st != PROT_OK) {
		drop(t, 1u << id);
	}
	return st;
}

enum prot_status prot_spdm_transcript_take(struct prot_spdm_transcript *t,
					   const struct prot_crypto *crypto,
					   const struct prot_spdm_command *cmd,
					   uint8_t *out)
{
	enum prot_spdm_transcript_id id = id_of(cmd);

	if (!(t->open & 1u << id)) {
		return PROT_ERR_STATE;
	}
	drop(t, 1u << id);
	return crypto->ops->hash_final(crypto->ctx, &t->run[id], out);
}
