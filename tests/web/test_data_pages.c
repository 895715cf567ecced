/*
 * The rights of people whose data these are, on pages: a copy in two forms, who looked, being forgotten.
 */
#include "tests/store/recorded.h"
#include "tests/web/site.h"

#include <sodium.h>

#include "base/hex.h"
#include "domain/subject.h"
#include "store/query.h"

static void somebody_gets_their_data_and_has_them_erased(void **state)
{
	(void)state;
	struct site s;
	json_error_t error;
	site_open(&s);
	sign_in(&s, "amina@family.example");
	struct answer a = ask(&s, "/account/data", NULL);
	CHECK(a.status == 200 && says(&a, "amina@family.example"));
	CHECK(says(&a, "You have visits that are booked"));
	/* Codes are told in words. */
	CHECK(says(&a, "Signed in") && says(&a, "A visit was booked"));
	CHECK(!says(&a, "session.start") && !says(&a, "visit.book"));
	a = ask(&s, "/account/data/copy.html", NULL);
	CHECK(a.status == 200 && says(&a, "<title>Copy of the data of one person") &&
	      says(&a, "amina@family.example") && !says(&a, "govuk-template"));
	a = ask(&s, "/account/data/copy.json", NULL);
	json_t *copy = json_loads(a.html, 0, &error);
	CHECK(a.status == 200 && copy != NULL);
	const json_t *account =
	    json_array_get(json_object_get(json_object_get(copy, "data"), "account"), 0);
	assert_string_equal(json_string_value(json_object_get(account, "email")),
			    "amina@family.example");
	const json_t *people = json_object_get(json_object_get(copy, "data"), "people");
	CHECK(strlen(json_string_value(json_object_get(json_array_get(people, 0), "born"))) == 10);
	json_decref(copy);

	CHECK(ask(&s, "/account/data/erase", "sure=yes").status == 200); /* visits are ahead */
	struct query q = query_of(s.estate.service.store,
				  "UPDATE visit SET state = 'CANCELLED', ended_at = 1, end_kind = "
				  "'CANCELLED_BY_BOOKER' WHERE ended_at = 0");
	CHECK(query_change(&q) == OK);
	CHECK(ask(&s, "/account/data/erase", "").status == 200); /* not ticked: nothing */
	a = ask(&s, "/account/data/erase", "sure=yes");
	assert_int_equal(a.status, 303);
	const char *where = arena_text(&s.estate.arena, str_from(a.location));
	CHECK(strncmp(where, "/erased/", 8) == 0);
	s.signed_in = false; /* its session is gone; a cookie without one is nobody's */
	CHECK(ask(&s, "/account/data", NULL).status == 303);
	a = ask(&s, where, NULL);
	CHECK(a.status == 200 && says(&a, "Your data have been erased") &&
	      says(&a, "Load this page again for the receipt"));
	char *forged = arena_text(&s.estate.arena, str_from(where));
	forged[strlen(forged) - 1] ^= 1;
	CHECK(ask(&s, forged, NULL).status == 404);
	site_close(&s);
}

/* The same page: of the account, and nothing of a client. */
static void a_lawyer_gets_their_own_data_and_none_of_a_client(void **state)
{
	(void)state;
	static const char *const lawyers[] = { "solicitor@hale.example", "barrister@temple.example",
					       "interpreter@words.example",
					       "executive@hale.example" };
	static const char *const paths[] = { "/account/data", "/account/data/copy.html",
					     "/account/data/copy.json" };
	static const char *const clients[] = { "A2345CD", "A8901JK", "Thomas Reed", "Colin Hart" };
	struct site s;
	site_open(&s);
	for (size_t i = 0; i < ARRAY_LEN(lawyers); i++) {
		sign_in(&s, lawyers[i]);
		struct answer a = ask(&s, "/home", NULL);
		CHECK(a.status == 200 && says(&a, "href=\"/account/data\""));
		for (size_t n = 0; n < ARRAY_LEN(paths); n++) {
			a = ask(&s, paths[n], NULL);
			CHECK(a.status == 200 && says(&a, lawyers[i]));
			CHECK(!says(&a, lawyers[(i + 1) % ARRAY_LEN(lawyers)]));
			for (size_t c = 0; c < ARRAY_LEN(clients); c++)
				CHECK(!says(&a, clients[c]));
		}
		/* Who they are to the service is what staff have checked: it is not theirs to erase yet. */
		a = ask(&s, "/account/data/erase", "sure=yes");
		CHECK(a.status == 200);
		CHECK(ask(&s, "/account/data", NULL).status == 200);
	}
	sign_in(&s, "solicitor@hale.example");
	struct answer a = ask(&s, "/legal", NULL);
	CHECK(a.status == 200 && says(&a, "href=\"/account/data\""));
	a = ask(&s, "/account/data", NULL);
	CHECK(says(&a, "Hale"));
	sign_in(&s, "amina@family.example"); /* a family is told whom they visit */
	a = ask(&s, "/account/data", NULL);
	CHECK(says(&a, "A1234BC"));
	site_close(&s);
}

