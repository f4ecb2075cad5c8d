/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "prot_cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	char dir[32];
	char *path;
};

static void set_up(struct fixture *fx)
{
	strcpy(fx->dir, "/tmp/prot-test-XXXXXX");
	assert_non_null(mkdtemp(fx->dir));
	fx->path = prot_cli_path(fx->dir, "file");
}

/* No temporary file may be left behind: rmdir() would fail. */
static void tear_down(struct fixture *fx)
{
	unlink(fx->path);
	assert_int_equal(rmdir(fx->dir), 0);
	free(fx->path);
}

static void assert_content(const char *path, const char *text)
{
	struct prot_cli_blob blob;

	assert_true(prot_cli_read_file(path, 100, &blob));
	assert_int_equal(blob.len, strlen(text));
	assert_memory_equal(blob.bytes, text, blob.len);
	prot_cli_blob_free(&blob);
}

static void test_write_file__new__written_with_mode(void **state)
{
	struct fixture fx;
	struct stat info;

	(void)state;
	set_up(&fx);
	assert_true(prot_cli_write_file(fx.path, "abc", 3, PROT_CLI_SECRET));
	assert_content(fx.path, "abc");
	assert_int_equal(stat(fx.path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_true(prot_cli_write_file(fx.path, "de", 2, PROT_CLI_REPLACE));
	assert_content(fx.path, "de");
	assert_int_equal(stat(fx.path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0644);
	tear_down(&fx);
}

static void test_write_file__exists__refused_and_kept(void **state)
{
	struct fixture fx;

	(void)state;
	set_up(&fx);
	assert_true(prot_cli_write_file(fx.path, "abc", 3, PROT_CLI_NEW));
	assert_false(prot_cli_write_file(fx.path, "xyz", 3, PROT_CLI_NEW));
	assert_content(fx.path, "abc");
	tear_down(&fx);
}

static void test_write_file__no_directory__false(void **state)
{
	(void)state;
	assert_false(prot_cli_write_file("/nonexistent/dir/file", "a", 1,
					 PROT_CLI_REPLACE));
}

static void test_read_file__longer_than_allowed__false(void **state)
{
	struct fixture fx;
	struct prot_cli_blob blob;
	static uint8_t big[10000];

	(void)state;
	set_up(&fx);
	memset(big, 7, sizeof(big));
	assert_true(prot_cli_write_file(fx.path, big, sizeof(big), 0));
	assert_false(prot_cli_read_file(fx.path, sizeof(big) - 1, &blob));
	assert_null(blob.bytes);
	assert_true(prot_cli_read_file(fx.path, sizeof(big), &blob));
	assert_int_equal(blob.len, sizeof(big));
	assert_memory_equal(blob.bytes, big, sizeof(big));
	prot_cli_blob_free(&blob);
	tear_down(&fx);
}

static void test_read_file__missing_or_directory__false(void **state)
{
	struct prot_cli_blob blob;

	(void)state;
	assert_false(prot_cli_read_file("/nonexistent", 10, &blob));
	assert_false(prot_cli_read_file("/tmp", 10, &blob));
}

static json_t *load(struct fixture *fx, const char *text)
{
	assert_true(prot_cli_write_file(fx->path, text, strlen(text),
					PROT_CLI_REPLACE));
	return prot_cli_json_load(fx->path);
}

static void test_json_load__not_an_object__null(void **state)
{
	static const char *const bad[] = {
		"",    "[1]", "3", "{\"a\":1", "{a:1}", "{\"a\":1,\"a\":2}",
		"{} x"};
	struct fixture fx;

	(void)state;
	set_up(&fx);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		assert_null(load(&fx, bad[i]));
	}
	tear_down(&fx);
}

static void test_json_members__types_and_ranges__checked(void **state)
{
	struct fixture fx;
	const char *text;
	uint64_t v;
	json_t *o;

	(void)state;
	set_up(&fx);
	o = load(&fx, "{\"s\":\"text\",\"n\":300,\"m\":-1}");
	assert_non_null(o);
	assert_true(prot_cli_json_string(o, "f", "s", &text));
	assert_string_equal(text, "text");
	assert_false(prot_cli_json_string(o, "f", "n", &text));
	assert_false(prot_cli_json_string(o, "f", "none", &text));
	assert_true(prot_cli_json_uint(o, "f", "n", 300, &v));
	assert_int_equal(v, 300);
	assert_false(prot_cli_json_uint(o, "f", "n", 299, &v));
	assert_false(prot_cli_json_uint(o, "f", "m", 299, &v));
	assert_false(prot_cli_json_uint(o, "f", "s", 299, &v));
	assert_false(prot_cli_json_uint(o, "f", "none", 299, &v));
	json_decref(o);
	tear_down(&fx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write_file__new__written_with_mode),
		cmocka_unit_test(test_write_file__exists__refused_and_kept),
		cmocka_unit_test(test_write_file__no_directory__false),
		cmocka_unit_test(test_read_file__longer_than_allowed__false),
		cmocka_unit_test(test_read_file__missing_or_directory__false),
		cmocka_unit_test(test_json_load__not_an_object__null),
		cmocka_unit_test(test_json_members__types_and_ranges__checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
