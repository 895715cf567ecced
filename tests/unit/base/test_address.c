#include "base/address.h"

#include "../check.h"

static void text_and_value_agree_in_both_families(void **state)
{
	(void)state;
	static const char *const texts[] = { "0.0.0.0", "192.0.2.1", "::", "2001:db8::1",
					     "fe80::1" };
	for (size_t i = 0; i < 5; i++) {
		struct address a;
		char out[ADDRESS_TEXT_ROOM];
		CHECK(address_from_text(str_from(texts[i]), 9, &a));
		CHECK(a.family == (i < 2 ? 4 : 6) && a.port == 9);
		address_to_text(&a, out);
		assert_string_equal(out, texts[i]);
	}
}

static void anything_but_an_ip_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = { "",      "1.2.3", "1.2.3.4:5", "256.1.1.1",
					     "[::1]", "host",  "1.2.3.4 ",  "::1%lo" };
	for (size_t i = 0; i < 8; i++) {
		struct address a = { .port = 77 };
		CHECK(!address_from_text(str_from(texts[i]), 1, &a));
		CHECK(a.port == 77);
	}
	struct address a;
	CHECK(!address_from_text(str_of("1.2.3.4\0", 8), 1, &a));
}

static void equality_looks_at_family_host_port_way_and_protocol(void **state)
{
	(void)state;
	struct address a = address_ipv4((const uint8_t[4]){ 10, 0, 0, 1 }, 5), b = a, c = a;
	CHECK(address_equal(&a, &b));
	b.port = 6;
	CHECK(!address_equal(&a, &b) && address_same_host(&a, &b));
	c.tcp = true;
	CHECK(!address_equal(&a, &c) && address_same_host(&a, &c));
	c = a;
	c.family = 6;
	CHECK(!address_equal(&a, &c) && !address_same_host(&a, &c));
	struct address d = a;
	d.via = 1;
	CHECK(!address_equal(&a, &d) && address_same_host(&a, &d));
}

static void keys_differ_by_every_part_and_by_the_secret(void **state)
{
	(void)state;
	struct address a = address_ipv4((const uint8_t[4]){ 10, 0, 0, 1 }, 5);
	const uint64_t secret[2] = { 1, 2 }, other[2] = { 1, 3 };
	uint64_t key = address_key(&a, secret);
	CHECK(key == address_key(&a, secret));
	CHECK(key != address_key(&a, other));
	for (int i = 0; i < 16; i++) {
		struct address b = a;
		b.ip[i] ^= 1;
		CHECK(address_key(&b, secret) != key);
	}
	struct address b = a, c = a, d = a;
	b.port++;
	c.family = 6;
	d.via = 1;
	CHECK(address_key(&b, secret) != key && address_key(&c, secret) != key);
	CHECK(address_key(&d, secret) != key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(text_and_value_agree_in_both_families),
		TEST(anything_but_an_ip_is_refused),
		TEST(equality_looks_at_family_host_port_way_and_protocol),
		TEST(keys_differ_by_every_part_and_by_the_secret),
	};
	return RUN("base/address", tests);
}
