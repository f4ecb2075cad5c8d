/* SPDX-License-Identifier: Apache-2.0 */
#include "ua_fixture.h"

static const uint8_t uuid[16] = {0, 1, 2,  3,  4,  5,  6,  7,
				 8, 9, 10, 11, 12, 13, 14, 15};
static const uint8_t other_uuid[16] = {1};
const struct prot_pldm_descriptor device_descriptors[2] = {
	{PROT_PLDM_DESCRIPTOR_UUID, 16, uuid},
	{PROT_PLDM_DESCRIPTOR_IANA, 4, (const uint8_t *)"\x01\x02\x03\x04"},
};
static const struct prot_pldm_descriptor foreign[1] = {
	{PROT_PLDM_DESCRIPTOR_UUID, 16, other_uuid},
};

uint8_t image_byte(uint16_t component, uint32_t offset)
{
	return (uint8_t)(offset * 7 + offset / 256 + component + 1);
}

static enum prot_status image_read(void *ctx, uint64_t offset, void *buf,
				   size_t len)
{
	uint16_t component = *(const uint16_t *)ctx;

	for (size_t i = 0; i < len; i++) {
		((uint8_t *)buf)[i] =
			image_byte(component, (uint32_t)(offset + i));
	}
	return PROT_OK;
}

static void build_package(struct bench *b, const struct content *content)
{
	static const struct prot_pldm_string versions[COMPONENTS] = {
		PROT_PLDM_ASCII("2.0.0"), PROT_PLDM_ASCII("2.0.1"),
		PROT_PLDM_ASCII("2.0.2")};
	uint16_t numbers[COMPONENTS] = {0, 1, 2};
	struct prot_pldm_package_new_component components[COMPONENTS] = {0};
	uint8_t bitmap[1] = {(uint8_t)((1u << content->components) - 1)};
	uint8_t package_data[600];
	const struct prot_pldm_package_new_record record = {
		.option_flags = content->flags,
		.version = PROT_PLDM_ASCII("set 2.0"),
		.applicable = bitmap,
		.descriptors =
			content->other_device ? foreign : device_descriptors,
		.descriptor_count = content->other_device ? 1 : 2,
		.package_data = package_data,
		.package_data_len = content->package_data_len,
	};
	const struct prot_pldm_package_description d = {
		.bitmap_bits = 8,
		.version = PROT_PLDM_ASCII("package 2.0"),
		.devices = &record,
		.device_count = 1,
		.components = components,
		.component_count = content->components,
	};
	const struct prot_pldm_package_sink sink = {file_write, &b->file};
	struct prot_pldm_package_verdict v;
	uint8_t buf[256];

	for (uint16_t i = 0; i < sizeof(package_data); i++) {
		package_data[i] = (uint8_t)(i * 3 + i / 256);
	}
	for (uint16_t i = 0; i < content->components; i++) {
		components[i].classification = PROT_PLDM_CLASS_FIRMWARE;
		components[i].identifier = i == 0 && content->identifier != 0
						   ? content->identifier
						   : (uint16_t)(i + 1);
		components[i].options = content->options;
		components[i].version = versions[i];
		components[i].image.read = image_read;
		components[i].image.ctx = &numbers[i];
		components[i].image.size = content->sizes[i];
	}
	assert_int_equal(
		prot_pldm_package_write(&d, &sink, buf, sizeof(buf), &v),
		PROT_OK);
	assert_int_equal(file_open(&b->file, &b->package, &v), PROT_OK);
}

void bench_init(struct bench *b, const struct content *content)
{
	memset(b, 0, sizeof(*b));
	build_package(b, content);
	b->cfg = (struct prot_pldm_ua_config){
		.package = &b->package,
		.peer = PEER,
		.components = b->components,
		.component_cap = COMPONENTS,
		.metadata = b->metadata,
		.metadata_cap = sizeof(b->metadata),
		.max_transfer = TRANSFER,
		.retries = 2,
		.response_ms = 500,
		.busy_ms = 5000,
		.t2_ms = 60000,
		.t3_ms = 120000,
		.poll_ms = 1000,
		.activate = true,
	};
	b->device.chunk = TRANSFER;
	b->limit_ms = 600000;
	assert_int_equal(prot_pldm_ua_init(&b->ua, &b->cfg), PROT_OK);
	b->status = PROT_PENDING;
}

void bench_step(struct bench *b, const uint8_t *rx, size_t rx_len)
{
	const struct prot_pldm_message m = {PEER, rx, rx_len};
	uint8_t tx[TX_CAP];
	uint8_t answer[512];
	uint8_t request[16];
	size_t len;
	size_t n;

	b->status = prot_pldm_ua_step(&b->ua, rx ? &m : NULL, b->now_ms, tx,
				      sizeof(tx), &len);
	if (len == 0) {
		return;
	}
	b->messages++;
	assert_true(b->messages < 100000);
	if ((tx[0] & 0x80) == 0) {
		device_response(&b->device, tx, len);
		return;
	}
	n = device_answer(&b->device, tx, len, answer, sizeof(answer));
	if (b->device.faults.eager) {
		size_t early =
			device_request(&b->device, request, sizeof(request));

		if (early != 0) {
			bench_step(b, request, early);
		}
	}
	if (n != 0 && b->status == PROT_PENDING) {
		bench_step(b, answer, n);
	}
}

/* Let the device make its next request, and the agent answer it. */
static bool bench_request(struct bench *b)
{
	uint8_t request[16];
	size_t n = device_request(&b->device, request, sizeof(request));

	if (n == 0) {
		return false;
	}
	bench_step(b, request, n);
	if (b->device.faults.twice && b->status == PROT_PENDING) {
		bench_step(b, request, n);
	}
	if (b->device.last_cc != PROT_PLDM_SUCCESS) {
		b->now_ms += PROT_PLDM_FD_T2_MIN_MS;
	}
	return true;
}

void bench_once(struct bench *b)
{
	bool busy = bench_request(b);
	uint64_t wake = prot_pldm_ua_wake_ms(&b->ua);

	if (b->status == PROT_PENDING && (!busy || wake <= b->now_ms)) {
		b->now_ms = wake > b->now_ms ? wake : b->now_ms;
		bench_step(b, NULL, 0);
	}
}

enum prot_status bench_run(struct bench *b)
{
	while (b->status == PROT_PENDING && b->now_ms < b->limit_ms) {
		bench_once(b);
	}
	return b->status;
}

struct bench bench;

const struct content one_component = {.components = 1, .sizes = {1000}};
const struct content three_components = {.components = 3,
					 .sizes = {1000, 31, 512}};

void assert_image(uint16_t component, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++) {
		assert_int_equal(bench.device.image[component][i],
				 image_byte(component, i));
	}
}

void assert_result(enum prot_pldm_ua_reason reason, enum prot_pldm_ua_step step,
		   uint8_t code)
{
	const struct prot_pldm_ua_result *r = prot_pldm_ua_result(&bench.ua);

	if (r->reason != reason || r->step != step || r->code != code) {
		fail_msg("%s in %s, code %#x",
			 prot_pldm_ua_reason_text(r->reason),
			 prot_pldm_ua_step_text(r->step), r->code);
	}
}
