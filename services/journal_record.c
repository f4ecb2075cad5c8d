/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/journal.h>

#include <prot/base/crc32.h>
#include <prot/base/cursor.h>

#include <string.h>

enum {
	MAGIC = 0x4A50,
	RECORD_VERSION = 1,
	CRC_OFFSET = 28,
	RESERVED = 4
};

const char *prot_bank_state_text(enum prot_bank_state state)
{
	static const char *const text[] = {
		"empty", "staged", "pending", "trial", "confirmed", "failed",
	};

	return (unsigned)state < PROT_ARRAY_SIZE(text) ? text[state]
						       : "unknown";
}

static void put_bank(struct prot_wr *w, const struct prot_journal_bank *b)
{
	prot_wr_u8(w, b->state);
	prot_wr_u8(w, b->tries);
	prot_wr_u8(w, b->max_tries);
	prot_wr_u8(w, b->attempts);
	prot_wr_u8(w, b->reason);
}

static void get_bank(struct prot_rd *r, struct prot_journal_bank *b)
{
	b->state = prot_rd_u8(r);
	b->tries = prot_rd_u8(r);
	b->max_tries = prot_rd_u8(r);
	b->attempts = prot_rd_u8(r);
	b->reason = prot_rd_u8(r);
}

void prot_journal_record_encode(const struct prot_journal_record *rec,
				uint8_t raw[PROT_JOURNAL_RECORD_SIZE])
{
	struct prot_wr w = prot_wr_init(raw, PROT_JOURNAL_RECORD_SIZE);

	prot_wr_le16(&w, MAGIC);
	prot_wr_u8(&w, rec->type);
	prot_wr_u8(&w, RECORD_VERSION);
	prot_wr_le32(&w, rec->seq);
	prot_wr_u8(&w, rec->bank);
	prot_wr_u8(&w, rec->state.active);
	put_bank(&w, &rec->state.bank[PROT_BANK_A]);
	put_bank(&w, &rec->state.bank[PROT_BANK_B]);
	prot_wr_le32(&w, rec->svn);
	prot_wr_fill(&w, 0, RESERVED);
	prot_wr_le32(&w, prot_crc32(0, raw, CRC_OFFSET));
}

static bool fields_known(const struct prot_journal_record *rec)
{
	const struct prot_journal_state *s = &rec->state;

	return rec->type >= PROT_JOURNAL_SNAPSHOT &&
	       rec->type <= PROT_JOURNAL_BOOT_OK &&
	       rec->bank < PROT_BANK_COUNT && rec->seq != 0 &&
	       s->active <= PROT_BANK_B &&
	       s->bank[PROT_BANK_A].state <= PROT_BANK_FAILED &&
	       s->bank[PROT_BANK_B].state <= PROT_BANK_FAILED;
}

enum prot_status
prot_journal_record_decode(const uint8_t raw[PROT_JOURNAL_RECORD_SIZE],
			   struct prot_journal_record *rec)
{
	struct prot_rd r = prot_rd_init(raw, PROT_JOURNAL_RECORD_SIZE);
	bool fixed = prot_rd_le16(&r) == MAGIC;

	rec->type = prot_rd_u8(&r);
	fixed = prot_rd_u8(&r) == RECORD_VERSION && fixed;
	rec->seq = prot_rd_le32(&r);
	rec->bank = prot_rd_u8(&r);
	rec->state.active = prot_rd_u8(&r);
	get_bank(&r, &rec->state.bank[PROT_BANK_A]);
	get_bank(&r, &rec->state.bank[PROT_BANK_B]);
	rec->svn = prot_rd_le32(&r);
	fixed = prot_rd_fill(&r, 0, RESERVED) && fixed;
	fixed = prot_rd_le32(&r) == prot_crc32(0, raw, CRC_OFFSET) && fixed;
	if (!fixed || !prot_rd_end(&r) || !fields_known(rec)) {
		memset(rec, 0, sizeof(*rec));
		return PROT_ERR_MALFORMED;
	}
	return PROT_OK;
}

/* A bank that is no longer confirmed leaves the lead to one that is. */
static void pass_active(struct prot_journal_state *s)
{
	uint8_t other = s->active ^ 1u;

	if (s->bank[s->active].state != PROT_BANK_CONFIRMED &&
	    s->bank[other].state == PROT_BANK_CONFIRMED) {
		s->active = other;
	}
}

static uint8_t count_up(uint8_t n)
{
	return n < UINT8_MAX ? (uint8_t)(n + 1) : n;
}

static void bank_event(struct prot_journal_bank *b, enum prot_journal_type type,
		       uint8_t value)
{
	static const struct prot_journal_bank empty;

	switch (type) {
	case PROT_JOURNAL_EMPTY:
		*b = empty;
		break;
	case PROT_JOURNAL_STAGED:
		*b = empty;
		b->state = PROT_BANK_STAGED;
		break;
	case PROT_JOURNAL_PENDING:
		*b = empty;
		b->state = PROT_BANK_PENDING;
		b->max_tries = value;
		break;
	case PROT_JOURNAL_TRIAL:
		b->state = PROT_BANK_TRIAL;
		b->tries = count_up(b->tries);
		break;
	case PROT_JOURNAL_CONFIRM:
		*b = empty;
		b->state = PROT_BANK_CONFIRMED;
		break;
	case PROT_JOURNAL_FAIL:
		b->state = PROT_BANK_FAILED;
		b->reason = value;
		break;
	case PROT_JOURNAL_BOOT_ATTEMPT:
		b->attempts = count_up(b->attempts);
		break;
	case PROT_JOURNAL_BOOT_OK:
		b->attempts = 0;
		break;
	case PROT_JOURNAL_SNAPSHOT:
	default:
		break;
	}
}

struct prot_journal_record prot_journal_event(const struct prot_journal *j,
					      enum prot_journal_type type,
					      enum prot_bank bank,
					      uint32_t value)
{
	struct prot_journal_record rec = {
		.type = (uint8_t)type,
		.bank = (uint8_t)bank,
		.state = *prot_journal_state(j),
	};

	if (bank == PROT_BANK_GOLDEN) { /* up: both banks start afresh */
		rec.state.bank[PROT_BANK_A].attempts = 0;
		rec.state.bank[PROT_BANK_B].attempts = 0;
		return rec;
	}
	bank_event(&rec.state.bank[bank], type, (uint8_t)value);
	if (type == PROT_JOURNAL_CONFIRM) {
		rec.svn = value;
		rec.state.active = (uint8_t)bank;
	}
	pass_active(&rec.state);
	return rec;
}
