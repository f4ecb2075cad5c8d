/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/firmware.h>

#include <prot/base/text.h>
#include <prot/services/console.h>

/* Waits while the driver makes progress. False: it does not. */
static bool write_all(const struct prot_firmware_seams *s, const char *text,
		      size_t len)
{
	const struct prot_uart *u = s->console;
	uint64_t since = prot_clock_ms(s->clock);
	size_t done = 0;

	while (done < len) {
		size_t n = u->ops->write(u->ctx, (const uint8_t *)text + done,
					 len - done);
		uint64_t now = prot_clock_ms(s->clock);

		if (n != 0) {
			since = now;
		} else if (now - since > PROT_FIRMWARE_CONSOLE_MS) {
			return false;
		}
		done += n;
	}
	return true;
}

void prot_firmware_print(const struct prot_firmware_seams *s, const char *line)
{
	if (s->console && write_all(s, line, strlen(line))) {
		(void)write_all(s, "\r\n", 2);
	}
}

void prot_firmware_print_status(const struct prot_firmware_seams *s,
				const char *what, enum prot_status st)
{
	char line[PROT_CONSOLE_LINE];
	struct prot_text t = prot_text_init(line, sizeof(line));

	prot_text_str(&t, what);
	prot_text_str(&t, ": ");
	prot_text_str(&t, prot_status_text(st));
	prot_firmware_print(s, line);
}
