/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPDM_STATE_H
#define SPDM_STATE_H

#include <prot/spdm/spdm.h>

/*
 * The state after the exchange that the request `code` began was completed
 * with its response (not with ERROR) in `state`. An exchange that changes
 * nothing, or that `state` does not allow, leaves the state as it is.
 */
enum prot_spdm_state prot_spdm_next_state(enum prot_spdm_state state,
					  uint8_t code);

#endif /* SPDM_STATE_H */
