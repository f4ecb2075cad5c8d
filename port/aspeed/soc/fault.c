/* SPDX-License-Identifier: Apache-2.0 */
#include "fault.h"

#include "cortex_m.h"
#include "mmio.h"

#include <prot/base/text.h>
#include <prot/services/console.h>

#include <string.h>

#define FRAME_WORDS 8u

bool prot_ast_fault_stack_is_valid(uint32_t sp, uint32_t bottom, uint32_t top)
{
	return sp % 4 == 0 && sp >= bottom && sp <= top &&
	       top - sp >= FRAME_WORDS * 4;
}

void prot_ast_fault_collect(struct prot_ast_fault *f, uint32_t exception,
			    uint32_t sp, const uint32_t *frame)
{
	memset(f, 0, sizeof(*f));
	f->exception = exception;
	f->sp = sp;
	f->cfsr = prot_mmio_read32(CM_CFSR);
	f->hfsr = prot_mmio_read32(CM_HFSR);
	f->mmfar = prot_mmio_read32(CM_MMFAR);
	f->bfar = prot_mmio_read32(CM_BFAR);
	if (frame) {
		f->r0 = frame[0];
		f->r1 = frame[1];
		f->r2 = frame[2];
		f->r3 = frame[3];
		f->r12 = frame[4];
		f->lr = frame[5];
		f->pc = frame[6];
		f->psr = frame[7];
	}
}

/* Bits of CFSR, most telling first. */
static const char *reason(const struct prot_ast_fault *f)
{
	static const struct {
		uint32_t bit;
		const char *text;
	} reasons[] = {
		{1u << 4, "stack overflow"},
		{1u << 0, "execution of memory that is not code"},
		{1u << 1, "access to memory that is not the program's"},
		{1u << 3, "unstacking from memory that is not the program's"},
		{1u << 8, "no instruction there"},
		{1u << 9, "no device there"},
		{1u << 10, "no device there, found late"},
		{1u << 12, "stack is no memory"},
		{1u << 16, "undefined instruction"},
		{1u << 17, "not Thumb code"},
		{1u << 18, "bad exception return"},
		{1u << 19, "floating point is off"},
		{1u << 24, "unaligned access"},
		{1u << 25, "division by zero"},
	};

	for (size_t i = 0; i < PROT_ARRAY_SIZE(reasons); i++) {
		if (f->cfsr & reasons[i].bit) {
			return reasons[i].text;
		}
	}
	return "exception without a handler";
}

/* " name 0123abcd" */
static void put(struct prot_text *t, const char *name, uint32_t value)
{
	prot_text_char(t, ' ');
	prot_text_str(t, name);
	prot_text_char(t, ' ');
	prot_text_hex32(t, value);
}

void prot_ast_fault_print(const struct prot_firmware_seams *s,
			  const struct prot_ast_fault *f)
{
	char line[PROT_CONSOLE_LINE];
	struct prot_text t = prot_text_init(line, sizeof(line));

	prot_text_str(&t, "fault: ");
	prot_text_str(&t, reason(f));
	put(&t, "pc", f->pc);
	put(&t, "lr", f->lr);
	put(&t, "sp", f->sp);
	put(&t, "psr", f->psr);
	prot_firmware_print(s, line);
	t = prot_text_init(line, sizeof(line));
	prot_text_str(&t, "fault:");
	put(&t, "r0", f->r0);
	put(&t, "r1", f->r1);
	put(&t, "r2", f->r2);
	put(&t, "r3", f->r3);
	put(&t, "r12", f->r12);
	prot_firmware_print(s, line);
	t = prot_text_init(line, sizeof(line));
	prot_text_str(&t, "fault:");
	put(&t, "exception", f->exception);
	put(&t, "cfsr", f->cfsr);
	put(&t, "hfsr", f->hfsr);
	put(&t, "mmfar", f->mmfar);
	put(&t, "bfar", f->bfar);
	prot_firmware_print(s, line);
}
