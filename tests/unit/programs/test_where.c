#include "programs/cli/where.h"

#include "../check.h"

static const char *after(const char *const *options, size_t len)
{
	static struct where where;
	where = where_default();
	for (size_t i = 0; i < len; i += 2)
		CHECK(where_set(&where, options[i], options[i + 1]));
	return where.text;
}

static void data_is_a_file_in_a_folder(void **state)
{
	(void)state;
	const char *const data[] = { "--data", "/var/lib/pvl" };
	assert_string_equal(after(NULL, 0), "sqlite:pvl-data/pvl.db");
	assert_string_equal(after(data, 2), "sqlite:/var/lib/pvl/pvl.db");
}

static void a_store_counts_before_a_folder_in_either_order(void **state)
{
	(void)state;
	const char *const last[] = { "--data", "/var/lib/pvl", "--store", "postgres://pvl@db/pvl" };
	const char *const first[] = { "--store", "postgres://pvl@db/pvl", "--data",
				      "/var/lib/pvl" };
	assert_string_equal(after(last, 4), "postgres://pvl@db/pvl");
	assert_string_equal(after(first, 4), "postgres://pvl@db/pvl");
}

static void what_is_no_place_is_refused(void **state)
{
	(void)state;
	struct where where = where_default();
	char path[WHERE_ROOM + 1];
	memset(path, 'a', WHERE_ROOM);
	path[WHERE_ROOM] = 0;
	CHECK(!where_set(&where, "--name", "pvl-data"));
	CHECK(!where_set(&where, "--data", path));
	CHECK(!where_set(&where, "--store", path));
	CHECK(!where_set(&where, "--store", ""));
	CHECK(where_has("--data") && where_has("--store") && !where_has("--date"));
}

struct seen {
	bool *ran;
	int code;
};

static int look(struct service *service, const void *context)
{
	const struct seen *seen = context;
	*seen->ran = service->store != NULL && service->now.s != 0;
	return seen->code;
}

static void a_command_runs_on_what_is_there_and_its_code_is_the_programs(void **state)
{
	(void)state;
	bool ran = false;
	struct seen seen = { &ran, 7 };
	struct where memory = { .text = "sqlite:" };
	struct where nowhere = { .text = "sqlite:/no/such/folder/pvl.db" };
	assert_int_equal(where_run(&memory, look, &seen), 7);
	CHECK(ran);
	ran = false;
	assert_int_equal(where_run(&nowhere, look, &seen), 1);
	CHECK(!ran);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(data_is_a_file_in_a_folder),
		TEST(a_store_counts_before_a_folder_in_either_order),
		TEST(what_is_no_place_is_refused),
		TEST(a_command_runs_on_what_is_there_and_its_code_is_the_programs),
	};
	return RUN("programs/where", tests);
}
