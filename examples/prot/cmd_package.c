/* SPDX-License-Identifier: Apache-2.0 */
#include "cli_package.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct prot_command *const verbs[] = {
	&prot_cmd_package_create,
	&prot_cmd_package_show,
	&prot_cmd_package_check,
	NULL,
};

static int run(int argc, char **argv)
{
	return prot_cli_dispatch(
		verbs, "Make, show and check firmware update packages.", argc,
		argv);
}

const struct prot_command prot_cmd_package = {
	"package", "make, show and check firmware update packages", run};

struct options {
	const char *path;
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	if (key == 'j') {
		o->json = true;
		return 0;
	}
	return prot_cli_operand(key, arg, state, "PACKAGE", &o->path);
}

/* ---- check ---- */

static const struct argp check_argp = {
	.parser = parse,
	.args_doc = "PACKAGE",
	.doc = "Check the structure of a package and both its checksums. They "
	       "find accidents; who made the package, the signatures of its "
	       "images tell. Exit code 0: good; 1: not; 2: could not tell.",
};

static int check_run(int argc, char **argv)
{
	struct options o = {0};
	struct prot_cli_package p;
	enum prot_exit code;

	prot_cli_parse(&check_argp, argc, argv, &o);
	prot_cli_catch_signals();
	code = prot_cli_package_open(&p, o.path, false);
	if (code == PROT_EXIT_YES) {
		code = prot_cli_package_check_payload(&p, o.path);
	}
	if (code == PROT_EXIT_YES) {
		printf("%s: good, header format revision %u%s\n", o.path,
		       p.package.revision,
		       p.package.revision < 4 ? " (without payload checksum)"
					      : "");
	}
	prot_cli_package_close(&p);
	return (int)code;
}

const struct prot_command prot_cmd_package_check = {
	"check", "check the structure and the checksums of a package",
	check_run};

/* ---- show ---- */

