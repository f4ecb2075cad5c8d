/* SPDX-License-Identifier: Apache-2.0 */
#include "variant.h"

const struct prot_runtime_variant prot_runtime_variant = {
	.name = "2.0.0",
	.healthy = true,
	.hangs = false,
};
