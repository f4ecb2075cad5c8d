/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_SETTINGS_H
#define USER_SETTINGS_H

/*
 * wolfCrypt 5.5 for a Cortex-M4 without heap, file system, clock or libc
 * beyond the mem and str functions. What is offered: SHA-2, SHA-3, HMAC,
 * Hash-DRBG, ECDSA on P-384.
 */

/* platform */
#define WOLFCRYPT_ONLY
#define SINGLE_THREADED
#define NO_FILESYSTEM
#define NO_WRITEV
#define NO_MAIN_DRIVER
#define NO_ERROR_STRINGS
#define NO_DEV_RANDOM
#define NO_STDIO_FILESYSTEM
#define WOLFSSL_GENERAL_ALIGNMENT 4
#define SIZEOF_LONG_LONG          8
#define WOLFSSL_IGNORE_FILE_WARN
#define NO_ASN_TIME
#define WOLFSSL_USER_CURRTIME

/* No heap. The functions exist nowhere: whatever asks for one does not link. */
#define NO_WOLFSSL_MEMORY
#define WOLFSSL_NO_MALLOC
#define WOLFSSL_SP_NO_MALLOC
#define XMALLOC_USER
#include <stddef.h>
void *XMALLOC(size_t n, void *heap, int type);
void *XREALLOC(void *p, size_t n, void *heap, int type);
void XFREE(void *p, void *heap, int type);

/*
 * The one curve, its arithmetic in constant time. Meson's option 'sp' chooses
 * between Cortex-M assembly, plain C with large tables, and small code.
 */
#if defined(PROT_SP_ASM)
#define WOLFSSL_SP_ASM
#define WOLFSSL_SP_ARM_CORTEX_M_ASM
#elif defined(PROT_SP_SMALL)
#define WOLFSSL_SP_SMALL
#endif
#define WOLFSSL_HAVE_SP_ECC
#define WOLFSSL_SP_384
#define WOLFSSL_SP_MATH
#define SP_WORD_SIZE 32
#define WOLFSSL_SP_NO_256
#define NO_ECC256
#define HAVE_ECC
#define HAVE_ECC384
#define ECC_USER_CURVES
#define ECC_TIMING_RESISTANT
#define WC_NO_CACHE_RESISTANT /* secrets lie in memory that is not cached */
#define ECC_SHAMIR
#define WOLFSSL_VALIDATE_ECC_IMPORT
#define WOLFSSL_ECDSA_SET_K_ONE_LOOP
#define NO_RSA
#define NO_DH
#define NO_DSA

/* hashes */
#define WOLFSSL_SHA384
#define WOLFSSL_SHA512
#define WOLFSSL_NOSHA512_224
#define WOLFSSL_NOSHA512_256
#define WOLFSSL_SHA3
#define WOLFSSL_SHA3_SMALL
#define WOLFSSL_NO_SHAKE128
#define WOLFSSL_NO_SHAKE256
#define USE_SLOW_SHA256
#define USE_SLOW_SHA512

/* not used */
#define NO_AES
#define NO_MD4
#define NO_MD5
#define NO_SHA
#define NO_DES3
#define NO_RC4
#define NO_PWDBASED
#define NO_PKCS12
#define NO_PKCS8
#define NO_CRYPT_TEST
#define NO_CRYPT_BENCHMARK
#define WOLFSSL_ASN_TEMPLATE
#define IGNORE_NAME_CONSTRAINTS

/*
 * The port's health-tested seed for the Hash-DRBG; 0: success. Of its bits an
 * eighth counts as entropy.
 */
#define HAVE_HASHDRBG
#define ENTROPY_SCALE_FACTOR 8
int prot_wolfcrypt_seed(unsigned char *out, unsigned int len);
#define CUSTOM_RAND_GENERATE_SEED prot_wolfcrypt_seed

#endif /* USER_SETTINGS_H */
