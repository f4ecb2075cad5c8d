/* SPDX-License-Identifier: Apache-2.0 */
/* prot: the operator's and the developer's command for a Root of Trust. */

#include "prot_cli.h"

static const struct prot_command *const commands[] = {
	&prot_cmd_attest, &prot_cmd_board,   &prot_cmd_device,
	&prot_cmd_image,  &prot_cmd_package, &prot_cmd_provision,
	&prot_cmd_trace,  &prot_cmd_update,  NULL,
};

int main(int argc, char **argv)
{
	char name[] = "prot";

	if (argc > 0) {
		argv[0] = name;
	}
	return prot_cli_dispatch(commands,
				 "Platform Root of Trust: attest it, update "
				 "it, build what it boots, or be one.",
				 argc, argv);
}
