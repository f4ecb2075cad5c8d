/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PLDM_PACKAGE_H
#define PROT_PLDM_PACKAGE_H

/*
 * Firmware update packages (DSP0267 1.3.0, section 7 and tables 3 to 7):
 * a reader for header format revisions 1 to 4 and a writer for revision 4.
 *
 * A package is never held in memory. The reader fetches the few bytes that it
 * needs through an op and describes everything of variable length as a span of
 * the file, which prot_pldm_package_read() fetches piece by piece. The largest
 * stack object is 256 bytes.
 *
 *	prot_pldm_package_open -> { records, descriptors, components, read }*
 *	                       -> prot_pldm_package_payload_check until done
 *
 * A package proves nothing about its origin: its checksums find accidents
 * only. Whoever executes an image checks that image's signature.
 *
 * Nothing here allocates, blocks or calls back but into the given ops. All
 * functions but open only read the package structure: any number of them may
 * run at once if the source's read op allows it.
 */

#include <prot/pldm/fwup.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where the bytes of a package, or of one component image, come from. */
struct prot_pldm_package_source {
	/*
	 * Fetch exactly len bytes from offset on; never asked past `size`.
	 * PROT_ERR_IO on failure. PROT_PENDING is passed on to the caller, who
	 * repeats the whole call; prot_pldm_package_open() and
	 * prot_pldm_package_write() start over then. Must not call back.
	 */
	enum prot_status (*read)(void *ctx, uint64_t offset, void *buf,
				 size_t len);
	void *ctx;     /* passed unchanged to read */
	uint64_t size; /* bytes in all */
};

/* Bytes [offset, offset + len) of the package file. */
struct prot_pldm_package_span {
	uint32_t offset;
	uint32_t len;
};

/* A string field of a package. */
struct prot_pldm_package_string {
	uint8_t type;                       /* enum prot_pldm_string_type */
	struct prot_pldm_package_span text; /* at most 255 bytes, no NUL */
};

/* Why a package is refused, by the reader and by the writer. */
#define PROT_PLDM_PACKAGE_FAULT_TABLE(X)                                       \
	X(NONE, "no fault")                                                    \
	X(READ, "the package cannot be read")                                  \
	X(SHORT, "the file ends inside the package header")                    \
	X(IDENTIFIER, "not a firmware update package: unknown identifier")     \
	X(REVISION, "header format revision does not fit the identifier")      \
	X(HEADER_SIZE, "header size is too small for its fixed fields")        \
	X(HEADER_CHECKSUM, "header checksum mismatch")                         \
	X(HEADER_OVERRUN, "header areas run past the header size")             \
	X(HEADER_TRAILING, "header has unexplained bytes after its areas")     \
	X(STRING_TYPE, "unknown version string type")                          \
	X(BITMAP_LENGTH, "component bitmap length is not a multiple of 8")     \
	X(BITMAP_EXCESS, "a record names a component that does not exist")     \
	X(RECORD_LENGTH, "record length differs from its content")             \
	X(DESCRIPTOR_COUNT, "a record has no descriptors")                     \
	X(DESCRIPTOR_FIRST, "the first descriptor is not an initial type")     \
	X(DESCRIPTOR_LENGTH, "a descriptor's length does not fit its type")    \
	X(COMPONENT_COUNT, "more components than the bitmap has bits")         \
	X(COMPONENT_EMPTY, "a component image has no bytes")                   \
	X(COMPONENT_OFFSET, "a component image begins inside the header")      \
	X(COMPONENT_RANGE, "a component image runs past the end of the file")  \
	X(COMPONENT_OVERLAP, "two component images overlap")                   \
	X(PAYLOAD_CHECKSUM, "payload checksum mismatch")                       \
	X(TOO_LARGE, "content exceeds what the header format can express")     \
	X(WRITE, "the package cannot be written")

