/* SPDX-License-Identifier: Apache-2.0 */
#include "cli_pcap.h"

#include <prot/base/cursor.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAGIC_MICRO  0xA1B2C3D4u
#define MAGIC_NANO   0xA1B23C4Du
#define MAGIC_PCAPNG 0x0A0D0D0Au
/* Link types reach 16 bits; above them stand flags about a frame check. */
#define LINKTYPE_MASK 0xFFFFu

struct prot_cli_pcap {
	int fd;
	char *path;
};

struct prot_cli_pcap *prot_cli_pcap_create(const char *path)
{
	struct prot_cli_pcap *pcap = prot_cli_alloc(sizeof(*pcap));

	pcap->path = strdup(path);
	if (prot_posix_pcap_create(path, &pcap->fd) != PROT_OK ||
	    pcap->path == NULL) {
		prot_cli_error("cannot write %s: %s", path, strerror(errno));
		prot_cli_pcap_close(pcap);
		return NULL;
	}
	return pcap;
}

void prot_cli_pcap_write(struct prot_cli_pcap *pcap, const uint8_t *packet,
			 size_t len)
{
	if (pcap->fd < 0) {
		return;
	}
	if (prot_posix_pcap_record(pcap->fd, packet, len) != PROT_OK) {
		prot_cli_error("cannot write %s: %s; the trace ends here",
			       pcap->path, strerror(errno));
		close(pcap->fd);
		pcap->fd = -1;
	}
}

void prot_cli_pcap_close(struct prot_cli_pcap *pcap)
{
	if (pcap == NULL) {
		return;
	}
	if (pcap->fd >= 0) {
		close(pcap->fd);
	}
	free(pcap->path);
	free(pcap);
}

static uint32_t get32(const struct prot_cli_pcap_reader *r, struct prot_rd *rd)
{
	return r->big_endian ? prot_rd_be32(rd) : prot_rd_le32(rd);
}

/* The magic number says which byte order and which resolution follow. */
static enum prot_status read_magic(struct prot_cli_pcap_reader *r,
				   struct prot_rd *rd)
{
	struct prot_rd again = *rd;
	uint32_t little = prot_rd_le32(rd);
	uint32_t big = prot_rd_be32(&again);

	r->big_endian = big == MAGIC_MICRO || big == MAGIC_NANO;
	r->nanoseconds = big == MAGIC_NANO || little == MAGIC_NANO;
	if (little == MAGIC_PCAPNG) {
		return PROT_ERR_UNSUPPORTED;
	}
	return r->big_endian || little == MAGIC_MICRO || little == MAGIC_NANO
		       ? PROT_OK
		       : PROT_ERR_MALFORMED;
}

enum prot_status prot_cli_pcap_open(struct prot_cli_pcap_reader *r,
				    const uint8_t *bytes, size_t len)
{
	struct prot_rd rd = prot_rd_init(bytes, len);
	enum prot_status st;
	uint16_t major;

	memset(r, 0, sizeof(*r));
	st = read_magic(r, &rd);
	if (st != PROT_OK) {
		return st;
	}
	major = r->big_endian ? prot_rd_be16(&rd) : prot_rd_le16(&rd);
	(void)prot_rd_bytes(&rd, 14); /* minor, zone, accuracy, snap length */
	r->linktype = get32(r, &rd) & LINKTYPE_MASK;
	if (!prot_rd_ok(&rd)) {
		return PROT_ERR_MALFORMED;
	}
	r->at = rd.at;
	r->left = rd.left;
	return major == 2 ? PROT_OK : PROT_ERR_UNSUPPORTED;
}

enum prot_status prot_cli_pcap_next(struct prot_cli_pcap_reader *r,
				    struct prot_cli_pcap_record *record)
{
	struct prot_rd rd = prot_rd_init(r->at, r->left);
	uint64_t seconds;
	uint32_t fraction;

	if (r->left == 0) {
		return PROT_ERR_NOT_FOUND;
	}
	seconds = get32(r, &rd);
	fraction = get32(r, &rd);
	record->len = get32(r, &rd);
	record->original_len = get32(r, &rd);
	record->packet = prot_rd_bytes(&rd, record->len);
	record->time_us =
		seconds * 1000000u + fraction / (r->nanoseconds ? 1000 : 1);
	if (!prot_rd_ok(&rd)) {
		return PROT_ERR_MALFORMED;
	}
	r->at = rd.at;
	r->left = rd.left;
	return PROT_OK;
}
