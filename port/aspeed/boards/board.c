/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_board.h"

#include "fault.h"
#include "mailbox.h"
#include "start.h"

#include <prot/base/text.h>
#include <prot/services/console.h>

#include <user_settings.h>

/* Time that the last bytes of the console may take before a reset, us. */
#define LAST_WORDS_US 20000u
/* The watchdog fires after 1 ms; the processor's own reset comes then. */
#define RESET_LIMIT_US 100000u
/* Two for the boot stage, one for the runtime. */
#define KEYS 2

struct prot_wolfcrypt prot_ast_board_wolfcrypt;
static struct prot_wolfcrypt_key keys[KEYS];

const struct prot_crypto prot_ast_board_crypto = {&prot_wolfcrypt_ops,
						  &prot_ast_board_wolfcrypt};

_Static_assert(ENTROPY_SCALE_FACTOR == PROT_NOISE_SEED_SCALE,
	       "wolfCrypt and the noise source disagree on the entropy");

/* wolfCrypt asks for the seed of its DRBG by this name. 0: success. */
int prot_wolfcrypt_seed(unsigned char *out, unsigned int len)
{
	return prot_noise_seed(prot_ast_board.seed, out, len) == PROT_OK ? 0
									 : -1;
}

static enum prot_status complain(const char *what, enum prot_status st)
{
	if (st != PROT_OK) {
		prot_firmware_print_status(&prot_ast_board.seams, what, st);
	}
	return st;
}

void prot_ast_board_early(void)
{
	const struct prot_ast_board *b = &prot_ast_board;

	b->pins();
	if (prot_ast_uart_init(b->console) != PROT_OK) {
		return; /* it stays silent */
	}
}

enum prot_status prot_ast_board_flash_start(const struct prot_ast_fmc *flash)
{
	struct prot_ast_fmc_part part;
	enum prot_status st;

	do {
		st = prot_ast_fmc_init(flash, &part);
	} while (st == PROT_PENDING);
	return st;
}

/* A noise source that fails its tests shows as PROT_ERR_CRYPTO. */
static enum prot_status start_crypto(void)
{
	return complain(
		"crypto provider, seeded by the noise source",
		prot_wolfcrypt_init(&prot_ast_board_wolfcrypt, keys, KEYS));
}

enum prot_status prot_ast_board_start(void)
{
	enum prot_status st = complain(
		"flash", prot_ast_board_flash_start(prot_ast_board.flash));

	if (st == PROT_OK) {
		st = start_crypto();
	}
	if (st == PROT_OK && prot_ast_board.start) {
		st = prot_ast_board.start();
	}
	return st;
}

void prot_ast_board_stop(void)
{
	prot_wolfcrypt_free(&prot_ast_board_wolfcrypt);
}

enum prot_reset_reason prot_ast_board_reset_reason(void)
{
	enum prot_reset_reason reason;
	enum prot_reset_reason noted;
	struct prot_ast_fault fault;
	bool has_fault;

	noted = prot_ast_mailbox_take(prot_ast_mailbox(), &fault, &has_fault);
	if (has_fault) {
		prot_firmware_print(&prot_ast_board.seams,
				    "boot: the last program ended by a fault");
		prot_ast_fault_print(&prot_ast_board.seams, &fault);
	}
	return prot_ast_board.reset_reason(&reason) ? reason : noted;
}

static void last_words(void)
{
	const struct prot_clock *c = prot_ast_board.seams.clock;
	uint64_t start = prot_clock_us(c);

	while (!prot_ast_uart_sent(prot_ast_board.console) &&
	       prot_clock_us(c) - start < LAST_WORDS_US) {
	}
}

/* By the watchdog, which takes all blocks of the chip with it. */
static void reset_chip(void)
{
	const struct prot_watchdog *w = prot_ast_board.seams.watchdog;

	prot_ast_interrupts_off();
	w->ops->start(w->ctx, 1);
	prot_clock_delay_us(prot_ast_board.seams.clock, RESET_LIMIT_US);
	prot_ast_reset();
}

void prot_ast_board_reset(enum prot_reset_reason reason)
{
	prot_ast_mailbox_put(prot_ast_mailbox(), reason, NULL);
	last_words();
	reset_chip();
}

/* ---- faults -------------------------------------------------------------- */

extern const uint32_t link_stack_bottom[];
extern const uint32_t link_stack_top[];

/* From fault_entry, on the stack for faults. Nothing may be trusted here. */
void prot_ast_fault(uint32_t sp, uint32_t exception);

void prot_ast_fault(uint32_t sp, uint32_t exception)
{
	struct prot_ast_fault fault;
	bool valid = prot_ast_fault_stack_is_valid(
		sp, (uint32_t)(uintptr_t)link_stack_bottom,
		(uint32_t)(uintptr_t)link_stack_top);

	prot_ast_fault_collect(&fault, exception, sp,
			       valid ? (const uint32_t *)(uintptr_t)sp : NULL);
	prot_ast_mailbox_put(prot_ast_mailbox(), PROT_RESET_FAULT, &fault);
	prot_ast_fault_print(&prot_ast_board.seams, &fault);
	last_words();
	reset_chip();
}
