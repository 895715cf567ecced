#include "programs/cli/serve_options.h"

#include "../check.h"

enum {
	WORDS_MAX = 12,
};

/* As if pvl serve were called with these words. */
static enum err call(const char *const *words, int len, struct serve_options *out)
{
	char text[WORDS_MAX][64];
	char *argv[WORDS_MAX];
	for (int i = 0; i < len; i++) {
		(void)snprintf(text[i], sizeof(text[i]), "%s", words[i]);
		argv[i] = text[i];
	}
	return serve_options_read(len, argv, out);
}

static enum err with_relay(const char *url, struct serve_options *out)
{
	const char *const words[] = { "--turn", url, "--turn-secret", "/etc/pvl/turn-secret" };
	return call(words, 4, out);
}

static void a_relay_is_an_address_that_every_browser_understands(void **state)
{
	(void)state;
	static const struct {
		const char *url;
		enum err err;
	} CASES[] = {
		{ "turns:turn.visits.example:443?transport=tcp", OK },
		{ "turns:turn.visits.example", OK },
		{ "turn:203.0.113.11:3478?transport=udp", OK },
		{ "turns:[2001:db8::11]:443", OK },
		{ "turns:turn.visits.example:65535", OK },
		{ "turns:turn.visits.example:65536", ERR_BAD },
		{ "turns:turn.visits.example:0", ERR_BAD },
		{ "turns:turn.visits.example:", ERR_BAD },
		{ "turns:turn.visits.example?", ERR_BAD },
		{ "turns:turn.visits.example?transport=sctp", ERR_BAD },
		{ "turns://turn.visits.example", ERR_BAD },
		{ "turns:ada@turn.visits.example", ERR_BAD },
		{ "turns:turn visits.example", ERR_BAD },
		{ "turns:", ERR_BAD },
		{ "stun:turn.visits.example", ERR_BAD },
		{ "https://turn.visits.example", ERR_BAD },
		{ "", ERR_BAD },
	};
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct serve_options options;
		assert_int_equal(with_relay(CASES[i].url, &options), CASES[i].err);
		if (CASES[i].err == OK) {
			assert_int_equal(options.turns_len, 1);
			assert_string_equal(options.turns[0], CASES[i].url);
		}
	}
}

static void a_relay_and_its_secret_want_each_other(void **state)
{
	(void)state;
	struct serve_options options;
	const char *const url[] = { "--turn", "turns:turn.visits.example" };
	const char *const secret[] = { "--turn-secret", "/etc/pvl/turn-secret" };
	assert_int_equal(call(url, 2, &options), ERR_BAD);
	assert_int_equal(call(secret, 2, &options), ERR_BAD);
	assert_int_equal(call(url, 0, &options), OK);
	assert_int_equal(options.turns_len, 0);
}

static void there_are_four_relays_at_most(void **state)
{
	(void)state;
	struct serve_options options;
	const char *words[WORDS_MAX] = { "--turn-secret", "/etc/pvl/turn-secret" };
	for (size_t i = 2; i < WORDS_MAX; i += 2) {
		words[i] = "--turn";
		words[i + 1] = "turns:turn.visits.example";
	}
	assert_int_equal(call(words, 10, &options), OK);
	assert_int_equal(options.turns_len, SERVE_TURNS_MAX);
	assert_int_equal(call(words, 12, &options), ERR_BAD);
}

static enum err with_store(const char *url, struct serve_options *out)
{
	const char *const words[] = { "--recordings-store", url, "--recordings-key",
				      "/etc/pvl/store-key" };
	return call(words, 4, out);
}

static void recordings_leave_this_machine_by_tls_alone(void **state)
{
	(void)state;
	static const struct {
		const char *url;
		enum err err;
	} CASES[] = {
		{ "https://s3.eu-west-2.amazonaws.com/hmp-recordings", OK },
		{ "https://store.prison.example:9000/recordings/wandsworth", OK },
		{ "http://127.0.0.1:9000/recordings", OK },
		{ "http://localhost:9000/recordings", OK },
		{ "http://[::1]:9000/recordings", OK },
		{ "https://[::1]/recordings", OK },
		{ "http://store.prison.example/recordings", ERR_BAD },
		{ "http://127.0.0.1.example/recordings", ERR_BAD },
		{ "http://localhost.example/recordings", ERR_BAD },
		{ "http://localhost@store.example/recordings", ERR_BAD },
		{ "https://store.prison.example", ERR_BAD }, /* which bucket? */
		{ "https://store.prison.example/", ERR_BAD },
		{ "https://store.prison.example/recordings/", ERR_BAD },
		{ "https://id:secret@store.example/recordings", ERR_BAD },
		{ "https://store.example/recordings?x=1", ERR_BAD },
		{ "https://store.example/record ings", ERR_BAD },
		{ "https://store.example/record%20ings", ERR_BAD }, /* how is it to be signed? */
		{ "https://store.example/récordings", ERR_BAD },
		{ "s3://recordings", ERR_BAD },
		{ "/srv/recordings", ERR_BAD },
		{ "", ERR_BAD },
	};
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct serve_options options;
		assert_int_equal(with_store(CASES[i].url, &options), CASES[i].err);
		if (CASES[i].err == OK)
			assert_string_equal(options.recordings_store, CASES[i].url);
	}
}

static void a_store_and_its_key_want_each_other(void **state)
{
	(void)state;
	struct serve_options options;
	const char *const url[] = { "--recordings-store", "https://store.example/recordings" };
	const char *const key[] = { "--recordings-key", "/etc/pvl/store-key" };
	const char *const region[] = { "--recordings-region", "eu:west" };
	const char *const waiting[] = { "--recordings-waiting", "0" };
	assert_int_equal(call(url, 2, &options), ERR_BAD);
	assert_int_equal(call(key, 2, &options), ERR_BAD);
	assert_int_equal(call(region, 2, &options), ERR_BAD);
	assert_int_equal(call(waiting, 2, &options), ERR_BAD);
	assert_int_equal(call(url, 0, &options), OK);
	assert_string_equal(options.recordings_region, "us-east-1");
	assert_int_equal(options.recordings_waiting_gib, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_relay_is_an_address_that_every_browser_understands),
		TEST(a_relay_and_its_secret_want_each_other),
		TEST(there_are_four_relays_at_most),
		TEST(recordings_leave_this_machine_by_tls_alone),
		TEST(a_store_and_its_key_want_each_other),
	};
	return RUN("programs/serve_options", tests);
}
