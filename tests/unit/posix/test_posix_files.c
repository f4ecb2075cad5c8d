/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/base/compiler.h>
#include <prot/port/posix.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct prot_flash_geometry geometry = {
	.size = 64 * 1024,
	.sector_size = 4096,
	.page_size = 256,
	.program_unit = 4,
	.erased = 0xFF,
};

struct fixture {
	char dir[32];
	char path[64];
	struct prot_posix_flash file;
	struct prot_flash flash;
	struct prot_posix_otp otp_file;
	struct prot_otp otp;
};

static void set_up(struct fixture *fx)
{
	memset(fx, 0, sizeof(*fx));
	fx->file.fd = -1;
	fx->otp_file.fd = -1;
	strcpy(fx->dir, "/tmp/prot-test-XXXXXX");
	assert_non_null(mkdtemp(fx->dir));
	snprintf(fx->path, sizeof(fx->path), "%s/state", fx->dir);
}

static void set_up_flash(struct fixture *fx)
{
	set_up(fx);
	assert_int_equal(prot_posix_flash_create(fx->path, &geometry), PROT_OK);
	assert_int_equal(prot_posix_flash_open(&fx->file, fx->path, &geometry,
					       &fx->flash),
			 PROT_OK);
}

static void tear_down(struct fixture *fx)
{
	prot_posix_flash_close(&fx->file);
	prot_posix_otp_close(&fx->otp_file);
	unlink(fx->path);
	assert_int_equal(rmdir(fx->dir), 0);
}

static enum prot_status program(struct fixture *fx, uint32_t at,
				const void *data, size_t len)
{
	return fx->flash.ops->program(fx->flash.ctx, at, data, len);
}

static uint8_t byte_at(struct fixture *fx, uint32_t at)
{
	uint8_t b;

	assert_int_equal(fx->flash.ops->read(fx->flash.ctx, at, &b, 1),
			 PROT_OK);
	return b;
}

static void test_flash_create__inconsistent_geometry__arg(void **state)
{
	static const struct prot_flash_geometry bad[] = {
		{64 * 1024, 0, 256, 4, 0xFF},
		{64 * 1024 + 1, 4096, 256, 4, 0xFF},
		{64 * 1024, 4096, 0, 4, 0xFF},
		{64 * 1024, 4096, 300, 4, 0xFF},
		{64 * 1024, 4096, 256, 0, 0xFF},
		{64 * 1024, 4096, 256, 3, 0xFF},
		{64 * 1024, 4096, 256, 4, 0xAA},
		{64 * 1024, 4096, 8192, 4, 0xFF},
		{0, 4096, 256, 4, 0xFF},
		{256 * 1024, 128 * 1024, 256, 4, 0xFF},
	};
	struct fixture fx;

	(void)state;
	set_up(&fx);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		assert_int_equal(prot_posix_flash_create(fx.path, &bad[i]),
				 PROT_ERR_ARG);
		assert_int_equal(prot_posix_flash_open(&fx.file, fx.path,
						       &bad[i], &fx.flash),
				 PROT_ERR_ARG);
	}
	tear_down(&fx);
}

static void test_flash_create__file_exists__busy_and_kept(void **state)
{
	struct fixture fx;

	(void)state;
	set_up_flash(&fx);
	assert_int_equal(program(&fx, 0, "abcd", 4), PROT_OK);
	assert_int_equal(prot_posix_flash_create(fx.path, &geometry),
			 PROT_ERR_BUSY);
	assert_int_equal(byte_at(&fx, 0), 'a');
	tear_down(&fx);
}

static void test_flash_open__missing_file__not_found(void **state)
{
	struct fixture fx;

	(void)state;
	set_up(&fx);
	assert_int_equal(
		prot_posix_flash_open(&fx.file, fx.path, &geometry, &fx.flash),
		PROT_ERR_NOT_FOUND);
	tear_down(&fx);
}

static void test_flash_open__wrong_size__malformed(void **state)
{
	struct fixture fx;
	struct prot_flash_geometry other = geometry;

	(void)state;
	set_up(&fx);
	assert_int_equal(prot_posix_flash_create(fx.path, &geometry), PROT_OK);
	other.size *= 2;
	assert_int_equal(
		prot_posix_flash_open(&fx.file, fx.path, &other, &fx.flash),
		PROT_ERR_MALFORMED);
	tear_down(&fx);
}

