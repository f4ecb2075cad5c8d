/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The responder and the firmware device under a hostile agent, a stranger, a
 * moody storage and a jumping clock: the input is a sequence of events. After
 * each, what must hold of the device and of what it called is checked.
 */
#include <prot/pldm/base.h>
#include <prot/pldm/fd.h>
#include <prot/pldm/responder.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define AGENT    8u
#define STRANGER 9u
#define MAX      128u /* bytes per transfer */

enum op {
	BEGIN,
	COMPONENT,
	WRITE,
	VERIFY,
	APPLY,
	ACTIVATE,
	CANCEL,
	DATA,
	OPS
};

struct world {
	struct prot_pldm_fd fd;
	struct prot_pldm_fd_config cfg;
	struct prot_pldm_responder responder;
	struct prot_pldm_responder_config responder_cfg;
	struct prot_pldm_service services[2];
	struct prot_pldm_replay replay[2];
	uint64_t now;
	/* What the storage returns: first pend so often, then this. */
	uint8_t pend[OPS];
	enum prot_status status[OPS];
	uint8_t result[OPS];
	/* What the storage has seen. */
	uint32_t size;
	uint32_t written;
	uint32_t data_len;
	uint32_t restored;
	bool open;     /* between begin and cancel or activate */
	bool verified; /* the component in progress */
	bool applied;  /* some component since begin */
	bool activating;
	/* The device's request that was not answered yet. */
	uint8_t tx[64];
	size_t tx_len;
	uint8_t instance;
};

static void require(int truth)
{
	if (!truth) {
		abort();
	}
}

static enum prot_status play(struct world *w, enum op op)
{
	if (w->pend[op] != 0) {
		w->pend[op]--;
		return PROT_PENDING;
	}
	return w->status[op];
}

static enum prot_status op_parameters(void *ctx, struct prot_wr *body)
{
	const struct prot_pldm_firmware_parameters p = {
		.active = PROT_PLDM_ASCII("set")};

	(void)ctx;
	prot_pldm_firmware_parameters_encode(body, &p);
	return PROT_OK;
}

static enum prot_status op_begin(void *ctx,
				 const struct prot_pldm_request_update_req *rq)
{
	struct world *w = (struct world *)ctx;
	enum prot_status st = play(w, BEGIN);

	require(!w->open && rq->max_transfer >= 32);
	w->open = st == PROT_OK;
	w->data_len = 0;
	w->verified = false;
	w->applied = false;
	w->activating = false;
	return st;
}

static enum prot_status op_component(void *ctx,
				     const struct prot_pldm_fd_component *c,
				     bool update,
				     struct prot_pldm_fd_verdict *v)
{
	struct world *w = (struct world *)ctx;

	require(w->open && (c->size != 0) == update);
	v->code = w->result[COMPONENT];
	v->options = UINT32_MAX;
	if (update) {
		w->size = c->size;
		w->written = 0;
		w->restored = 0;
		w->verified = false;
	}
	return play(w, COMPONENT);
}

static enum prot_status op_write(void *ctx, uint32_t offset,
				 const uint8_t *data, size_t len,
				 struct prot_pldm_fd_work *work)
{
	struct world *w = (struct world *)ctx;
	enum prot_status st = play(w, WRITE);
	volatile uint8_t sum = 0;

	require(w->open && offset == w->written && offset % 32 == 0);
	require(len != 0 && len <= MAX && len <= w->size - offset);
	require(len % 32 == 0 || len == w->size - offset);
	for (size_t i = 0; i < len; i++) {
		sum = (uint8_t)(sum + data[i]);
	}
	work->result = w->result[WRITE];
	if (st == PROT_OK) {
		w->written += (uint32_t)len;
	}
	return st;
}

static enum prot_status op_verify(void *ctx, struct prot_pldm_fd_work *work)
{
	struct world *w = (struct world *)ctx;
	enum prot_status st = play(w, VERIFY);

	require(w->open && w->size != 0 && w->written == w->size);
	work->result = w->result[VERIFY];
	work->progress = w->result[VERIFY];
	w->verified = st == PROT_OK && work->result == 0;
	return st;
}

static enum prot_status op_apply(void *ctx, struct prot_pldm_fd_work *work)
{
	struct world *w = (struct world *)ctx;
	enum prot_status st = play(w, APPLY);

	require(w->open && w->verified);
	work->result = w->result[APPLY];
	w->applied |= st == PROT_OK && work->result <= 1;
	return st;
}

