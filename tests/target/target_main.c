/* SPDX-License-Identifier: Apache-2.0 */
#include "target.h"

#include "ast10x0.h"
#include "ast_board.h"
#include "cortex_m.h"
#include "sram_map.h"
#include "start.h"

#include <prot/base/text.h>
#include <prot/services/console.h>

#include <string.h>

#define MAGIC 0x54455354u

/* What one start leaves for the next, beside the mailbox. */
struct progress {
	uint32_t magic;
	uint32_t next;    /* test to run */
	uint32_t waiting; /* it ends in a reset, and has begun */
	uint32_t failed;
	uint32_t line;
};

static struct progress *progress(void)
{
	return (struct progress *)(uintptr_t)(SRAM_MAILBOX + 0x800);
}

static const struct target_test *test_at(uint32_t n)
{
	for (size_t i = 0; target_suites[i]; i++) {
		for (const struct target_test *t = target_suites[i]; t->name;
		     t++) {
			if (n-- == 0) {
				return t;
			}
		}
	}
	return NULL;
}

void target_note(const char *text)
{
	prot_firmware_print(&prot_ast_board.seams, text);
}

static void report(bool ok, uint32_t n, const char *name, const char *what)
{
	char line[PROT_CONSOLE_LINE];
	struct prot_text t = prot_text_init(line, sizeof(line));

	prot_text_str(&t, ok ? "ok " : "not ok ");
	prot_text_u32(&t, n + 1);
	prot_text_str(&t, " - ");
	prot_text_str(&t, name);
	if (what) {
		prot_text_str(&t, " # ");
		prot_text_str(&t, what);
	}
	target_note(line);
}

_Noreturn void target_fail(const char *what, int line)
{
	struct progress *p = progress();
	char text[PROT_CONSOLE_LINE];
	struct prot_text t = prot_text_init(text, sizeof(text));

	prot_text_str(&t, "line ");
	prot_text_u32(&t, (uint32_t)line);
	prot_text_str(&t, ": ");
	prot_text_str(&t, what);
	report(false, p->next, test_at(p->next)->name, text);
	p->next++;
	p->waiting = 0;
	for (;;) {
		prot_ast_board_reset(PROT_RESET_REQUESTED);
	}
}

/* The test that was to end in a reset did: as it should? */
static void look_back(enum prot_reset_reason reason,
		      const struct prot_ast_fault *fault)
{
	struct progress *p = progress();
	const struct target_test *t = test_at(p->next);

	p->waiting = 0;
	report(t->after && t->after(reason, fault), p->next, t->name,
	       prot_reset_reason_text(reason));
	p->next++;
}

static void run_next(const struct target_test *t)
{
	struct progress *p = progress();

	p->waiting = 1; /* any reset from here on is the test's */
	t->run();
	if (t->after) {
		target_fail("no reset", 0);
	}
	p->waiting = 0;
	report(true, p->next, t->name, NULL);
	p->next++;
}

static void plan(uint32_t count)
{
	char line[PROT_CONSOLE_LINE];
	struct prot_text t = prot_text_init(line, sizeof(line));

	prot_text_str(&t, "1..");
	prot_text_u32(&t, count);
	target_note(line);
}

void prot_ast_main(void)
{
	struct progress *p = progress();
	struct prot_ast_fault fault = {0};
	enum prot_reset_reason reason;
	const struct target_test *t;
	bool has_fault;

	target_place.protect();
	prot_ast_board_early();
	reason = prot_ast_mailbox_take(prot_ast_mailbox(), &fault, &has_fault);
	if (p->magic != MAGIC || reason == PROT_RESET_POWER_ON) {
		memset(p, 0, sizeof(*p));
		p->magic = MAGIC;
	}
	if (p->waiting) {
		look_back(reason, &fault);
	}
	if (prot_ast_board_start() != PROT_OK) {
		target_note("Bail out! the board does not start");
		return;
	}
	for (t = test_at(p->next); t; t = test_at(p->next)) {
		run_next(t);
	}
	plan(p->next);
	for (;;) {
		prot_ast_wait_for_interrupt();
	}
}

/* ---- helpers ---------------------------------------------------------------
 */

static uint8_t digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

size_t target_hex(const char *hex, uint8_t *out, size_t cap)
{
	size_t n = strlen(hex) / 2;

	TARGET_CHECK(n <= cap);
	for (size_t i = 0; i < n; i++) {
		out[i] = (uint8_t)(digit(hex[2 * i]) << 4 |
				   digit(hex[2 * i + 1]));
	}
	return n;
}

bool target_is_hex(const uint8_t *bytes, const char *hex)
{
	uint8_t want[128];
	size_t n = target_hex(hex, want, sizeof(want));

	return memcmp(bytes, want, n) == 0;
}
