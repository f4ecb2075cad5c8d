/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CLI_ATTEST_H
#define PROT_CLI_ATTEST_H

/*
 * `prot attest` in three parts: the SPDM exchange (attest_spdm.c), reference
 * values and verdicts (attest_refs.c), and what is printed (attest_print.c,
 * attest_json.c). docs/reference-values.md describes the reference values.
 */

#include "cli_connection.h"
#include "cli_key.h"

#include <prot/spdm/measurement.h>
#include <prot/spdm/requester.h>

#define PROT_ATTEST_ANCHORS_MAX 16
#define PROT_ATTEST_CHAIN_MAX   65535u
#define PROT_ATTEST_VALUE_TEXT  160
#define PROT_ATTEST_CERTS_MAX   PROT_CHAIN_MAX

/* What the reference values say about one measurement. */
enum prot_attest_match {
	PROT_ATTEST_MATCH,
	PROT_ATTEST_MISMATCH,
	PROT_ATTEST_MISSING,   /* expected, and the device does not report it */
	PROT_ATTEST_UNLISTED,  /* reported, and no reference value names it */
	PROT_ATTEST_UNREFERRED /* there are no reference values */
};

/* One line of the result. */
struct prot_attest_line {
	uint8_t index;
	enum prot_attest_match match;
	bool fails;    /* this line alone makes the device untrusted */
	char name[64]; /* printable */
	bool found;    /* `block` is what the device reported */
	struct prot_spdm_measurement_block block;
	char expected[PROT_ATTEST_VALUE_TEXT];
	const json_t *reference; /* entry of the file, NULL: none */
};

enum prot_attest_outcome {
	PROT_ATTEST_TRUSTED,
	PROT_ATTEST_NOT_TRUSTED,
	PROT_ATTEST_UNDECIDED,
};

/* How far the exchange came. */
enum prot_attest_stage {
	PROT_ATTEST_START,
	PROT_ATTEST_CONNECTED,  /* versions, capabilities, algorithms */
	PROT_ATTEST_IDENTIFIED, /* chain trusted, CHALLENGE verified */
	PROT_ATTEST_MEASURED,   /* signed measurements verified */
};

struct prot_attest {
	/* options */
	struct prot_cli_connection_options connection_options;
	const char *ca_path;
	const char *refs_path; /* NULL: none */
	const char *save_path; /* NULL: do not save */
	struct prot_cli_crypto crypto;
	struct prot_cli_connection *connection;
	json_t *refs;
	uint8_t *anchor_bytes;
	struct prot_trust_anchor anchors[PROT_ATTEST_ANCHORS_MAX];

	struct prot_spdm_requester_config config;
	struct prot_spdm_requester requester;
	struct prot_spdm_slot slots[PROT_SPDM_SLOT_COUNT];

	struct prot_attest_line lines[0x100];
	size_t line_count;
	enum prot_attest_stage stage;
	enum prot_attest_outcome outcome;
	uint8_t slot; /* an option, as are json and the paths above */
	bool json;
	bool challenged;  /* false: the device does not offer CHALLENGE */
	bool lost;        /* the exchange ended for want of an answer */
	char reason[512]; /* one sentence; empty when trusted */
	char peer[PROT_CLI_ENDPOINT_TEXT];
	uint8_t tx[PROT_SPDM_REQUESTER_TX_MIN];
	uint8_t chain[PROT_ATTEST_CHAIN_MAX];
	uint8_t message[PROT_CLI_MESSAGE_MAX]; /* the last response */
};

/* Say how it ended; the first call counts. */
__attribute__((format(printf, 3, 4))) void
prot_attest_conclude(struct prot_attest *a, enum prot_attest_outcome outcome,
		     const char *format, ...);

/* Load the CA certificates. False: the reason has been printed. */
bool prot_attest_load_anchors(struct prot_attest *a);

/* The exchange, up to signed measurements; ends with a conclusion or not. */
void prot_attest_exchange(struct prot_attest *a);

/* Load and check the reference values. False: the reason has been printed. */
bool prot_attest_load_refs(struct prot_attest *a);

/* Compare the measurements with the reference values. */
void prot_attest_compare(struct prot_attest *a);

/*
 * Write what the device reports as reference values. False: the reason has
 * been printed.
 */
bool prot_attest_save_refs(const struct prot_attest *a);

/* What a DMTF measurement value type is called in files and on screens. */
const char *prot_attest_type_name(uint8_t type);

/* "sha384", ...; NULL for PROT_HASH_NONE. */
const char *prot_attest_hash_name(enum prot_hash_alg alg);

/* A measured value for people: text, a number, or shortened hexadecimal. */
void prot_attest_value_text(const struct prot_spdm_measurement_block *m,
			    char out[PROT_ATTEST_VALUE_TEXT]);

/* "match", "MISMATCH", ... */
const char *prot_attest_match_text(enum prot_attest_match match);

/* Common name of a certificate, printable; `out` takes 128 bytes. */
void prot_attest_cert_name(const struct prot_x509 *cert, char *out);

void prot_attest_print(const struct prot_attest *a);
void prot_attest_print_json(const struct prot_attest *a);

#endif /* PROT_CLI_ATTEST_H */