static enum prot_status op_activate(void *ctx, bool self_contained,
				    struct prot_pldm_fd_activation *a)
{
	struct world *w = (struct world *)ctx;
	enum prot_status st = play(w, ACTIVATE);

	(void)self_contained;
	require(w->open && w->applied);
	a->cc = w->result[ACTIVATE];
	if (st == PROT_PENDING) {
		w->activating = true;
	} else if (st == PROT_OK || w->activating ||
		   a->cc == PROT_PLDM_FWUP_ACTIVATION_NOT_REQUIRED) {
		w->open = false;
	}
	return st;
}

static enum prot_status op_cancel(void *ctx, bool update, uint64_t *broken)
{
	struct world *w = (struct world *)ctx;
	enum prot_status st = play(w, CANCEL);

	require(w->open);
	*broken = w->result[CANCEL];
	if (st != PROT_PENDING && update) {
		w->open = false;
	}
	return st;
}

static enum prot_status op_package_data(void *ctx, uint32_t offset,
					const uint8_t *data, size_t len,
					bool last)
{
	struct world *w = (struct world *)ctx;
	enum prot_status st = play(w, DATA);

	(void)data;
	(void)last;
	require(w->open && offset == w->data_len && len != 0);
	require(len <= UINT16_MAX - offset);
	if (st == PROT_OK) {
		w->data_len += (uint32_t)len;
	}
	return st;
}

static uint16_t op_metadata_size(void *ctx)
{
	return ((struct world *)ctx)->result[DATA];
}

static enum prot_status op_metadata_read(void *ctx, uint32_t offset,
					 uint8_t *buf, size_t len)
{
	require(offset + len <= UINT8_MAX && len != 0);
	(void)ctx;
	memset(buf, 0x5A, len);
	return PROT_OK;
}

static enum prot_status op_metadata_restore(void *ctx, uint32_t offset,
					    const uint8_t *data, size_t len,
					    bool last)
{
	struct world *w = (struct world *)ctx;
	enum prot_status st = play(w, DATA);

	(void)data;
	(void)last;
	require(w->open && w->verified && offset == w->restored);
	require(offset + len <= UINT8_MAX);
	if (st == PROT_OK) {
		w->restored += (uint32_t)len;
	}
	return st;
}

static const struct prot_pldm_fd_ops ops = {
	.parameters = op_parameters,
	.begin = op_begin,
	.component = op_component,
	.write = op_write,
	.verify = op_verify,
	.apply = op_apply,
	.activate = op_activate,
	.cancel = op_cancel,
};

static const struct prot_pldm_fd_data_ops data_ops = {
	.package_data = op_package_data,
	.metadata_size = op_metadata_size,
	.metadata_read = op_metadata_read,
	.metadata_restore = op_metadata_restore,
};

static const uint8_t uuid[16] = {0};
static const struct prot_pldm_descriptor descriptors[] = {
	{PROT_PLDM_DESCRIPTOR_UUID, sizeof(uuid), uuid}};

static void world_init(struct world *w, uint8_t options)
{
	memset(w, 0, sizeof(*w));
	w->cfg = (struct prot_pldm_fd_config){
		.ops = &ops,
		.data = options & 1 ? &data_ops : NULL,
		.ctx = w,
		.descriptors = descriptors,
		.descriptor_count = 1,
		.retries = options >> 4 & 3,
		.max_transfer = MAX,
		.t1_ms = PROT_PLDM_FD_T1_MIN_MS,
		.t2_ms = PROT_PLDM_FD_T2_MIN_MS,
	};
	w->services[0].table = &prot_pldm_base_type;
	w->services[0].ctx = &w->responder;
	w->services[1].table = &prot_pldm_fd_type;
	w->services[1].ctx = &w->fd;
	w->responder_cfg = (struct prot_pldm_responder_config){
		.services = w->services,
		.service_count = 2,
		.replay = w->replay,
		.replay_count = options & 2 ? PROT_ARRAY_SIZE(w->replay) : 0,
	};
	require(prot_pldm_fd_init(&w->fd, &w->cfg) == PROT_OK);
	require(prot_pldm_responder_init(&w->responder, &w->responder_cfg) ==
		PROT_OK);
}

static void check(const struct world *w)
{
	enum prot_pldm_fd_state st = prot_pldm_fd_state(&w->fd);

	require(st <= PROT_PLDM_FD_ACTIVATE);
	require(w->open == (st != PROT_PLDM_FD_IDLE));
	require((prot_pldm_fd_wake_ms(&w->fd) == UINT64_MAX) ==
		(st == PROT_PLDM_FD_IDLE));
}

