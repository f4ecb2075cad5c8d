/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_CONSOLE_H
#define PROT_SERVICES_CONSOLE_H

/*
 * What boot stage and runtime say about themselves, for the console of a port:
 * the same sentences everywhere, one line each, without a line end.
 */

#include <prot/services/boot_stage.h>
#include <prot/services/device.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Room for any line and its NUL. Longer ones are cut off. */
#define PROT_CONSOLE_LINE 160

/* Lines of a summary of the boot stage, at most. */
#define PROT_BOOT_STAGE_LINES 7

/*
 * Line `n` of what the boot stage decided, after it has ended: which banks it
 * passed over and why, what it starts and for which reason, digests, why there
 * is no identity. Returns the length; 0: nothing to say there, go on with the
 * next up to PROT_BOOT_STAGE_LINES.
 */
size_t prot_boot_stage_line(const struct prot_boot_stage *b, unsigned n,
			    char out[PROT_CONSOLE_LINE]);

/*
 * An event of the device, as its `event` op is given it. `runtime` names the
 * firmware that runs, "2.0.0". Returns the length.
 */
size_t prot_device_event_line(const char *runtime, enum prot_device_event event,
			      uint32_t a, uint32_t b,
			      char out[PROT_CONSOLE_LINE]);

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_CONSOLE_H */