enum prot_pldm_package_fault {
#define PROT_PLDM_PACKAGE_FAULT_ENUM(name, text) PROT_PLDM_PACKAGE_FAULT_##name,
	PROT_PLDM_PACKAGE_FAULT_TABLE(PROT_PLDM_PACKAGE_FAULT_ENUM)
#undef PROT_PLDM_PACKAGE_FAULT_ENUM
};

/* A short English text for logs; never NULL. Linked only where it is used. */
static inline const char *
prot_pldm_package_fault_text(enum prot_pldm_package_fault fault)
{
	switch (fault) {
#define PROT_PLDM_PACKAGE_FAULT_CASE(name, text)                               \
	case PROT_PLDM_PACKAGE_FAULT_##name:                                   \
		return text;
		PROT_PLDM_PACKAGE_FAULT_TABLE(PROT_PLDM_PACKAGE_FAULT_CASE)
#undef PROT_PLDM_PACKAGE_FAULT_CASE
	default:
		return "unknown fault";
	}
}

/*
 * A fault and the record or component that has it: counted from 0, downstream
 * records after the device records.
 */
struct prot_pldm_package_verdict {
	enum prot_pldm_package_fault fault;
	uint16_t index; /* 0 where the fault is the package's */
};

/*
 * timestamp104 of DSP0240: UTC offset in minutes (2 bytes), microsecond (3),
 * second, minute, hour, day, month (1 each), year (2), and a byte that says
 * what is meant (0: unspecified), all little endian. Copied as it is.
 */
#define PROT_PLDM_PACKAGE_TIMESTAMP_SIZE 13

/* An open package. Readable by everybody, written by open alone. */
struct prot_pldm_package {
	uint8_t revision;     /* header format revision, 1..4 */
	uint16_t header_size; /* bytes, checksums included */
	uint8_t released[PROT_PLDM_PACKAGE_TIMESTAMP_SIZE];
	uint16_t bitmap_bits; /* multiple of 8, >= component_count */
	struct prot_pldm_package_string version;
	uint8_t device_count;
	uint8_t downstream_count; /* 0 in revision 1, which has no such area */
	uint16_t component_count;
	uint32_t payload_checksum; /* revision 4 only, otherwise 0 */

	/* private */
	struct prot_pldm_package_source source;
	uint32_t areas_end; /* offset of the header checksum */
	uint32_t devices;   /* offset of the first record */
	uint32_t downstreams;
	uint32_t components;
};

/*
 * Parse the header and check everything in it: identifier and revision, sizes,
 * the header checksum, every record, descriptor and bitmap, and that each
 * component image lies within the file, after the header, and apart from all
 * others. The payload checksum is not computed here.
 *
 * `source` is copied; its ctx must outlive the package. PROT_ERR_MALFORMED:
 * refused, `verdict` says why. PROT_ERR_IO, PROT_PENDING: from the read op.
 * `verdict` is always set and may not be NULL.
 */
PROT_MUST_CHECK
enum prot_status
prot_pldm_package_open(struct prot_pldm_package *p,
		       const struct prot_pldm_package_source *source,
		       struct prot_pldm_package_verdict *verdict);

/*
 * Copy `len` bytes from `offset` within `span`. PROT_ERR_ARG: outside of the
 * span, or the span outside of the file.
 */
PROT_MUST_CHECK
enum prot_status
prot_pldm_package_read(const struct prot_pldm_package *p,
		       const struct prot_pldm_package_span *span,
		       uint32_t offset, void *buf, size_t len);

/* Progress of a payload check; all zero to begin with. */
struct prot_pldm_package_progress {
	uint64_t done; /* bytes covered so far, of file size - header size */
	uint32_t crc;  /* private */
};

/*
 * Check the payload checksum of a revision 4 package, at most `cap` bytes per
 * call, which go through `buf`. PROT_PENDING: call again. PROT_OK: it matches.
 * PROT_ERR_AUTH: it does not. PROT_ERR_UNSUPPORTED: revisions 1 to 3 have no
 * payload checksum. PROT_ERR_ARG: cap is 0. PROT_ERR_IO: from the read op;
 * calling again continues.
 */
