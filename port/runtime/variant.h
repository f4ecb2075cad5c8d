/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_RUNTIME_VARIANT_H
#define PROT_RUNTIME_VARIANT_H

#include <stdbool.h>

/*
 * What makes one firmware version differ from another: each build of the
 * runtime links one object of these, on every port.
 */
struct prot_runtime_variant {
	const char *name;
	bool healthy; /* else it boots, serves, and is never confirmed */
	bool hangs;   /* right after its start: the watchdog is not fed */
};

extern const struct prot_runtime_variant prot_runtime_variant;

#endif /* PROT_RUNTIME_VARIANT_H */
