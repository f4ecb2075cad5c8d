/* SPDX-License-Identifier: Apache-2.0 */
/* A trace file from anywhere: pcap records, message assembly, every decoder. */

#include "cli_pcap.h"
#include "trace.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void describe(const struct prot_trace_partial *m)
{
	struct prot_trace_line line = {.len = 0};
	/* A copy of its own, so that a sanitizer sees one byte too many. */
	uint8_t *copy = malloc(m->len);

	if (copy) {
		memcpy(copy, m->bytes, m->len);
		prot_trace_message(copy, m->len, &line);
		if (line.len == 0 || line.len != strlen(line.text)) {
			abort();
		}
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct prot_trace_assembly assembly = {0};
	struct prot_cli_pcap_reader reader;
	struct prot_cli_pcap_record record;

	if (prot_cli_pcap_open(&reader, data, size) != PROT_OK) {
		return 0;
	}
	while (prot_cli_pcap_next(&reader, &record) == PROT_OK) {
		const struct prot_trace_partial *m;
		const char *problem;

		m = prot_trace_assemble(&assembly, record.packet, record.len,
					&problem);
		if (m) {
			describe(m);
		}
	}
	(void)prot_trace_assembly_end(&assembly);
	return 0;
}
