/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PACKAGE_DESCRIPTION_H
#define PROT_PACKAGE_DESCRIPTION_H

/*
 * The description of a package, docs/package-description.md, on its way from
 * JSON to what the package writer takes. Functions that return false have
 * printed the reason: the file, the place in it, a sentence.
 */

#include "prot_cli.h"

#include <prot/pldm/package.h>

#define LIST_MAX 255u /* components, devices, descriptors */

/* Everything that the description turns into; freed as a whole. */
struct prot_package_build {
	const char *path; /* of the description */
	char *dir;        /* that its file names are relative to */
	struct prot_pldm_package_description d;
	struct prot_pldm_package_new_record devices[LIST_MAX];
	struct prot_pldm_package_new_component components[LIST_MAX];
	struct prot_cli_blob images[LIST_MAX];
	/* Small things that the description points to. */
	void *kept[8 * LIST_MAX];
	size_t kept_count;
	struct prot_cli_blob data[3 * LIST_MAX];
	size_t data_count;
};

bool prot_package_description(struct prot_package_build *b, const json_t *top);
void prot_package_description_free(struct prot_package_build *b);

/* "FILE: where: sentence"; false, for the caller to return. */
__attribute__((format(printf, 3, 4))) bool
prot_package_complain(const struct prot_package_build *b, const char *where,
		      const char *format, ...);

/* Zeroed memory that lives as long as `b`; NULL: too much of it. */
void *prot_package_keep(struct prot_package_build *b, size_t size);

/* A misspelt key must not pass as a default. `known` ends with NULL. */
bool prot_package_known_keys(const struct prot_package_build *b,
			     const char *where, const json_t *object,
			     const char *const *known);

/*
 * Members of an object. What is absent leaves the value alone, so that it can
 * be preset with its default; flags become false.
 */

/* An integer, or a string like "0x0001". */
bool prot_package_number(const struct prot_package_build *b, const char *where,
			 const json_t *object, const char *key, uint32_t max,
			 uint32_t *value);
bool prot_package_flag(const struct prot_package_build *b, const char *where,
		       const json_t *object, const char *key, bool *value);
/* 1 to 255 bytes: ASCII, or UTF-8 where it is not. */
bool prot_package_version(const struct prot_package_build *b, const char *where,
			  const json_t *object, const char *key,
			  struct prot_pldm_string *s);
/* The content of the file that a member names. */
bool prot_package_data(struct prot_package_build *b, const char *where,
		       const json_t *object, const char *key,
		       const uint8_t **bytes, uint16_t *len);
/* The same without a default, for files of any size. */
bool prot_package_read_beside(const struct prot_package_build *b,
			      const char *where, const json_t *object,
			      const char *key, size_t max,
			      struct prot_cli_blob *blob);

/* The "devices" of the description; the components come first. */
bool prot_package_devices(struct prot_package_build *b, const json_t *top);

/* Bytes of a bitmap of the components. */
static inline size_t
prot_package_bitmap_bytes(const struct prot_package_build *b)
{
	return (b->d.component_count + 7u) / 8;
}

#endif /* PROT_PACKAGE_DESCRIPTION_H */
