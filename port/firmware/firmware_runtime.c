/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/firmware.h>

#include <prot/base/wipe.h>
#include <prot/services/console.h>

#define TICKS_PER_WATCHDOG 4u

/* ---- what the device asks of its port ---- */

static void op_reset(void *ctx)
{
	struct prot_firmware_runtime *r = ctx;

	r->reset = true;
	r->cfg->ops->reset(r->cfg->ctx, PROT_RESET_REQUESTED);
}

static void op_alive(void *ctx)
{
	const struct prot_firmware_runtime *r = ctx;
	const struct prot_watchdog *w = r->cfg->seams.watchdog;

	w->ops->feed(w->ctx);
}

static bool op_healthy(void *ctx)
{
	const struct prot_firmware_runtime *r = ctx;
	const struct prot_firmware_runtime_ops *ops = r->cfg->ops;

	return !ops->healthy || ops->healthy(r->cfg->ctx);
}

static void op_event(void *ctx, enum prot_device_event event, uint32_t a,
		     uint32_t b)
{
	const struct prot_firmware_runtime *r = ctx;
	char line[PROT_CONSOLE_LINE];

	(void)prot_device_event_line(r->cfg->name, event, a, b, line);
	prot_firmware_print(&r->cfg->seams, line);
	if (r->cfg->ops->event) {
		r->cfg->ops->event(r->cfg->ctx, event, a, b);
	}
}

static const struct prot_device_ops device_ops = {
	.reset = op_reset,
	.alive = op_alive,
	.healthy = op_healthy,
	.event = op_event,
};

/* ---- start ---- */

static void configure(struct prot_firmware_runtime *r)
{
	const struct prot_firmware_runtime_config *cfg = r->cfg;
	const struct prot_board *board = cfg->seams.board;
	bool named = prot_device_uuid(&r->handoff, cfg->seams.crypto, r->uuid);

	r->boot = prot_firmware_boot_config(&cfg->seams);
	r->descriptor = (struct prot_pldm_descriptor){
		PROT_PLDM_DESCRIPTOR_UUID, sizeof(board->uuid), board->uuid};
	r->config = (struct prot_device_config){
		.ops = &device_ops,
		.ops_ctx = r,
		.boot = &r->boot,
		.links = cfg->links,
		.link_count = cfg->link_count,
		.static_eid = cfg->static_eid,
		.uuid = named ? r->uuid : NULL,
		.descriptors = &r->descriptor,
		.descriptor_count = 1,
		.spdm_version = cfg->spdm_version,
		.confirm_after_ms = cfg->confirm_after_ms,
		.trial_limit_ms = cfg->trial_limit_ms,
	};
}

static enum prot_status start(struct prot_firmware_runtime *r)
{
	const struct prot_firmware_runtime_config *cfg = r->cfg;
	enum prot_status st;

	st = prot_handoff_decode(cfg->handoff, cfg->handoff_size, &r->handoff);
	prot_wipe(cfg->handoff, cfg->handoff_size);
	if (st != PROT_OK) {
		prot_firmware_print_status(&cfg->seams, "runtime: no hand-off",
					   st);
		return st;
	}
	st = cfg->ops->start ? cfg->ops->start(cfg->ctx) : PROT_OK;
	if (st == PROT_OK) {
		configure(r);
		st = prot_device_init(&r->device, &r->config, &r->handoff,
				      prot_clock_ms(cfg->seams.clock));
	}
	prot_wipe(&r->handoff, sizeof(r->handoff));
	if (st != PROT_OK) {
		prot_firmware_print_status(&cfg->seams, "runtime: cannot start",
					   st);
	}
	return st;
}

/* When to look again, if nothing arrives. */
static uint64_t wake(const struct prot_firmware_runtime *r, uint64_t now_ms)
{
	uint64_t next = prot_device_next_tick(&r->device);
	uint64_t beat = now_ms + r->cfg->watchdog_ms / TICKS_PER_WATCHDOG;

	return next < beat ? next : beat;
}

static void turn(struct prot_firmware_runtime *r)
{
	const struct prot_firmware_runtime_config *cfg = r->cfg;
	uint64_t now = prot_clock_ms(cfg->seams.clock);
	uint64_t until;

	cfg->ops->poll(cfg->ctx, &r->device, now);
	prot_device_tick(&r->device, now);
	until = wake(r, now);
	if (!r->reset && cfg->ops->idle && until > now) {
		cfg->ops->idle(cfg->ctx, until);
	}
}

void prot_firmware_runtime(struct prot_firmware_runtime *r,
			   const struct prot_firmware_runtime_config *cfg)
{
	const struct prot_watchdog *w = cfg->seams.watchdog;

	memset(r, 0, sizeof(*r));
	r->cfg = cfg;
	w->ops->start(w->ctx, cfg->watchdog_ms);
	if (start(r) != PROT_OK) {
		cfg->ops->reset(cfg->ctx, PROT_RESET_FAULT);
		return;
	}
	while (!r->reset) {
		turn(r);
	}
}