static void test_flash_open__open_elsewhere__busy_until_closed(void **state)
{
	struct fixture fx;
	struct prot_posix_flash second;
	struct prot_flash flash;

	(void)state;
	set_up_flash(&fx);
	assert_int_equal(
		prot_posix_flash_open(&second, fx.path, &geometry, &flash),
		PROT_ERR_BUSY);
	prot_posix_flash_close(&fx.file);
	assert_int_equal(
		prot_posix_flash_open(&second, fx.path, &geometry, &flash),
		PROT_OK);
	prot_posix_flash_close(&second);
	tear_down(&fx);
}

static void test_flash_program__not_erased__yields_and(void **state)
{
	static const uint8_t first[4] = {0xF0, 0xFF, 0x0F, 0x55};
	static const uint8_t second[4] = {0x3C, 0x00, 0xF0, 0xFF};
	struct fixture fx;

	(void)state;
	set_up_flash(&fx);
	assert_int_equal(program(&fx, 8, first, 4), PROT_OK);
	assert_int_equal(program(&fx, 8, second, 4), PROT_OK);
	assert_int_equal(byte_at(&fx, 8), 0x30);
	assert_int_equal(byte_at(&fx, 9), 0x00);
	assert_int_equal(byte_at(&fx, 10), 0x00);
	assert_int_equal(byte_at(&fx, 11), 0x55);
	assert_int_equal(byte_at(&fx, 7), 0xFF);
	assert_int_equal(byte_at(&fx, 12), 0xFF);
	tear_down(&fx);
}

static void test_flash_program__inverted_part__yields_or(void **state)
{
	struct prot_flash_geometry inverted = geometry;
	static const uint8_t first[4] = {0xF0, 0, 0, 0};
	static const uint8_t second[4] = {0x0C, 0, 0, 0};
	struct fixture fx;

	(void)state;
	inverted.erased = 0x00;
	set_up(&fx);
	assert_int_equal(prot_posix_flash_create(fx.path, &inverted), PROT_OK);
	assert_int_equal(
		prot_posix_flash_open(&fx.file, fx.path, &inverted, &fx.flash),
		PROT_OK);
	assert_int_equal(byte_at(&fx, 0), 0);
	assert_int_equal(program(&fx, 0, first, 4), PROT_OK);
	assert_int_equal(program(&fx, 0, second, 4), PROT_OK);
	assert_int_equal(byte_at(&fx, 0), 0xFC);
	tear_down(&fx);
}

static void test_flash_program__against_geometry__arg_unchanged(void **state)
{
	static const struct {
		uint32_t at;
		size_t len;
	} bad[] = {{2, 4},     {0, 3},          {0, 0},
		   {252, 8},   {0, 260},        {64 * 1024, 4},
		   {65532, 8}, {UINT32_MAX, 4}, {65536 + 4, 4}};
	static const uint8_t zero[512];
	struct fixture fx;

	(void)state;
	set_up_flash(&fx);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		assert_int_equal(program(&fx, bad[i].at, zero, bad[i].len),
				 PROT_ERR_ARG);
	}
	for (uint32_t at = 0; at < 1024; at++) {
		assert_int_equal(byte_at(&fx, at), 0xFF);
	}
	tear_down(&fx);
}

static void test_flash_read__past_the_end__arg(void **state)
{
	struct fixture fx;
	uint8_t buf[8];

	(void)state;
	set_up_flash(&fx);
	assert_int_equal(fx.flash.ops->read(fx.flash.ctx, 65529, buf, 8),
			 PROT_ERR_ARG);
	assert_int_equal(fx.flash.ops->read(fx.flash.ctx, 65536, buf, 1),
			 PROT_ERR_ARG);
	assert_int_equal(fx.flash.ops->read(fx.flash.ctx, 65528, buf, 8),
			 PROT_OK);
	tear_down(&fx);
}