static void staff_answer_letters(void **state)
{
	(void)state;
	struct site s;
	struct visit visit;
	site_open(&s);
	record_visit(&s.estate, &visit);
	sign_in(&s, "admin@hq.example");
	struct answer a = ask(&s, "/staff/data?q=amina%40family.example", NULL);
	assert_int_equal(a.status, 303);
	const char *where = arena_text(&s.estate.arena, str_from(a.location));
	a = ask(&s, where, NULL);
	CHECK(a.status == 200 && says(&a, "amina@family.example") &&
	      says(&a, "You have visits that are booked"));
	a = ask(&s, arena_printf(&s.estate.arena, "%s/copy", where),
		"recipient=THEMSELVES&format=JSON");
	CHECK(a.status == 200 && says(&a, "prison-video-link/subject-access/1"));
	a = ask(&s, where, NULL);
	CHECK(says(&a, "Downloaded a copy of these data") && says(&a, "Read these data"));
	a = ask(&s, "/staff/data?q=nobody%40family.example", NULL);
	CHECK(a.status == 200 && says(&a, "Nobody of that number or address."));
	sign_in(&s, "admin@wandsworth.example");
	CHECK(ask(&s, where, NULL).status == 403); /* an account is no matter of a prison's */
	a = ask(&s, arena_printf(&s.estate.arena, "/staff/data?q=%s", visit.prisoner_number.text),
		NULL);
	assert_int_equal(a.status, 303);
	a = ask(&s, arena_text(&s.estate.arena, str_from(a.location)), NULL);
	CHECK(a.status == 200 && says(&a, visit.prisoner_number.text));
	a = ask(&s, "/staff/retention", NULL);
	CHECK(a.status == 200 && says(&a, "Recordings of visits") && says(&a, "90 days"));
	site_close(&s);
}

static const char *hash_of(struct site *s, const char *file)
{
	uint8_t hash[COPY_HASH_LEN];
	char text[2 * COPY_HASH_LEN + 1];
	crypto_hash_sha256(hash, (const uint8_t *)file, strlen(file));
	hex_encode(bytes_of(hash, sizeof hash), text);
	return arena_text(&s->estate.arena, str_from(text));
}

/* Where the page of somebody's data is. */
static const char *find_subject(struct site *s, const char *typed)
{
	struct answer a = ask(s, arena_printf(&s->estate.arena, "/staff/data?q=%s", typed), NULL);
	assert_int_equal(a.status, 303);
	return arena_text(&s->estate.arena, str_from(a.location));
}

static void a_copy_is_handed_out_to_somebody_who_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *form, *says;
	} mistakes[] = {
		{ "", "Choose who gets the copy" },
		{ "recipient=SOLICITOR", "Choose the form of the file" },
		{ "recipient=SOLICITOR&format=HTML", "Enter the name of whoever gets the copy" },
		{ "recipient=SOLICITOR&format=HTML&name=%20%20", "Enter the name of whoever" },
		{ "recipient=THEMSELVES&format=HTML&name=Daniel", "Leave the name empty" },
		{ "recipient=NEIGHBOUR&format=HTML&name=Daniel", "Choose who gets the copy" },
		{ "recipient=COURT&format=PDF&name=Daniel", "Choose the form of the file" },
	};
	static const char FILE[] = "/staff/recordings/disclosures.csv";
	struct site s;
	site_open(&s);
	struct arena *arena = &s.estate.arena;
	sign_in(&s, "admin@wandsworth.example");
	const char *where = find_subject(&s, "A1234BC");
	const char *copy = arena_printf(arena, "%s/copy", where);
	struct answer a = ask(&s, where, NULL);
	CHECK(says(&a, arena_printf(arena, "href=\"%s\"", copy)));
	CHECK(ask(&s, copy, NULL).status == 200);
	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
		a = ask(&s, copy, mistakes[i].form);
		if (a.status != 422 || !says(&a, mistakes[i].says) || a.wrote)
			fail_msg("%s: %d", mistakes[i].form, a.status);
	}
	int64_t leaves = estate_leaves(&s.estate);
	struct answer page = ask(&s, copy, "recipient=SOLICITOR&format=HTML&name=Hale%20%26%20Co");
	CHECK(page.status == 200 && says(&page, "A1234BC"));
	assert_int_equal(estate_leaves(&s.estate), leaves + 1);
	s.estate.service.now.s++;
	struct answer json = ask(&s, copy, "recipient=THEMSELVES&format=JSON");
	CHECK(json.status == 200 && says(&json, "\"Hale & Co\"")); /* who got one before is in it */
	/* The prison's governor reads of both, the newest first, with what each file was. */
	sign_in(&s, "governor@wandsworth.example");
	a = ask(&s, "/staff/recordings/disclosures", NULL);
	CHECK(a.status == 200 && says(&a, "Hale &amp; Co") && says(&a, "Their solicitor"));
	CHECK(says(&a, "Sam Ortiz") && says(&a, "A1234BC") && says(&a, hash_of(&s, page.html)));
	a = ask(&s, FILE, NULL);
	const char *newer = strstr(a.html, hash_of(&s, json.html));
	const char *older = strstr(a.html, hash_of(&s, page.html));
	CHECK(newer != NULL && older != NULL && newer < older);
	CHECK(says(&a, "\"Hale & Co\",\"\",") && says(&a, "\"DATA\",\"A1234BC\",") &&
	      says(&a, "\"SOLICITOR\",\"HTML\",") && says(&a, "\"THEMSELVES\",\"JSON\","));
	/* Another prison's does not. */
	sign_in(&s, "inspector@hq.example");
	a = ask(&s, arena_printf(arena, "%s?prison=LEI", FILE), NULL);
	CHECK(a.status == 200 && !says(&a, "Hale"));
	/* His own page of who looked. */
	sign_in(&s, "admin@wandsworth.example");
	a = ask(&s, where, NULL);
	CHECK(says(&a, "Copies that staff handed out") && says(&a, "Hale &amp; Co") &&
	      says(&a, "The person themselves"));
	site_close(&s);
}

