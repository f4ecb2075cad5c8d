/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Control messages: the input as a request to the responder, and as a
 * response to every decoder. Byte 0 selects configuration and instance.
 */
#include <prot/mctp/control.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t uuid[PROT_MCTP_UUID_SIZE];
static const uint32_t versions[] = {PROT_MCTP_VERSION(1, 0, 0)};
static const struct prot_mctp_type_support types[] = {{0x05, 1, versions},
						      {0x7E, 0, NULL}};
static const struct prot_mctp_vendor_set vendors[] = {
	{PROT_MCTP_VENDOR_FORMAT_PCI, 0x1AB4, 1},
	{PROT_MCTP_VENDOR_FORMAT_IANA, 42623, 2}};

static uint8_t answer_hook(void *ctx, const struct prot_mctp_message *msg,
			   uint8_t command, struct prot_rd *request,
			   struct prot_wr *response)
{
	const size_t len = request->left;

	(void)ctx;
	(void)msg;
	prot_wr_bytes(response, prot_rd_bytes(request, len), len);
	return command & 1;
}

static const struct prot_mctp_transport_hook hook = {answer_hook, NULL};
static const struct prot_mctp_control_config configs[] = {
	{.uuid = uuid,
	 .types = types,
	 .type_count = 2,
	 .vendors = vendors,
	 .vendor_count = 2,
	 .transport = &hook,
	 .static_eid = 0x20},
	{.type_count = 0},
};

static void check(bool ok)
{
	if (!ok) {
		abort();
	}
}

static void respond(const uint8_t *data, size_t size, uint8_t select)
{
	uint8_t out[64];
	uint8_t *copy = malloc(size ? size : 1);
	const struct prot_mctp_message msg = {
		.data = copy, .len = size, .dest_eid = select & 2 ? 0xFF : 9};
	struct prot_mctp_reply reply = {out, 4 + select % 61, 0};
	struct prot_mctp endpoint = {.eid = 9};
	struct prot_mctp_control c;

	check(copy != NULL);
	if (size != 0) {
		memcpy(copy, data, size);
	}
	prot_mctp_control_init(&c, &configs[select & 1], &endpoint);
	prot_mctp_control_handle(&c, &msg, &reply);
	check(reply.len == 0 || (reply.len >= 4 && reply.len <= reply.cap));
	check(endpoint.eid >= 8 && endpoint.eid != 0xFF);
	free(copy);
}

static void decode_lists(struct prot_rd r)
{
	struct prot_rd again = r;
	uint8_t count;

	if (prot_mctp_version_response_get(&r, &count) == PROT_OK) {
		for (size_t i = 0; i < count; i++) {
			(void)prot_rd_be32(&r);
		}
		check(prot_rd_end(&r));
	}
	if (prot_mctp_type_response_get(&again, &count) == PROT_OK) {
		(void)prot_rd_bytes(&again, count);
		check(prot_rd_end(&again));
	}
}

static void decode(const uint8_t *data, size_t size, uint8_t instance)
{
	struct prot_rd r = prot_rd_init(data, size);
	struct prot_mctp_set_eid_response set_eid;
	struct prot_mctp_get_eid_response get_eid;
	struct prot_mctp_vendor_set vendor;
	uint8_t id[PROT_MCTP_UUID_SIZE];
	uint8_t completion = 0;
	uint8_t next;
	struct prot_rd at;

	if (prot_mctp_control_response_get(&r, instance, size > 2 ? data[2] : 0,
					   &completion) != PROT_OK) {
		return;
	}
	at = r;
	(void)!prot_mctp_set_eid_response_get(&at, &set_eid);
	at = r;
	(void)!prot_mctp_get_eid_response_get(&at, &get_eid);
	at = r;
	(void)!prot_mctp_uuid_response_get(&at, id);
	at = r;
	(void)!prot_mctp_vendor_response_get(&at, &next, &vendor);
	decode_lists(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size != 0) {
		respond(data + 1, size - 1, data[0]);
		decode(data + 1, size - 1, data[0]);
	}
	return 0;
}
