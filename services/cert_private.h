/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CERT_PRIVATE_H
#define PROT_CERT_PRIVATE_H

#include <prot/services/cert.h>

/* [3] EXPLICIT Extensions of a certificate; issuer_id may be empty. */
void prot_cert_put_extensions(struct prot_wr *w,
			      const struct prot_cert_template *what,
			      const uint8_t *subject_id,
			      struct prot_span issuer_id);

#endif /* PROT_CERT_PRIVATE_H */
