#include "tests/store/estate.h"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include "base/assert.h"
#include "service/live.h"
#include "service/place.h"
#include "service/terminal.h"

/* What the browser's WebCrypto does: a P-256 key, its raw point, r ‖ s. */
static EVP_PKEY *key_new(uint8_t point[TERMINAL_KEY_LEN])
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	size_t len = 0;
	CHECK(key != NULL);
	CHECK(EVP_PKEY_get_octet_string_param(key, "pub", point, TERMINAL_KEY_LEN, &len) == 1);
	assert_int_equal(len, TERMINAL_KEY_LEN);
	return key;
}

static void sign(EVP_PKEY *key, const uint8_t *message, size_t len,
		 uint8_t raw[TERMINAL_SIGNATURE_LEN])
{
	uint8_t der[100];
	size_t der_len = sizeof der;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	CHECK(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1);
	CHECK(EVP_DigestSign(context, der, &der_len, message, len) == 1);
	EVP_MD_CTX_free(context);
	const uint8_t *at = der;
	ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &at, (long)der_len);
	CHECK(BN_bn2binpad(ECDSA_SIG_get0_r(signature), raw, 32) == 32);
	CHECK(BN_bn2binpad(ECDSA_SIG_get0_s(signature), raw + 32, 32) == 32);
	ECDSA_SIG_free(signature);
}

static void a_terminal_enrols_once_and_proves_itself(void **state)
{
	(void)state;
	struct estate e;
	uint8_t point[TERMINAL_KEY_LEN], challenge[TERMINAL_CHALLENGE_LEN];
	uint8_t raw[TERMINAL_SIGNATURE_LEN];
	struct terminal_id id;
	struct actor actor;
	estate_open(&e);
	EVP_PKEY *key = key_new(point);
	struct str code = str_from(e.sample.enrol_code);
	CHECK(terminal_enrol(&e.service, code, bytes_of(point, sizeof point), &id) == OK);
	assert_int_equal(id.n, e.sample.terminal.n);
	CHECK(terminal_enrol(&e.service, code, bytes_of(point, sizeof point), &id) ==
	      ERR_NOT_FOUND);

	CHECK(terminal_challenge(&e.service, id, challenge) == OK);
	sign(key, challenge, sizeof challenge, raw);
	struct bytes c = bytes_of(challenge, sizeof challenge);
	struct bytes s = bytes_of(raw, sizeof raw);
	for (size_t i = 0; i < sizeof raw; i += 9) {
		raw[i] ^= 1;
		CHECK(terminal_prove(&e.service, id, c, s, &actor) == ERR_DENIED);
		raw[i] ^= 1;
	}
	for (size_t len = 0; len < sizeof raw; len++)
		CHECK(terminal_prove(&e.service, id, c, bytes_of(raw, len), &actor) == ERR_DENIED);
	CHECK(terminal_prove(&e.service, id, c, s, &actor) == OK);
	CHECK(actor.role == ROLE_TERMINAL && actor.terminal.n == id.n);
	CHECK(terminal_prove(&e.service, id, c, s, &actor) == ERR_DENIED); /* once */

	struct session_started started;
	struct account_session session;
	struct terminal_view view;
	CHECK(terminal_session_start(&e.service, &actor, &started) == OK);
	CHECK(account_session_find(&e.service, &e.arena, str_from(started.token), &session) == OK);
	CHECK(session.actor.role == ROLE_TERMINAL && session.actor.terminal.n == id.n);
	CHECK(terminal_due_visit(&e.service, &session.actor, &e.arena, &view) == OK);
	CHECK(view.has_visit && !strcmp(view.visit.reference.text, e.sample.joinable.text));
	EVP_PKEY_free(key);
	estate_close(&e);
}

static void the_prisoner_whose_visit_is_due_chooses_a_language(void **state)
{
	(void)state;
	struct estate e;
	struct terminal_view view;
	estate_open(&e);
	struct actor terminal = estate_terminal(&e);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	CHECK(terminal_due_visit(&e.service, &terminal, &e.arena, &view) == OK);
	CHECK(view.has_visit && view.language == LANGUAGE_EN);
	int64_t leaves = estate_leaves(&e);
	CHECK(terminal_choose_language(&e.service, &terminal, LANGUAGE_CY) == OK);
	CHECK(terminal_due_visit(&e.service, &terminal, &e.arena, &view) == OK);
	CHECK(view.language == LANGUAGE_CY && estate_leaves(&e) == leaves + 1);
	/* The same again is no change; nobody else may. */
	CHECK(terminal_choose_language(&e.service, &terminal, LANGUAGE_CY) == OK);
	CHECK(terminal_choose_language(&e.service, &clerk, LANGUAGE_EN) == ERR_DENIED);
	/* Tomorrow no visit is due here. */
	e.service.now.s += 24 * 60 * 60;
	CHECK(terminal_choose_language(&e.service, &terminal, LANGUAGE_EN) == ERR_NOT_FOUND);
	CHECK(estate_leaves(&e) == leaves + 1);
	estate_close(&e);
}

