/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The update agent against a firmware device that says what the input tells
 * it to. First byte: options of the agent. Then events, one byte each with
 * its operands: good, damaged and raw responses, requests, time, cancels.
 *
 * Checked besides memory: bytes served are those of the image or zero
 * padding, a response echoes its request, and the end is final.
 */
#include <prot/base/crc32.h>
#include <prot/pldm/ua.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define COMPONENTS 2u
#define IMAGE      500u
#define TRANSFER   128u
#define TX_CAP     PROT_PLDM_UA_TX_SIZE(TRANSFER)
#define PEER       9u

enum event {
	GOOD,       /* a proper response to the last request */
	DAMAGED,    /* the same, u8 offset, u8 value put into it */
	REFUSED,    /* u8 completion code */
	RAW_BODY,   /* u8 length, body of a response */
	RAW,        /* u8 length, message */
	DATA,       /* RequestFirmwareData: u16 offset, u8 length */
	COMPLETION, /* u8 command 0x16..0x18, u8 result */
	REQUEST,    /* u8 command, u8 length, body */
	WAIT,       /* u8: until the next tick wanted, or so many s more */
	CANCEL,     /* u8: component or update */
	EVENTS
};

struct run {
	struct prot_rd in;
	struct prot_pldm_ua ua;
	struct prot_pldm_ua_config cfg;
	struct prot_pldm_ua_component components[COMPONENTS];
	uint8_t metadata[64];
	uint64_t now_ms;
	uint8_t last[PROT_PLDM_UA_REQUEST_MAX]; /* request of the agent */
	size_t last_len;
	enum prot_status status;
	uint8_t instance;
};

static uint8_t package_bytes[2048];
static size_t package_len;
static struct prot_pldm_package package;

static void require(int truth)
{
	if (!truth) {
		abort();
	}
}

static uint8_t image_byte(uint16_t component, uint32_t offset)
{
	return (uint8_t)(offset + offset / 256 + component * 91u + 1);
}

static enum prot_status package_read(void *ctx, uint64_t offset, void *buf,
				     size_t len)
{
	(void)ctx;
	require(offset <= package_len && len <= package_len - offset);
	memcpy(buf, package_bytes + offset, len);
	return PROT_OK;
}

static enum prot_status package_write(void *ctx, const void *bytes, size_t len)
{
	(void)ctx;
	require(len <= sizeof(package_bytes) - package_len);
	memcpy(package_bytes + package_len, bytes, len);
	package_len += len;
	return PROT_OK;
}

static enum prot_status image_read(void *ctx, uint64_t offset, void *buf,
				   size_t len)
{
	for (size_t i = 0; i < len; i++) {
		((uint8_t *)buf)[i] = image_byte(*(const uint16_t *)ctx,
						 (uint32_t)(offset + i));
	}
	return PROT_OK;
}

static const struct prot_pldm_descriptor own = {
	PROT_PLDM_DESCRIPTOR_IANA, 4, (const uint8_t *)"\x01\x02\x03\x04"};

static void make_package(void)
{
	static uint16_t numbers[COMPONENTS] = {0, 1};
	static const uint8_t bitmap[1] = {3};
	static const uint8_t package_data[200] = {1};
	const struct prot_pldm_package_new_record record = {
		.option_flags = PROT_PLDM_PACKAGE_CONTINUE_AFTER_FAILURE,
		.version = PROT_PLDM_ASCII("2"),
		.applicable = bitmap,
		.descriptors = &own,
		.descriptor_count = 1,
		.package_data = package_data,
		.package_data_len = sizeof(package_data),
	};
	struct prot_pldm_package_new_component components[COMPONENTS] = {0};
	const struct prot_pldm_package_description d = {
		.bitmap_bits = 8,
		.version = PROT_PLDM_ASCII("2"),
		.devices = &record,
		.device_count = 1,
		.components = components,
		.component_count = COMPONENTS,
	};
	const struct prot_pldm_package_sink sink = {package_write, NULL};
	struct prot_pldm_package_source source = {package_read, NULL, 0};
	struct prot_pldm_package_verdict v;
	uint8_t buf[64];

	for (uint16_t i = 0; i < COMPONENTS; i++) {
		components[i].classification = PROT_PLDM_CLASS_FIRMWARE;
		components[i].identifier = (uint16_t)(i + 1);
		components[i].version.type = PROT_PLDM_STRING_ASCII;
		components[i].version.len = 1;
		components[i].version.bytes = (const uint8_t *)"2";
		components[i].image.read = image_read;
		components[i].image.ctx = &numbers[i];
		components[i].image.size = IMAGE;
	}
	package_len = 0;
	require(prot_pldm_package_write(&d, &sink, buf, sizeof(buf), &v) ==
		PROT_OK);
	source.size = package_len;
	require(prot_pldm_package_open(&package, &source, &v) == PROT_OK);
}

