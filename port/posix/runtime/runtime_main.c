/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime.h"

#include <prot/base/wipe.h>
#include <prot/crypto_wolfcrypt.h>
#include <prot/pldm/fwup.h>
#include <prot/services/console.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONFIRM_MS   2000
#define TRIAL_FACTOR 3   /* a trial is over after so many confirm times */
#define HEARTBEAT_MS 250 /* longest time without a tick */
#define KEYS         4

/* All that main() needs for the life of the program. */
struct context {
	struct prot_runtime runtime;
	struct prot_posix_board board;
	struct prot_wolfcrypt wolfcrypt;
	struct prot_wolfcrypt_key keys[KEYS];
	struct prot_crypto crypto;
	struct prot_boot_config boot;
	struct prot_device_config device;
	struct prot_handoff handoff;
	uint8_t uuid[PROT_DEVICE_UUID_SIZE];
};

static struct context context;
static volatile sig_atomic_t power_off;

static void on_power_off(int number)
{
	(void)number;
	power_off = 1;
}

static int fail(const char *what, enum prot_status st)
{
	(void)fprintf(stderr, "prot-runtime: %s: %s\n", what,
		      prot_status_text(st));
	return PROT_POSIX_RUN_CONFIG;
}

/* ---- what the device asks of its port ---- */

static void op_reset(void *ctx)
{
	struct context *c = ctx;

	c->runtime.reset = true;
}

static void op_alive(void *ctx)
{
	(void)ctx;
	prot_posix_heartbeat(PROT_POSIX_FD_HEARTBEAT);
}

static bool op_healthy(void *ctx)
{
	(void)ctx;
	return prot_runtime_variant.healthy;
}

static void op_event(void *ctx, enum prot_device_event event, uint32_t a,
		     uint32_t b)
{
	char line[PROT_CONSOLE_LINE];

	(void)ctx;
	(void)prot_device_event_line(prot_runtime_variant.name, event, a, b,
				     line);
	(void)puts(line);
	(void)fflush(stdout);
}

static const struct prot_device_ops device_ops = {
	.reset = op_reset,
	.alive = op_alive,
	.healthy = op_healthy,
	.event = op_event,
};

static const struct prot_pldm_descriptor descriptors[] = {
	{PROT_PLDM_DESCRIPTOR_UUID, PROT_BOARD_UUID_SIZE,
	 prot_board_posix.uuid},
};

/* ---- start ---- */

static bool parse_number(const char *text, unsigned long max,
			 unsigned long *value)
{
	char *end;

	errno = 0;
	*value = strtoul(text, &end, 10);
	return errno == 0 && end != text && *end == '\0' && *value <= max;
}

static bool add_listener(struct prot_runtime_options *o, const char *text)
{
	static const struct {
		const char *name;
		enum prot_posix_framing framing;
	} framings[] = {
		{"mctp:", PROT_POSIX_FRAMING_MCTP},
		{"emu:", PROT_POSIX_FRAMING_EMU},
		{"serial:", PROT_POSIX_FRAMING_SERIAL},
	};
	struct prot_runtime_listener *l = &o->listener[o->listener_count];

	if (o->listener_count == PROT_RUNTIME_LISTENERS) {
		return false;
	}
	for (size_t i = 0; i < PROT_ARRAY_SIZE(framings); i++) {
		size_t n = strlen(framings[i].name);
		unsigned long fd;

		if (strncmp(text, framings[i].name, n) == 0 &&
		    parse_number(text + n, 1023, &fd)) {
			l->fd = (int)fd;
			l->framing = framings[i].framing;
			o->listener_count++;
			return true;
		}
	}
	return false;
}

static bool parse_spdm_version(struct prot_runtime_options *o, const char *text)
{
	if (strcmp(text, "1.2") == 0) {
		o->spdm_version = PROT_SPDM_VERSION_12;
	} else if (strcmp(text, "1.3") == 0) {
		o->spdm_version = PROT_SPDM_VERSION_13;
	} else {
		return false;
	}
	return true;
}

static bool parse_option(struct prot_runtime_options *o, const char *name,
			 const char *value)
{
	unsigned long v;

	if (strcmp(name, "--state") == 0) {
		o->state = value;
		return true;
	}
	if (strcmp(name, "--listener") == 0) {
		return add_listener(o, value);
	}
	if (strcmp(name, "--mtu") == 0 && parse_number(value, 65531, &v) &&
	    v >= PROT_MCTP_BTU) {
		o->mtu = (uint16_t)(v < PROT_DEVICE_MTU_MAX
					    ? v
					    : PROT_DEVICE_MTU_MAX);
		return true;
	}
	if (strcmp(name, "--pcap") == 0 && parse_number(value, 1023, &v)) {
		o->pcap = (int)v;
		return true;
	}
	if (strcmp(name, "--confirm-after") == 0 &&
	    parse_number(value, 3600000, &v)) {
		o->confirm_ms = (uint32_t)v;
		return true;
	}
	return strcmp(name, "--spdm-version") == 0 &&
	       parse_spdm_version(o, value);
}

