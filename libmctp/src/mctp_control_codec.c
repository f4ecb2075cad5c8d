/* SPDX-License-Identifier: Apache-2.0 */
/* Control protocol, requester codecs (DSP0236 1.3, sections 11 and 12). */
#include <prot/mctp/control.h>

void prot_mctp_control_request_put(struct prot_wr *w, uint8_t instance,
				   uint8_t command)
{
	prot_wr_u8(w, PROT_MCTP_TYPE_CONTROL);
	prot_wr_u8(w, PROT_MCTP_CTRL_RQ |
			      (instance & PROT_MCTP_CTRL_INSTANCE_MASK));
	prot_wr_u8(w, command);
}

void prot_mctp_set_eid_request_put(struct prot_wr *w, uint8_t instance,
				   enum prot_mctp_set_eid_op op, uint8_t eid)
{
	prot_mctp_control_request_put(w, instance, PROT_MCTP_CMD_SET_EID);
	prot_wr_u8(w, (uint8_t)op);
	prot_wr_u8(w, eid);
}

void prot_mctp_version_request_put(struct prot_wr *w, uint8_t instance,
				   uint8_t type)
{
	prot_mctp_control_request_put(w, instance,
				      PROT_MCTP_CMD_GET_VERSION_SUPPORT);
	prot_wr_u8(w, type);
}

void prot_mctp_vendor_request_put(struct prot_wr *w, uint8_t instance,
				  uint8_t selector)
{
	prot_mctp_control_request_put(w, instance,
				      PROT_MCTP_CMD_GET_VENDOR_SUPPORT);
	prot_wr_u8(w, selector);
}

enum prot_status prot_mctp_control_response_get(struct prot_rd *r,
						uint8_t instance,
						uint8_t command,
						uint8_t *completion)
{
	const uint8_t type = prot_rd_u8(r);
	const uint8_t rq = prot_rd_u8(r);
	const uint8_t got = prot_rd_u8(r);
	const uint8_t cc = prot_rd_u8(r);
	const uint8_t mask = PROT_MCTP_CTRL_RQ | PROT_MCTP_CTRL_D |
			     PROT_MCTP_CTRL_INSTANCE_MASK;

	if (!prot_rd_ok(r) || type != PROT_MCTP_TYPE_CONTROL ||
	    (rq & mask) != (instance & PROT_MCTP_CTRL_INSTANCE_MASK) ||
	    got != command) {
		return PROT_ERR_MALFORMED;
	}
	*completion = cc;
	return cc == PROT_MCTP_CC_SUCCESS ? PROT_OK : PROT_ERR_REFUSED;
}

static enum prot_status at_end(const struct prot_rd *r)
{
	return prot_rd_end(r) ? PROT_OK : PROT_ERR_MALFORMED;
}

enum prot_status
prot_mctp_set_eid_response_get(struct prot_rd *r,
			       struct prot_mctp_set_eid_response *out)
{
	const uint8_t status = prot_rd_u8(r);

	out->accepted = (status & PROT_MCTP_SET_EID_STATUS_MASK) ==
			PROT_MCTP_SET_EID_ACCEPTED;
	out->allocation = status & 0x03u;
	out->eid = prot_rd_u8(r);
	out->pool_size = prot_rd_u8(r);
	return at_end(r);
}

enum prot_status
prot_mctp_get_eid_response_get(struct prot_rd *r,
			       struct prot_mctp_get_eid_response *out)
{
	uint8_t type;

	out->eid = prot_rd_u8(r);
	type = prot_rd_u8(r);
	out->endpoint_type = type & PROT_MCTP_ENDPOINT_TYPE_MASK;
	out->eid_type = type & PROT_MCTP_EID_TYPE_MASK;
	out->medium_specific = prot_rd_u8(r);
	return at_end(r);
}

enum prot_status prot_mctp_uuid_response_get(struct prot_rd *r,
					     uint8_t uuid[PROT_MCTP_UUID_SIZE])
{
	prot_rd_copy(r, uuid, PROT_MCTP_UUID_SIZE);
	return at_end(r);
}

/* A count, and exactly so many elements of `size` bytes. */
static enum prot_status list_get(struct prot_rd *r, uint8_t *count, size_t size)
{
	*count = prot_rd_u8(r);
	return prot_rd_ok(r) && r->left == *count * size ? PROT_OK
							 : PROT_ERR_MALFORMED;
}

enum prot_status prot_mctp_version_response_get(struct prot_rd *r,
						uint8_t *count)
{
	return list_get(r, count, 4);
}

enum prot_status prot_mctp_type_response_get(struct prot_rd *r, uint8_t *count)
{
	return list_get(r, count, 1);
}

enum prot_status prot_mctp_vendor_response_get(struct prot_rd *r,
					       uint8_t *next_selector,
					       struct prot_mctp_vendor_set *out)
{
	*next_selector = prot_rd_u8(r);
	out->format = prot_rd_u8(r);
	/* The length of the ID is known for these formats only. */
	if (out->format > PROT_MCTP_VENDOR_FORMAT_IANA) {
		return PROT_ERR_MALFORMED;
	}
	out->vendor_id = (uint32_t)prot_rd_be(
		r, out->format == PROT_MCTP_VENDOR_FORMAT_PCI ? 2 : 4);
	out->command_set = prot_rd_be16(r);
	return at_end(r);
}