/* A visitor is no prison's: inspectors alone read who got a copy of their data, at any. */
static void copies_of_visitors_data_are_shown_to_inspectors_alone(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	struct arena *arena = &s.estate.arena;
	sign_in(&s, "admin@hq.example");
	const char *where = find_subject(&s, "amina%40family.example");
	struct answer a = ask(&s, arena_printf(arena, "%s/copy", where),
			      "recipient=REGULATOR&format=JSON&name=The%20commissioner");
	CHECK(a.status == 200 && says(&a, "amina@family.example"));
	CHECK(ask(&s, "/staff/recordings/disclosures", NULL).status == 403);
	sign_in(&s, "governor@wandsworth.example");
	a = ask(&s, "/staff/recordings/disclosures", NULL);
	CHECK(a.status == 200 && !says(&a, "commissioner") && says(&a, "Nothing was handed out"));
	sign_in(&s, "inspector@hq.example");
	a = ask(&s, "/staff/recordings/disclosures?prison=WWI", NULL);
	CHECK(a.status == 200 && says(&a, "The commissioner") && says(&a, "Amina Okoro"));
	CHECK(says(&a, "href=\"/staff/recordings/disclosures.csv?prison=WWI\""));
	a = ask(&s, "/staff/recordings/disclosures.csv?prison=LEI", NULL);
	CHECK(a.status == 200 && says(&a, "\"The commissioner\","));
	sign_in(&s, "amina@family.example");
	a = ask(&s, "/account/data", NULL);
	CHECK(says(&a, "The commissioner") && says(&a, "A regulator or ombudsman"));
	s.language_cookie = "cy";
	CHECK(ask(&s, "/account/data", NULL).status == 200);
	site_close(&s);
}

/* What a prison's staff see of all of it, inspectors see of every prison; nothing to act with. */
static void inspectors_read_the_lists_of_every_prison(void **state)
{
	static const char *const LISTS[] = { "/staff/recordings", "/staff/holds",
					     "/staff/authorisations", "/staff/incidents" };
	(void)state;
	struct site s;
	struct visit visit;
	site_open(&s);
	record_visit(&s.estate, &visit);
	struct arena *arena = &s.estate.arena;
	sign_in(&s, "inspector@hq.example");
	for (size_t i = 0; i < ARRAY_LEN(LISTS); i++) {
		struct answer a = ask(&s, LISTS[i], NULL);
		CHECK(a.status == 200 &&
		      says(&a, arena_printf(arena, "href=\"%s?prison=WWI\"", LISTS[i])));
		a = ask(&s, arena_printf(arena, "%s?prison=WWI", LISTS[i]), NULL);
		CHECK(a.status == 200 && !says(&a, "/decide") && !says(&a, "/new\""));
		CHECK(says(&a, "href=\"/staff/incidents\"")); /* of the menu */
	}
	struct answer a = ask(&s, "/staff/recordings?prison=WWI", NULL);
	CHECK(says(&a, visit.reference.text));
	a = ask(&s, "/staff/recordings?prison=LEI", NULL);
	CHECK(!says(&a, visit.reference.text));
	sign_in(&s, "clerk@cardiff.example");
	a = ask(&s, "/staff/recordings?prison=WWI", NULL);
	CHECK(a.status == 200 && !says(&a, visit.reference.text)); /* their own prison's */
	/* And the log can be asked for who looked. */
	sign_in(&s, "admin@hq.example");
	a = ask(&s, "/staff/data?q=amina%40family.example", NULL);
	CHECK(ask(&s, arena_text(arena, str_from(a.location)), NULL).status == 200);
	sign_in(&s, "inspector@hq.example");
	a = ask(&s, "/staff/audit?what=data", NULL);
	CHECK(a.status == 200 && says(&a, "data.look") && !says(&a, "visit.book"));
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(somebody_gets_their_data_and_has_them_erased),
		TEST(a_lawyer_gets_their_own_data_and_none_of_a_client),
		TEST(staff_answer_letters),
		TEST(a_copy_is_handed_out_to_somebody_who_is_named),
		TEST(copies_of_visitors_data_are_shown_to_inspectors_alone),
		TEST(inspectors_read_the_lists_of_every_prison),
	};
	return RUN("web/data_pages", tests);
}
