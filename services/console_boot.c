/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/console.h>

#include <prot/base/text.h>
#include <prot/services/measurement.h>

enum {
	LINE_STARTS = PROT_BANK_COUNT, /* one line per bank before it */
	LINE_BOOT_DIGEST,
	LINE_RUNTIME_DIGEST,
	LINE_IDENTITY,
	LINE_COUNT
};

_Static_assert(LINE_COUNT == PROT_BOOT_STAGE_LINES, "the header is wrong");

static void passed_over(struct prot_text *t, unsigned bank,
			enum prot_image_reason reason)
{
	if (reason != PROT_IMAGE_UNCHECKED && reason != PROT_IMAGE_EMPTY) {
		prot_text_str(t, "boot: bank ");
		prot_text_str(t, prot_bank_text((enum prot_bank)bank));
		prot_text_str(t, " passed over: ");
		prot_text_str(t, prot_image_reason_text(reason));
	}
}

static void version(struct prot_text *t, const struct prot_image_version *v)
{
	uint8_t text[PROT_MEASUREMENT_VALUE_MAX];
	size_t len = prot_measurement_version_text(v, text);

	for (size_t i = 0; i < len; i++) {
		prot_text_char(t, (char)text[i]);
	}
}

static void starts(struct prot_text *t, enum prot_reset_reason reason,
		   const struct prot_boot_result *r)
{
	prot_text_str(t, "boot: reset by ");
	prot_text_str(t, prot_reset_reason_text(reason));
	prot_text_str(t, "; bank ");
	prot_text_str(t, prot_bank_text(r->bank));
	prot_text_str(t, ", version ");
	version(t, &r->header.version);
	prot_text_str(t, ", SVN ");
	prot_text_u32(t, r->header.svn);
	prot_text_str(t, " (floor ");
	prot_text_u32(t, r->svn_floor);
	prot_text_str(t, "), mode ");
	prot_text_str(t, prot_boot_mode_text(r->mode));
	if (r->mode == PROT_BOOT_TRIAL) {
		prot_text_str(t, ", try ");
		prot_text_u32(t, r->boot_count);
	}
}

static void digest(struct prot_text *t, const char *what, const uint8_t *bytes)
{
	prot_text_str(t, "boot: ");
	prot_text_str(t, what);
	prot_text_str(t, " sha384 ");
	prot_text_hex(t, bytes, PROT_IMAGE_DIGEST_SIZE);
}

static void identity(struct prot_text *t, enum prot_identity_problem problem)
{
	if (problem != PROT_IDENTITY_FINE) {
		prot_text_str(t, "boot: no identity: ");
		prot_text_str(t, prot_identity_problem_text(problem));
	}
}

static void line_of_started(struct prot_text *t,
			    const struct prot_boot_stage *b, unsigned n)
{
	const struct prot_handoff *h = prot_boot_stage_handoff(b);

	switch (n) {
	case LINE_STARTS:
		starts(t, h->reset_reason, prot_boot_stage_result(b));
		break;
	case LINE_BOOT_DIGEST:
		digest(t, "boot stage", h->boot_digest);
		break;
	case LINE_RUNTIME_DIGEST:
		digest(t, "runtime", h->runtime_digest);
		break;
	case LINE_IDENTITY:
		identity(t, prot_boot_stage_problem(b));
		break;
	default:
		break;
	}
}

size_t prot_boot_stage_line(const struct prot_boot_stage *b, unsigned n,
			    char out[PROT_CONSOLE_LINE])
{
	const struct prot_boot_result *r = prot_boot_stage_result(b);
	struct prot_text t = prot_text_init(out, PROT_CONSOLE_LINE);

	if (n < PROT_BANK_COUNT) {
		passed_over(&t, n, r->refused[n]);
	} else if (r->mode != PROT_BOOT_LOCKDOWN) {
		line_of_started(&t, b, n);
	} else if (n == LINE_STARTS) {
		prot_text_str(&t, "boot: lockdown, no image may run");
	}
	return t.len;
}