/* Only the boot stage calls this program, so that no help is needed. */
static bool parse_options(struct prot_runtime_options *o, int argc, char **argv)
{
	o->mtu = PROT_DEVICE_MTU_MAX;
	o->confirm_ms = CONFIRM_MS;
	o->spdm_version = PROT_SPDM_VERSION_13;
	o->pcap = -1;
	for (int i = 1; i < argc; i += 2) {
		if (i + 1 == argc || !parse_option(o, argv[i], argv[i + 1])) {
			(void)fprintf(stderr, "prot-runtime: bad option %s\n",
				      argv[i]);
			return false;
		}
	}
	if (o->state == NULL || o->listener_count == 0) {
		(void)fprintf(stderr,
			      "prot-runtime: is started by 'prot device'\n");
		return false;
	}
	return true;
}

/* Take the hand-off over; the file goes away with its last descriptor. */
static enum prot_status take_handoff(struct prot_handoff *h)
{
	uint8_t bytes[PROT_HANDOFF_SIZE_MAX];
	enum prot_status st = PROT_ERR_STATE;
	size_t len;

	if (prot_posix_memory_is_sealed(PROT_POSIX_FD_HANDOFF)) {
		st = prot_posix_memory_read(PROT_POSIX_FD_HANDOFF, bytes,
					    sizeof(bytes), &len);
	}
	if (st == PROT_OK) {
		st = prot_handoff_decode(bytes, len, h);
	}
	prot_wipe(bytes, sizeof(bytes));
	close(PROT_POSIX_FD_HANDOFF);
	return st;
}

static enum prot_status start_device(struct context *c)
{
	uint32_t confirm = c->runtime.options.confirm_ms;

	prot_runtime_links_init(&c->runtime);
	c->boot = prot_posix_board_boot_config(&c->board, &c->crypto);
	c->device = (struct prot_device_config){
		.ops = &device_ops,
		.ops_ctx = c,
		.boot = &c->boot,
		.links = c->runtime.link_config,
		.link_count = (uint8_t)c->runtime.link_count,
		.uuid = prot_device_uuid(&c->handoff, &c->crypto, c->uuid)
				? c->uuid
				: NULL,
		.descriptors = descriptors,
		.descriptor_count = PROT_ARRAY_SIZE(descriptors),
		.spdm_version = c->runtime.options.spdm_version,
		.confirm_after_ms = confirm,
		.trial_limit_ms = TRIAL_FACTOR * confirm + 1000,
	};
	return prot_device_init(&c->runtime.device, &c->device, &c->handoff,
				prot_posix_now_ms());
}

static int start(struct context *c)
{
	enum prot_status st = take_handoff(&c->handoff);

	if (st != PROT_OK) {
		return fail("no hand-off", st);
	}
	st = prot_posix_board_open(&c->board, c->runtime.options.state);
	if (st != PROT_OK) {
		return fail("cannot open the memories", st);
	}
	st = prot_wolfcrypt_init(&c->wolfcrypt, c->keys, KEYS);
	if (st != PROT_OK) {
		return fail("cannot start the crypto provider", st);
	}
	c->crypto = prot_wolfcrypt_crypto(&c->wolfcrypt);
	st = start_device(c);
	prot_wipe(&c->handoff, sizeof(c->handoff));
	return st == PROT_OK ? 0 : fail("cannot start the device", st);
}

static void catch_signals(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_power_off;
	sigaction(SIGTERM, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGPIPE, &action, NULL);
}

static void hang(void)
{
	printf("runtime %s: hangs\n", prot_runtime_variant.name);
	(void)fflush(stdout);
	for (;;) {
		pause();
	}
}

static void run(struct context *c)
{
	if (prot_runtime_variant.hangs) {
		hang();
	}
	while (!power_off && !c->runtime.reset) {
		uint64_t now = prot_posix_now_ms();
		uint64_t next = prot_device_next_tick(&c->runtime.device);
		uint64_t beat = now + HEARTBEAT_MS;

		prot_runtime_links_turn(&c->runtime, next < beat ? next : beat);
		prot_device_tick(&c->runtime.device, prot_posix_now_ms());
	}
}

int main(int argc, char **argv)
{
	struct context *c = &context;
	int code;

	catch_signals();
	if (!parse_options(&c->runtime.options, argc, argv)) {
		return PROT_POSIX_RUN_CONFIG;
	}
	code = start(c);
	if (code == 0) {
		run(c);
		prot_runtime_links_close(&c->runtime);
		code = c->runtime.reset ? PROT_POSIX_RUN_RESET
					: PROT_POSIX_RUN_POWER_OFF;
	}
	prot_wolfcrypt_free(&c->wolfcrypt);
	prot_posix_board_close(&c->board);
	prot_wipe(c, sizeof(*c));
	return code;
}
