/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structures inside SPDM messages: the first byte chooses between a
 * measurement record and a certificate chain, the rest is the structure.
 */
#include <stdlib.h>

#include <prot/spdm/measurement.h>

#include "spdm_chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
	if (!truth) {
		abort();
	}
}

static bool within(const uint8_t *data, size_t size, const uint8_t *at,
		   size_t len)
{
	return at >= data && len <= size && (size_t)(at - data) <= size - len;
}

static void check_record(const uint8_t *data, size_t size)
{
	struct prot_spdm_measurement_iter it;
	struct prot_spdm_measurement_block m;
	struct prot_spdm_measurement_block found;
	enum prot_status st;
	unsigned count = 0;
	size_t total = 0;

	prot_spdm_measurement_iter_init(&it, data, size);
	while ((st = prot_spdm_measurement_next(&it, &m)) == PROT_OK) {
		expect(within(data, size, m.block, m.block_len));
		expect(within(m.block, m.block_len, m.value, m.value_len));
		expect(prot_spdm_measurement_find(data, size, m.index,
						  &found) == PROT_OK);
		total += m.block_len;
		count++;
	}
	expect(st == PROT_ERR_NOT_FOUND || st == PROT_ERR_MALFORMED);
	expect((st == PROT_ERR_NOT_FOUND) == (total == size));
	if (prot_spdm_measurement_record_check(data, size, count) == PROT_OK) {
		expect(total == size);
	}
}

static void check_chain(const uint8_t *data, size_t size)
{
	static const size_t hash_sizes[] = {32, 48, 64};
	struct spdm_chain c;

	for (size_t i = 0; i < PROT_ARRAY_SIZE(hash_sizes); i++) {
		if (prot_spdm_chain_read(data, size, hash_sizes[i], &c) !=
		    PROT_OK) {
			continue;
		}
		expect(within(data, size, c.root_hash, hash_sizes[i]));
		expect(within(data, size, c.certs.at, c.certs.len));
		expect(c.first.at == c.certs.at && c.first.len != 0 &&
		       c.first.len <= c.certs.len);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	if (data[0] & 1) {
		check_chain(data + 1, size - 1);
	} else {
		check_record(data + 1, size - 1);
	}
	return 0;
}
