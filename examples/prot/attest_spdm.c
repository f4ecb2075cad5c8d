/* SPDX-License-Identifier: Apache-2.0 */
#include "attest.h"

#include <prot/mctp/wire.h>

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CA_FILE_MAX (1u << 20) /* bytes */

void prot_attest_conclude(struct prot_attest *a,
			  enum prot_attest_outcome outcome, const char *format,
			  ...)
{
	va_list args;

	if (a->reason[0] != '\0') {
		return;
	}
	a->outcome = outcome;
	va_start(args, format);
	vsnprintf(a->reason, sizeof(a->reason), format, args);
	va_end(args);
}

static bool split_anchors(struct prot_attest *a, size_t len)
{
	struct prot_rd rd = prot_rd_init(a->anchor_bytes, len);
	size_t n = 0;

	while (rd.left != 0) {
		if (n == PROT_ATTEST_ANCHORS_MAX ||
		    prot_x509_next(&rd, &a->anchors[n].cert) != PROT_OK) {
			break;
		}
		n++;
	}
	a->config.anchors = a->anchors;
	a->config.anchor_count = n;
	if (rd.left != 0) {
		prot_cli_error("%s: more than %d certificates, or a damaged "
			       "one",
			       a->ca_path, PROT_ATTEST_ANCHORS_MAX);
	}
	return rd.left == 0;
}

bool prot_attest_load_anchors(struct prot_attest *a)
{
	struct prot_cli_blob file;
	struct prot_wr w;
	enum prot_status st;

	if (!prot_cli_read_file(a->ca_path, CA_FILE_MAX, &file)) {
		return false;
	}
	/* DER is no longer than the file that it came in. */
	a->anchor_bytes = prot_cli_alloc(file.len + 1);
	w = prot_wr_init(a->anchor_bytes, file.len + 1);
	st = prot_wolfcrypt_certs_load((struct prot_span){file.bytes, file.len},
				       &w);
	prot_cli_blob_free(&file);
	if (st != PROT_OK) {
		prot_cli_error("%s holds no certificate in PEM or DER",
			       a->ca_path);
		return false;
	}
	return split_anchors(a, w.len);
}

/* One message to the device; the answer, if any, is kept in a->message. */
static enum prot_status
transfer(struct prot_attest *a, const struct prot_spdm_output *out, size_t *len)
{
	struct prot_cli_message reply;
	enum prot_status st = PROT_OK;

	*len = 0;
	if (out->msg) {
		st = prot_cli_request(a->connection, PROT_MCTP_TYPE_SPDM,
				      out->msg, out->len);
	}
	if (st == PROT_OK) {
		st = prot_cli_wait(a->connection, out->wake_ms, &reply);
	}
	if (st == PROT_OK && reply.bytes) {
		memcpy(a->message, reply.bytes, reply.len);
		*len = reply.len;
	}
	return st == PROT_PENDING ? PROT_OK : st;
}

/*
 * An operation may take many exchanges (a chain in small pieces over a slow
 * bus), but a peer that answers each in time with next to nothing must not
 * hold us for ever: all of them together take this many time limits at most.
 */
#define LIMITS_PER_OPERATION 10u

/* Run the operation that was started. *link: why the connection failed. */
static enum prot_status run(struct prot_attest *a, enum prot_status *link)
{
	struct prot_spdm_requester *q = &a->requester;
	struct prot_spdm_output out;
	uint64_t now = prot_cli_now_ms();
	uint64_t limit = now + (uint64_t)LIMITS_PER_OPERATION *
				       a->connection_options.timeout_ms;
	enum prot_status st;
	size_t len = 0;

	*link = PROT_OK;
	st = prot_spdm_requester_step(q, NULL, 0, now, &out);
	while (st == PROT_PENDING) {
		*link = prot_cli_now_ms() < limit ? transfer(a, &out, &len)
						  : PROT_ERR_BUSY;
		if (*link != PROT_OK) {
			prot_spdm_requester_cancel(q);
			return *link;
		}
		st = prot_spdm_requester_step(q, len ? a->message : NULL, len,
					      prot_cli_now_ms(), &out);
	}
	return st;
}