static void test_flash_erase__one_sector__neighbours_kept(void **state)
{
	struct fixture fx;

	(void)state;
	set_up_flash(&fx);
	assert_int_equal(program(&fx, 4092, "aaaa", 4), PROT_OK);
	assert_int_equal(program(&fx, 4096, "bbbb", 4), PROT_OK);
	assert_int_equal(program(&fx, 8188, "cccc", 4), PROT_OK);
	assert_int_equal(program(&fx, 8192, "dddd", 4), PROT_OK);
	assert_int_equal(fx.flash.ops->erase(fx.flash.ctx, 4096), PROT_OK);
	assert_int_equal(byte_at(&fx, 4095), 'a');
	assert_int_equal(byte_at(&fx, 4096), 0xFF);
	assert_int_equal(byte_at(&fx, 8191), 0xFF);
	assert_int_equal(byte_at(&fx, 8192), 'd');
	assert_int_equal(fx.flash.ops->erase(fx.flash.ctx, 4100), PROT_ERR_ARG);
	assert_int_equal(fx.flash.ops->erase(fx.flash.ctx, 65536),
			 PROT_ERR_ARG);
	tear_down(&fx);
}

/* A child programs counters one after the other until it is killed. */
static void write_until_killed(const char *path, int ready)
{
	struct prot_posix_flash file;
	struct prot_flash flash;
	uint32_t n = 0;

	if (prot_posix_flash_open(&file, path, &geometry, &flash) != PROT_OK) {
		_exit(1);
	}
	for (uint32_t at = 0; at < geometry.size; at += 4, n++) {
		if (flash.ops->program(flash.ctx, at, &n, 4) != PROT_OK) {
			_exit(2);
		}
		if (at == 64) {
			(void)!write(ready, "", 1);
		}
	}
	pause();
}

static void test_flash_program__killed__prefix_is_whole(void **state)
{
	struct fixture fx;
	int ready[2];
	char c;
	pid_t child;
	uint32_t n = 0;
	uint32_t word;

	(void)state;
	set_up(&fx);
	assert_int_equal(prot_posix_flash_create(fx.path, &geometry), PROT_OK);
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		write_until_killed(fx.path, ready[1]);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	/* The lock died with the process. */
	assert_int_equal(
		prot_posix_flash_open(&fx.file, fx.path, &geometry, &fx.flash),
		PROT_OK);
	for (; n * 4 < geometry.size; n++) {
		assert_int_equal(
			fx.flash.ops->read(fx.flash.ctx, n * 4, &word, 4),
			PROT_OK);
		if (word != n) {
			break;
		}
	}
	assert_true(n >= 16);
	for (uint32_t at = (n + 1) * 4; at < geometry.size; at++) {
		assert_int_equal(byte_at(&fx, at), 0xFF);
	}
	close(ready[0]);
	close(ready[1]);
	tear_down(&fx);
}

static void test_otp_set__bits__only_ever_added(void **state)
{
	struct fixture fx;
	uint8_t all[200];
	uint8_t bits[150];

	(void)state;
	set_up(&fx);
	assert_int_equal(prot_posix_otp_create(fx.path, 200), PROT_OK);
	assert_int_equal(
		prot_posix_otp_open(&fx.otp_file, fx.path, 200, &fx.otp),
		PROT_OK);
	memset(bits, 0x81, sizeof(bits));
	assert_int_equal(fx.otp.ops->set(fx.otp.ctx, 10, bits, 150), PROT_OK);
	memset(bits, 0x18, sizeof(bits));
	assert_int_equal(fx.otp.ops->set(fx.otp.ctx, 12, bits, 1), PROT_OK);
	assert_int_equal(fx.otp.ops->read(fx.otp.ctx, 0, all, 200), PROT_OK);
	assert_int_equal(all[9], 0);
	assert_int_equal(all[10], 0x81);
	assert_int_equal(all[12], 0x99);
	assert_int_equal(all[159], 0x81);
	assert_int_equal(all[160], 0);
	assert_int_equal(fx.otp.ops->set(fx.otp.ctx, 199, bits, 2),
			 PROT_ERR_ARG);
	assert_int_equal(fx.otp.ops->read(fx.otp.ctx, 201, all, 0),
			 PROT_ERR_ARG);
	tear_down(&fx);
}

