/* SPDX-License-Identifier: Apache-2.0 */
#include "profile.h"

#include <prot/base/text.h>
#include <prot/port/firmware.h>
#include <prot/services/console.h>

/* What the linker calls in its place, and what it is called then. */
void __wrap_prot_firmware_runtime(
	struct prot_firmware_runtime *r,
	const struct prot_firmware_runtime_config *cfg);
void __real_prot_firmware_runtime(
	struct prot_firmware_runtime *r,
	const struct prot_firmware_runtime_config *cfg);

static struct prot_firmware_runtime_config config;
static struct prot_firmware_runtime_ops ops;
static const struct prot_firmware_runtime_config *plain;

static void put(struct prot_text *t, const char *name, uint32_t us)
{
	prot_text_char(t, ' ');
	prot_text_str(t, name);
	prot_text_char(t, ' ');
	prot_text_u32(t, us);
}

/* "profile, us: signature 1 hash 2 dice 3 boot 4 ready 5" */
static void print(uint32_t ready)
{
	static const char *const names[PROFILE_PHASES] = {"signature", "hash",
							  "dice", "boot"};
	char line[PROT_CONSOLE_LINE];
	struct prot_text t = prot_text_init(line, sizeof(line));

	prot_text_str(&t, "profile, us:");
	for (size_t i = 0; i < PROFILE_PHASES; i++) {
		put(&t, names[i], profile_memory()->us[i]);
	}
	put(&t, "ready", ready);
	prot_firmware_print(&plain->seams, line);
}

/* The first time packets can be taken: the device serves. */
static void poll(void *ctx, struct prot_device *device, uint64_t now_ms)
{
	if (ops.poll == poll) {
		print(profile_us());
		ops.poll = plain->ops->poll;
	}
	plain->ops->poll(ctx, device, now_ms);
}

void __wrap_prot_firmware_runtime(
	struct prot_firmware_runtime *r,
	const struct prot_firmware_runtime_config *cfg)
{
	plain = cfg;
	ops = *cfg->ops;
	ops.poll = poll;
	config = *cfg;
	config.ops = &ops;
	__real_prot_firmware_runtime(r, &config);
}
