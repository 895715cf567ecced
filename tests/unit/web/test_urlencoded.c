#include "web/urlencoded.h"

#include "../check.h"
#include "web/multipart.h"
#include "web/request.h"

static void decodes_pairs(void **state)
{
	(void)state;
	struct arena arena;
	struct str rest = STR("a=1&&b=x+y%2Fz&c&=d&e=%zz%4"), name, value;
	arena_init(&arena);
	CHECK(urlencoded_next(&rest, &arena, &name, &value) && str_is(name, "a") &&
	      str_is(value, "1"));
	CHECK(urlencoded_next(&rest, &arena, &name, &value) && str_is(value, "x y/z"));
	CHECK(urlencoded_next(&rest, &arena, &name, &value) && str_is(name, "c") &&
	      str_empty(value));
	CHECK(urlencoded_next(&rest, &arena, &name, &value) && str_empty(name) &&
	      str_is(value, "d"));
	CHECK(urlencoded_next(&rest, &arena, &name, &value) && str_is(value, "%zz%4"));
	CHECK(!urlencoded_next(&rest, &arena, &name, &value));
	arena_clear(&arena);
}

static void encodes_what_a_query_would_misread(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena);
	assert_string_equal(urlencoded_encode(&arena, STR("/visits/a&b=c d\n")),
			    "%2Fvisits%2Fa%26b%3Dc%20d%0A");
	arena_clear(&arena);
}

static void reads_cookies_queries_and_bearers(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena);
	struct request request = { .arena = &arena, .query = STR("ticket=a%2Bb&done=x") };
	request.headers[HEADER_COOKIE] = STR("xpvl=1; pvl=abc ;pvl-guest=g");
	request.headers[HEADER_AUTHORIZATION] = STR("bearer tok");
	CHECK(str_is(request_cookie(&request, "pvl"), "abc"));
	CHECK(str_empty(request_cookie(&request, "vl")));
	CHECK(str_is(request_query(&request, "ticket"), "a+b"));
	CHECK(str_is(request_bearer(&request), "tok"));
	request.headers[HEADER_AUTHORIZATION] = STR("Basic tok");
	CHECK(str_empty(request_bearer(&request)));
	arena_clear(&arena);
}

static const char body[] = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--B\r\n"
			   "Content-Disposition: form-data; name=\"b\"; filename=\"x\"\r\n"
			   "Content-Type: text/plain\r\n\r\ntwo\r\nlines\r\n--B--\r\n";

static void reads_the_parts_of_a_multipart_body(void **state)
{
	(void)state;
	struct multipart m;
	struct str name, value;
	CHECK(multipart_open(&m, STR("multipart/form-data; boundary=B"), bytes_from_text(body)));
	CHECK(multipart_next(&m, &name, &value) && str_is(name, "a") && str_is(value, "one"));
	CHECK(multipart_next(&m, &name, &value) && str_is(name, "b") &&
	      str_is(value, "two\r\nlines"));
	CHECK(!multipart_next(&m, &name, &value));
	CHECK(!multipart_open(&m, STR("multipart/form-data"), bytes_from_text(body)));
}

static void every_prefix_of_a_multipart_body_ends(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof(body); len++) {
		struct multipart m;
		struct str name, value;
		size_t parts = 0;
		if (!multipart_open(&m, STR("multipart/form-data; boundary=B"),
				    bytes_of(body, len)))
			continue;
		while (multipart_next(&m, &name, &value))
			parts++;
		CHECK(parts <= 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(decodes_pairs),
		TEST(encodes_what_a_query_would_misread),
		TEST(reads_cookies_queries_and_bearers),
		TEST(reads_the_parts_of_a_multipart_body),
		TEST(every_prefix_of_a_multipart_body_ends),
	};
	return RUN("web/urlencoded", tests);
}
