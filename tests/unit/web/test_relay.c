#include "web/relay.h"

#include <string.h>

#include "../check.h"

static struct relay relay_with(const char *secret)
{
	struct relay relay = { 0 };
	CHECK(relay_set_secret(&relay, str_from(secret)));
	return relay;
}

/* Both by openssl dgst -sha1 -hmac. */
static void a_pass_is_what_coturn_computes_from_the_same_secret(void **state)
{
	(void)state;
	struct relay relay = relay_with("sixteen-letters!");
	struct relay_pass pass =
	    relay_pass_for(&relay, STR("K7M2P9QX4 1"), (struct wall){ 1800000000 });
	assert_string_equal(pass.name, "1800000000:f305b6e181eb65dd");
	assert_string_equal(pass.password, "lCRfbe5YdyvTzhES6sL0Z7ag5rk=");
}

static void a_seat_keeps_its_name_and_no_two_have_the_same(void **state)
{
	(void)state;
	struct relay relay = relay_with("north-star-of-the-prison");
	struct wall early = { 1800000000 }, late = { 1800003600 };
	struct relay_pass one = relay_pass_for(&relay, STR("K7M2P9QX4 1"), early);
	struct relay_pass again = relay_pass_for(&relay, STR("K7M2P9QX4 1"), late);
	struct relay_pass other = relay_pass_for(&relay, STR("K7M2P9QX4 2"), early);
	assert_string_equal(strchr(one.name, ':'), strchr(again.name, ':'));
	assert_string_not_equal(strchr(one.name, ':'), strchr(other.name, ':'));
	assert_string_not_equal(one.password, again.password);
	CHECK(strstr(one.name, "K7M2") == NULL);
}

static void a_secret_is_one_line_of_some_length(void **state)
{
	(void)state;
	struct relay relay;
	char longest[TURN_SECRET_MAX + 2];
	CHECK(relay_set_secret(&relay, STR("0123456789abcdef\n")));
	assert_string_equal(relay.secret, "0123456789abcdef");
	CHECK(relay_set_secret(&relay, STR("0123456789abcdef\r\n")));
	assert_string_equal(relay.secret, "0123456789abcdef");
	CHECK(!relay_set_secret(&relay, STR("0123456789abcde\n")));
	CHECK(!relay_set_secret(&relay, STR("")));
	CHECK(!relay_set_secret(&relay, STR("0123456789 abcdef")));
	CHECK(!relay_set_secret(&relay, STR("0123456789abcdef\nand another line")));
	memset(longest, 'x', sizeof(longest));
	CHECK(relay_set_secret(&relay, str_of(longest, TURN_SECRET_MAX)));
	CHECK(!relay_set_secret(&relay, str_of(longest, TURN_SECRET_MAX + 1)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_pass_is_what_coturn_computes_from_the_same_secret),
		TEST(a_seat_keeps_its_name_and_no_two_have_the_same),
		TEST(a_secret_is_one_line_of_some_length),
	};
	return RUN("web/relay", tests);
}