PROT_MUST_CHECK
enum prot_status
prot_pldm_package_payload_check(const struct prot_pldm_package *p,
				struct prot_pldm_package_progress *run,
				void *buf, size_t cap);

enum prot_pldm_package_area {
	PROT_PLDM_PACKAGE_DEVICES,     /* firmware device ID records */
	PROT_PLDM_PACKAGE_DOWNSTREAMS, /* downstream device ID records */
};

/* DeviceUpdateOptionFlags of a firmware device record (table 4). */
#define PROT_PLDM_PACKAGE_CONTINUE_AFTER_FAILURE 0x00000001u
/* UpdateOptionFlags of a downstream record (table 5): `stamp` is present. */
#define PROT_PLDM_PACKAGE_MIN_STAMP_PRESENT 0x00000001u

/* One firmware device record or downstream device record. */
struct prot_pldm_package_record {
	uint16_t index; /* counted from 0 */
	uint8_t descriptor_count;
	uint32_t option_flags;
	/*
	 * Devices: component image set version. Downstream devices: the oldest
	 * active version that can activate itself.
	 */
	struct prot_pldm_package_string version;
	uint32_t stamp; /* of that oldest version, or 0 */
	/* Bit i: component i applies. bitmap_bits / 8 bytes. */
	struct prot_pldm_package_span applicable;
	struct prot_pldm_package_span descriptors;
	struct prot_pldm_package_span package_data; /* for the device */
	/* For the update agent; revision 4 only. Never goes to the device. */
	struct prot_pldm_package_span reference_manifest;

	/* private */
	enum prot_pldm_package_area area;
	uint32_t next; /* offset of the following record */
	uint16_t left; /* records from `next` on */
};

/*
 * Walk an area: begin, then next until PROT_ERR_NOT_FOUND. A copy made with
 * '=' is a second, independent walk. PROT_ERR_MALFORMED, PROT_ERR_IO: the file
 * changed since open, or its reading failed.
 */
void prot_pldm_package_record_begin(const struct prot_pldm_package *p,
				    enum prot_pldm_package_area area,
				    struct prot_pldm_package_record *r);
PROT_MUST_CHECK
enum prot_status
prot_pldm_package_record_next(const struct prot_pldm_package *p,
			      struct prot_pldm_package_record *r);

/* Whether component `index` applies to the record's device. */
PROT_MUST_CHECK
enum prot_status
prot_pldm_package_record_applies(const struct prot_pldm_package *p,
				 const struct prot_pldm_package_record *r,
				 uint16_t index, bool *applies);

/* `type` is an enum prot_pldm_descriptor_type or one of a later standard. */
struct prot_pldm_package_descriptor {
	uint16_t type;
	struct prot_pldm_package_span data;

	/* private */
	uint32_t next, end;
};

/* Walk a record's descriptors, in the manner of the record walk. */
void prot_pldm_package_descriptor_begin(
	const struct prot_pldm_package_record *r,
	struct prot_pldm_package_descriptor *d);
PROT_MUST_CHECK
enum prot_status
prot_pldm_package_descriptor_next(const struct prot_pldm_package *p,
				  struct prot_pldm_package_descriptor *d);

/*
 * Whether the record is for a device: each of the record's descriptors must be
 * among the device's (DSP0267 section 7). `device` is the descriptor list of a
 * QueryDeviceIdentifiers response: type u16, length u16, data, repeated.
 * PROT_ERR_ARG: that list does not parse.
 */
PROT_MUST_CHECK
enum prot_status
prot_pldm_package_record_matches(const struct prot_pldm_package *p,
				 const struct prot_pldm_package_record *r,
				 const uint8_t *device, size_t device_len,
				 bool *matches);