/* Nothing that a stranger sends may touch an update. */
static void require_same(const struct prot_pldm_fd *a,
			 const struct prot_pldm_fd *b)
{
	require(a->heard_ms == b->heard_ms && a->sent_ms == b->sent_ms);
	require(a->peer == b->peer && a->state == b->state);
	require(a->phase == b->phase && a->flags == b->flags);
	require(a->size == b->size && a->offset == b->offset);
	require(a->attempts == b->attempts && a->instance == b->instance);
}

static void to_responder(struct world *w, uint32_t peer, const uint8_t *msg,
			 size_t len)
{
	const struct prot_pldm_message m = {peer, msg, len};
	const struct prot_pldm_fd before = w->fd;
	uint8_t tx[96];
	size_t tx_len;
	enum prot_status st = prot_pldm_responder_handle(
		&w->responder, &m, w->now, tx, sizeof(tx), &tx_len);

	require(tx_len <= sizeof(tx));
	require(st == PROT_OK || tx_len == 0);
	require(tx_len == 0 || tx_len >= PROT_PLDM_RESPONSE_SIZE);
	if (tx_len != 0 && tx[3] != PROT_PLDM_SUCCESS) {
		require(tx_len == PROT_PLDM_RESPONSE_SIZE);
	}
	if (before.state != PROT_PLDM_FD_IDLE && peer != before.peer) {
		require_same(&before, &w->fd);
	}
}

static void check_request(const struct world *w, const uint8_t *tx)
{
	struct prot_rd r = prot_rd_init(tx + 3, 8);
	struct prot_pldm_request_data_req m;

	require((tx[0] & 0xE0) == 0x80 && tx[1] == PROT_PLDM_TYPE_FWUP);
	if (tx[2] == PROT_PLDM_REQUEST_FIRMWARE_DATA) {
		require(prot_pldm_request_data_req_decode(&r, &m) == PROT_OK);
		require(prot_pldm_request_data_check(&m, w->size, MAX) == 0);
		require(m.offset == w->written);
	}
}

static void to_fd(struct world *w, uint32_t peer, const uint8_t *msg,
		  size_t len)
{
	const struct prot_pldm_message m = {peer, msg, len};
	const struct prot_pldm_fd before = w->fd;
	uint8_t tx[PROT_PLDM_FD_TX_MIN];
	size_t tx_len;
	enum prot_status st = prot_pldm_fd_step(&w->fd, msg ? &m : NULL, w->now,
						tx, sizeof(tx), &tx_len);

	require(st != PROT_ERR_SPACE && tx_len <= sizeof(tx));
	if (st != PROT_OK) {
		require(tx_len == 0);
	}
	if (msg && peer != before.peer) {
		require(st != PROT_OK && st != PROT_PENDING);
		require_same(&before, &w->fd);
	}
	if (tx_len != 0) {
		check_request(w, tx);
		memcpy(w->tx, tx, tx_len);
		w->tx_len = tx_len;
	}
}

/* A request with its header made right. */
static void request(struct world *w, uint32_t peer, uint8_t command,
		    const uint8_t *body, size_t len)
{
	uint8_t msg[300];
	struct prot_wr wr = prot_wr_init(msg, sizeof(msg));

	prot_pldm_request_begin(&wr, w->instance & 31, PROT_PLDM_TYPE_FWUP,
				command);
	prot_wr_bytes(&wr, body, len);
	w->instance++;
	to_responder(w, peer, msg, wr.len);
}