static void an_old_challenge_or_another_key_proves_nothing(void **state)
{
	(void)state;
	struct estate e;
	uint8_t point[TERMINAL_KEY_LEN], other[TERMINAL_KEY_LEN];
	uint8_t challenge[TERMINAL_CHALLENGE_LEN], raw[TERMINAL_SIGNATURE_LEN];
	struct terminal_id id;
	struct actor actor;
	estate_open(&e);
	EVP_PKEY *key = key_new(point);
	EVP_PKEY *stranger = key_new(other);
	CHECK(terminal_enrol(&e.service, str_from(e.sample.enrol_code),
			     bytes_of(point, sizeof point), &id) == OK);
	struct bytes c = bytes_of(challenge, sizeof challenge);
	struct bytes s = bytes_of(raw, sizeof raw);
	CHECK(terminal_challenge(&e.service, id, challenge) == OK);
	sign(stranger, challenge, sizeof challenge, raw);
	CHECK(terminal_prove(&e.service, id, c, s, &actor) == ERR_DENIED);
	sign(key, challenge, sizeof challenge, raw);
	e.service.now.s += TERMINAL_CHALLENGE_VALID_S;
	CHECK(terminal_prove(&e.service, id, c, s, &actor) == ERR_DENIED);
	challenge[0] ^= 1; /* one that we never gave */
	sign(key, challenge, sizeof challenge, raw);
	CHECK(terminal_prove(&e.service, id, c, s, &actor) == ERR_DENIED);
	/* An unknown terminal gets a challenge like any other. */
	CHECK(terminal_challenge(&e.service, (struct terminal_id){ 42 }, challenge) == OK);
	EVP_PKEY_free(key);
	EVP_PKEY_free(stranger);
	estate_close(&e);
}

static void what_is_no_point_on_the_curve_is_refused(void **state)
{
	(void)state;
	struct estate e;
	uint8_t point[TERMINAL_KEY_LEN];
	struct terminal_id id;
	estate_open(&e);
	struct str code = str_from(e.sample.enrol_code);
	EVP_PKEY *key = key_new(point);
	EVP_PKEY_free(key);
	for (size_t len = 0; len < sizeof point; len++)
		CHECK(terminal_enrol(&e.service, code, bytes_of(point, len), &id) == ERR_BAD);
	point[40] ^= 1;
	CHECK(terminal_enrol(&e.service, code, bytes_of(point, sizeof point), &id) == ERR_BAD);
	estate_close(&e);
}

static void a_code_expires_and_is_made_by_the_prisons_admin_alone(void **state)
{
	(void)state;
	struct estate e;
	uint8_t point[TERMINAL_KEY_LEN];
	struct terminal_id id;
	char code[ENROL_CODE_LEN + 1];
	struct wall expires;
	estate_open(&e);
	EVP_PKEY *key = key_new(point);
	EVP_PKEY_free(key);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	struct actor leeds = estate_staff(&e, ROLE_PRISON_ADMIN, "LEI");
	struct actor admin = estate_staff(&e, ROLE_PRISON_ADMIN, "WWI");
	CHECK(terminal_enrol_code_create(&e.service, &clerk, e.sample.terminal, code, &expires) ==
	      ERR_DENIED);
	CHECK(terminal_enrol_code_create(&e.service, &leeds, e.sample.terminal, code, &expires) ==
	      ERR_NOT_FOUND);
	CHECK(terminal_enrol_code_create(&e.service, &admin, e.sample.terminal, code, &expires) ==
	      OK);
	e.service.now = expires;
	CHECK(terminal_enrol(&e.service, str_from(code), bytes_of(point, sizeof point), &id) ==
	      ERR_NOT_FOUND);
	estate_close(&e);
}

