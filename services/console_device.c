/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/console.h>

#include <prot/base/text.h>

static void bank(struct prot_text *t, const char *before, uint32_t b)
{
	prot_text_str(t, before);
	prot_text_str(t, prot_bank_text((enum prot_bank)b));
}

static void number(struct prot_text *t, const char *before, uint32_t n,
		   const char *after)
{
	prot_text_str(t, before);
	prot_text_u32(t, n);
	prot_text_str(t, after);
}

static void spdm_refused(struct prot_text *t, uint32_t code, uint32_t why)
{
	uint8_t byte = (uint8_t)code;

	prot_text_str(t, ": code 0x");
	prot_text_hex(t, &byte, 1);
	prot_text_str(t, ", ");
	prot_text_str(t, prot_spdm_refusal_text((enum prot_spdm_refusal)why));
}

static void details(struct prot_text *t, enum prot_device_event event,
		    uint32_t a, uint32_t b)
{
	switch (event) {
	case PROT_DEVICE_EVENT_STARTED:
		prot_text_str(t, " in mode ");
		prot_text_str(t, prot_boot_mode_text((enum prot_boot_mode)a));
		bank(t, " from bank ", b);
		break;
	case PROT_DEVICE_EVENT_CONFIRMED:
	case PROT_DEVICE_EVENT_FLOOR_KEPT:
		bank(t, ": bank ", a);
		number(t, ", SVN floor ", b, "");
		break;
	case PROT_DEVICE_EVENT_CONFIRM_FAILED:
		bank(t, ": bank ", a);
		prot_text_str(t, ", ");
		prot_text_str(t, prot_status_text((enum prot_status)(-(int)b)));
		break;
	case PROT_DEVICE_EVENT_EID:
		number(t, ": ", a, "");
		break;
	case PROT_DEVICE_EVENT_ATTESTED:
		number(t, " for EID ", a, "");
		break;
	case PROT_DEVICE_EVENT_SPDM_REFUSED:
		spdm_refused(t, a, b);
		break;
	case PROT_DEVICE_EVENT_UPDATE_STATE:
		prot_text_str(t, ": ");
		prot_text_str(t, prot_pldm_fd_state_text((uint8_t)a));
		number(t, ", ", b, " bytes");
		break;
	case PROT_DEVICE_EVENT_UPDATE_REFUSED:
		prot_text_str(t, ": ");
		prot_text_str(
			t, prot_image_reason_text((enum prot_image_reason)a));
		break;
	case PROT_DEVICE_EVENT_NO_IDENTITY:
	case PROT_DEVICE_EVENT_UNHEALTHY:
	case PROT_DEVICE_EVENT_RESET:
	case PROT_DEVICE_EVENT_COUNT:
	default:
		break;
	}
}

size_t prot_device_event_line(const char *runtime, enum prot_device_event event,
			      uint32_t a, uint32_t b,
			      char out[PROT_CONSOLE_LINE])
{
	struct prot_text t = prot_text_init(out, PROT_CONSOLE_LINE);

	prot_text_str(&t, "runtime");
	if (event == PROT_DEVICE_EVENT_STARTED) {
		prot_text_char(&t, ' ');
		prot_text_str(&t, runtime);
	}
	prot_text_str(&t, ": ");
	prot_text_str(&t, prot_device_event_text(event));
	details(&t, event, a, b);
	return t.len;
}
