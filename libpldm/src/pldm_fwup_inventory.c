/* SPDX-License-Identifier: Apache-2.0 */
/* Type 5: descriptors, QueryDeviceIdentifiers, GetFirmwareParameters. */
#include "pldm_wire.h"

#include <prot/pldm/fwup.h>

struct descriptor_size {
	uint16_t type;
	uint16_t len;
};

/* DSP0267, descriptor identifier table. A vendor's descriptor has no size. */
static const struct descriptor_size descriptor_sizes[] = {
	{PROT_PLDM_DESCRIPTOR_PCI_VENDOR, 2},
	{PROT_PLDM_DESCRIPTOR_IANA, 4},
	{PROT_PLDM_DESCRIPTOR_UUID, 16},
	{PROT_PLDM_DESCRIPTOR_PNP_VENDOR, 3},
	{PROT_PLDM_DESCRIPTOR_ACPI_VENDOR, 4},
	{PROT_PLDM_DESCRIPTOR_IEEE_COMPANY, 3},
	{PROT_PLDM_DESCRIPTOR_SCSI_VENDOR, 8},
	{PROT_PLDM_DESCRIPTOR_PCI_DEVICE, 2},
	{PROT_PLDM_DESCRIPTOR_PCI_SUBSYSTEM_VENDOR, 2},
	{PROT_PLDM_DESCRIPTOR_PCI_SUBSYSTEM, 2},
	{PROT_PLDM_DESCRIPTOR_PCI_REVISION, 1},
	{PROT_PLDM_DESCRIPTOR_PNP_PRODUCT, 4},
	{PROT_PLDM_DESCRIPTOR_ACPI_PRODUCT, 4},
	{PROT_PLDM_DESCRIPTOR_MODEL_LONG, 40},
	{PROT_PLDM_DESCRIPTOR_MODEL_SHORT, 10},
	{PROT_PLDM_DESCRIPTOR_SCSI_PRODUCT, 16},
	{PROT_PLDM_DESCRIPTOR_UBM_CONTROLLER, 4},
	{PROT_PLDM_DESCRIPTOR_EUI64, 8},
	{PROT_PLDM_DESCRIPTOR_PCI_REVISION_RANGE, 2},
};

bool prot_pldm_descriptor_len_valid(uint16_t type, uint16_t len)
{
	for (size_t i = 0; i < PROT_ARRAY_SIZE(descriptor_sizes); i++) {
		if (descriptor_sizes[i].type == type) {
			return descriptor_sizes[i].len == len;
		}
	}
	return len > 0;
}

void prot_pldm_descriptor_encode(struct prot_wr *w,
				 const struct prot_pldm_descriptor *d)
{
	prot_wr_le16(w, d->type);
	prot_wr_le16(w, d->len);
	prot_wr_bytes(w, d->data, d->len);
}

enum prot_status prot_pldm_descriptor_decode(struct prot_rd *r,
					     struct prot_pldm_descriptor *d)
{
	d->type = prot_rd_le16(r);
	d->len = prot_rd_le16(r);
	d->data = prot_rd_bytes(r, d->len);
	if (!prot_rd_ok(r) ||
	    !prot_pldm_descriptor_len_valid(d->type, d->len)) {
		return PROT_ERR_MALFORMED;
	}
	return PROT_OK;
}

bool prot_pldm_descriptor_equal(const struct prot_pldm_descriptor *a,
				const struct prot_pldm_descriptor *b)
{
	return a->type == b->type && a->len == b->len &&
	       memcmp(a->data, b->data, a->len) == 0;
}

void prot_pldm_query_identifiers_rsp_encode(
	struct prot_wr *w, const struct prot_pldm_descriptor *descriptors,
	uint8_t count)
{
	uint32_t len = 0;

	for (uint8_t i = 0; i < count; i++) {
		len += 4u + descriptors[i].len;
	}
	prot_wr_le32(w, len);
	prot_wr_u8(w, count);
	for (uint8_t i = 0; i < count; i++) {
		prot_pldm_descriptor_encode(w, &descriptors[i]);
	}
}