/* ComponentOptions (table 6). */
#define PROT_PLDM_PACKAGE_FORCE_UPDATE 0x0001u
#define PROT_PLDM_PACKAGE_USE_STAMP    0x0002u
#define PROT_PLDM_PACKAGE_DELAYED_SVN  0x0004u /* revision 4 */

/* One component image. */
struct prot_pldm_package_component {
	uint16_t index; /* counted from 0; its bit in the bitmaps */
	uint16_t classification;
	uint16_t identifier;
	uint32_t stamp;      /* valid if options has USE_STAMP */
	uint16_t options;    /* PROT_PLDM_PACKAGE_FORCE_UPDATE ... */
	uint16_t activation; /* requested methods, bit set */
	struct prot_pldm_package_span image;
	struct prot_pldm_package_string version;
	struct prot_pldm_package_span opaque; /* revisions 3 and 4 */

	/* private */
	uint32_t next;
	uint16_t left;
};

/* Walk the components, in the manner of the record walk. */
void prot_pldm_package_component_begin(const struct prot_pldm_package *p,
				       struct prot_pldm_package_component *c);
PROT_MUST_CHECK
enum prot_status
prot_pldm_package_component_next(const struct prot_pldm_package *p,
				 struct prot_pldm_package_component *c);

/*
 * The writer. All pointers are borrowed for the call.
 */

struct prot_pldm_package_new_record {
	uint32_t option_flags;
	struct prot_pldm_string version;
	uint32_t stamp;            /* downstream, with MIN_STAMP_PRESENT set */
	const uint8_t *applicable; /* bitmap_bits / 8 bytes */
	const struct prot_pldm_descriptor *descriptors;
	uint8_t descriptor_count; /* >= 1 */
	uint16_t package_data_len;
	const uint8_t *package_data;
	uint16_t reference_manifest_len;
	const uint8_t *reference_manifest;
};

/* The image's length is image.size, 1 .. 2^32 - 1. */
struct prot_pldm_package_new_component {
	uint16_t classification;
	uint16_t identifier;
	uint32_t stamp; /* written as PROT_PLDM_STAMP_NONE without USE_STAMP */
	uint16_t options;
	uint16_t activation;
	struct prot_pldm_package_source image;
	struct prot_pldm_string version;
	uint16_t opaque_len;
	const uint8_t *opaque;
};

struct prot_pldm_package_description {
	uint8_t released[PROT_PLDM_PACKAGE_TIMESTAMP_SIZE];
	uint16_t bitmap_bits; /* multiple of 8, >= component_count */
	struct prot_pldm_string version;
	const struct prot_pldm_package_new_record *devices;
	uint8_t device_count;
	const struct prot_pldm_package_new_record *downstreams;
	uint8_t downstream_count;
	const struct prot_pldm_package_new_component *components;
	uint16_t component_count;
};

/* Where a written package goes. */
struct prot_pldm_package_sink {
	/* Append len bytes. May not pend. PROT_ERR_IO on failure. */
	enum prot_status (*write)(void *ctx, const void *bytes, size_t len);
	void *ctx; /* passed unchanged to write */
};

/*
 * Write a package of header format revision 4. The images follow the header in
 * the order given, without gaps. Each image is read twice: for the payload
 * checksum, which stands before the payload, and for the payload itself.
 * Images pass through `buf`, which may be as small as one byte.
 *
 * PROT_ERR_ARG: the description is refused, `verdict` says why, nothing was
 * written; what is accepted, prot_pldm_package_open() accepts. No fault in
 * the verdict: cap is 0. PROT_ERR_IO: a
 * source or the sink failed; what was written so far is not a package.
 */
PROT_MUST_CHECK
enum prot_status
prot_pldm_package_write(const struct prot_pldm_package_description *d,
			const struct prot_pldm_package_sink *sink, void *buf,
			size_t cap, struct prot_pldm_package_verdict *verdict);

#ifdef __cplusplus
}
#endif
#endif /* PROT_PLDM_PACKAGE_H */