static void conclude_link(struct prot_attest *a, const char *what,
			  enum prot_status link)
{
	switch ((int)link) {
	case PROT_ERR_TIMEOUT:
		a->lost = true;
		prot_attest_conclude(a, PROT_ATTEST_UNDECIDED,
				     "%s did not answer %s within %u ms",
				     a->peer, what,
				     a->connection_options.timeout_ms);
		break;
	case PROT_ERR_BUSY:
		prot_attest_conclude(a, PROT_ATTEST_UNDECIDED,
				     "%s keeps answering %s without an end",
				     a->peer, what);
		break;
	case PROT_ERR_CANCELLED:
		prot_attest_conclude(a, PROT_ATTEST_UNDECIDED, "interrupted");
		break;
	case PROT_ERR_IO:
		prot_attest_conclude(a, PROT_ATTEST_UNDECIDED,
				     "%s closed the connection at %s", a->peer,
				     what);
		break;
	default:
		prot_attest_conclude(a, PROT_ATTEST_UNDECIDED,
				     "%s does not speak SPDM: %s", a->peer,
				     prot_status_text(link));
		break;
	}
}

/* Which certificate of the chain, and what is wrong with it. */
static void conclude_chain(struct prot_attest *a,
			   const struct prot_spdm_result *r)
{
	prot_attest_conclude(a, PROT_ATTEST_NOT_TRUSTED,
			     "the certificate chain of slot %u is not trusted: "
			     "certificate %zu of %zu: %s",
			     r->slot, r->path.index + 1, r->path.count,
			     prot_chain_reason_text(r->path.reason));
}

static void conclude_spdm(struct prot_attest *a, const char *what,
			  enum prot_status st)
{
	const struct prot_spdm_result *r =
		prot_spdm_requester_result(&a->requester);
	enum prot_attest_outcome outcome = st == PROT_ERR_AUTH
						   ? PROT_ATTEST_NOT_TRUSTED
						   : PROT_ATTEST_UNDECIDED;

	if (r->reason == PROT_SPDM_REASON_CHAIN_PATH && st == PROT_ERR_AUTH) {
		conclude_chain(a, r);
	} else if (st == PROT_ERR_REFUSED) {
		prot_attest_conclude(a, outcome,
				     "%s refused %s with SPDM error code "
				     "0x%02x",
				     a->peer, what, r->error_code);
	} else if (r->reason != PROT_SPDM_REASON_NONE &&
		   r->reason != PROT_SPDM_REASON_LOCAL) {
		prot_attest_conclude(a, outcome, "%s: %s", what,
				     prot_spdm_reason_text(r->reason));
	} else {
		prot_attest_conclude(a, outcome, "%s: %s", what,
				     prot_status_text(st));
	}
}

/* `started` is what the start of the operation returned. */
static bool complete(struct prot_attest *a, const char *what,
		     enum prot_status started)
{
	enum prot_status link = PROT_OK;
	enum prot_status st = started;

	if (st == PROT_OK) {
		st = run(a, &link);
	} else {
		prot_attest_conclude(a, PROT_ATTEST_UNDECIDED,
				     "%s does not offer %s (%s)", a->peer, what,
				     prot_status_text(st));
	}
	if (link != PROT_OK) {
		conclude_link(a, what, link);
	} else if (st != PROT_OK) {
		conclude_spdm(a, what, st);
	}
	return st == PROT_OK;
}

