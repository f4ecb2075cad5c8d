/* SPDX-License-Identifier: Apache-2.0 */
#include "mailbox.h"

#include "sram_map.h"

#include <prot/base/crc32.h>

#include <stddef.h>
#include <string.h>

#define MAGIC 0x504D4258u

struct prot_ast_mailbox *prot_ast_mailbox(void)
{
	return (struct prot_ast_mailbox *)SRAM_MAILBOX;
}

static uint32_t check_of(const struct prot_ast_mailbox *m)
{
	return prot_crc32(0, m, offsetof(struct prot_ast_mailbox, check));
}

enum prot_reset_reason prot_ast_mailbox_take(struct prot_ast_mailbox *m,
					     struct prot_ast_fault *fault,
					     bool *has_fault)
{
	enum prot_reset_reason reason = PROT_RESET_POWER_ON;

	*has_fault = false;
	if (m->magic == MAGIC && m->check == check_of(m) &&
	    m->reason < PROT_RESET_REASON_COUNT) {
		reason = (enum prot_reset_reason)m->reason;
		*has_fault = m->has_fault != 0;
		*fault = m->fault;
	}
	prot_ast_mailbox_put(m, PROT_RESET_WATCHDOG, NULL);
	return reason;
}

void prot_ast_mailbox_put(struct prot_ast_mailbox *m,
			  enum prot_reset_reason reason,
			  const struct prot_ast_fault *fault)
{
	memset(m, 0, sizeof(*m));
	m->magic = MAGIC;
	m->reason = (uint32_t)reason;
	if (fault) {
		m->fault = *fault;
		m->has_fault = 1;
	}
	m->check = check_of(m);
}
