/* SPDX-License-Identifier: Apache-2.0 */
#include "cli_package.h"

#include <prot/base/compiler.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	uint16_t type;
	const char *name;
} descriptor_names[] = {
	{PROT_PLDM_DESCRIPTOR_PCI_VENDOR, "pci-vendor"},
	{PROT_PLDM_DESCRIPTOR_IANA, "iana"},
	{PROT_PLDM_DESCRIPTOR_UUID, "uuid"},
	{PROT_PLDM_DESCRIPTOR_PNP_VENDOR, "pnp-vendor"},
	{PROT_PLDM_DESCRIPTOR_ACPI_VENDOR, "acpi-vendor"},
	{PROT_PLDM_DESCRIPTOR_IEEE_COMPANY, "ieee-company"},
	{PROT_PLDM_DESCRIPTOR_SCSI_VENDOR, "scsi-vendor"},
	{PROT_PLDM_DESCRIPTOR_PCI_DEVICE, "pci-device"},
	{PROT_PLDM_DESCRIPTOR_PCI_SUBSYSTEM_VENDOR, "pci-subsystem-vendor"},
	{PROT_PLDM_DESCRIPTOR_PCI_SUBSYSTEM, "pci-subsystem"},
	{PROT_PLDM_DESCRIPTOR_PCI_REVISION, "pci-revision"},
	{PROT_PLDM_DESCRIPTOR_PNP_PRODUCT, "pnp-product"},
	{PROT_PLDM_DESCRIPTOR_ACPI_PRODUCT, "acpi-product"},
	{PROT_PLDM_DESCRIPTOR_MODEL_LONG, "model-long"},
	{PROT_PLDM_DESCRIPTOR_MODEL_SHORT, "model-short"},
	{PROT_PLDM_DESCRIPTOR_SCSI_PRODUCT, "scsi-product"},
	{PROT_PLDM_DESCRIPTOR_UBM_CONTROLLER, "ubm-controller"},
	{PROT_PLDM_DESCRIPTOR_EUI64, "eui64"},
	{PROT_PLDM_DESCRIPTOR_PCI_REVISION_RANGE, "pci-revision-range"},
	{PROT_PLDM_DESCRIPTOR_VENDOR, "vendor"},
};

const char *prot_cli_descriptor_name(uint16_t type)
{
	for (size_t i = 0; i < PROT_ARRAY_SIZE(descriptor_names); i++) {
		if (descriptor_names[i].type == type) {
			return descriptor_names[i].name;
		}
	}
	return NULL;
}

bool prot_cli_descriptor_type(const char *name, uint16_t *type)
{
	for (size_t i = 0; i < PROT_ARRAY_SIZE(descriptor_names); i++) {
		if (strcmp(descriptor_names[i].name, name) == 0) {
			*type = descriptor_names[i].type;
			return true;
		}
	}
	return false;
}

static enum prot_status read_file(void *ctx, uint64_t offset, void *buf,
				  size_t len)
{
	const struct prot_cli_package *p = ctx;
	uint8_t *to = buf;

	while (len != 0) {
		ssize_t n = pread(p->fd, to, len, (off_t)offset);

		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n < 0 || (n == 0 && offset < p->file_size)) {
			return PROT_ERR_IO;
		}
		if (n == 0) { /* a lenient reader beyond the end */
			memset(to, 0, len);
			return PROT_OK;
		}
		to += n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return PROT_OK;
}

static void report(const char *path,
		   const struct prot_pldm_package_verdict *verdict,
		   const struct prot_pldm_package *p)
{
	enum prot_pldm_package_fault fault = verdict->fault;
	const char *text = prot_pldm_package_fault_text(fault);

	if (fault == PROT_PLDM_PACKAGE_FAULT_COMPONENT_RANGE) {
		prot_cli_error("%s: %s: the package is truncated "
			       "(component %u)",
			       path, text, verdict->index);
	} else if (fault >= PROT_PLDM_PACKAGE_FAULT_COMPONENT_EMPTY &&
		   fault <= PROT_PLDM_PACKAGE_FAULT_COMPONENT_OVERLAP) {
		prot_cli_error("%s: %s (component %u)", path, text,
			       verdict->index);
	} else if (fault >= PROT_PLDM_PACKAGE_FAULT_BITMAP_EXCESS &&
		   fault <= PROT_PLDM_PACKAGE_FAULT_DESCRIPTOR_LENGTH) {
		prot_cli_error("%s: %s (record %u)", path, text,
			       verdict->index);
	} else if (fault == PROT_PLDM_PACKAGE_FAULT_REVISION) {
		prot_cli_error("%s: %s (revision %u)", path, text, p->revision);
	} else {
		prot_cli_error("%s: %s", path, text);
	}
}

/* Far enough for every offset and length that the format can express. */
#define BEYOND (2ull * UINT32_MAX)

enum prot_exit prot_cli_package_open(struct prot_cli_package *p,
				     const char *path, bool lenient)
{
	struct prot_pldm_package_source source = {.read = read_file, .ctx = p};
	struct prot_pldm_package_verdict verdict;
	struct stat info;
	enum prot_status st;

	memset(p, 0, sizeof(*p));
	p->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (p->fd < 0 || fstat(p->fd, &info) != 0) {
		prot_cli_error("cannot read %s: %s", path, strerror(errno));
		return PROT_EXIT_FAILED;
	}
	if (!S_ISREG(info.st_mode)) {
		prot_cli_error("%s is not a regular file", path);
		return PROT_EXIT_FAILED;
	}
	p->file_size = (uint64_t)info.st_size;
	source.size = lenient ? BEYOND : p->file_size;
	st = prot_pldm_package_open(&p->package, &source, &verdict);
	if (st != PROT_OK) {
		report(path, &verdict, &p->package);
		return st == PROT_ERR_MALFORMED ? PROT_EXIT_NO
						: PROT_EXIT_FAILED;
	}
	return PROT_EXIT_YES;
}

void prot_cli_package_close(struct prot_cli_package *p)
{
	if (p->fd >= 0) {
		close(p->fd);
		p->fd = -1;
	}
}

enum prot_exit prot_cli_package_check_payload(const struct prot_cli_package *p,
					      const char *path)
{
	struct prot_pldm_package_progress run = {0};
	uint8_t buf[8192];
	enum prot_status st = PROT_PENDING;

	while (st == PROT_PENDING) {
		st = prot_pldm_package_payload_check(&p->package, &run, buf,
						     sizeof(buf));
		if (prot_cli_interrupted()) {
			return PROT_EXIT_SIGNAL;
		}
	}
	if (st == PROT_OK || st == PROT_ERR_UNSUPPORTED) {
		return PROT_EXIT_YES;
	}
	prot_cli_error(
		"%s: %s", path,
		prot_pldm_package_fault_text(
			st == PROT_ERR_AUTH
				? PROT_PLDM_PACKAGE_FAULT_PAYLOAD_CHECKSUM
				: PROT_PLDM_PACKAGE_FAULT_READ));
	return st == PROT_ERR_AUTH ? PROT_EXIT_NO : PROT_EXIT_FAILED;
}

void prot_cli_package_text(const struct prot_pldm_package *p,
			   const struct prot_pldm_package_string *s, char *out)
{
	uint8_t bytes[255];

	out[0] = '\0';
	if (prot_pldm_package_read(p, &s->text, 0, bytes, s->text.len) ==
	    PROT_OK) {
		prot_cli_printable(bytes, s->text.len, out,
				   PROT_CLI_PACKAGE_TEXT);
	}
}