/* What the agent served must be the image of the component in progress. */
static void check_data(const struct run *run, const uint8_t *rq,
		       const uint8_t *tx, size_t len)
{
	uint32_t offset = rq[3] | (uint32_t)rq[4] << 8;
	const struct prot_pldm_package_component *c =
		&run->components[run->ua.at].image;

	for (size_t i = 4; i < len; i++) {
		size_t at = offset + i - 4;
		uint8_t want =
			at < IMAGE ? image_byte(c->index, (uint32_t)at) : 0;

		require(tx[i] == want);
	}
}

/* Give the agent a message, or NULL; look at what it says. */
static void step(struct run *run, const uint8_t *rx, size_t len)
{
	const struct prot_pldm_message m = {PEER, rx, len};
	enum prot_status before = run->status;
	uint16_t component = run->ua.at;
	uint8_t tx[TX_CAP];
	size_t n;

	run->status = prot_pldm_ua_step(&run->ua, rx ? &m : NULL, run->now_ms,
					tx, sizeof(tx), &n);
	require(n <= sizeof(tx));
	require(before == PROT_PENDING || (run->status == before && n == 0));
	if (n == 0) {
		return;
	}
	require(n >= 3);
	if ((tx[0] & 0x80) != 0) {
		require(tx[1] == PROT_PLDM_TYPE_BASE ||
			tx[1] == PROT_PLDM_TYPE_FWUP);
		require(n <= sizeof(run->last));
		memcpy(run->last, tx, n);
		run->last_len = n;
		return;
	}
	require(rx && len >= 3 && tx[0] == (rx[0] & 0x1f));
	require(tx[1] == (rx[1] & 0x3f) && tx[2] == rx[2]);
	if (tx[1] == PROT_PLDM_TYPE_FWUP && tx[3] == 0 &&
	    tx[2] == PROT_PLDM_REQUEST_FIRMWARE_DATA && len == 11 &&
	    component == run->ua.at) {
		check_data(run, rx, tx, n);
	}
}

static void put_versions(struct prot_wr *w)
{
	static const uint8_t blob[] = {0x00, 0xf0, 0xf3, 0xf1};
	const struct prot_pldm_transfer_rsp part = {
		.flag = PROT_PLDM_START_AND_END};

	prot_pldm_transfer_rsp_encode(w, &part);
	prot_wr_bytes(w, blob, sizeof(blob));
	prot_wr_le32(w, prot_crc32(0, blob, sizeof(blob)));
}

static void put_parameters(struct prot_wr *w)
{
	const struct prot_pldm_firmware_parameters m = {.component_count =
								COMPONENTS};

	prot_pldm_firmware_parameters_encode(w, &m);
	for (uint16_t i = 0; i < COMPONENTS; i++) {
		const struct prot_pldm_component_entry e = {
			.id = {PROT_PLDM_CLASS_FIRMWARE, (uint16_t)(i + 1), 0},
			.active = {.version = PROT_PLDM_ASCII("1")},
		};

		prot_pldm_component_entry_encode(w, &e);
	}
}

/* The body of a proper response. */
static void put_body(struct prot_wr *w, uint8_t type, uint8_t command)
{
	static const uint8_t fixed[][2] = {
		{PROT_PLDM_REQUEST_UPDATE, 3},
		{PROT_PLDM_PASS_COMPONENT_TABLE, 2},
		{PROT_PLDM_UPDATE_COMPONENT, 8},
		{PROT_PLDM_ACTIVATE_FIRMWARE, 2},
		{PROT_PLDM_CANCEL_UPDATE, 9},
		{PROT_PLDM_GET_STATUS, 10},
	};
	const struct prot_pldm_transfer_rsp part = {
		.flag = PROT_PLDM_START_AND_END,
		.data = (const uint8_t *)"meta",
		.len = 4,
	};

	if (type == PROT_PLDM_TYPE_BASE) {
		if (command == PROT_PLDM_GET_PLDM_VERSION) {
			put_versions(w);
		} else {
			prot_wr_fill(w, 0xff,
				     command == PROT_PLDM_GET_TID   ? 1
				     : command == PROT_PLDM_SET_TID ? 0
				     : command == PROT_PLDM_GET_PLDM_TYPES
					     ? 8
					     : 32);
		}
	} else if (command == PROT_PLDM_QUERY_DEVICE_IDENTIFIERS) {
		prot_pldm_query_identifiers_rsp_encode(w, &own, 1);
	} else if (command == PROT_PLDM_GET_FIRMWARE_PARAMETERS) {
		put_parameters(w);
	} else if (command == PROT_PLDM_GET_DEVICE_META_DATA) {
		prot_pldm_transfer_rsp_encode(w, &part);
	}
	for (size_t i = 0; type == PROT_PLDM_TYPE_FWUP &&
			   i < sizeof(fixed) / sizeof(fixed[0]);
	     i++) {
		prot_wr_fill(w, 0, fixed[i][0] == command ? fixed[i][1] : 0);
	}
	if (type == PROT_PLDM_TYPE_FWUP && command == PROT_PLDM_GET_STATUS) {
		w->buf[4] = PROT_PLDM_FD_DOWNLOAD;
	}
}

