/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/firmware.h>

#include <prot/base/wipe.h>
#include <prot/services/console.h>

static void feed(const struct prot_firmware_boot_config *cfg)
{
	cfg->seams.watchdog->ops->feed(cfg->seams.watchdog->ctx);
}

static void arm(const struct prot_firmware_boot_config *cfg, uint32_t ms)
{
	cfg->seams.watchdog->ops->start(cfg->seams.watchdog->ctx, ms);
}

/*
 * Nothing may run, and nothing that was loaded or derived stays. The watchdog
 * must not end this: each reset would be another try at the same images.
 */
static _Noreturn void lock_down(struct prot_firmware_boot *b)
{
	const struct prot_firmware_boot_config *cfg = b->cfg;

	prot_wipe(b, sizeof(*b));
	prot_wipe(cfg->load, cfg->seams.board->load_size);
	prot_wipe(cfg->handoff, cfg->handoff_size);
	prot_firmware_print(&cfg->seams, "boot: locked down");
	cfg->seams.watchdog->ops->stop(cfg->seams.watchdog->ctx);
	for (;;) {
		feed(cfg);
		cfg->ops->halt(cfg->ctx);
	}
}

/*
 * The payload goes where it will run while it is hashed. One that does not
 * verify is overwritten by the next, or never started.
 */
static enum prot_status load(void *ctx, const struct prot_image_header *h,
			     uint32_t offset, const void *data, size_t len)
{
	const struct prot_firmware_boot *b = ctx;
	const struct prot_board *board = b->cfg->seams.board;

	if (h->load_address != board->load_address ||
	    h->payload_size > board->load_size || offset > board->load_size ||
	    len > board->load_size - offset) {
		return PROT_ERR_ARG;
	}
	memcpy(b->cfg->load + offset, data, len);
	return PROT_OK;
}

/*
 * Through a buffer: code may stand at address 0, which crypto providers take
 * for no data.
 */
static enum prot_status measure_piece(struct prot_firmware_boot *b,
				      const struct prot_firmware_code *code)
{
	const struct prot_crypto *c = b->cfg->seams.crypto;
	enum prot_status st = PROT_OK;

	for (size_t at = 0; at < code->len && st == PROT_OK;
	     at += sizeof(b->chunk)) {
		size_t left = code->len - at;
		size_t n = left < sizeof(b->chunk) ? left : sizeof(b->chunk);

		feed(b->cfg);
		memcpy(b->chunk, code->at + at, n);
		st = c->ops->hash_update(c->ctx, &b->hash, b->chunk, n);
	}
	return st;
}

static enum prot_status measure(struct prot_firmware_boot *b)
{
	const struct prot_crypto *c = b->cfg->seams.crypto;
	enum prot_status st =
		c->ops->hash_init(c->ctx, &b->hash, PROT_HASH_SHA384);

	for (size_t i = 0; i < PROT_FIRMWARE_CODE && st == PROT_OK; i++) {
		st = measure_piece(b, &b->cfg->code[i]);
	}
	if (st == PROT_OK) {
		st = c->ops->hash_final(c->ctx, &b->hash, b->input.boot_digest);
	}
	return st;
}

static bool memory_is_usable(const struct prot_firmware_boot_config *cfg)
{
	const struct prot_board *board = cfg->seams.board;

	return board->load_address != 0 && board->load_size != 0 &&
	       board->otp_size <= cfg->seams.otp->size &&
	       cfg->handoff_size >= PROT_HANDOFF_SIZE_MAX &&
	       cfg->code[0].len != 0 &&
	       prot_flash_layout_check(board->layout,
				       &cfg->seams.flash->geometry) == PROT_OK;
}

static enum prot_status start(struct prot_firmware_boot *b,
			      const struct prot_image_sink *sink)
{
	const struct prot_firmware_boot_config *cfg = b->cfg;
	const struct prot_board *board = cfg->seams.board;
	enum prot_status st =
		cfg->ops->start ? cfg->ops->start(cfg->ctx) : PROT_OK;

	if (st == PROT_OK && !memory_is_usable(cfg)) {
		st = PROT_ERR_ARG;
	}
	if (st == PROT_OK) {
		st = measure(b);
	}
	if (st != PROT_OK) {
		return st;
	}
	b->input.reset_reason = cfg->ops->reset_reason(cfg->ctx);
	b->config = (struct prot_boot_stage_config){
		.boot = prot_firmware_boot_config(&cfg->seams),
		.product = board->product,
		.vendor = board->vendor,
		.model = board->model,
	};
	return prot_boot_stage_init(&b->stage, &b->config, &b->input, sink);
}

static void print_summary(const struct prot_firmware_boot *b)
{
	char line[PROT_CONSOLE_LINE];

	for (unsigned n = 0; n < PROT_BOOT_STAGE_LINES; n++) {
		if (prot_boot_stage_line(&b->stage, n, line) != 0) {
			feed(b->cfg);
			prot_firmware_print(&b->cfg->seams, line);
		}
	}
}

static enum prot_status run_stage(struct prot_firmware_boot *b)
{
	enum prot_status st;

	do {
		feed(b->cfg);
		st = prot_boot_stage_step(&b->stage);
	} while (st == PROT_PENDING);
	print_summary(b);
	return st;
}

static enum prot_status hand_over(const struct prot_firmware_boot *b)
{
	const struct prot_firmware_boot_config *cfg = b->cfg;
	size_t len = 0;
	enum prot_status st =
		prot_handoff_encode(prot_boot_stage_handoff(&b->stage),
				    cfg->handoff, cfg->handoff_size, &len);

	if (st == PROT_OK) {
		memset(cfg->handoff + len, 0, cfg->handoff_size - len);
	}
	return st;
}

static void start_runtime(struct prot_firmware_boot *b)
{
	const struct prot_firmware_boot_config *cfg = b->cfg;
	const struct prot_image_header *h =
		&prot_boot_stage_result(&b->stage)->header;
	uint32_t entry = h->load_address + h->entry;
	uint32_t used = h->payload_size;

	/* An image that was passed over may have been longer. */
	memset(cfg->load + used, 0, cfg->seams.board->load_size - used);
	prot_wipe(b, sizeof(*b));
	if (cfg->ops->leave) {
		cfg->ops->leave(cfg->ctx);
	}
	arm(cfg, cfg->runtime_watchdog_ms);
	cfg->ops->jump(cfg->ctx, entry);
}

void prot_firmware_boot(struct prot_firmware_boot *b,
			const struct prot_firmware_boot_config *cfg)
{
	const struct prot_image_sink sink = {load, b};
	enum prot_status st;

	memset(b, 0, sizeof(*b));
	b->cfg = cfg;
	arm(cfg, cfg->watchdog_ms);
	st = start(b, &sink);
	if (st != PROT_OK) {
		prot_firmware_print_status(&cfg->seams, "boot: cannot start",
					   st);
		lock_down(b);
	}
	if (run_stage(b) != PROT_OK) {
		lock_down(b);
	}
	st = hand_over(b);
	if (st != PROT_OK) {
		prot_firmware_print_status(
			&cfg->seams, "boot: cannot prepare the runtime", st);
		lock_down(b);
	}
	start_runtime(b);
	b->cfg = cfg; /* wiped; a jump that returns is a broken port */
	lock_down(b);
}
