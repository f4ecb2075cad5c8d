/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SUPPORT_TEST_H
#define TEST_SUPPORT_TEST_H

/* cmocka.h and the headers that it asks for, in the order that it needs. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif /* TEST_SUPPORT_TEST_H */
