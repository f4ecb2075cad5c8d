/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The course of an update: lines, and on a terminal a bar with rate and time
 * left. Without a terminal there are whole lines only, one for each tenth.
 */
#include "update.h"

#include <inttypes.h>
#include <string.h>

#define BAR_WIDTH  28
#define REDRAW_MS  100
#define MIB        1048576.0
#define RATE_FIRST 300 /* ms of transfer before a rate means something */

void prot_cli_update_show_end(struct prot_cli_update *u)
{
	if (u->display.bar) {
		printf("\n");
		u->display.bar = false;
	}
}

/* One line of text, below the bar if there is one. */
__attribute__((format(printf, 2, 3))) static void
line(struct prot_cli_update *u, const char *format, ...)
{
	va_list args;

	prot_cli_update_show_end(u);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
}

static void size_text(uint64_t bytes, char out[32])
{
	if (bytes >= 10 * UINT64_C(1048576)) {
		snprintf(out, 32, "%.1f MiB", (double)bytes / MIB);
	} else if (bytes >= 10240) {
		snprintf(out, 32, "%" PRIu64 " KiB", bytes / 1024);
	} else {
		snprintf(out, 32, "%" PRIu64 " bytes", bytes);
	}
}

/* "3.1 MiB/s, 2 s left"; empty while it is too early to tell. */
static void rate_text(const struct prot_cli_display *d, uint32_t served,
		      uint32_t size, char out[64])
{
	uint64_t elapsed = prot_cli_now_ms() - d->started_ms;
	double rate;

	out[0] = '\0';
	if (elapsed < RATE_FIRST || served == 0) {
		return;
	}
	rate = (double)served * 1000 / (double)elapsed;
	snprintf(out, 64, "%.1f %s/s, %.0f s left",
		 rate >= MIB ? rate / MIB : rate / 1024,
		 rate >= MIB ? "MiB" : "KiB", (double)(size - served) / rate);
}

static void draw_bar(struct prot_cli_update *u, uint32_t served, uint32_t size)
{
	struct prot_cli_display *d = &u->display;
	int full = (int)((uint64_t)served * BAR_WIDTH / size);
	char bar[BAR_WIDTH + 1];
	char rate[64];
	uint64_t now = prot_cli_now_ms();

	if (d->bar && now - d->drawn_ms < REDRAW_MS && served < size) {
		return;
	}
	for (int i = 0; i < BAR_WIDTH; i++) {
		bar[i] = i < full ? '#' : '.';
	}
	bar[BAR_WIDTH] = '\0';
	rate_text(d, served, size, rate);
	printf("\r  [%s] %3u %%  %-32s", bar,
	       (unsigned)((uint64_t)served * 100 / size), rate);
	fflush(stdout);
	d->bar = true;
	d->drawn_ms = now;
}

static void show_transfer(struct prot_cli_update *u, uint32_t served,
			  uint32_t size)
{
	struct prot_cli_display *d = &u->display;
	unsigned tenths = (unsigned)((uint64_t)served * 10 / size);
	char rate[64];

	if (d->terminal) {
		draw_bar(u, served, size);
	} else if (tenths != d->tenths) {
		d->tenths = tenths;
		rate_text(d, served, size, rate);
		line(u, "  %3u %%%s%s", tenths * 10, rate[0] ? ", " : "", rate);
	}
}

static void active_text(const struct prot_pldm_ua_component *c, char out[64])
{
	if (c->active_len == 0) {
		snprintf(out, 64, "unknown version");
	} else {
		prot_cli_printable(c->active, c->active_len, out, 64);
	}
}

static void show_component(struct prot_cli_update *u, uint16_t i,
			   uint16_t count)
{
	const struct prot_pldm_ua_component *c = &u->components[i];
	char version[PROT_CLI_PACKAGE_TEXT];
	char active[64];
	char size[32];

	prot_cli_package_text(&u->package.package, &c->image.version, version);
	active_text(c, active);
	size_text(c->image.image.len, size);
	line(u, "component %u of %u: 0x%04x, %s -> %s, %s", i + 1u, count,
	     c->image.identifier, active, version, size);
}

/* The end of a step, said when the next one begins. */
static void show_step_end(struct prot_cli_update *u,
			  enum prot_pldm_ua_step ended)
{
	const struct prot_pldm_ua_result *r = prot_pldm_ua_result(&u->ua);
	uint32_t size = u->components[u->display.component].image.image.len;
	uint64_t elapsed = prot_cli_now_ms() - u->display.started_ms;

	if (r->reason != PROT_PLDM_UA_FAIL_NONE && r->step == ended) {
		return;
	}
	if (ended == PROT_PLDM_UA_DOWNLOAD) {
		/* The last piece may have been served since the last look. */
		show_transfer(u, size, size);
		line(u, "  transferred in %.1f s", (double)elapsed / 1000);
	} else if (ended == PROT_PLDM_UA_VERIFY) {
		line(u, "  verified by the device");
	} else if (ended == PROT_PLDM_UA_APPLY) {
		line(u, "  applied");
	}
}

static void show_step_begin(struct prot_cli_update *u,
			    const struct prot_pldm_ua_progress *p)
{
	if (p->step == PROT_PLDM_UA_REQUEST_UPDATE) {
		line(u, "the package is for this device: %u component%s",
		     p->component_count, p->component_count == 1 ? "" : "s");
	} else if (p->step == PROT_PLDM_UA_UPDATE_COMPONENT) {
		show_component(u, p->component, p->component_count);
	} else if (p->step == PROT_PLDM_UA_DOWNLOAD) {
		u->display.started_ms = prot_cli_now_ms();
		u->display.tenths = 0;
	}
}

void prot_cli_update_show(struct prot_cli_update *u)
{
	struct prot_cli_display *d = &u->display;
	struct prot_pldm_ua_progress p;

	prot_pldm_ua_progress(&u->ua, &p);
	if (d->silent) {
		return;
	}
	/* A short image comes between two calls: name what was passed by. */
	if (p.step > PROT_PLDM_UA_UPDATE_COMPONENT &&
	    p.step <= PROT_PLDM_UA_APPLY &&
	    (d->step < PROT_PLDM_UA_UPDATE_COMPONENT ||
	     d->component != p.component)) {
		struct prot_pldm_ua_progress passed = p;

		passed.step = PROT_PLDM_UA_UPDATE_COMPONENT;
		show_step_begin(u, &passed);
		passed.step = PROT_PLDM_UA_DOWNLOAD;
		show_step_begin(u, &passed);
		d->step = PROT_PLDM_UA_DOWNLOAD;
		d->component = p.component;
	}
	if (p.step != d->step || p.component != d->component) {
		show_step_end(u, d->step);
		show_step_begin(u, &p);
		d->step = p.step;
		d->component = p.component;
	}
	if (p.step == PROT_PLDM_UA_DOWNLOAD && p.size != 0) {
		show_transfer(u, p.served, p.size);
	}
}
