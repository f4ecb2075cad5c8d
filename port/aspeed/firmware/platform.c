/* SPDX-License-Identifier: Apache-2.0 */
#include "platform.h"

#include <prot/base/text.h>

static enum prot_status drive_all(const struct prot_ast_hosts *h, bool level)
{
	enum prot_status result = PROT_OK;

	for (uint8_t i = 0; i < h->count; i++) {
		enum prot_status st =
			h->gpio.ops->drive(h->gpio.ctx, h->resets[i], level);

		result = st == PROT_OK ? result : st;
	}
	return result;
}

enum prot_status prot_ast_hosts_hold(const struct prot_ast_hosts *h)
{
	return drive_all(h, false);
}

enum prot_status prot_ast_hosts_release(const struct prot_ast_hosts *h)
{
	return drive_all(h, true);
}

enum prot_status prot_ast_monitors_protect(const struct prot_ast_monitors *m)
{
	enum prot_status result = PROT_OK;

	for (uint8_t i = 0; i < m->count; i++) {
		enum prot_status st = prot_ast_spim_hold(&m->units[i]);

		if (st == PROT_ERR_STATE) { /* locked: nobody can change it */
			continue;
		}
		if (st == PROT_OK) {
			st = prot_ast_spim_protect(&m->units[i]);
		}
		if (st == PROT_OK) {
			prot_ast_spim_mux(&m->units[i], true);
		}
		result = st == PROT_OK ? result : st;
	}
	return result;
}

enum prot_status prot_ast_monitors_next(const struct prot_ast_monitors *m,
					uint32_t *unit,
					struct prot_ast_spim_event *event)
{
	enum prot_status st = PROT_ERR_NOT_FOUND;

	for (uint8_t i = 0; i < m->count && st != PROT_OK; i++) {
		st = prot_ast_spim_log_read(&m->units[i], event);
		*unit = m->units[i].unit;
	}
	return st == PROT_OK ? PROT_OK : PROT_ERR_NOT_FOUND;
}

void prot_ast_monitors_line(uint32_t unit,
			    const struct prot_ast_spim_event *event, char *out,
			    size_t cap)
{
	struct prot_text t = prot_text_init(out, cap);

	prot_text_str(&t, "SPI monitor ");
	prot_text_u32(&t, unit);
	switch (event->kind) {
	case PROT_AST_SPIM_BLOCKED_COMMAND:
		prot_text_str(&t, ": command 0x");
		prot_text_hex(&t, &event->opcode, 1);
		break;
	case PROT_AST_SPIM_BLOCKED_WRITE:
		prot_text_str(&t, ": write at 0x");
		prot_text_hex32(&t, event->address);
		break;
	case PROT_AST_SPIM_BLOCKED_READ:
		prot_text_str(&t, ": read at 0x");
		prot_text_hex32(&t, event->address);
		break;
	case PROT_AST_SPIM_UNKNOWN_EVENT:
	default:
		prot_text_str(&t, ": access of kind 0x");
		prot_text_hex32(&t, event->word);
		break;
	}
	prot_text_str(&t, " blocked");
}
