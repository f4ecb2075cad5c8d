/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_X509_PRIVATE_H
#define PROT_X509_PRIVATE_H

#include <prot/x509.h>

/*
 * A Time (RFC 5280 4.1.2.5) as seconds since 1970-01-01 00:00 UTC; earlier
 * ones are 0. The reader is marked bad when it is none.
 */
uint64_t prot_x509_time(struct prot_rd *r);

/*
 * The content of `extensions`: fills in what it finds, marks the reader bad
 * where an extension is malformed or a known one comes twice.
 */
void prot_x509_extensions(struct prot_rd *list, struct prot_x509 *cert);

#endif /* PROT_X509_PRIVATE_H */
