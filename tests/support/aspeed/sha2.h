/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SUPPORT_SHA2_H
#define TEST_SUPPORT_SHA2_H

/*
 * The compression functions of FIPS 180-4, for models of hash engines: no
 * padding, no state but the digest, which stands in the byte order of the
 * result (32 or 64 bytes).
 */

#include <stdint.h>

void sha256_block(uint8_t *digest, const uint8_t *block); /* 64 bytes */
void sha512_block(uint8_t *digest, const uint8_t *block); /* 128 bytes */

#endif /* TEST_SUPPORT_SHA2_H */
