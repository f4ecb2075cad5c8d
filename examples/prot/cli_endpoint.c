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

/* As a number of its own after the last comma; a comma may be in the path. */
static bool parse_baud(const char *text, uint32_t *baud)
{
	unsigned long v = 0;

	if (*text == '\0' || strlen(text) > 8) {
		return false;
	}
	for (; *text; text++) {
		if (*text < '0' || *text > '9') {
			return false;
		}
		v = v * 10 + (unsigned long)(*text - '0');
	}
	*baud = (uint32_t)v;
	return v != 0;
}

/* "unix:PATH", "DEVICE" or "DEVICE,BAUD". */
static bool parse_line(const char *text, struct prot_cli_endpoint *e)
{
	bool is_unix = strncmp(text, "unix:", 5) == 0;
	const char *comma = is_unix ? NULL : strrchr(text, ',');
	size_t len;

	text += is_unix ? 5 : 0;
	len = comma ? (size_t)(comma - text) : strlen(text);
	if (len == 0 || len >= sizeof(e->host)) {
		return false;
	}
	memcpy(e->host, text, len);
	e->host[len] = '\0';
	e->baud = is_unix ? 0 : PROT_CLI_BAUD;
	return !comma || parse_baud(comma + 1, &e->baud);
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
	} else if (strncmp(text, "serial:", 7) == 0) {
		e.framing = PROT_CLI_SERIAL;
	} else {
		return false;
	}
	if (text[scheme] == ':' &&
	    !(e.framing == PROT_CLI_SERIAL ? parse_line : parse_host_port)(
		    text + scheme + 1, &e)) {
		return false;
	}
	*endpoint = e;
	return true;
}

void prot_cli_endpoint_text(const struct prot_cli_endpoint *endpoint, char *out)
{
	bool v6 = strchr(endpoint->host, ':') != NULL;

	if (endpoint->framing == PROT_CLI_SERIAL && endpoint->baud == 0) {
		snprintf(out, PROT_CLI_ENDPOINT_TEXT, "serial:unix:%s",
			 endpoint->host);
		return;
	}
	if (endpoint->framing == PROT_CLI_SERIAL) {
		snprintf(out, PROT_CLI_ENDPOINT_TEXT, "serial:%s,%u",
			 endpoint->host, (unsigned)endpoint->baud);
		return;
	}
	snprintf(out, PROT_CLI_ENDPOINT_TEXT, "%s:%s%s%s:%u",
		 endpoint->framing == PROT_CLI_EMU ? "emu" : "mctp",
		 v6 ? "[" : "", endpoint->host, v6 ? "]" : "",
		 (unsigned)endpoint->port);
}