static const struct argp_option show_options[] = {
	{"json", 'j', NULL, 0, "print JSON", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static const struct argp show_argp = {
	.options = show_options,
	.parser = parse,
	.args_doc = "PACKAGE",
	.doc = "Print what the header of a package says.",
};

static json_t *text_json(const struct prot_pldm_package *p,
			 const struct prot_pldm_package_string *s)
{
	char text[PROT_CLI_PACKAGE_TEXT];

	prot_cli_package_text(p, s, text);
	return json_string(text);
}

/* timestamp104 (DSP0240) as in RFC 3339, without fractions of a second. */
static void released_text(const struct prot_pldm_package *p, char out[64])
{
	const uint8_t *t = p->released;
	int offset = (int16_t)(t[0] | t[1] << 8);
	int away = offset < 0 ? -offset : offset;
	char zone[24] = "Z";

	if (offset != 0) {
		snprintf(zone, sizeof(zone), "%c%02d:%02d",
			 offset < 0 ? '-' : '+', away / 60 % 100, away % 60);
	}
	snprintf(out, 64, "%04d-%02d-%02dT%02d:%02d:%02d%s", t[10] | t[11] << 8,
		 t[9], t[8], t[7], t[6], t[5], zone);
}

static char *span_hex(const struct prot_pldm_package *p,
		      const struct prot_pldm_package_span *span)
{
	uint8_t *bytes = prot_cli_alloc((size_t)span->len + 1);
	char *hex = prot_cli_alloc(2 * (size_t)span->len + 1);

	hex[0] = '\0';
	if (prot_pldm_package_read(p, span, 0, bytes, span->len) == PROT_OK) {
		prot_cli_hex(bytes, span->len, hex);
	}
	free(bytes);
	return hex;
}

static json_t *descriptors_json(const struct prot_pldm_package *p,
				const struct prot_pldm_package_record *r)
{
	struct prot_pldm_package_descriptor d;
	json_t *list = json_array();

	prot_pldm_package_descriptor_begin(r, &d);
	while (prot_pldm_package_descriptor_next(p, &d) == PROT_OK) {
		const char *name = prot_cli_descriptor_name(d.type);
		char *hex = span_hex(p, &d.data);
		char number[8];

		snprintf(number, sizeof(number), "0x%04x", d.type);
		json_array_append_new(list, json_pack("{s:s,s:s}", "type",
						      name ? name : number,
						      "data", hex));
		free(hex);
	}
	return list;
}

static json_t *applicable_json(const struct prot_pldm_package *p,
			       const struct prot_pldm_package_record *r)
{
	json_t *list = json_array();

	for (uint16_t i = 0; i < p->component_count; i++) {
		bool applies;

		if (prot_pldm_package_record_applies(p, r, i, &applies) ==
			    PROT_OK &&
		    applies) {
			json_array_append_new(list, json_integer(i));
		}
	}
	return list;
}

static json_t *records_json(const struct prot_pldm_package *p,
			    enum prot_pldm_package_area area)
{
	struct prot_pldm_package_record r;
	json_t *list = json_array();

	prot_pldm_package_record_begin(p, area, &r);
	while (prot_pldm_package_record_next(p, &r) == PROT_OK) {
		json_array_append_new(
			list,
			json_pack("{s:o,s:I,s:o,s:o,s:I,s:I}",
				  area == PROT_PLDM_PACKAGE_DEVICES
					  ? "set_version"
					  : "oldest_version",
				  text_json(p, &r.version), "option_flags",
				  (json_int_t)r.option_flags, "components",
				  applicable_json(p, &r), "descriptors",
				  descriptors_json(p, &r), "package_data_bytes",
				  (json_int_t)r.package_data.len,
				  "reference_manifest_bytes",
				  (json_int_t)r.reference_manifest.len));
	}
	return list;
}

static json_t *components_json(const struct prot_pldm_package *p)
{
	struct prot_pldm_package_component c;
	json_t *list = json_array();

	prot_pldm_package_component_begin(p, &c);
	while (prot_pldm_package_component_next(p, &c) == PROT_OK) {
		json_t *o = json_pack(
			"{s:i,s:i,s:o,s:i,s:i,s:I,s:I,s:I}", "classification",
			(int)c.classification, "identifier", (int)c.identifier,
			"version", text_json(p, &c.version), "options",
			(int)c.options, "activation", (int)c.activation,
			"offset", (json_int_t)c.image.offset, "bytes",
			(json_int_t)c.image.len, "opaque_bytes",
			(json_int_t)c.opaque.len);

		if ((c.options & PROT_PLDM_PACKAGE_USE_STAMP) != 0) {
			json_object_set_new(o, "stamp", json_integer(c.stamp));
		}
		json_array_append_new(list, o);
	}
	return list;
}

static void show_json(const struct prot_pldm_package *p)
{
	char released[64];
	json_t *o;

	released_text(p, released);
	o = json_pack("{s:i,s:o,s:s,s:i,s:o,s:o,s:o}", "revision",
		      (int)p->revision, "version", text_json(p, &p->version),
		      "released", released, "header_bytes", (int)p->header_size,
		      "devices", records_json(p, PROT_PLDM_PACKAGE_DEVICES),
		      "downstream_devices",
		      records_json(p, PROT_PLDM_PACKAGE_DOWNSTREAMS),
		      "components", components_json(p));
	prot_cli_json_print(o);
	json_decref(o);
}

static void show_descriptors(const struct prot_pldm_package *p,
			     const struct prot_pldm_package_record *r)
{
	struct prot_pldm_package_descriptor d;

	prot_pldm_package_descriptor_begin(r, &d);
	while (prot_pldm_package_descriptor_next(p, &d) == PROT_OK) {
		const char *name = prot_cli_descriptor_name(d.type);
		char *hex = span_hex(p, &d.data);

		printf("    %s (0x%04x) %s\n", name ? name : "descriptor",
		       d.type, hex);
		free(hex);
	}
}

static void show_records(const struct prot_pldm_package *p,
			 enum prot_pldm_package_area area, const char *what)
{
	struct prot_pldm_package_record r;
	char text[PROT_CLI_PACKAGE_TEXT];

	prot_pldm_package_record_begin(p, area, &r);
	while (prot_pldm_package_record_next(p, &r) == PROT_OK) {
		json_t *list = applicable_json(p, &r);
		char *numbers = json_dumps(list, JSON_COMPACT);

		prot_cli_package_text(p, &r.version, text);
		printf("%s %u: version %s, components %s\n", what, r.index,
		       r.version.text.len ? text : "-", numbers);
		show_descriptors(p, &r);
		free(numbers);
		json_decref(list);
	}
}

static void show_components(const struct prot_pldm_package *p)
{
	struct prot_pldm_package_component c;
	struct prot_cli_table t = {0};
	char text[PROT_CLI_PACKAGE_TEXT];
	char cell[5][24];

	prot_cli_table_row(&t, 7, "component", "identifier", "class", "version",
			   "stamp", "offset", "bytes");
	prot_pldm_package_component_begin(p, &c);
	while (prot_pldm_package_component_next(p, &c) == PROT_OK) {
		char number[24];

		prot_cli_package_text(p, &c.version, text);
		snprintf(number, sizeof(number), "%u", c.index);
		snprintf(cell[0], sizeof(cell[0]), "0x%04x", c.identifier);
		snprintf(cell[1], sizeof(cell[1]), "0x%04x", c.classification);
		snprintf(cell[2], sizeof(cell[2]), "%" PRIu32, c.stamp);
		snprintf(cell[3], sizeof(cell[3]), "%" PRIu32, c.image.offset);
		snprintf(cell[4], sizeof(cell[4]), "%" PRIu32, c.image.len);
		prot_cli_table_row(
			&t, 7, number, cell[0], cell[1], text,
			c.options & PROT_PLDM_PACKAGE_USE_STAMP ? cell[2] : "-",
			cell[3], cell[4]);
	}
	prot_cli_table_print(&t, stdout);
}

static int show_run(int argc, char **argv)
{
	struct options o = {0};
	struct prot_cli_package p;
	char text[PROT_CLI_PACKAGE_TEXT];
	char released[64];
	enum prot_exit code;

	prot_cli_parse(&show_argp, argc, argv, &o);
	code = prot_cli_package_open(&p, o.path, false);
	if (code == PROT_EXIT_YES && o.json) {
		show_json(&p.package);
	} else if (code == PROT_EXIT_YES) {
		prot_cli_package_text(&p.package, &p.package.version, text);
		released_text(&p.package, released);
		printf("package %s, released %s, header format revision %u\n",
		       text, released, p.package.revision);
		show_records(&p.package, PROT_PLDM_PACKAGE_DEVICES, "device");
		show_records(&p.package, PROT_PLDM_PACKAGE_DOWNSTREAMS,
			     "downstream device");
		show_components(&p.package);
	}
	prot_cli_package_close(&p);
	return (int)code;
}

const struct prot_command prot_cmd_package_show = {
	"show", "print what a package contains", show_run};
