/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_H
#define TARGET_H

/*
 * Tests that run on the target itself, one after the other, and print TAP on
 * the console. A test that ends in a reset says so before: the next start goes
 * on with what it expected to find.
 */

#include "mailbox.h"

#include <prot/port/firmware.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct target_test {
	const char *name;
	void (*run)(void);
	/*
	 * NULL, or the test ends in a reset: what the next start must find.
	 * `run` must not return then.
	 */
	bool (*after)(enum prot_reset_reason reason,
		      const struct prot_ast_fault *fault);
};

/* End the test in failure unless `condition` holds. */
#define TARGET_CHECK(condition)                                                \
	do {                                                                   \
		if (!(condition)) {                                            \
			target_fail(#condition, __LINE__);                     \
		}                                                              \
	} while (0)

/* Reports, and goes on with the next test after a reset. */
_Noreturn void target_fail(const char *what, int line);

/* A line that is no result. */
void target_note(const char *text);

size_t target_hex(const char *hex, uint8_t *out, size_t cap);
bool target_is_hex(const uint8_t *bytes, const char *hex);

/* Which of the two programs of the device these tests are in the place of. */
struct target_place {
	void (*protect)(void);
	uint32_t code, code_end;
	uint32_t data;         /* its lowest address: the end of the stack */
	uint32_t foreign_code; /* memory of somebody else */
};

extern const struct target_place target_place;
extern const struct target_test *const target_suites[]; /* NULL at the end */

/* Each file's tests; the last row has no name. */
extern const struct target_test target_clock_tests[];
extern const struct target_test target_crypto_tests[];
extern const struct target_test target_fault_tests[];
extern const struct target_test target_flash_tests[];
extern const struct target_test target_i2c_tests[];
extern const struct target_test target_mctp_tests[];
extern const struct target_test target_soc_tests[];

#endif /* TARGET_H */
