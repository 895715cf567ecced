#include "rtc/ice.h"

#include <stdio.h>

#include <openssl/hmac.h>

#include "../check.h"
#include "base/assert.h"
#include "wire/stun.h"

enum {
	MESSAGE_ROOM = 600,
};

static const char THEIRS[] = "fUfr";

/* One agent and the browser that talks to it. */
struct scene {
	struct random random;
	struct ice *ice;
	struct mono now;
	uint32_t transaction;
	uint8_t reply[ICE_REPLY_MAX];
};

static struct scene scene_of(void)
{
	struct scene s = { .random = random_seeded(4), .now = { .us = 77000000 } };
	s.ice = ice_new(&s.random, bytes_from_text(THEIRS));
	CHECK(s.ice != NULL);
	return s;
}

/* What a check says; what is 0 is right. */
struct check {
	const char *local; /* else ours */
	const char *remote;
	const char *pwd;
	enum stun_role role; /* else controlling */
	bool nominates;
	uint32_t transaction; /* else a new one */
};

static size_t check_write(struct scene *s, struct check c, uint8_t *out)
{
	struct stun_request request = {
		.priority = 1,
		.role = c.role == STUN_ROLE_NONE ? STUN_CONTROLLING : c.role,
		.use_candidate = c.nominates,
	};
	char username[300];
	snprintf(username, sizeof username, "%s:%s", c.local ? c.local : ice_local(s->ice)->ufrag,
		 c.remote ? c.remote : THEIRS);
	request.username = str_from(username);
	put_u32(request.transaction, c.transaction ? c.transaction : ++s->transaction);
	struct stun_key key;
	struct writer w = writer_of(out, MESSAGE_ROOM);
	assert_int_equal(
	    stun_key_init(&key, bytes_from_text(c.pwd ? c.pwd : ice_local(s->ice)->pwd)), OK);
	assert_int_equal(stun_write_request(&w, &request, &key), OK);
	stun_key_clear(&key);
	return w.len;
}

/* Appends MESSAGE-INTEGRITY and FINGERPRINT (RFC 8489 14.5, 14.7), as stun_write_request does,
 * to a message it would not write. */
