/* SPDX-License-Identifier: Apache-2.0 */
#include "prot_cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void prot_cli_hex(const void *bytes, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = bytes;

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[p[i] >> 4];
		*out++ = digits[p[i] & 15];
	}
	*out = '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	if (c >= 'a' && c <= 'f') {
		return c - 'a' + 10;
	}
	if (c >= 'A' && c <= 'F') {
		return c - 'A' + 10;
	}
	return -1;
}

bool prot_cli_unhex(const char *text, uint8_t *out, size_t len)
{
	if (strlen(text) != 2 * len) {
		return false;
	}
	for (size_t i = 0; i < len; i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0) {
			return false;
		}
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

void prot_cli_printable(const void *bytes, size_t len, char *out, size_t cap)
{
	const uint8_t *p = bytes;
	size_t n = 0;

	for (; n < len && n + 1 < cap; n++) {
		out[n] = (char)(p[n] >= 0x20 && p[n] < 0x7f ? p[n] : '?');
	}
	if (cap > 0) {
		out[n] = '\0';
	}
}

void prot_cli_table_row(struct prot_cli_table *t, size_t columns, ...)
{
	va_list args;
	size_t used = t->rows * columns;
	char **cells = realloc(t->cells, (used + columns) * sizeof(*cells));

	if (cells == NULL) {
		prot_cli_error("out of memory");
		exit(PROT_EXIT_FAILED);
	}
	t->cells = cells;
	t->columns = columns;
	t->rows++;
	va_start(args, columns);
	for (size_t i = 0; i < columns; i++) {
		const char *text = va_arg(args, const char *);
		size_t size = strlen(text) + 1;

		cells[used + i] = prot_cli_alloc(size);
		memcpy(cells[used + i], text, size);
	}
	va_end(args);
}

static int column_width(const struct prot_cli_table *t, size_t column)
{
	size_t width = 0;

	for (size_t r = 0; r < t->rows; r++) {
		size_t len = strlen(t->cells[r * t->columns + column]);

		width = len > width ? len : width;
	}
	return (int)width;
}

void prot_cli_table_print(struct prot_cli_table *t, FILE *out)
{
	for (size_t r = 0; r < t->rows; r++) {
		fputs(" ", out);
		for (size_t c = 0; c < t->columns; c++) {
			bool last = c + 1 == t->columns;

			fprintf(out, " %-*s", last ? 0 : column_width(t, c) + 1,
				t->cells[r * t->columns + c]);
		}
		fputc('\n', out);
	}
	for (size_t i = 0; i < t->rows * t->columns; i++) {
		free(t->cells[i]);
	}
	free(t->cells);
	memset(t, 0, sizeof(*t));
}