static void respond(struct run *run, enum event event)
{
	uint8_t msg[600];
	struct prot_wr w = prot_wr_init(msg, sizeof(msg));
	const uint8_t *body;
	uint8_t at;
	uint8_t n;

	if (run->last_len < 3) {
		return;
	}
	prot_wr_u8(&w, run->last[0] & 0x1f);
	prot_wr_bytes(&w, run->last + 1, 2);
	prot_wr_u8(&w, event == REFUSED ? prot_rd_u8(&run->in) : 0);
	if (event == RAW_BODY) {
		n = prot_rd_u8(&run->in);
		body = prot_rd_bytes(&run->in, n);
		prot_wr_bytes(&w, body, body ? n : 0);
	} else if (event != REFUSED) {
		put_body(&w, run->last[1] & 0x3f, run->last[2]);
	}
	if (event == DAMAGED) {
		at = prot_rd_u8(&run->in);
		msg[at % w.len] = prot_rd_u8(&run->in);
	}
	step(run, msg, w.len);
}

static void request(struct run *run, uint8_t command, const uint8_t *body,
		    size_t len)
{
	uint8_t msg[300];
	struct prot_wr w = prot_wr_init(msg, sizeof(msg));

	prot_pldm_request_begin(&w, run->instance, PROT_PLDM_TYPE_FWUP,
				command);
	run->instance = (uint8_t)((run->instance + 1) % 32);
	prot_wr_bytes(&w, body, body ? len : 0);
	step(run, msg, w.len);
}

static void raw(struct run *run, enum event event)
{
	uint8_t command = event == REQUEST ? prot_rd_u8(&run->in) : 0;
	uint8_t n = prot_rd_u8(&run->in);
	const uint8_t *bytes = prot_rd_bytes(&run->in, n);

	if (event == REQUEST) {
		request(run, command, bytes, n);
	} else if (bytes) {
		step(run, bytes, n);
	}
}

static void ask_data(struct run *run)
{
	uint8_t body[8] = {0};

	body[0] = prot_rd_u8(&run->in);
	body[1] = prot_rd_u8(&run->in);
	body[4] = prot_rd_u8(&run->in);
	request(run, PROT_PLDM_REQUEST_FIRMWARE_DATA, body, sizeof(body));
}

static void complete(struct run *run)
{
	uint8_t body[3] = {0};
	uint8_t command = prot_rd_u8(&run->in);

	body[0] = prot_rd_u8(&run->in);
	request(run, command, body,
		command == PROT_PLDM_APPLY_COMPLETE ? 3 : 1);
}

static void pass_time(struct run *run)
{
	uint8_t seconds = prot_rd_u8(&run->in);
	uint64_t wake = prot_pldm_ua_wake_ms(&run->ua);

	if (seconds == 0 && wake != UINT64_MAX) {
		run->now_ms = wake > run->now_ms ? wake : run->now_ms;
	}
	run->now_ms += seconds * 1000u;
	step(run, NULL, 0);
}

static void play(struct run *run)
{
	uint8_t event = prot_rd_u8(&run->in) % EVENTS;

	switch (event) {
	case RAW:
	case REQUEST:
		raw(run, (enum event)event);
		break;
	case DATA:
		ask_data(run);
		break;
	case COMPLETION:
		complete(run);
		break;
	case WAIT:
		pass_time(run);
		break;
	case CANCEL:
		prot_pldm_ua_cancel(&run->ua, (prot_rd_u8(&run->in) & 1) != 0
						      ? PROT_PLDM_UA_UPDATE
						      : PROT_PLDM_UA_COMPONENT);
		break;
	default:
		respond(run, (enum event)event);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run run;
	struct prot_pldm_ua_progress p;
	uint8_t options;

	if (package_len == 0) {
		make_package();
	}
	memset(&run, 0, sizeof(run));
	run.in = prot_rd_init(data, size);
	options = prot_rd_u8(&run.in);
	run.cfg = (struct prot_pldm_ua_config){
		.package = &package,
		.peer = PEER,
		.components = run.components,
		.component_cap = COMPONENTS,
		.metadata = run.metadata,
		.metadata_cap = sizeof(run.metadata),
		.max_transfer = TRANSFER,
		.tid = options & 1,
		.retries = 2,
		.response_ms = 500,
		.busy_ms = 5000,
		.t2_ms = 60000,
		.t3_ms = 60000,
		.poll_ms = 1000,
		.takeover = (options & 2) != 0,
		.activate = (options & 4) == 0,
		.self_contained = (options & 8) != 0,
		.ignore_match = (options & 16) != 0,
	};
	require(prot_pldm_ua_init(&run.ua, &run.cfg) == PROT_OK);
	run.status = PROT_PENDING;
	step(&run, NULL, 0);
	while (prot_rd_ok(&run.in) && run.in.left != 0) {
		play(&run);
		prot_pldm_ua_progress(&run.ua, &p);
		require(p.served <= p.size || p.size == 0);
	}
	return 0;
}
