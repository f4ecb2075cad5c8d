/* SPDX-License-Identifier: Apache-2.0 */
#include "provision.h"

#include "cmd_image.h"

#include <prot/base/wipe.h>
#include <prot/services/svn.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	OPT_BOARD = 0x100,
	OPT_IMAGE,
	OPT_GOLDEN,
	OPT_BOOT_LOADER,
	OPT_IMAGE_KEY,
	OPT_CA_KEY,
	OPT_CA_CERT,
	OPT_SVN_FLOOR,
};

static const struct argp_option options[] = {
	{"state", 's', "DIR", 0, "the state directory to make (required)", 0},
	{"board", OPT_BOARD, "NAME", 0,
	 "the board to make it for (default posix); 'help' lists the names", 0},
	{"image", OPT_IMAGE, "FILE", 0, "signed image for bank A (required)",
	 0},
	{"golden", OPT_GOLDEN, "FILE", 0,
	 "signed recovery image (default: none)", 0},
	{"boot-loader", OPT_BOOT_LOADER, "FILE", 0,
	 "raw boot loader, where the board has it in the same flash (default: "
	 "left erased)",
	 0},
	{"image-key", OPT_IMAGE_KEY, "FILE", 0,
	 "a key that signs images, public or private PEM; may be given up to "
	 "four times, for OTP key slots 0 to 3 (required)",
	 0},
	{"ca-key", OPT_CA_KEY, "FILE", 0,
	 "the manufacturer's CA key (default: make a CA)", 0},
	{"ca-cert", OPT_CA_CERT, "FILE", 0, "its certificate", 0},
	{"svn-floor", OPT_SVN_FLOOR, "N", 0,
	 "lowest security version that boots (default: the lowest SVN of the "
	 "images)",
	 0},
	{"force", 'f', NULL, 0,
	 "replace an existing state directory: the device in it is lost", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static void add_key(struct prot_provision *p, struct argp_state *state,
		    const char *path)
{
	if (p->image_key_count == PROT_OTP_KEY_SLOTS) {
		argp_error(state, "there are %d key slots", PROT_OTP_KEY_SLOTS);
	}
	p->image_key[p->image_key_count++] = path;
}

static error_t end_of_options(const struct prot_provision *p,
			      struct argp_state *state)
{
	if (!p->state || !p->image || p->image_key_count == 0) {
		argp_error(state,
			   "--state, --image and --image-key are required");
	}
	if (!p->ca_key != !p->ca_cert) {
		argp_error(state, "--ca-key and --ca-cert go together");
	}
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct prot_provision *p = state->input;

	switch (key) {
	case 's':
		p->state = arg;
		return 0;
	case OPT_BOARD:
		p->board = prot_cli_board_option(state, arg);
		return 0;
	case OPT_BOOT_LOADER:
		p->boot_loader = arg;
		return 0;
	case OPT_IMAGE:
		p->image = arg;
		return 0;
	case OPT_GOLDEN:
		p->golden = arg;
		return 0;
	case OPT_IMAGE_KEY:
		add_key(p, state, arg);
		return 0;
	case OPT_CA_KEY:
		p->ca_key = arg;
		return 0;
	case OPT_CA_CERT:
		p->ca_cert = arg;
		return 0;
	case OPT_SVN_FLOOR:
		p->svn_floor = (uint32_t)prot_cli_number(
			state, "--svn-floor", arg, (unsigned long)PROT_SVN_MAX);
		p->has_floor = true;
		return 0;
	case 'f':
		p->force = true;
		return 0;
	case ARGP_KEY_END:
		return end_of_options(p, state);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "Make a device: a directory with its flash (image keys, "
	       "certificates, bank A, an empty bank B, a golden image), its "
	       "one-time-programmable memory (device secret, key hashes, SVN "
	       "floor) and, unless --ca-key is given, a manufacturer CA. "
	       "For a board other than posix the files hold what its parts "
	       "are to hold, byte for byte: for a programmer, or an emulator. "
	       "The directory appears complete or not at all.",
};

/* Verify what stands in the flash with the boot stage's own eyes. */
static bool check_bank(struct prot_provision *p, enum prot_bank bank,
		       const char *path)
{
	const struct prot_flash_region *region = &p->board->layout->bank[bank];
	const struct prot_image_store store = {
		&p->memories.flash, &p->memories.otp, &p->crypto.crypto,
		p->board->layout};
	const struct prot_image_rules rules = {
		.component = p->board->component,
		.max_size = region->size,
		.svn_floor = p->has_floor ? p->svn_floor : p->lowest_svn,
		.boot_svn = p->board->boot_svn,
		.board = p->board->bit,
		.golden = bank == PROT_BANK_GOLDEN,
	};
	struct prot_image_verify verify;
	enum prot_status st;

	prot_image_verify_init(&verify, &store, &rules, region->offset, NULL);
	do {
		st = prot_image_verify_step(&verify);
	} while (st == PROT_PENDING);
	if (st != PROT_OK) {
		prot_cli_error("the device would not boot %s: %s", path,
			       prot_image_reason_text(verify.reason));
	}
	return st == PROT_OK &&
	       prot_cli_board_check_load(p->board, path, &verify.header);
}

static bool write_info(struct prot_provision *p)
{
	char ueid[2 * PROT_CLI_UEID_SIZE + 1];
	char *path = prot_cli_path(p->directory, PROT_CLI_INFO_FILE);
	json_t *o;
	char *text;
	bool ok;

	prot_cli_hex(p->ueid, sizeof(p->ueid), ueid);
	o = json_pack("{s:s,s:s,s:s,s:s,s:s}", "board", p->board->name,
		      "product", p->board->product, "vendor", p->board->vendor,
		      "model", p->board->model, "ueid", ueid);
	text = json_dumps(o, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	ok = text &&
	     prot_cli_write_file(path, text, strlen(text), PROT_CLI_NEW);
	free(text);
	json_decref(o);
	free(path);
	return ok;
}

static bool make_secrets(struct prot_provision *p)
{
	p->ueid[0] = 0x01; /* RFC 9711 section 4.2.1: RAND */
	if (prot_posix_random(NULL, p->uds, sizeof(p->uds)) != PROT_OK ||
	    prot_posix_random(NULL, p->ueid + 1, sizeof(p->ueid) - 1) !=
		    PROT_OK) {
		prot_cli_error("no entropy: %s", strerror(errno));
		return false;
	}
	return true;
}

static bool fill_directory(struct prot_provision *p)
{
	enum prot_status st =
		prot_posix_memories_create(p->board, p->directory);
	bool ok;

	if (st == PROT_OK) {
		st = prot_posix_memories_open(&p->memories, p->board,
					      p->directory);
	}
	if (st != PROT_OK) {
		prot_cli_error("cannot make the memories in %s: %s",
			       p->directory, strerror(errno));
		return false;
	}
	prot_posix_flash_set_lazy(&p->memories.flash_file);
	ok = make_secrets(p) && prot_provision_flash(p) &&
	     prot_provision_identity(p) && prot_provision_otp(p) &&
	     check_bank(p, PROT_BANK_A, p->image) &&
	     (!p->golden || check_bank(p, PROT_BANK_GOLDEN, p->golden)) &&
	     write_info(p);
	if (ok && prot_posix_flash_sync(&p->memories.flash_file) != PROT_OK) {
		prot_cli_error("cannot write the flash: %s", strerror(errno));
		ok = false;
	}
	prot_posix_board_close(&p->memories);
	return ok;
}

/* A state directory holds files only. */
static void remove_directory(const char *path)
{
	DIR *d = opendir(path);
	const struct dirent *entry;

	while (d && (entry = readdir(d)) != NULL) {
		unlinkat(dirfd(d), entry->d_name, 0);
	}
	if (d) {
		closedir(d);
	}
	rmdir(path);
}

/* Put the finished directory in place; *temp then names what was replaced. */
static bool publish(const struct prot_provision *p, const char *temp)
{
	struct stat info;
	enum prot_status st;
	int lock = -1;
	bool ok;

	/* rename() replaces nothing but an empty directory. */
	if (rename(temp, p->state) == 0) {
		return true;
	}
	if ((errno != EEXIST && errno != ENOTEMPTY) || !p->force) {
		prot_cli_error("cannot make %s: %s%s", p->state,
			       strerror(errno),
			       p->force ? "" : " (--force replaces it)");
		return false;
	}
	st = prot_posix_lock_directory(p->state, &lock);
	if (st != PROT_OK) {
		prot_cli_error("cannot replace %s: %s", p->state,
			       st == PROT_ERR_BUSY ? "a device runs from it"
						   : strerror(errno));
		return false;
	}
	/* --force is for state directories, not for whatever was typed. */
	ok = fstatat(lock, PROT_POSIX_FLASH_FILE, &info, 0) == 0;
	if (!ok) {
		prot_cli_error("%s is not a state directory", p->state);
	} else {
		ok = renameat2(AT_FDCWD, temp, AT_FDCWD, p->state,
			       RENAME_EXCHANGE) == 0;
		if (!ok) {
			prot_cli_error("cannot replace %s: %s", p->state,
				       strerror(errno));
		}
	}
	close(lock);
	if (ok) {
		remove_directory(temp);
	}
	return ok;
}

static void trim_slashes(char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/') {
		path[--len] = '\0';
	}
}

static int provision(struct prot_provision *p)
{
	char *state = prot_cli_path(p->state, "");
	size_t temp_size = strlen(state) + sizeof(".XXXXXX");
	char *temp = prot_cli_alloc(temp_size);
	bool ok;

	trim_slashes(state);
	p->state = state;
	snprintf(temp, temp_size, "%s.XXXXXX", state);
	p->directory = mkdtemp(temp);
	if (p->directory == NULL) {
		prot_cli_error("cannot make %s: %s", state, strerror(errno));
		ok = false;
	} else {
		ok = fill_directory(p) && publish(p, temp);
		if (!ok) {
			remove_directory(temp);
		}
	}
	free(temp);
	if (ok) {
		printf("%s: provisioned for %s, SVN floor %" PRIu32 "\n", state,
		       p->board->name,
		       p->has_floor ? p->svn_floor : p->lowest_svn);
	}
	free(state);
	return ok ? PROT_EXIT_YES : PROT_EXIT_FAILED;
}

static int run(int argc, char **argv)
{
	struct prot_provision *p = prot_cli_alloc(sizeof(*p));
	int code = PROT_EXIT_FAILED;

	p->board = &prot_board_posix;
	prot_cli_parse(&argp, argc, argv, p);
	if (prot_cli_crypto_open(&p->crypto)) {
		code = provision(p);
		prot_cli_crypto_close(&p->crypto);
	}
	prot_wipe(p, sizeof(*p));
	free(p);
	return code;
}

const struct prot_command prot_cmd_provision = {
	"provision", "make a device: secrets, certificates, flash", run};
