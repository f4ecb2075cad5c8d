/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PLDM_PACKAGE_WIRE_H
#define PROT_PLDM_PACKAGE_WIRE_H

/*
 * Layout of the package header (DSP0267 1.3.0 tables 3 to 7) and what the
 * files of the package codec share.
 */

#include "pldm_wire.h"

#include <prot/pldm/package.h>

#define PACKAGE_IDENTIFIER_SIZE 16
/* Identifier through the version string's length. */
#define PACKAGE_FIXED_SIZE (PACKAGE_IDENTIFIER_SIZE + 1 + 2 + 13 + 2 + 1 + 1)
/* A record through its last length field; revision 4 adds the manifest's. */
#define PACKAGE_RECORD_SIZE      11
#define PACKAGE_RECORD_SIZE_4    15
#define PACKAGE_DESCRIPTOR_SIZE  4  /* type and length */
#define PACKAGE_COMPONENT_SIZE   22 /* through the version string's length */
#define PACKAGE_CHECKSUM_SIZE    4  /* the header's */
#define PACKAGE_CHECKSUMS_SIZE_4 8  /* and the payload's: revision 4 */

#define PACKAGE_REVISION_MAX 4

/* Indexed by header format revision; row 0 is not used. */
extern const uint8_t prot_pldm_package_identifiers[PACKAGE_REVISION_MAX + 1]
						  [PACKAGE_IDENTIFIER_SIZE];

/* What is wrong with a descriptor; `title` is the data's first two bytes. */
enum prot_pldm_package_fault
prot_pldm_package_descriptor_fault(uint16_t type, uint32_t len,
				   const uint8_t *title);

/* Set the verdict; PROT_ERR_MALFORMED. */
enum prot_status prot_pldm_package_refuse(struct prot_pldm_package_verdict *v,
					  enum prot_pldm_package_fault fault,
					  uint16_t index);

/*
 * Fetch from the file; PROT_ERR_MALFORMED past its end. `v` is set to READ
 * when the op fails.
 */
enum prot_status prot_pldm_package_fetch(const struct prot_pldm_package *p,
					 uint64_t offset, void *buf, size_t len,
					 struct prot_pldm_package_verdict *v);

/* Fetch from the header's areas, which end before its checksums. */
enum prot_status
prot_pldm_package_fetch_area(const struct prot_pldm_package *p, uint32_t offset,
			     void *buf, size_t len,
			     struct prot_pldm_package_verdict *v);

/* Check all areas and note where they begin. */
enum prot_status
prot_pldm_package_open_areas(struct prot_pldm_package *p,
			     struct prot_pldm_package_verdict *v);

/* The public walks, with a reason. */
enum prot_status
prot_pldm_package_record_parse(const struct prot_pldm_package *p,
			       struct prot_pldm_package_record *r,
			       struct prot_pldm_package_verdict *v);
enum prot_status
prot_pldm_package_descriptor_parse(const struct prot_pldm_package *p,
				   struct prot_pldm_package_descriptor *d,
				   struct prot_pldm_package_verdict *v);
enum prot_status
prot_pldm_package_component_parse(const struct prot_pldm_package *p,
				  struct prot_pldm_package_component *c,
				  struct prot_pldm_package_verdict *v);

#endif /* PROT_PLDM_PACKAGE_WIRE_H */