static size_t sign(uint8_t *message, size_t len, const char *pwd)
{
	put_u16(message + 2, (uint16_t)(len + 24 - 20));
	put_u32(message + len, 0x00080014);
	HMAC(EVP_sha1(), pwd, (int)strlen(pwd), message, len, message + len + 4, NULL);
	len += 24;
	put_u16(message + 2, (uint16_t)(len + 8 - 20));
	uint32_t crc = ~0u;
	for (size_t i = 0; i < len; i++) {
		crc ^= message[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	put_u32(message + len, 0x80280004);
	put_u32(message + len + 4, ~crc ^ 0x5354554e);
	return len + 8;
}

static struct address home(uint16_t port)
{
	return address_ipv4((const uint8_t[]){ 192, 0, 2, 7 }, port);
}

static struct ice_result check_from(struct scene *s, struct address from, struct check c)
{
	uint8_t message[MESSAGE_ROOM];
	size_t len = check_write(s, c, message);
	return ice_input(s->ice, bytes_of(message, len), &from, s->now, s->reply);
}

static bool sends_to(struct scene *s, struct address where)
{
	struct address to;
	return ice_selected(s->ice, &to) && address_equal(&to, &where);
}

static bool heard(struct scene *s, struct address from)
{
	return ice_heard(s->ice, &from, s->now);
}

static void later(struct scene *s, int64_t ms)
{
	s->now = mono_add_ms(s->now, ms);
}

static void check_silence(struct ice_result r)
{
	CHECK(!r.valid && !r.added && !r.selected && !r.dropped && r.reply_len == 0);
}

static void a_good_check_is_answered_with_the_address_it_came_from(void **state)
{
	(void)state;
	struct scene s = scene_of();
	struct address from = home(1000);
	CHECK(!ice_is_validated(s.ice, &from));
	struct ice_result r = check_from(&s, from, (struct check){ 0 });
	CHECK(r.valid && r.added && r.selected && !r.dropped);
	struct stun_message answer;
	struct stun_key key;
	assert_int_equal(stun_parse(bytes_of(s.reply, r.reply_len), &answer), OK);
	assert_int_equal(answer.type, STUN_BINDING_SUCCESS);
	assert_int_equal(get_u32(answer.transaction), 1);
	CHECK(answer.has_fingerprint && address_equal(&answer.mapped, &from));
	assert_int_equal(stun_key_init(&key, bytes_from_text(ice_local(s.ice)->pwd)), OK);
	CHECK(stun_verify(&answer, &key));
	stun_key_clear(&key);
	CHECK(ice_is_validated(s.ice, &from) && sends_to(&s, from));
	r = check_from(&s, from, (struct check){ 0 });
	CHECK(r.valid && !r.added && !r.selected && r.reply_len > 0);
	ice_free(s.ice);
}

static void ipv6_is_answered_within_the_room(void **state)
{
	(void)state;
	struct scene s = scene_of();
	const uint8_t ip[16] = { 0x20, 1, 0xd, 0xb8, [15] = 9 };
	struct ice_result r = check_from(&s, address_ipv6(ip, 5), (struct check){ 0 });
	CHECK(r.valid && r.reply_len > 0 && sends_to(&s, address_ipv6(ip, 5)));
	ice_free(s.ice);
}

static void who_does_not_know_the_password_meets_silence(void **state)
{
	(void)state;
	struct scene s = scene_of();
	const struct check wrong[] = {
		{ .pwd = "aaaaaaaaaaaaaaaaaaaaaaaa" },
		{ .local = "aaaaaaaa" },
		{ .remote = "fUfs" },
		{ .remote = "fUfrx" },
		{ .remote = "fUf" },
		{ .remote = "" },
	};
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		check_silence(check_from(&s, home(1), wrong[i]));
	assert_int_equal(ice_state(s.ice), ICE_NEW);
	struct address to;
	CHECK(!ice_selected(s.ice, &to));
	assert_int_equal(ice_tuples(s.ice, (struct address[ICE_TUPLES_MAX]){ 0 }), 0);
	ice_free(s.ice);
}

static void a_damaged_or_cut_check_meets_silence(void **state)
{
	(void)state;
	struct scene s = scene_of();
	struct address from = home(1);
	uint8_t good[MESSAGE_ROOM], bad[MESSAGE_ROOM];
	size_t len = check_write(&s, (struct check){ 0 }, good);
	for (size_t bit = 0; bit < 8 * len; bit++) {
		memcpy(bad, good, len);
		bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
		check_silence(ice_input(s.ice, bytes_of(bad, len), &from, s.now, s.reply));
	}
	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *exact = malloc(cut + 1);
		memcpy(exact, good, cut);
		check_silence(ice_input(s.ice, bytes_of(exact, cut), &from, s.now, s.reply));
		free(exact);
	}
	CHECK(ice_input(s.ice, bytes_of(good, len), &from, s.now, s.reply).valid);
	ice_free(s.ice);
}

static void a_check_without_fingerprint_or_of_another_type_meets_silence(void **state)
{
	(void)state;
	struct scene s = scene_of();
	struct address from = home(1);
	uint8_t message[MESSAGE_ROOM];
	size_t len = check_write(&s, (struct check){ 0 }, message);
	/* FINGERPRINT stands last and is not covered by MESSAGE-INTEGRITY's length. */
	put_u16(message + 2, get_u16(message + 2) - 8);
	check_silence(ice_input(s.ice, bytes_of(message, len - 8), &from, s.now, s.reply));
	struct stun_key key;
	struct writer w = writer_of(message, sizeof message);
	const uint8_t transaction[STUN_TRANSACTION_LEN] = { 1 };
	assert_int_equal(stun_key_init(&key, bytes_from_text(ice_local(s.ice)->pwd)), OK);
	assert_int_equal(stun_write_success(&w, transaction, &from, &key), OK);
	stun_key_clear(&key);
	check_silence(ice_input(s.ice, writer_bytes(&w), &from, s.now, s.reply));
	len = check_write(&s, (struct check){ 0 }, message);
	put_u16(message, STUN_BINDING_INDICATION);
	len = sign(message, len - 8 - 24, ice_local(s.ice)->pwd);
	check_silence(ice_input(s.ice, bytes_of(message, len), &from, s.now, s.reply));
	ice_free(s.ice);
}

static void peeking_finds_the_ufrag_a_check_claims(void **state)
{
	(void)state;
	struct scene s = scene_of();
	uint8_t message[MESSAGE_ROOM];
	struct bytes ufrag;
	size_t len = check_write(&s, (struct check){ .local = "someone" }, message);
	CHECK(ice_peek_ufrag(bytes_of(message, len), &ufrag));
	CHECK(bytes_equal(ufrag, bytes_from_text("someone")));
	CHECK(!ice_peek_ufrag(bytes_of(message, len - 1), &ufrag));
	CHECK(!ice_peek_ufrag(bytes_from_text("\x16\xfe\xfd not STUN at all"), &ufrag));
	ice_free(s.ice);
}

static void a_nomination_before_media_moves_us_at_once(void **state)
{
	(void)state;
	struct scene s = scene_of();
	CHECK(check_from(&s, home(1), (struct check){ 0 }).selected);
	CHECK(!check_from(&s, home(2), (struct check){ 0 }).selected);
	CHECK(sends_to(&s, home(1)));
	CHECK(check_from(&s, home(2), (struct check){ .nominates = true }).selected);
	CHECK(sends_to(&s, home(2)));
	CHECK(!check_from(&s, home(2), (struct check){ .nominates = true }).selected);
	ice_free(s.ice);
}

static void media_may_come_on_a_validated_tuple_before_nomination(void **state)
{
	(void)state;
	struct scene s = scene_of();
	struct address a = home(1), b = home(2), stranger = home(3);
	check_from(&s, a, (struct check){ 0 });
	check_from(&s, b, (struct check){ 0 });
	CHECK(ice_is_validated(s.ice, &a) && ice_is_validated(s.ice, &b));
	CHECK(!ice_is_validated(s.ice, &stranger));
	CHECK(!heard(&s, b)); /* nothing was silent for 2 s yet */
	CHECK(!heard(&s, stranger));
	CHECK(sends_to(&s, a));
	ice_free(s.ice);
}

static void a_live_call_is_moved_only_by_media(void **state)
{
	(void)state;
	struct scene s = scene_of();
	check_from(&s, home(1), (struct check){ .nominates = true });
	heard(&s, home(1));
	later(&s, 500);
	/* Somebody who can repeat the browser's packets elsewhere has a valid check, no media. */
	CHECK(!check_from(&s, home(66), (struct check){ .nominates = true }).selected);
	CHECK(sends_to(&s, home(1)));
	for (int i = 0; i < 100; i++, later(&s, 20))
		CHECK(!heard(&s, home(1)));
	CHECK(sends_to(&s, home(1)));
	CHECK(!check_from(&s, home(2), (struct check){ .nominates = true }).selected);
	CHECK(heard(&s, home(2)));
	CHECK(sends_to(&s, home(2)));
	ice_free(s.ice);
}

static void a_nomination_where_media_comes_already_moves_us_at_once(void **state)
{
	(void)state;
	struct scene s = scene_of();
	check_from(&s, home(1), (struct check){ 0 });
	check_from(&s, home(2), (struct check){ 0 });
	heard(&s, home(1));
	CHECK(!heard(&s, home(2)));
	CHECK(check_from(&s, home(2), (struct check){ .nominates = true }).selected);
	CHECK(sends_to(&s, home(2)));
	ice_free(s.ice);
}

static void media_on_a_new_path_moves_us_when_the_old_one_was_silent(void **state)
{
	(void)state;
	struct scene s = scene_of();
	check_from(&s, home(1), (struct check){ .nominates = true });
	heard(&s, home(1));
	check_from(&s, home(2), (struct check){ 0 });
	later(&s, ICE_SILENT_MS);
	CHECK(!heard(&s, home(2)));
	later(&s, 1);
	CHECK(heard(&s, home(2)));
	CHECK(sends_to(&s, home(2)));
	CHECK(!heard(&s, home(1))); /* a straggler does not move us back */
	ice_free(s.ice);
}

static void a_replayed_check_is_worth_nothing(void **state)
{
	(void)state;
	struct scene s = scene_of();
	struct address thief = address_ipv4((const uint8_t[]){ 203, 0, 113, 9 }, 9),
		       browser = home(1);
	uint8_t message[MESSAGE_ROOM];
	size_t len = check_write(&s, (struct check){ .nominates = true }, message);
	struct bytes captured = bytes_of(message, len);
	CHECK(ice_input(s.ice, captured, &browser, s.now, s.reply).valid);
	check_silence(ice_input(s.ice, captured, &thief, s.now, s.reply));
	CHECK(!ice_is_validated(s.ice, &thief));
	/* The browser itself repeats a lost check; we answer again, but not for ever. */
	later(&s, 500);
	CHECK(ice_input(s.ice, captured, &browser, s.now, s.reply).reply_len > 0);
	later(&s, 41000);
	check_silence(ice_input(s.ice, captured, &browser, s.now, s.reply));
	CHECK(ice_tick(s.ice, s.now));
	assert_int_equal(ice_state(s.ice), ICE_STOPPED); /* it is no sign of life either */
	ice_free(s.ice);
}

static void four_tuples_are_kept_and_the_selected_one_always(void **state)
{
	(void)state;
	struct scene s = scene_of();
	for (uint16_t port = 1; port <= 4; port++, later(&s, 10))
		CHECK(!check_from(&s, home(port), (struct check){ 0 }).dropped);
	struct ice_result r = check_from(&s, home(5), (struct check){ 0 });
	struct address gone = home(2), all[ICE_TUPLES_MAX];
	CHECK(r.added && r.dropped && address_equal(&r.dropped_tuple, &gone));
	CHECK(!ice_is_validated(s.ice, &gone));
	CHECK(sends_to(&s, home(1)));
	for (uint16_t port = 100; port < 200; port++, later(&s, 10))
		CHECK(check_from(&s, home(port), (struct check){ 0 }).dropped);
	CHECK(sends_to(&s, home(1)));
	assert_int_equal(ice_tuples(s.ice, all), ICE_TUPLES_MAX);
	ice_free(s.ice);
}

static void a_nomination_that_waited_goes_with_its_tuple(void **state)
{
	(void)state;
	struct scene s = scene_of();
	check_from(&s, home(1), (struct check){ 0 });
	heard(&s, home(1));
	check_from(&s, home(2), (struct check){ .nominates = true });
	for (uint16_t port = 3; port < 6; port++, later(&s, 10))
		check_from(&s, home(port), (struct check){ 0 });
	CHECK(!heard(&s, home(2))); /* it made room */
	CHECK(!heard(&s, home(5))); /* and its successor did not inherit */
	CHECK(sends_to(&s, home(1)));
	ice_free(s.ice);
}

static void consent_warns_after_15_s_and_stops_after_30(void **state)
{
	(void)state;
	struct scene s = scene_of();
	struct address to;
	CHECK(ice_next(s.ice).us == MONO_NEVER.us);
	CHECK(!ice_tick(s.ice, s.now));
	check_from(&s, home(1), (struct check){ 0 });
	assert_int_equal(mono_diff_us(ice_next(s.ice), s.now), 15000000);
	later(&s, 14999);
	CHECK(!ice_tick(s.ice, s.now));
	later(&s, 1);
	CHECK(ice_tick(s.ice, s.now));
	assert_int_equal(ice_state(s.ice), ICE_WARNED);
	CHECK(sends_to(&s, home(1)));
	assert_int_equal(mono_diff_us(ice_next(s.ice), s.now), 15000000);
	later(&s, 15000);
	CHECK(ice_tick(s.ice, s.now));
	assert_int_equal(ice_state(s.ice), ICE_STOPPED);
	CHECK(!ice_selected(s.ice, &to));
	CHECK(ice_next(s.ice).us == MONO_NEVER.us);
	heard(&s, home(1)); /* media is no consent */
	CHECK(!ice_selected(s.ice, &to));
	later(&s, 60000);
	CHECK(check_from(&s, home(1), (struct check){ 0 }).valid);
	assert_int_equal(ice_state(s.ice), ICE_CONNECTED);
	CHECK(sends_to(&s, home(1)));
	ice_free(s.ice);
}

static void the_path_that_is_still_checked_takes_over(void **state)
{
	(void)state;
	struct scene s = scene_of();
	check_from(&s, home(1), (struct check){ .nominates = true });
	for (int i = 0; i < 2; i++, later(&s, 5000))
		CHECK(!check_from(&s, home(2), (struct check){ 0 }).selected);
	later(&s, 5000);
	CHECK(check_from(&s, home(2), (struct check){ 0 }).selected);
	CHECK(sends_to(&s, home(2)));
	assert_int_equal(ice_state(s.ice), ICE_CONNECTED);
	ice_free(s.ice);
}

/* As over a TCP connection, which can be closed. */
static struct address wire_to_home(uint16_t port)
{
	struct address a = home(port);
	a.tcp = true;
	return a;
}

static void a_closed_path_gives_way_to_the_one_checked_last(void **state)
{
	(void)state;
	struct scene s = scene_of();
	struct address closed = wire_to_home(1), older = home(1), newer = home(2);
	CHECK(check_from(&s, closed, (struct check){ 0 }).selected);
	CHECK(check_from(&s, older, (struct check){ 0 }).added); /* the same numbers over UDP */
	later(&s, 10);
	CHECK(check_from(&s, newer, (struct check){ 0 }).added);
	ice_forget(s.ice, &closed, s.now);
	CHECK(sends_to(&s, newer) && !ice_is_validated(s.ice, &closed));
	ice_forget(s.ice, &older, s.now);
	CHECK(sends_to(&s, newer) && !ice_is_validated(s.ice, &older));
	struct address left[ICE_TUPLES_MAX];
	assert_int_equal(ice_tuples(s.ice, left), 1);
	ice_free(s.ice);
}

static void
after_the_only_path_nothing_is_sent_until_a_check_comes_and_consent_runs_out(void **state)
{
	(void)state;
	for (int again = 0; again < 2; again++) {
		struct scene s = scene_of();
		struct address only = wire_to_home(1), to, left[ICE_TUPLES_MAX];
		CHECK(check_from(&s, only, (struct check){ 0 }).selected);
		ice_forget(s.ice, &only, s.now);
		CHECK(!ice_selected(s.ice, &to) && !ice_is_validated(s.ice, &only));
		assert_int_equal(ice_tuples(s.ice, left), 0);
		CHECK(!heard(&s, only));
		later(&s, 1000);
		if (again) { /* even by the same port */
			CHECK(check_from(&s, only, (struct check){ 0 }).selected);
			CHECK(sends_to(&s, only));
			for (uint16_t port = 2; port < 2 + ICE_TUPLES_MAX; port++) {
				struct ice_result r =
				    check_from(&s, home(port), (struct check){ 0 });
				CHECK(!address_equal(&r.dropped_tuple, &only));
			}
			CHECK(sends_to(&s, only));
		} else {
			later(&s, ICE_STOP_MS);
			CHECK(ice_tick(s.ice, s.now) && ice_state(s.ice) == ICE_STOPPED);
		}
		ice_free(s.ice);
	}
}

static void a_restart_brings_new_credentials_and_buries_the_old(void **state)
{
	(void)state;
	struct scene s = scene_of();
	struct ice_credentials old = *ice_local(s.ice);
	check_from(&s, home(1), (struct check){ .nominates = true });
	CHECK(ice_restart(s.ice, &s.random, bytes_from_text("nEwU")));
	assert_string_not_equal(ice_local(s.ice)->ufrag, old.ufrag);
	assert_string_not_equal(ice_local(s.ice)->pwd, old.pwd);
	CHECK(sends_to(&s, home(1))); /* the call goes on meanwhile */
	check_silence(
	    check_from(&s, home(1), (struct check){ .local = old.ufrag, .pwd = old.pwd }));
	check_silence(check_from(&s, home(1), (struct check){ .pwd = old.pwd, .remote = "nEwU" }));
	check_silence(check_from(&s, home(1), (struct check){ 0 })); /* their old ufrag */
	CHECK(check_from(&s, home(2), (struct check){ .remote = "nEwU", .nominates = true })
		  .selected);
	CHECK(!ice_restart(s.ice, &s.random, bytes_of(NULL, 0)));
	CHECK(check_from(&s, home(2), (struct check){ .remote = "nEwU" }).valid);
	ice_free(s.ice);
}

static void a_controlled_peer_is_answered_but_nominates_nothing(void **state)
{
	(void)state;
	struct scene s = scene_of();
	check_from(&s, home(1), (struct check){ 0 });
	struct ice_result r =
	    check_from(&s, home(2), (struct check){ .role = STUN_CONTROLLED, .nominates = true });
	struct stun_message answer;
	assert_int_equal(stun_parse(bytes_of(s.reply, r.reply_len), &answer), OK);
	assert_int_equal(answer.type, STUN_BINDING_SUCCESS);
	CHECK(r.valid && !r.selected && sends_to(&s, home(1)));
	ice_free(s.ice);
}

static void an_unknown_attribute_that_must_be_understood_gives_420(void **state)
{
	(void)state;
	struct scene s = scene_of();
	struct address from = home(1);
	uint8_t good[MESSAGE_ROOM], message[MESSAGE_ROOM];
	size_t len = check_write(&s, (struct check){ 0 }, good);
	/* In front of the rest: type 0x7123, empty. */
	memcpy(message, good, 20);
	put_u32(message + 20, 0x71230000);
	memcpy(message + 24, good + 20, len - 20);
	len += 4;
	struct stun_message parsed;
	len = sign(message, len - 8 - 24, ice_local(s.ice)->pwd);
	struct ice_result r = ice_input(s.ice, bytes_of(message, len), &from, s.now, s.reply);
	CHECK(!r.valid && !r.added && r.reply_len > 0);
	assert_int_equal(stun_parse(bytes_of(s.reply, r.reply_len), &parsed), OK);
	assert_int_equal(parsed.error_code, 420);
	CHECK(parsed.integrity_at != 0 && !ice_is_validated(s.ice, &from));
	ice_free(s.ice);
}

static void drawn_credentials_are_long_and_of_the_right_letters(void **state)
{
	(void)state;
	struct random random = random_seeded(1);
	char last[ICE_UFRAG_LEN + 1] = "";
	for (int i = 0; i < 200; i++) {
		struct ice *ice = ice_new(&random, bytes_from_text("x"));
		const struct ice_credentials *c = ice_local(ice);
		assert_int_equal(strlen(c->ufrag), ICE_UFRAG_LEN);
		assert_int_equal(strlen(c->pwd), ICE_PWD_LEN);
		CHECK(strspn(c->pwd,
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") ==
		      ICE_PWD_LEN);
		assert_string_not_equal(c->ufrag, last);
		memcpy(last, c->ufrag, sizeof last);
		ice_free(ice);
	}
}

static void a_ufrag_of_theirs_has_bounds(void **state)
{
	(void)state;
	struct random random = random_seeded(1);
	uint8_t text[ICE_REMOTE_UFRAG_MAX + 1];
	memset(text, 'u', sizeof text);
	CHECK(ice_new(&random, bytes_of(text, 0)) == NULL);
	CHECK(ice_new(&random, bytes_of(text, sizeof text)) == NULL);
	struct ice *ice = ice_new(&random, bytes_of(text, sizeof text - 1));
	CHECK(ice != NULL);
	ice_free(ice);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_good_check_is_answered_with_the_address_it_came_from),
		TEST(ipv6_is_answered_within_the_room),
		TEST(who_does_not_know_the_password_meets_silence),
		TEST(a_damaged_or_cut_check_meets_silence),
		TEST(a_check_without_fingerprint_or_of_another_type_meets_silence),
		TEST(peeking_finds_the_ufrag_a_check_claims),
		TEST(a_nomination_before_media_moves_us_at_once),
		TEST(media_may_come_on_a_validated_tuple_before_nomination),
		TEST(a_live_call_is_moved_only_by_media),
		TEST(a_nomination_where_media_comes_already_moves_us_at_once),
		TEST(media_on_a_new_path_moves_us_when_the_old_one_was_silent),
		TEST(a_replayed_check_is_worth_nothing),
		TEST(four_tuples_are_kept_and_the_selected_one_always),
		TEST(a_nomination_that_waited_goes_with_its_tuple),
		TEST(consent_warns_after_15_s_and_stops_after_30),
		TEST(the_path_that_is_still_checked_takes_over),
		TEST(a_closed_path_gives_way_to_the_one_checked_last),
		TEST(after_the_only_path_nothing_is_sent_until_a_check_comes_and_consent_runs_out),
		TEST(a_restart_brings_new_credentials_and_buries_the_old),
		TEST(a_controlled_peer_is_answered_but_nominates_nothing),
		TEST(an_unknown_attribute_that_must_be_understood_gives_420),
		TEST(drawn_credentials_are_long_and_of_the_right_letters),
		TEST(a_ufrag_of_theirs_has_bounds),
	};
	return RUN("rtc/ice", tests);
}