static void a_retired_terminal_proves_nothing_and_its_visit_ends(void **state)
{
	(void)state;
	struct estate e;
	uint8_t point[TERMINAL_KEY_LEN], challenge[TERMINAL_CHALLENGE_LEN];
	uint8_t raw[TERMINAL_SIGNATURE_LEN];
	struct terminal_id id;
	struct actor terminal;
	struct session_started started;
	struct account_session session;
	struct ended_visits ended;
	enum joining joining;
	struct visit visit;
	char code[ENROL_CODE_LEN + 1];
	struct wall expires;
	estate_open(&e);
	struct actor admin = estate_staff(&e, ROLE_PRISON_ADMIN, "WWI");
	struct actor leeds = estate_staff(&e, ROLE_PRISON_ADMIN, "LEI");
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	struct str why = STR("The tablet is missing.");
	EVP_PKEY *key = key_new(point);
	CHECK(terminal_enrol(&e.service, str_from(e.sample.enrol_code),
			     bytes_of(point, sizeof point), &id) == OK);
	struct bytes c = bytes_of(challenge, sizeof challenge);
	struct bytes s = bytes_of(raw, sizeof raw);
	CHECK(terminal_challenge(&e.service, id, challenge) == OK);
	sign(key, challenge, sizeof challenge, raw);
	CHECK(terminal_prove(&e.service, id, c, s, &terminal) == OK);
	CHECK(terminal_session_start(&e.service, &terminal, &started) == OK);
	CHECK(lobby_enter(&e.service, &terminal, e.sample.joinable, &joining) == OK);
	CHECK(terminal_challenge(&e.service, id, challenge) == OK); /* asked for before */
	sign(key, challenge, sizeof challenge, raw);

	CHECK(terminal_retire(&e.service, &clerk, &e.arena, id, why, &ended) == ERR_DENIED);
	CHECK(terminal_retire(&e.service, &leeds, &e.arena, id, why, &ended) == ERR_NOT_FOUND);
	CHECK(terminal_retire(&e.service, &admin, &e.arena, id, STR(""), &ended) == ERR_BAD);
	int64_t leaves = estate_leaves(&e);
	CHECK(terminal_retire(&e.service, &admin, &e.arena, id, why, &ended) == OK);
	assert_int_equal(estate_leaves(&e), leaves + 2); /* retired, and the visit ended */
	assert_int_equal(ended.count, 1);
	assert_string_equal(ended.list[0].text, e.sample.joinable.text);
	CHECK(visit_find(&e.service, &clerk, &e.arena, e.sample.joinable, &visit) == OK);
	CHECK(visit_is_over(visit.state) && visit.counted_minutes == 0);

	CHECK(terminal_prove(&e.service, id, c, s, &terminal) == ERR_DENIED);
	CHECK(account_session_find(&e.service, &e.arena, str_from(started.token), &session) != OK);
	CHECK(terminal_retire(&e.service, &admin, &e.arena, id, why, &ended) == ERR_CONFLICT);

	/* Another device takes its place. */
	CHECK(terminal_enrol_code_create(&e.service, &admin, id, code, &expires) == OK);
	CHECK(terminal_enrol(&e.service, str_from(code), bytes_of(point, sizeof point), &id) == OK);
	CHECK(terminal_challenge(&e.service, id, challenge) == OK);
	sign(key, challenge, sizeof challenge, raw);
	CHECK(terminal_prove(&e.service, id, c, s, &terminal) == OK);
	EVP_PKEY_free(key);
	estate_close(&e);
}

static void rooms_and_terminals_are_added_where_one_works_and_under_one_name(void **state)
{
	(void)state;
	static const struct {
		enum role role;
		const char *at, *prison, *name;
		enum err expected;
	} CASES[] = {
		{ ROLE_PRISON_ADMIN, "WWI", "WWI", "Video room 3", OK },
		{ ROLE_HQ_ADMIN, "", "WWI", "Video room 3", OK },
		{ ROLE_PRISON_ADMIN, "LEI", "WWI", "Video room 3", ERR_NOT_FOUND },
		{ ROLE_VISITS_CLERK, "WWI", "WWI", "Video room 3", ERR_DENIED },
		{ ROLE_FAMILY, "", "WWI", "Video room 3", ERR_DENIED },
		{ ROLE_PRISON_ADMIN, "WWI", "WWI", "Video room 1", ERR_CONFLICT },
		{ ROLE_PRISON_ADMIN, "WWI", "WWI", "  ", ERR_BAD },
		{ ROLE_PRISON_ADMIN, "WWI", "WWI", "a\nb", ERR_BAD },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct estate e;
		struct room_id room;
		struct terminal_id terminal;
		struct prison_code prison, other;
		estate_open(&e);
		CHECK(prison_code_of(str_from(CASES[i].prison), &prison));
		CHECK(prison_code_of(STR("LEI"), &other));
		struct actor actor =
		    estate_staff(&e, CASES[i].role, CASES[i].at[0] ? CASES[i].at : NULL);
		struct room_new new = { .name = str_from(CASES[i].name) };
		int64_t leaves = estate_leaves(&e);
		CHECK(room_add(&e.service, &actor, prison, &new, &room) == CASES[i].expected);
		CHECK(estate_leaves(&e) == leaves + (CASES[i].expected == OK));
		if (CASES[i].expected == OK) {
			CHECK(terminal_add(&e.service, &actor, prison, room, STR("Terminal 9"),
					   &terminal) == OK);
			CHECK(terminal_add(&e.service, &actor, prison, room, STR("Terminal 9"),
					   &terminal) == ERR_CONFLICT);
			/* a room of another prison is none here */
			CHECK(terminal_add(&e.service, &SYSTEM_ACTOR, other, room, STR("T"),
					   &terminal) == ERR_NOT_FOUND);
		}
		estate_close(&e);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_terminal_enrols_once_and_proves_itself),
		TEST(the_prisoner_whose_visit_is_due_chooses_a_language),
		TEST(an_old_challenge_or_another_key_proves_nothing),
		TEST(what_is_no_point_on_the_curve_is_refused),
		TEST(a_code_expires_and_is_made_by_the_prisons_admin_alone),
		TEST(a_retired_terminal_proves_nothing_and_its_visit_ends),
		TEST(rooms_and_terminals_are_added_where_one_works_and_under_one_name),
	};
	return RUN("service/terminal", tests);
}
