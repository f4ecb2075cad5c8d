/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLDM_SERVICE_H
#define PLDM_SERVICE_H

#include <prot/pldm/responder.h>

/* The service that a responder lists for a type; NULL when there is none. */
const struct prot_pldm_service *
prot_pldm_find_service(const struct prot_pldm_responder *r, uint8_t type);

#endif /* PLDM_SERVICE_H */
