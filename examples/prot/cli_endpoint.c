/* SPDX-License-Identifier: Apache-2.0 */
#include "prot_cli.h"

#include <stdlib.h>
#include <string.h>

static bool parse_port(const char *text, uint16_t *port)
{
	unsigned long v = 0;

	if (*text == '\0' || strlen(text) > 5) {
		return false;
	}
	for (; *text; text++) {
		if (*text < '0' || *text > '9') {
			return false;
		}
		v = v * 10 + (unsigned long)(*text - '0');
	}
	*port = (uint16_t)v;
	return v <= 0xFFFF;
}

/* "HOST", "HOST:PORT", "[V6]", "[V6]:PORT", ":PORT" or nothing. */
static bool parse_host_port(const char *text, struct prot_cli_endpoint *e)
{
	const char *end;
	const char *after;

	if (*text == '[') {
		end = strchr(++text, ']');
		after = end ? end + 1 : NULL;
	} else {
		end = text + strcspn(text, ":");
		after = end;
	}
	if (end == NULL || (*after != '\0' && *after != ':') ||
	    (size_t)(end - text) >= sizeof(e->host)) {
		return false;
	}
	if (end != text) {
		memcpy(e->host, text, (size_t)(end - text));
		e->host[end - text] = '\0';
	}
	return *after == '\0' || parse_port(after + 1, &e->port);
}

bool prot_cli_endpoint_parse(const char *text,
			     struct prot_cli_endpoint *endpoint)
{
	struct prot_cli_endpoint e = {.host = "127.0.0.1"};
	size_t scheme = strcspn(text, ":");

	if (scheme == 4 && strncmp(text, "mctp", 4) == 0) {
		e.framing = PROT_CLI_MCTP;
		e.port = PROT_CLI_MCTP_PORT;
	} else if (scheme == 3 && strncmp(text, "emu", 3) == 0) {
		e.framing = PROT_CLI_EMU;
		e.port = PROT_CLI_EMU_PORT;
	} else {
		return false;
	}
	if (text[scheme] == ':' && !parse_host_port(text + scheme + 1, &e)) {
		return false;
	}
	*endpoint = e;
	return true;
}

void prot_cli_endpoint_text(const struct prot_cli_endpoint *endpoint, char *out)
{
	bool v6 = strchr(endpoint->host, ':') != NULL;

	snprintf(out, PROT_CLI_ENDPOINT_TEXT, "%s:%s%s%s:%u",
		 endpoint->framing == PROT_CLI_EMU ? "emu" : "mctp",
		 v6 ? "[" : "", endpoint->host, v6 ? "]" : "",
		 (unsigned)endpoint->port);
}
