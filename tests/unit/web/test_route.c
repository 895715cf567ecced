#include "web/route.h"

#include "../check.h"

static void none(struct page *page)
{
	(void)page;
}

static const struct route rows[] = {
	{ METHOD_GET, "/", WHO_ANYONE, .handler = none },
	{ METHOD_GET, "/visits/{reference}", WHO_FAMILY, .handler = none },
	{ METHOD_GET, "/visits/new", WHO_FAMILY, .handler = none },
	{ METHOD_POST, "/visits/{reference}/media/{peer}", WHO_PROOF, .handler = none },
};
static const struct route_group group = { rows, 4 };
static const struct route_group *const groups[] = { &group };

static struct route_match find(enum method method, const char *path)
{
	return route_find(groups, 1, method, str_from(path));
}

static void finds_a_row_and_its_parameters(void **state)
{
	(void)state;
	CHECK(find(METHOD_GET, "/").route == &rows[0]);
	struct route_match m = find(METHOD_POST, "/visits/K7M2P9QX4/media/17");
	CHECK(m.route == &rows[3] && str_is(m.params[0], "K7M2P9QX4") && str_is(m.params[1], "17"));
}

static void a_fixed_path_comes_before_a_pattern(void **state)
{
	(void)state;
	CHECK(find(METHOD_GET, "/visits/new").route == &rows[2]);
	CHECK(find(METHOD_GET, "/visits/old").route == &rows[1]);
}

static void says_when_only_the_method_is_wrong(void **state)
{
	(void)state;
	struct route_match m = find(METHOD_DELETE, "/visits/new");
	CHECK(m.route == NULL && m.path_known);
	m = find(METHOD_GET, "/nothing");
	CHECK(m.route == NULL && !m.path_known);
}

static void odd_paths_lead_nowhere(void **state)
{
	(void)state;
	static const char *const odd[] = { "",
					   "visits/new",
					   "/visits",
					   "/visits/",
					   "/visits//",
					   "/visits/new/",
					   "/visits/a%41",
					   "//visits/new",
					   "/visits/a b",
					   "/visits/a\"b" };
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		if (find(METHOD_GET, odd[i]).route != NULL)
			fail_msg("%s", odd[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(finds_a_row_and_its_parameters),
		TEST(a_fixed_path_comes_before_a_pattern),
		TEST(says_when_only_the_method_is_wrong),
		TEST(odd_paths_lead_nowhere),
	};
	return RUN("web/route", tests);
}
