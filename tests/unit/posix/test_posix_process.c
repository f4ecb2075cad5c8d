/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/port/posix.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int memory_file(const void *bytes, size_t len)
{
	int fd;

	assert_int_equal(prot_posix_memory_file("test", &fd), PROT_OK);
	assert_int_equal(prot_posix_memory_append(fd, bytes, len), PROT_OK);
	return fd;
}

static void test_memory_seal__sealed__nothing_changes_any_more(void **state)
{
	int fd = memory_file("abc", 3);
	char text[8];
	size_t len;

	(void)state;
	assert_false(prot_posix_memory_is_sealed(fd));
	assert_int_equal(prot_posix_memory_seal(fd), PROT_OK);
	assert_true(prot_posix_memory_is_sealed(fd));
	assert_int_equal(prot_posix_memory_append(fd, "d", 1), PROT_ERR_IO);
	assert_int_equal(pwrite(fd, "x", 1, 0), -1);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_int_equal(prot_posix_memory_read(fd, text, sizeof(text), &len),
			 PROT_OK);
	assert_int_equal(len, 3);
	assert_memory_equal(text, "abc", 3);
	assert_int_equal(prot_posix_memory_read(fd, text, 2, &len),
			 PROT_ERR_SPACE);
	close(fd);
}

static void test_memory_is_sealed__ordinary_file__false(void **state)
{
	FILE *f = tmpfile();

	(void)state;
	assert_non_null(f);
	assert_false(prot_posix_memory_is_sealed(fileno(f)));
	fclose(f);
}

static int copy_of_program(const char *path)
{
	char block[65536];
	FILE *f = fopen(path, "rb");
	int fd;
	size_t n;

	assert_non_null(f);
	assert_int_equal(prot_posix_memory_file("program", &fd), PROT_OK);
	while ((n = fread(block, 1, sizeof(block), f)) > 0) {
		assert_int_equal(prot_posix_memory_append(fd, block, n),
				 PROT_OK);
	}
	fclose(f);
	return fd;
}

static int run(int fd)
{
	char name[] = "env";
	char *const argv[] = {name, NULL};
	int status;
	pid_t child = fork();

	if (child == 0) {
		_exit(prot_posix_execute(fd, argv) == PROT_ERR_STATE ? 99 : 98);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_execute__not_sealed__state(void **state)
{
	int fd = copy_of_program("/bin/true");

	(void)state;
	assert_int_equal(run(fd), 99);
	close(fd);
}

static void test_execute__sealed_programs__run(void **state)
{
	int yes = copy_of_program("/bin/true");
	int no = copy_of_program("/bin/false");

	(void)state;
	assert_int_equal(prot_posix_memory_seal(yes), PROT_OK);
	assert_int_equal(prot_posix_memory_seal(no), PROT_OK);
	assert_int_equal(run(yes), 0);
	assert_int_equal(run(no), 1);
	close(yes);
	close(no);
}

static void test_execute__not_a_program__io(void **state)
{
	int fd = memory_file("abc", 3);

	(void)state;
	assert_int_equal(prot_posix_memory_seal(fd), PROT_OK);
	assert_int_equal(run(fd), 98);
	close(fd);
}

static void test_inherit__descriptor__survives_exec(void **state)
{
	int fd = memory_file("abc", 3);

	(void)state;
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(prot_posix_inherit(fd), PROT_OK);
	assert_false(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
	assert_int_equal(prot_posix_inherit(fd), PROT_ERR_IO);
}

static void test_heartbeat__many_beats__seen_once_and_never_blocks(void **state)
{
	int read_end;
	int write_end;

	(void)state;
	assert_int_equal(prot_posix_heartbeat_open(&read_end, &write_end),
			 PROT_OK);
	assert_false(prot_posix_heartbeat_seen(read_end));
	for (int i = 0; i < 100000; i++) {
		prot_posix_heartbeat(write_end);
	}
	assert_true(prot_posix_heartbeat_seen(read_end));
	assert_false(prot_posix_heartbeat_seen(read_end));
	prot_posix_heartbeat(write_end);
	close(write_end);
	assert_true(prot_posix_heartbeat_seen(read_end));
	assert_false(prot_posix_heartbeat_seen(read_end));
	close(read_end);
}

static void test_random__two_draws__differ(void **state)
{
	uint8_t a[300] = {0};
	uint8_t b[300] = {0};

	(void)state;
	assert_int_equal(prot_posix_random(NULL, a, sizeof(a)), PROT_OK);
	assert_int_equal(prot_posix_random(NULL, b, sizeof(b)), PROT_OK);
	assert_memory_not_equal(a, b, sizeof(a));
	assert_memory_not_equal(a + 256, b + 256, 44);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_memory_seal__sealed__nothing_changes_any_more),
		cmocka_unit_test(test_memory_is_sealed__ordinary_file__false),
		cmocka_unit_test(test_execute__not_sealed__state),
		cmocka_unit_test(test_execute__sealed_programs__run),
		cmocka_unit_test(test_execute__not_a_program__io),
		cmocka_unit_test(test_inherit__descriptor__survives_exec),
		cmocka_unit_test(
			test_heartbeat__many_beats__seen_once_and_never_blocks),
		cmocka_unit_test(test_random__two_draws__differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