/* What a good agent would say next, so that the deep states are reached. */
static void good_request(struct world *w, uint8_t what)
{
	uint8_t body[32];
	struct prot_wr wr = prot_wr_init(body, sizeof(body));
	const struct prot_pldm_request_update_req update = {
		.max_transfer = 32u * (1u + what / 16u),
		.component_count = 1,
		.max_outstanding = 1,
		.package_data_len = what & 8 ? 20 : 0};
	const struct prot_pldm_pass_component_req pass = {
		.flag = PROT_PLDM_START_AND_END};
	const struct prot_pldm_update_component_req component = {
		.size = 1u + what, .options = what};
	static const uint8_t commands[8] = {
		PROT_PLDM_REQUEST_UPDATE,   PROT_PLDM_PASS_COMPONENT_TABLE,
		PROT_PLDM_UPDATE_COMPONENT, PROT_PLDM_ACTIVATE_FIRMWARE,
		PROT_PLDM_GET_STATUS,       PROT_PLDM_CANCEL_UPDATE_COMPONENT,
		PROT_PLDM_CANCEL_UPDATE,    PROT_PLDM_GET_DEVICE_META_DATA};

	switch (commands[what % 8]) {
	case PROT_PLDM_REQUEST_UPDATE:
		prot_pldm_request_update_req_encode(&wr, &update);
		break;
	case PROT_PLDM_PASS_COMPONENT_TABLE:
		prot_pldm_pass_component_req_encode(&wr, &pass);
		break;
	case PROT_PLDM_UPDATE_COMPONENT:
		prot_pldm_update_component_req_encode(&wr, &component);
		break;
	case PROT_PLDM_ACTIVATE_FIRMWARE:
		prot_pldm_activate_req_encode(&wr, what >> 3 & 1);
		break;
	case PROT_PLDM_GET_DEVICE_META_DATA:
		prot_wr_le32(&wr, what >> 3);
		prot_wr_u8(&wr, what >> 3 == 0);
		break;
	default:
		break;
	}
	request(w, AGENT, commands[what % 8], body, wr.len);
}

/* A response to the device's last request. */
static void respond(struct world *w, uint8_t cc, const uint8_t *body,
		    size_t len)
{
	uint8_t msg[300];
	struct prot_wr wr = prot_wr_init(msg, sizeof(msg));
	const struct prot_pldm_header h = {true, false, w->tx[0] & 31, w->tx[1],
					   w->tx[2]};

	prot_pldm_response_begin(&wr, &h, cc);
	prot_wr_bytes(&wr, body, len);
	to_fd(w, AGENT, msg, wr.len);
}

static void good_response(struct world *w)
{
	static const uint8_t zeros[MAX];
	static const uint8_t part[] = {1, 0, 0, 0, 1, 'd', 'a', 't', 'a', '1'};
	size_t len = 0;

	if (w->tx[2] == PROT_PLDM_REQUEST_FIRMWARE_DATA) {
		len = w->tx[7]; /* of the length field; MAX is 128 */
		respond(w, 0, zeros, len);
	} else if (w->tx[2] == PROT_PLDM_GET_PACKAGE_DATA ||
		   w->tx[2] == PROT_PLDM_GET_META_DATA) {
		respond(w, 0, part, sizeof(part));
	} else {
		respond(w, 0, NULL, 0);
	}
}

static void set_mood(struct world *w, struct prot_rd *r)
{
	static const enum prot_status moods[4] = {PROT_OK, PROT_ERR_IO,
						  PROT_ERR_BUSY, PROT_ERR_AUTH};
	uint8_t op = prot_rd_u8(r) % OPS;
	uint8_t how = prot_rd_u8(r);

	w->pend[op] = how & 3;
	w->status[op] = moods[how >> 2 & 3];
	w->result[op] = prot_rd_u8(r);
}

static void event(struct world *w, struct prot_rd *r)
{
	uint8_t kind = prot_rd_u8(r);
	uint8_t arg = prot_rd_u8(r);
	uint8_t len = kind % 9 >= 5 ? prot_rd_u8(r) : 0;
	const uint8_t *bytes;

	len = len < r->left ? len : (uint8_t)r->left;
	bytes = prot_rd_bytes(r, len);
	switch (kind % 9) {
	case 0:
		good_request(w, arg);
		break;
	case 1:
		good_response(w);
		break;
	case 2:
		w->now += (uint64_t)arg * arg;
		to_fd(w, AGENT, NULL, 0);
		break;
	case 3:
		set_mood(w, r);
		break;
	case 4:
		respond(w, arg, NULL, 0);
		break;
	case 5:
		request(w, arg & 0x80 ? STRANGER : AGENT, arg & 0x1F, bytes,
			len);
		break;
	case 6:
		respond(w, arg & 0x80, bytes, len);
		break;
	case 7:
		to_responder(w, arg & 1 ? STRANGER : AGENT, bytes, len);
		break;
	default:
		to_fd(w, arg & 1 ? STRANGER : AGENT, bytes ? bytes : uuid, len);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct prot_rd r = prot_rd_init(data, size);
	static struct world w;

	world_init(&w, prot_rd_u8(&r));
	while (r.left != 0 && prot_rd_ok(&r)) {
		event(&w, &r);
		check(&w);
	}
	return 0;
}
