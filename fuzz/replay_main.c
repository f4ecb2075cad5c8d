/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stands in for libFuzzer: runs every file named on the command line, or in
 * the directories named there, through the target once.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	long size = -1;
	uint8_t *data;

	if (f && fseek(f, 0, SEEK_END) == 0) {
		size = ftell(f);
		rewind(f);
	}
	/* Exact size, so that a sanitizer sees the first byte past the end. */
	data = size >= 0 ? malloc(size > 0 ? (size_t)size : 1) : NULL;
	if (!data || fread(data, 1, (size_t)size, f) != (size_t)size) {
		fprintf(stderr, "cannot read %s\n", path);
		exit(2);
	}
	fclose(f);
	LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
	return 1;
}

static int run_directory(const char *path)
{
	char name[4096];
	struct dirent *entry;
	int count = 0;
	DIR *dir = opendir(path);

	while (dir && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.') {
			continue;
		}
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		count += run_file(name);
	}
	if (dir) {
		closedir(dir);
	}
	return count;
}

int main(int argc, char **argv)
{
	int count = 0;

	for (int i = 1; i < argc; i++) {
		struct stat st;

		if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode)) {
			count += run_directory(argv[i]);
		} else {
			count += run_file(argv[i]);
		}
	}
	printf("%d inputs replayed\n", count);
	return count > 0 ? 0 : 1;
}
