#include "sys/files.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../check.h"

static char place[64];

static const char *at(const char *name)
{
	static char path[256];
	snprintf(path, sizeof path, "%s/%s", place, name);
	return path;
}

static void what_is_written_is_read_and_replaced_whole(void **state)
{
	(void)state;
	struct buf b = buf_of(100);
	struct stat st;
	CHECK(file_write(at("a"), bytes_from_text("first text"), 0600) == OK);
	CHECK(file_write(at("a"), bytes_from_text("2nd"), 0640) == OK);
	CHECK(file_read(at("a"), &b) == OK);
	assert_string_equal(buf_cstr(&b), "2nd");
	CHECK(stat(at("a"), &st) == 0 && (st.st_mode & 0777) == 0640);
	CHECK(access(at("a.new"), F_OK) != 0);
	buf_clear(&b);
}

static void a_file_beyond_the_bound_is_refused(void **state)
{
	(void)state;
	struct buf b = buf_of(4);
	CHECK(file_write(at("b"), bytes_from_text("12345"), 0600) == OK);
	CHECK(file_read(at("b"), &b) == ERR_LIMIT);
	buf_clear(&b);
}

static void what_is_not_there_is_told_apart(void **state)
{
	(void)state;
	struct buf b = buf_of(4);
	CHECK(file_read(at("missing"), &b) == ERR_NOT_FOUND);
	CHECK(file_write(at("missing/x"), bytes_from_text("x"), 0600) == ERR_NOT_FOUND);
	buf_clear(&b);
}

static void directories_are_made_down_to_the_last_for_us_alone(void **state)
{
	(void)state;
	struct stat st;
	CHECK(directory_make(at("x/y/z")) == OK);
	CHECK(directory_make(at("x/y/z/")) == OK);
	CHECK(stat(at("x/y/z"), &st) == 0 && (st.st_mode & 0777) == 0700);
	CHECK(file_write(at("file"), bytes_from_text("x"), 0600) == OK);
	CHECK(directory_make(at("file")) == ERR_CONFLICT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_written_is_read_and_replaced_whole),
		TEST(a_file_beyond_the_bound_is_refused),
		TEST(what_is_not_there_is_told_apart),
		TEST(directories_are_made_down_to_the_last_for_us_alone),
	};
	snprintf(place, sizeof place, "/tmp/pvl-files-XXXXXX");
	if (!mkdtemp(place))
		return 1;
	int failed = RUN("sys/files", tests);
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", place);
	return system(command) || failed;
}
