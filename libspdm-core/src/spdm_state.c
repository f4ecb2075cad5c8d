/* SPDX-License-Identifier: Apache-2.0 */
#include "spdm_state.h"

#include "spdm_wire.h"

enum prot_spdm_state prot_spdm_next_state(enum prot_spdm_state state,
					  uint8_t code)
{
	static const struct {
		uint8_t code;
		uint8_t from;
		uint8_t to;
	} step[] = {
		{SPDM_GET_CAPABILITIES, PROT_SPDM_STATE_VERSION,
		 PROT_SPDM_STATE_CAPABILITIES},
		{SPDM_NEGOTIATE_ALGORITHMS, PROT_SPDM_STATE_CAPABILITIES,
		 PROT_SPDM_STATE_NEGOTIATED},
		{SPDM_CHALLENGE, PROT_SPDM_STATE_NEGOTIATED,
		 PROT_SPDM_STATE_AUTHENTICATED},
	};

	if (code == SPDM_GET_VERSION) {
		return PROT_SPDM_STATE_VERSION;
	}
	for (size_t i = 0; i < PROT_ARRAY_SIZE(step); i++) {
		if (step[i].code == code && step[i].from == state) {
			return (enum prot_spdm_state)step[i].to;
		}
	}
	return state;
}