enum prot_status prot_pldm_query_identifiers_rsp_decode(
	struct prot_rd *r, struct prot_pldm_query_identifiers_rsp *m)
{
	uint32_t len = prot_rd_le32(r);
	struct prot_pldm_descriptor d;
	struct prot_rd walk;

	m->count = prot_rd_u8(r);
	m->descriptors = prot_rd_sub(r, len);
	if (!prot_rd_end(r) || m->count == 0) {
		return PROT_ERR_MALFORMED;
	}
	walk = m->descriptors;
	for (uint8_t i = 0; i < m->count; i++) {
		if (prot_pldm_descriptor_decode(&walk, &d)) {
			return PROT_ERR_MALFORMED;
		}
	}
	return pldm_body_end(&walk);
}

static void string_head_encode(struct prot_wr *w,
			       const struct prot_pldm_string *s)
{
	prot_wr_u8(w, s->type);
	prot_wr_u8(w, s->len);
}

static void string_head_decode(struct prot_rd *r, struct prot_pldm_string *s)
{
	s->type = prot_rd_u8(r);
	s->len = prot_rd_u8(r);
	s->bytes = NULL;
}

static void image_encode(struct prot_wr *w,
			 const struct prot_pldm_component_image *m)
{
	prot_wr_le32(w, m->stamp);
	string_head_encode(w, &m->version);
	prot_wr_bytes(w, m->date, sizeof(m->date));
}

static void image_decode(struct prot_rd *r, struct prot_pldm_component_image *m)
{
	m->stamp = prot_rd_le32(r);
	string_head_decode(r, &m->version);
	prot_rd_copy(r, m->date, sizeof(m->date));
}

void prot_pldm_firmware_parameters_encode(
	struct prot_wr *w, const struct prot_pldm_firmware_parameters *m)
{
	prot_wr_le32(w, m->capabilities);
	prot_wr_le16(w, m->component_count);
	string_head_encode(w, &m->active);
	string_head_encode(w, &m->pending);
	prot_wr_bytes(w, m->active.bytes, m->active.len);
	prot_wr_bytes(w, m->pending.bytes, m->pending.len);
}

void prot_pldm_component_entry_encode(struct prot_wr *w,
				      const struct prot_pldm_component_entry *e)
{
	prot_pldm_component_id_encode(w, &e->id);
	image_encode(w, &e->active);
	image_encode(w, &e->pending);
	prot_wr_le16(w, e->activation_methods);
	prot_wr_le32(w, e->capabilities);
	prot_wr_bytes(w, e->active.version.bytes, e->active.version.len);
	prot_wr_bytes(w, e->pending.version.bytes, e->pending.version.len);
}

enum prot_status
prot_pldm_component_entry_decode(struct prot_rd *r,
				 struct prot_pldm_component_entry *e)
{
	prot_pldm_component_id_decode(r, &e->id);
	image_decode(r, &e->active);
	image_decode(r, &e->pending);
	e->activation_methods = prot_rd_le16(r);
	e->capabilities = prot_rd_le32(r);
	e->active.version.bytes = prot_rd_bytes(r, e->active.version.len);
	e->pending.version.bytes = prot_rd_bytes(r, e->pending.version.len);
	return prot_rd_ok(r) ? PROT_OK : PROT_ERR_MALFORMED;
}

enum prot_status
prot_pldm_firmware_parameters_decode(struct prot_rd *r,
				     struct prot_pldm_firmware_parameters *m)
{
	struct prot_pldm_component_entry e;

	m->capabilities = prot_rd_le32(r);
	m->component_count = prot_rd_le16(r);
	string_head_decode(r, &m->active);
	string_head_decode(r, &m->pending);
	m->active.bytes = prot_rd_bytes(r, m->active.len);
	m->pending.bytes = prot_rd_bytes(r, m->pending.len);
	m->components = *r;
	for (uint16_t i = 0; i < m->component_count; i++) {
		if (prot_pldm_component_entry_decode(r, &e)) {
			return PROT_ERR_MALFORMED;
		}
	}
	return pldm_body_end(r);
}
