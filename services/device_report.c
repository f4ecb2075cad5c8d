/* SPDX-License-Identifier: Apache-2.0 */
#include "device_private.h"

enum prot_status prot_device_report_init(struct prot_device *d)
{
	const struct prot_image_store *store = &d->cfg->boot->store;

	d->phase = PHASE_OPEN_JOURNAL;
	d->reset_ms = UINT64_MAX;
	return prot_journal_init(&d->journal, store->flash, store->layout);
}

static bool on_trial(const struct prot_device *d)
{
	return d->handoff.mode == PROT_BOOT_TRIAL;
}

static void start_confirm(struct prot_device *d)
{
	prot_boot_confirm_init(&d->report, d->cfg->boot, &d->journal,
			       d->handoff.bank);
	d->phase = PHASE_CONFIRM;
}

/*
 * The image came up. On trial it has to prove itself first; an image that was
 * confirmed before completes what a power cut may have left undone.
 */
static void came_up(struct prot_device *d)
{
	switch (d->handoff.mode) {
	case PROT_BOOT_TRIAL:
		d->phase = PHASE_TRIAL;
		break;
	case PROT_BOOT_NORMAL:
		start_confirm(d);
		break;
	case PROT_BOOT_RECOVERY:
	case PROT_BOOT_LOCKDOWN:
	default:
		d->phase = PHASE_READY;
		break;
	}
}

static bool is_healthy(const struct prot_device *d)
{
	const struct prot_device_ops *ops = d->cfg->ops;

	return !ops->healthy || ops->healthy(d->cfg->ops_ctx);
}

static void start_boot_ok(struct prot_device *d)
{
	prot_boot_ok_init(&d->report, d->cfg->boot, &d->journal,
			  d->handoff.bank);
	d->phase = PHASE_BOOT_OK;
}

/*
 * An image that was confirmed once may still hang. After a reset by the
 * watchdog a boot counts as a success only when it lasts as long as a trial
 * has to, so that such resets add up and the boot stage turns to another
 * image. An update under way has the journal to itself.
 */
static void judge_boot(struct prot_device *d)
{
	uint64_t up_ms = d->now_ms - d->started_ms;

	if (up_ms >= d->cfg->confirm_after_ms && is_healthy(d) &&
	    prot_pldm_fd_state(&d->fd) == PROT_PLDM_FD_IDLE) {
		start_boot_ok(d);
	}
}

static void judge_trial(struct prot_device *d)
{
	uint64_t up_ms = d->now_ms - d->started_ms;

	if (up_ms >= d->cfg->confirm_after_ms && is_healthy(d)) {
		start_confirm(d);
	} else if (up_ms >= d->cfg->trial_limit_ms) {
		prot_device_event(d, PROT_DEVICE_EVENT_UNHEALTHY,
				  d->handoff.bank, 0);
		d->phase = PHASE_READY;
		d->reset_ms = d->now_ms;
	}
}

/*
 * Whatever goes wrong after the CONFIRM record was written concerns the SVN
 * floor only: an image that cannot raise it, because the golden image is
 * missing or damaged, is confirmed all the same.
 */
static void report_confirm(struct prot_device *d, enum prot_status st)
{
	const struct prot_journal_state *state =
		prot_journal_state(&d->journal);
	uint32_t bank = d->handoff.bank;

	if (st == PROT_OK) {
		prot_device_event(d, PROT_DEVICE_EVENT_CONFIRMED, bank,
				  d->handoff.svn_floor);
	} else if (state->bank[bank].state == PROT_BANK_CONFIRMED) {
		prot_device_event(d, PROT_DEVICE_EVENT_FLOOR_KEPT, bank,
				  d->handoff.svn_floor);
	} else {
		prot_device_event(d, PROT_DEVICE_EVENT_CONFIRM_FAILED, bank,
				  (uint32_t)-st);
		return;
	}
	d->handoff.mode = PROT_BOOT_NORMAL;
}

static void finish_confirm(struct prot_device *d, enum prot_status st)
{
	d->phase = PHASE_READY;
	if (st == PROT_OK) {
		d->handoff.svn_floor = prot_boot_report_floor(&d->report);
	}
	if (on_trial(d)) {
		report_confirm(d, st);
	}
}

/* Power cuts do not count against an image that came up, however short. */
static bool after_failure(const struct prot_device *d)
{
	return d->handoff.reset_reason == PROT_RESET_WATCHDOG ||
	       d->handoff.reset_reason == PROT_RESET_FAULT;
}

static void journal_opened(struct prot_device *d)
{
	if (d->handoff.mode == PROT_BOOT_NORMAL && after_failure(d)) {
		d->phase = PHASE_SETTLE;
	} else {
		start_boot_ok(d);
	}
}

void prot_device_report_tick(struct prot_device *d)
{
	enum prot_status st;

	switch (d->phase) {
	case PHASE_OPEN_JOURNAL:
		if (prot_journal_open_step(&d->journal) == PROT_OK) {
			journal_opened(d);
		}
		break;
	case PHASE_SETTLE:
		judge_boot(d);
		break;
	case PHASE_BOOT_OK:
		/* A journal that cannot be written must not stop the device. */
		if (prot_boot_report_step(&d->report) != PROT_PENDING) {
			came_up(d);
		}
		break;
	case PHASE_TRIAL:
		judge_trial(d);
		break;
	case PHASE_CONFIRM:
		st = prot_boot_report_step(&d->report);
		if (st != PROT_PENDING) {
			finish_confirm(d, st);
		}
		break;
	default:
		break;
	}
}

/* Not healthy yet: ask again, a few times a second. */
#define HEALTH_POLL_MS 250

static uint64_t settle_wake(const struct prot_device *d)
{
	uint64_t confirm = d->started_ms + d->cfg->confirm_after_ms;

	return d->now_ms < confirm ? confirm : d->now_ms + HEALTH_POLL_MS;
}

static uint64_t trial_wake(const struct prot_device *d)
{
	uint64_t limit = d->started_ms + d->cfg->trial_limit_ms;
	uint64_t wake = settle_wake(d);

	return wake < limit ? wake : limit;
}

uint64_t prot_device_report_next_tick(const struct prot_device *d)
{
	switch (d->phase) {
	case PHASE_OPEN_JOURNAL:
	case PHASE_BOOT_OK:
	case PHASE_CONFIRM:
		return 0;
	case PHASE_SETTLE:
		return settle_wake(d);
	case PHASE_TRIAL:
		return trial_wake(d);
	default:
		return UINT64_MAX;
	}
}
