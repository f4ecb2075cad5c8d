/* SPDX-License-Identifier: Apache-2.0 */
/* Compiled into every program that uses crypto_fake_dep. */
#include <stdint.h>

extern const uint32_t prot_crypto_fake_allowed_in_tests;
const uint32_t prot_crypto_fake_allowed_in_tests = 1;