static void test_otp_flash__bits__stand_inverted_in_the_file(void **state)
{
	struct fixture fx;
	uint8_t bits[150];
	uint8_t all[200];
	uint8_t raw[256];

	(void)state;
	set_up(&fx);
	memset(bits, 0x05, sizeof(bits));
	assert_int_equal(prot_posix_otp_flash_create(fx.path, 0), PROT_ERR_ARG);
	assert_int_equal(prot_posix_otp_flash_create(fx.path, 256), PROT_OK);
	assert_int_equal(prot_posix_otp_flash_open(&fx.otp_file, fx.path, 257,
						   256, &fx.otp),
			 PROT_ERR_ARG);
	assert_int_equal(prot_posix_otp_flash_open(&fx.otp_file, fx.path, 200,
						   256, &fx.otp),
			 PROT_OK);
	assert_int_equal(fx.otp.ops->set(fx.otp.ctx, 10, bits, 150), PROT_OK);
	bits[0] = 0x80;
	assert_int_equal(fx.otp.ops->set(fx.otp.ctx, 12, bits, 1), PROT_OK);
	assert_int_equal(fx.otp.ops->read(fx.otp.ctx, 0, all, 200), PROT_OK);
	assert_int_equal(pread(fx.otp_file.fd, raw, sizeof(raw), 0), 256);
	for (size_t i = 0; i < sizeof(raw); i++) {
		uint8_t want = i >= 10 && i < 160 ? 0x05 : 0;

		want = i == 12 ? 0x85 : want;
		assert_int_equal(raw[i], want ^ 0xFF);
		assert_int_equal(all[i < 200 ? i : 0], i < 200 ? want : 0);
	}
	assert_int_equal(fx.otp.ops->set(fx.otp.ctx, 199, bits, 2),
			 PROT_ERR_ARG);
	tear_down(&fx);
}

static void test_otp_open__open_elsewhere__busy(void **state)
{
	struct fixture fx;
	struct prot_posix_otp second;
	struct prot_otp otp;

	(void)state;
	set_up(&fx);
	assert_int_equal(prot_posix_otp_create(fx.path, 64), PROT_OK);
	assert_int_equal(prot_posix_otp_create(fx.path, 64), PROT_ERR_BUSY);
	assert_int_equal(
		prot_posix_otp_open(&fx.otp_file, fx.path, 64, &fx.otp),
		PROT_OK);
	assert_int_equal(prot_posix_otp_open(&second, fx.path, 64, &otp),
			 PROT_ERR_BUSY);
	tear_down(&fx);
}

static void test_lock_directory__twice__busy(void **state)
{
	struct fixture fx;
	int first;
	int second;

	(void)state;
	set_up(&fx);
	assert_int_equal(prot_posix_lock_directory(fx.dir, &first), PROT_OK);
	assert_int_equal(prot_posix_lock_directory(fx.dir, &second),
			 PROT_ERR_BUSY);
	close(first);
	assert_int_equal(prot_posix_lock_directory(fx.dir, &second), PROT_OK);
	close(second);
	assert_int_equal(prot_posix_lock_directory(fx.path, &second),
			 PROT_ERR_NOT_FOUND);
	tear_down(&fx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flash_create__inconsistent_geometry__arg),
		cmocka_unit_test(test_flash_create__file_exists__busy_and_kept),
		cmocka_unit_test(test_flash_open__missing_file__not_found),
		cmocka_unit_test(test_flash_open__wrong_size__malformed),
		cmocka_unit_test(
			test_flash_open__open_elsewhere__busy_until_closed),
		cmocka_unit_test(test_flash_program__not_erased__yields_and),
		cmocka_unit_test(test_flash_program__inverted_part__yields_or),
		cmocka_unit_test(
			test_flash_program__against_geometry__arg_unchanged),
		cmocka_unit_test(test_flash_read__past_the_end__arg),
		cmocka_unit_test(test_flash_erase__one_sector__neighbours_kept),
		cmocka_unit_test(test_flash_program__killed__prefix_is_whole),
		cmocka_unit_test(test_otp_set__bits__only_ever_added),
		cmocka_unit_test(
			test_otp_flash__bits__stand_inverted_in_the_file),
		cmocka_unit_test(test_otp_open__open_elsewhere__busy),
		cmocka_unit_test(test_lock_directory__twice__busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
