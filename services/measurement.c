/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/measurement.h>

#include <prot/base/cursor.h>

#define DIGEST PROT_SPDM_MEASUREMENT_DIGEST
#define RAW    PROT_SPDM_MEASUREMENT_RAW
#define TCB    PROT_SPDM_MEASUREMENT_TCB

const struct prot_spdm_measurement prot_measurement_table[] = {
	{PROT_MEASUREMENT_BOOT_STAGE, PROT_SPDM_MEAS_MUTABLE_FIRMWARE,
	 DIGEST | TCB},
	{PROT_MEASUREMENT_RUNTIME, PROT_SPDM_MEAS_MUTABLE_FIRMWARE,
	 DIGEST | TCB},
	{PROT_MEASUREMENT_VERSION, PROT_SPDM_MEAS_FIRMWARE_VERSION, RAW},
	{PROT_MEASUREMENT_SVN, PROT_SPDM_MEAS_FIRMWARE_SVN, RAW | TCB},
	{PROT_MEASUREMENT_CONFIG, PROT_SPDM_MEAS_FIRMWARE_CONFIG, RAW | TCB},
	{PROT_MEASUREMENT_DEVICE_MODE, PROT_SPDM_MEAS_DEVICE_MODE, RAW},
};

const size_t prot_measurement_count = PROT_ARRAY_SIZE(prot_measurement_table);

const char *prot_measurement_name(uint8_t index)
{
	switch (index) {
	case PROT_MEASUREMENT_BOOT_STAGE:
		return "boot stage";
	case PROT_MEASUREMENT_RUNTIME:
		return "runtime firmware";
	case PROT_MEASUREMENT_VERSION:
		return "firmware version";
	case PROT_MEASUREMENT_SVN:
		return "security version";
	case PROT_MEASUREMENT_CONFIG:
		return "configuration";
	case PROT_MEASUREMENT_DEVICE_MODE:
		return "device mode";
	default:
		return "unknown";
	}
}

/* Operational and device mode bits, DSP0274 1.3, "Device mode field". */
#define MODE_MANUFACTURING  (1u << 0)
#define MODE_NORMAL         (1u << 2)
#define MODE_RECOVERY       (1u << 3)
#define MODE_RMA            (1u << 4)
#define MODE_DECOMMISSIONED (1u << 5)
#define MODE_SUPPORTED                                                         \
	(MODE_MANUFACTURING | MODE_NORMAL | MODE_RECOVERY | MODE_RMA |         \
	 MODE_DECOMMISSIONED)

#define DEBUG_NON_INVASIVE (1u << 0)
#define DEBUG_INVASIVE     (1u << 1)

static uint32_t operational_mode(const struct prot_handoff *h)
{
	if (h->mode == PROT_BOOT_RECOVERY) {
		return MODE_RECOVERY;
	}
	switch (h->lifecycle) {
	case PROT_LIFECYCLE_RAW:
	case PROT_LIFECYCLE_MANUFACTURING:
		return MODE_MANUFACTURING;
	case PROT_LIFECYCLE_RMA:
		return MODE_RMA;
	case PROT_LIFECYCLE_END_OF_LIFE:
		return MODE_DECOMMISSIONED;
	case PROT_LIFECYCLE_PRODUCTION:
	case PROT_LIFECYCLE_OWNED:
	default:
		return MODE_NORMAL;
	}
}

static void put_device_mode(struct prot_wr *w, const struct prot_handoff *h)
{
	prot_wr_le32(w, MODE_SUPPORTED);
	prot_wr_le32(w, operational_mode(h));
	prot_wr_le32(w, DEBUG_NON_INVASIVE | DEBUG_INVASIVE);
	prot_wr_le32(w, h->debug ? DEBUG_NON_INVASIVE | DEBUG_INVASIVE : 0);
}

static void put_decimal(struct prot_wr *w, uint16_t v)
{
	uint8_t digits[5];
	size_t n = 0;

	do {
		digits[n++] = (uint8_t)('0' + v % 10);
		v = (uint16_t)(v / 10);
	} while (v != 0);
	while (n > 0) {
		prot_wr_u8(w, digits[--n]);
	}
}

static void put_version(struct prot_wr *w, const struct prot_image_version *v)
{
	const uint16_t part[4] = {v->major, v->minor, v->patch, v->build};
	size_t count = v->build != 0 ? 4 : 3;

	for (size_t i = 0; i < count; i++) {
		if (i > 0) {
			prot_wr_u8(w, '.');
		}
		put_decimal(w, part[i]);
	}
}

size_t prot_measurement_version_text(const struct prot_image_version *version,
				     uint8_t out[PROT_MEASUREMENT_VALUE_MAX])
{
	struct prot_wr w = prot_wr_init(out, PROT_MEASUREMENT_VALUE_MAX);

	put_version(&w, version);
	return w.len;
}

enum prot_status prot_measurement_value(const struct prot_handoff *h,
					uint8_t index, uint8_t *out,
					size_t *len)
{
	struct prot_wr w = prot_wr_init(out, PROT_MEASUREMENT_VALUE_MAX);

	switch (index) {
	case PROT_MEASUREMENT_BOOT_STAGE:
		prot_wr_bytes(&w, h->boot_digest, sizeof(h->boot_digest));
		break;
	case PROT_MEASUREMENT_RUNTIME:
		prot_wr_bytes(&w, h->runtime_digest, sizeof(h->runtime_digest));
		break;
	case PROT_MEASUREMENT_VERSION:
		put_version(&w, &h->version);
		break;
	case PROT_MEASUREMENT_SVN:
		prot_wr_le64(&w, h->svn);
		break;
	case PROT_MEASUREMENT_CONFIG:
		prot_wr_u8(&w, (uint8_t)h->lifecycle);
		prot_wr_u8(&w, h->debug ? 1 : 0);
		break;
	case PROT_MEASUREMENT_DEVICE_MODE:
		put_device_mode(&w, h);
		break;
	default:
		return PROT_ERR_NOT_FOUND;
	}
	*len = w.len;
	return PROT_OK;
}
