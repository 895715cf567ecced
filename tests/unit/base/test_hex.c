#include "base/hex.h"

#include "../check.h"

static void hex_goes_both_ways(void **state)
{
	(void)state;
	char text[9];
	uint8_t back[4];
	hex_encode(bytes_of("\x00\x7f\xab\xff", 4), text);
	assert_string_equal(text, "007fabff");
	assert_true(hex_decode(STR("007FabFF"), back, 4));
	assert_memory_equal(back, "\x00\x7f\xab\xff", 4);
	assert_false(hex_decode(STR("007fabf"), back, 4));
	assert_false(hex_decode(STR("007fabfg"), back, 4));
}

static void base64url_matches_rfc_4648(void **state)
{
	(void)state;
	static const char *const pairs[][2] = { { "", "" },
						{ "f", "Zg" },
						{ "fo", "Zm8" },
						{ "foo", "Zm9v" },
						{ "foob", "Zm9vYg" },
						{ "fooba", "Zm9vYmE" },
						{ "foobar", "Zm9vYmFy" } };
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		char text[BASE64URL_ROOM(6)];
		uint8_t back[6];
		size_t len = 99;
		base64url_encode(bytes_from_text(pairs[i][0]), text);
		assert_string_equal(text, pairs[i][1]);
		assert_true(base64url_decode(str_from(text), back, sizeof back, &len));
		assert_int_equal(len, strlen(pairs[i][0]));
		assert_memory_equal(back, pairs[i][0], len);
	}
	uint8_t back[6];
	size_t len;
	assert_false(base64url_decode(STR("Zg=="), back, sizeof back, &len));
	assert_false(base64url_decode(STR("Zm9vYmFyYg"), back, sizeof back, &len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hex_goes_both_ways),
		TEST(base64url_matches_rfc_4648),
	};
	return RUN("base/hex", tests);
}
