/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/firmware.h>

struct prot_boot_config
prot_firmware_boot_config(const struct prot_firmware_seams *s)
{
	return (struct prot_boot_config){
		.store =
			{
				.flash = s->flash,
				.otp = s->otp,
				.crypto = s->crypto,
				.layout = s->board->layout,
			},
		.component = s->board->component,
		.boot_svn = s->board->boot_svn,
		.load_address = s->board->load_address,
		.load_size = s->board->load_size,
		.board = s->board->bit,
	};
}
