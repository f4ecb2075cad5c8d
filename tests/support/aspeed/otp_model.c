/* SPDX-License-Identifier: Apache-2.0 */
#include "otp_model.h"

#include "mmio_mock.h"

#include "ast10x0.h"
#include "ast_otp.h"

#include <string.h>

static void breach(struct otp_model *m, const char *what)
{
	if (m->violation == NULL) {
		m->violation = what;
	}
}

static uint32_t reg(uint32_t offset)
{
	return mmio_mock_peek(AST_SBC_BASE + offset);
}

static bool busy(const struct otp_model *m)
{
	return m->stuck || m->off ||
	       prot_clock_us(&mmio_mock_clock) < m->busy_until;
}

static void work(struct otp_model *m, uint32_t us)
{
	m->busy_until = prot_clock_us(&mmio_mock_clock) + us;
}

static void do_read(struct otp_model *m, uint32_t address)
{
	uint32_t n = (address >> 9 & 3) * 8 + (address >> 1 & 7);
	bool config = address >= 0x800;

	if ((m->mr | m->mra | m->mrb) != 0) {
		breach(m, "read outside read mode");
	}
	if (address % 2 != 0 || address >= 0x1000 ||
	    (config && (address & 0x1F0) != 0)) {
		breach(m, "read of an address that is none");
		return;
	}
	m->reads++;
	mmio_mock_poke(AST_SBC_BASE + AST_OTP_DATA(0),
		       config ? m->config[n] : m->data[address]);
	mmio_mock_poke(AST_SBC_BASE + AST_OTP_DATA(1),
		       config ? 0xC0FFC0FF : m->data[address + 1]);
	work(m, 2);
}

static void do_write(struct otp_model *m, uint32_t address, uint32_t value)
{
	switch (address) {
	case AST_OTP_MODE_LATCH:
		m->latch = value;
		break;
	case AST_OTP_MODE_MR:
		m->mr = value;
		break;
	case AST_OTP_MODE_MRA:
		m->mra = value;
		break;
	case AST_OTP_MODE_MRB:
		m->mrb = value;
		break;
	default:
		breach(m, "write of a mode register that is none");
		break;
	}
	work(m, 10);
}

/* 1: normal pulse, 2: long pulse, 0: as no data sheet says. */
static unsigned pulse_kind(const struct otp_model *m)
{
	uint32_t timing = reg(AST_OTP_TIMING);

	if (m->mra != 0x1320) {
		return 0;
	}
	if (m->mrb == 0x1008 && m->mr == 0x0024 && timing == 0x04191388) {
		return 1;
	}
	return m->mrb == 0x0007 && m->mr == 0x0100 && timing == 0x04193A98 ? 2
									   : 0;
}

/* Whether this pulse sets the bit. */
static bool sets(struct otp_model *m, uint32_t word, uint32_t bit,
		 unsigned kind)
{
	for (unsigned i = 0; i < OTP_MODEL_HARD; i++) {
		struct otp_hard_bit *h = &m->hard[i];

		if (h->soaks == 0 || h->word != word || h->bit != bit) {
			continue;
		}
		if (kind == 2 && h->soaks != UINT32_MAX) {
			h->soaks--;
		}
		return h->soaks == 0;
	}
	return true;
}

static void do_program(struct otp_model *m, uint32_t word, uint32_t value)
{
	unsigned kind = pulse_kind(m);
	uint32_t ones = word % 2 == 0 ? ~value : value;
	uint32_t bit = 0;

	if (kind == 0 || m->latch != value || ones == 0 ||
	    (ones & (ones - 1)) != 0) {
		breach(m, "program not set up as it must be");
		return;
	}
	if (word < m->first || word > m->last || word >= OTP_MODEL_WORDS) {
		breach(m, "program outside the region");
		return;
	}
	while (ones >> bit != 1) {
		bit++;
	}
	m->programs++;
	m->soaks += kind == 2;
	if (m->programs == m->cut_at) {
		m->off = true;
	} else if (sets(m, word, bit, kind)) {
		m->data[word] = word % 2 == 0 ? m->data[word] | ones
					      : m->data[word] & ~ones;
	}
	work(m, kind == 2 ? 600 : 200);
}

static void command(struct otp_model *m, uint32_t code)
{
	uint32_t address = reg(AST_OTP_ADDRESS);
	uint32_t value = reg(AST_OTP_DATA(0));

	if (m->off) {
		return;
	}
	if (!m->open || busy(m)) {
		breach(m, "command while protected or busy");
	} else if (code == AST_OTP_COMMAND_READ) {
		do_read(m, address);
	} else if (code == AST_OTP_COMMAND_WRITE) {
		do_write(m, address, value);
	} else if (code == AST_OTP_COMMAND_PROGRAM) {
		do_program(m, address, value);
	} else {
		breach(m, "unknown command");
	}
	m->commands++;
	if (m->commands == m->stuck_at) {
		m->stuck = true;
	}
}

static void sbc_write(void *ctx, uint32_t address, uint32_t value,
		      unsigned width)
{
	struct otp_model *m = ctx;

	(void)width;
	switch (address - AST_SBC_BASE) {
	case AST_OTP_PROTECT:
		m->open = value == AST_OTP_PROTECT_PASSWORD;
		break;
	case AST_OTP_COMMAND:
		command(m, value);
		break;
	case AST_OTP_TIMING:
	case AST_OTP_ADDRESS:
	case AST_OTP_DATA(0):
	case AST_OTP_DATA(1):
		if (!m->open) {
			breach(m, "register written while protected");
		}
		break;
	default:
		breach(m, "register that is none of the OTP's");
		break;
	}
}

static uint32_t sbc_read(void *ctx, uint32_t address, unsigned width)
{
	const struct otp_model *m = ctx;

	(void)width;
	if (address - AST_SBC_BASE == AST_OTP_STATUS) {
		return busy(m) ? 0x2 : 0x6;
	}
	if (address - AST_SBC_BASE == AST_OTP_DATA(0) ||
	    address - AST_SBC_BASE == AST_OTP_DATA(1)) {
		return busy(m) ? 0xBADBAD00 : mmio_mock_peek(address);
	}
	return mmio_mock_peek(address);
}

void otp_model_power_on(struct otp_model *m)
{
	struct mmio_model model = {AST_SBC_BASE, 0x100, sbc_read, sbc_write, m};

	m->open = false;
	m->off = false;
	m->cut_at = 0;
	m->programs = 0;
	m->soaks = 0;
	m->reads = 0;
	m->busy_until = 0;
	m->mr = 0;
	m->mra = 0;
	m->mrb = 0;
	mmio_mock_add(&model);
}

void otp_model_init(struct otp_model *m)
{
	memset(m, 0, sizeof(*m));
	m->last = OTP_MODEL_WORDS - 1;
	for (uint32_t i = 1; i < OTP_MODEL_WORDS; i += 2) {
		m->data[i] = UINT32_MAX;
	}
	otp_model_power_on(m);
}

bool otp_model_at_rest(const struct otp_model *m)
{
	return !m->open && (m->mr | m->mra | m->mrb) == 0 &&
	       reg(AST_OTP_DATA(0)) == 0 && reg(AST_OTP_DATA(1)) == 0 &&
	       reg(AST_OTP_PROTECT) == AST_OTP_PROTECT_ON;
}
