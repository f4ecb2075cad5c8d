/* SPDX-License-Identifier: Apache-2.0 */
#include "x509_private.h"

static bool is_leap(uint32_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Two decimal digits; marks the reader bad when they are none. */
static uint32_t two_digits(struct prot_rd *r)
{
	uint8_t tens = (uint8_t)(prot_rd_u8(r) - '0');
	uint8_t ones = (uint8_t)(prot_rd_u8(r) - '0');

	if (tens > 9 || ones > 9) {
		r->bad = true;
		return 0;
	}
	return tens * 10u + ones;
}

/* The same, within a range. */
static uint32_t field(struct prot_rd *r, uint32_t low, uint32_t high)
{
	uint32_t v = two_digits(r);

	if (v < low || v > high) {
		r->bad = true;
		return low;
	}
	return v;
}

/* Days from 1970-01-01 to the first of a month, 1 to 12. */
static uint32_t days_before(uint32_t year, uint32_t month)
{
	static const uint16_t before[12] = {0,   31,  59,  90,  120, 151,
					    181, 212, 243, 273, 304, 334};
	uint32_t y = year - 1;
	uint32_t days = y * 365 + y / 4 - y / 100 + y / 400 - 719162;

	return days + before[month - 1] + (month > 2 && is_leap(year));
}

uint64_t prot_x509_time(struct prot_rd *r)
{
	bool generalized = prot_der_next_is(r, PROT_DER_GENERALIZED_TIME);
	struct prot_rd t = prot_der_get(
		r, generalized ? PROT_DER_GENERALIZED_TIME : PROT_DER_UTC_TIME);
	uint32_t year, month, day, limit, s;

	if (generalized) {
		year = two_digits(&t) * 100;
		year += two_digits(&t);
	} else { /* RFC 5280 4.1.2.5.1: 1950 to 2049 */
		year = two_digits(&t);
		year += year >= 50 ? 1900 : 2000;
	}
	month = field(&t, 1, 12);
	limit = month == 2 ? (is_leap(year) ? 29 : 28)
			   : 30 + ((month + month / 8) & 1);
	day = field(&t, 1, limit);
	s = field(&t, 0, 23) * 3600u;
	s += field(&t, 0, 59) * 60u;
	s += field(&t, 0, 59);
	if (prot_rd_u8(&t) != 'Z' || !prot_rd_end(&t)) {
		r->bad = true;
		return 0;
	}
	if (year < 1970) {
		return 0;
	}
	return s + UINT64_C(86400) * (days_before(year, month) + day - 1);
}