static bool identify(struct prot_attest *a)
{
	struct prot_spdm_requester *q = &a->requester;
	const struct prot_spdm_result *r = prot_spdm_requester_result(q);
	bool measures = (r->flags & PROT_SPDM_CAP_MEAS) != 0;

	if (!complete(a, "GET_DIGESTS", prot_spdm_requester_get_digests(q))) {
		return false;
	}
	if (!(r->provisioned_slots & 1u << a->slot)) {
		prot_attest_conclude(a, PROT_ATTEST_UNDECIDED,
				     "certificate slot %u of %s is empty",
				     a->slot, a->peer);
		return false;
	}
	if (!complete(a, "GET_CERTIFICATE",
		      prot_spdm_requester_get_certificate(q, a->slot))) {
		return false;
	}
	a->challenged = (r->flags & PROT_SPDM_CAP_CHAL) != 0;
	return !a->challenged ||
	       complete(a, "CHALLENGE",
			prot_spdm_requester_challenge(
				q, a->slot,
				measures ? PROT_SPDM_SUMMARY_ALL
					 : PROT_SPDM_SUMMARY_NONE));
}

static bool measure(struct prot_attest *a)
{
	const struct prot_spdm_measurements_query all = {
		.operation = PROT_SPDM_MEASUREMENTS_ALL,
		.sign = true,
		.slot = a->slot,
	};
	struct prot_spdm_requester *q = &a->requester;
	enum prot_status st;

	if (!complete(a, "signed GET_MEASUREMENTS",
		      prot_spdm_requester_get_measurements(q, &all))) {
		return false;
	}
	if (!a->challenged) {
		return true;
	}
	st = prot_spdm_requester_check_summary(q, NULL);
	if (st != PROT_OK) {
		prot_attest_conclude(
			a, PROT_ATTEST_NOT_TRUSTED, "%s",
			prot_spdm_reason_text(
				prot_spdm_requester_result(q)
					->verdict[PROT_SPDM_DECIDE_SUMMARY]
					.reason));
	}
	return st == PROT_OK;
}

static void configure(struct prot_attest *a)
{
	time_t now = time(NULL);
	struct prot_spdm_requester_config *c = &a->config;

	c->crypto = a->crypto.crypto;
	c->chain_check = prot_x509_chain_check;
	c->date_s = now > 0 ? (uint64_t)now : 0;
	c->slots = a->slots;
	c->slot_count = PROT_SPDM_SLOT_COUNT;
	c->tx = a->tx;
	c->tx_cap = sizeof(a->tx);
	c->chain = a->chain;
	c->chain_cap = sizeof(a->chain);
	c->max_message = PROT_CLI_MESSAGE_MAX - 1;
	c->version_min = PROT_SPDM_VERSION_12;
	c->version_max = PROT_SPDM_VERSION_13;
	c->offer.opaque_formats = 2; /* OpaqueDataFmt1 */
	/* The connection has its own time limit, which comes first. */
	c->rtt_ms = a->connection_options.timeout_ms;
	c->max_wait_ms = a->connection_options.timeout_ms;
	c->busy_wait_ms = 100;
	c->retries = 5;
}

static void exchange(struct prot_attest *a)
{
	enum prot_status st;

	configure(a);
	st = prot_spdm_requester_init(&a->requester, &a->config);
	if (st != PROT_OK) {
		prot_attest_conclude(a, PROT_ATTEST_UNDECIDED,
				     "cannot set up SPDM: %s",
				     prot_status_text(st));
		return;
	}
	if (!complete(a, "GET_VERSION to NEGOTIATE_ALGORITHMS",
		      prot_spdm_requester_connect(&a->requester))) {
		return;
	}
	a->stage = PROT_ATTEST_CONNECTED;
	if (!identify(a)) {
		return;
	}
	a->stage = PROT_ATTEST_IDENTIFIED;
	if (measure(a)) {
		a->stage = PROT_ATTEST_MEASURED;
	}
}

/*
 * A message that got lost on a line cannot be repeated: the device may have
 * had it, and signs the conversation as it saw it. The whole of it can be.
 */
#define LINE_TRIES 4

void prot_attest_exchange(struct prot_attest *a)
{
	int tries = prot_cli_is_line(a->connection) ? LINE_TRIES : 1;

	do {
		a->lost = false;
		a->challenged = false;
		a->reason[0] = '\0';
		a->stage = PROT_ATTEST_START;
		exchange(a);
	} while (--tries > 0 && a->lost);
}
