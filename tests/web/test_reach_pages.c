/*
 * How people are reached, on pages: a number shown to be theirs, an address, a choice; visitors without e-mail.
 */
#include "tests/web/site.h"

#include "service/reach.h"
#include "service/visit_link.h"
#include "store/query.h"
#include "web/message_text.h"

static const char *const AMINA = "amina@family.example";

static void open_site(struct site *s)
{
	site_open(s);
	s->web.config.mailbox = true;
	s->web.config.public_url = "https://visits.example";
}

static void sql(struct site *s, const char *text)
{
	struct query q = query_of(s->estate.service.store, text);
	CHECK(query_end(&q) == OK);
}

/* The newest message of a channel that waits, in words. */
static const char *told(struct site *s, enum message_channel channel)
{
	struct post_list list;
	struct message_text text;
	CHECK(post_take(&s->estate.service, &SYSTEM_ACTOR, &s->estate.arena, channel, POST_TAKE_MAX,
			&list) == OK);
	CHECK(list.count > 0);
	const struct post_item *item = &list.list[list.count - 1];
	CHECK(message_text_make(&s->web, &s->estate.arena, item, &text) == OK);
	CHECK(!text.html[0] && !text.calendar[0]);
	return text.text;
}

static void somebody_adds_confirms_and_removes_a_number(void **state)
{
	(void)state;
	struct site s;
	open_site(&s);
	sign_in(&s, AMINA);
	CHECK(says(&(struct answer){ .html = ask(&s, "/home", NULL).html }, "How we reach you"));
	struct answer a = ask(&s, "/account", NULL);
	CHECK(a.status == 200 && says(&a, AMINA) && says(&a, "Not given"));
	CHECK(ask(&s, "/account/mobile/code", NULL).status == 303); /* none was asked for */
	a = ask(&s, "/account/mobile", "mobile=");
	CHECK(a.status == 422 && says(&a, "Enter a mobile number"));
	a = ask(&s, "/account/mobile", "mobile=020+7946+0018");
	CHECK(a.status == 422 && says(&a, "does not take text messages") && !a.wrote);
	a = ask(&s, "/account/mobile", "mobile=07700+900123");
	assert_int_equal(a.status, 303);
	assert_string_equal(a.location, "/account/mobile/code");
	a = ask(&s, "/account/mobile", "mobile=07700+900123");
	CHECK(a.status == 422 && says(&a, "Wait a minute"));
	a = ask(&s, "/account/mobile/code", NULL);
	CHECK(a.status == 200 && says(&a, "07700 900123") && says(&a, "one-time-code"));
	const char *text = told(&s, MESSAGE_SMS);
	struct str rest = str_from(text);
	struct str code = str_cut(&rest, ' ');
	CHECK(code.len == MOBILE_CODE_LEN && strlen(text) < 160);
	CHECK(strstr(text, "07700") == NULL && strstr(text, "Amina") == NULL);
	a = ask(&s, "/account/mobile/code", "code=12");
	CHECK(a.status == 422 && says(&a, "The code is not right"));
	a = ask(&s, "/account/mobile/code",
		arena_printf(&s.estate.arena, "code=%.*s", STR_FMT(code)));
	assert_int_equal(a.status, 303);
	a = ask(&s, "/account?done=mobile_added", NULL);
	CHECK(says(&a, "The number is yours") && says(&a, "07700 900123") &&
	      says(&a, "reminders, offers"));
	a = ask(&s, "/account/texts", "texts=no");
	CHECK(a.status == 303);
	a = ask(&s, "/account", NULL);
	CHECK(says(&a, "emails alone"));
	CHECK(ask(&s, "/account/mobile/remove", "").status == 303);
	a = ask(&s, "/account", NULL);
	CHECK(!says(&a, "07700"));
	site_close(&s);
}

static void codes_of_one_address_are_few(void **state)
{
	(void)state;
	struct site s;
	open_site(&s);
	sign_in(&s, AMINA);
	int sent = 0, refused = 0;
	for (int i = 0; i < 12; i++) {
		/* Whatever a thief of accounts does: the account's own counts begin anew. */
		sql(&s, "DELETE FROM mobile_code");
		struct answer a = ask(&s, "/account/mobile",
				      arena_printf(&s.estate.arena, "mobile=077009001%02d", i));
		sent += a.status == 303;
		refused += a.status == 429;
		if (a.status == 429)
			CHECK(says(&a, "Too many codes"));
		s.estate.service.now.s++;
	}
	assert_int_equal(sent, 10);
	assert_int_equal(refused, 2);
	site_close(&s);
}

static void where_no_text_can_be_sent_none_is_offered(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, AMINA);
	struct answer a = ask(&s, "/account/mobile", NULL);
	CHECK(a.status == 200 && says(&a, "cannot send text messages") &&
	      !says(&a, "type=\"tel\""));
	a = ask(&s, "/account/mobile", "mobile=07700+900123");
	CHECK(a.status == 200 && !a.wrote);
	site_close(&s);
}

static void an_address_is_checked_line_by_line(void **state)
{
	(void)state;
	struct site s;
	open_site(&s);
	sign_in(&s, AMINA);
	struct answer a = ask(&s, "/account/address", "line1=&town=&postcode=");
	CHECK(a.status == 422 && says(&a, "Enter address line 1") &&
	      says(&a, "Enter town or city") && says(&a, "Enter postcode"));
	a = ask(&s, "/account/address",
		"line1=%3CHigh+Street&line2=%40home&town=Cardiff&postcode=nowhere");
	CHECK(a.status == 422 && says(&a, "must not begin with a sign") &&
	      says(&a, "like SW1A 1AA"));
	CHECK(says(&a, "value=\"&lt;High Street\"") && !a.wrote);
	a = ask(&s, "/account/address", "line1=12+High+Street&town=Cardiff&postcode=cf101aa");
	assert_int_equal(a.status, 303);
	a = ask(&s, "/account?done=address_set", NULL);
	CHECK(says(&a, "12 High Street") && says(&a, "CF10 1AA") && says(&a, "has been saved"));
	a = ask(&s, "/account/address", NULL);
	CHECK(says(&a, "value=\"CF10 1AA\"") && says(&a, "autocomplete=\"postal-code\""));
	CHECK(ask(&s, "/account/address/remove", "").status == 303);
	a = ask(&s, "/account", NULL);
	CHECK(!says(&a, "CF10"));
	site_close(&s);
}

/* The first prisoner of the clerk's search, by his page. */
static const char *prisoner_page(struct site *s)
{
	struct answer a = ask(s, "/staff/find?q=A1234BC", NULL);
	return arena_printf(&s->estate.arena, "/staff/prisoners/%s",
			    between(s, &a, "/staff/prisoners/", "\""));
}

static const char *enter_walter(struct site *s, const char *ways)
{
	const char *path = arena_printf(&s->estate.arena, "%s/visitors/new", prisoner_page(s));
	struct answer a =
	    ask(s, path,
		arena_printf(&s->estate.arena,
			     "name=Walter+Okoro&born-day=9&born-month=3&born-year=1942"
			     "&relationship=GFA&language=cy&%s",
			     ways));
	assert_int_equal(a.status, 303);
	return arena_text(&s->estate.arena, str_of(a.location, strcspn(a.location, "?")));
}

static void staff_enter_a_visitor_without_email(void **state)
{
	(void)state;
	struct site s;
	open_site(&s);
	sign_in(&s, "clerk@wandsworth.example");
	struct answer a = ask(&s, prisoner_page(&s), NULL);
	CHECK(says(&a, "Add a visitor without email"));
	const char *path = arena_printf(&s.estate.arena, "%s/visitors/new", prisoner_page(&s));
	a = ask(&s, path, NULL);
	CHECK(a.status == 200 && !says(&a, "autocomplete=\"tel\""));
	a = ask(&s, path, "name=&mobile=&line1=");
	CHECK(a.status == 422 && says(&a, "Enter the full name") && !a.wrote);
	a = ask(&s, path,
		"name=Walter+Okoro&born-day=9&born-month=3&born-year=1942&relationship=GFA"
		"&language=en&mobile=&line1=&town=&postcode=");
	CHECK(a.status == 422 && says(&a, "Enter a mobile number, or a postal address"));
	a = ask(&s, path,
		"name=Walter+Okoro&born-day=9&born-month=3&born-year=2042&relationship=GFA"
		"&language=en&mobile=07700900123");
	CHECK(a.status == 422 && says(&a, "in the past"));
	a = ask(&s, path,
		"name=Walter+Okoro&born-day=9&born-month=3&born-year=1942&relationship=GFA"
		"&language=en&mobile=&line1=&town=Cardiff&postcode=CF10+1AA");
	CHECK(a.status == 422 && says(&a, "Enter address line 1"));
	const char *approval = enter_walter(&s, "mobile=07700900123&line1=12+High+Street"
						"&town=Cardiff&postcode=CF101AA");
	a = ask(&s, approval, NULL);
	CHECK(a.status == 200 && says(&a, "Walter Okoro") && says(&a, "No email"));
	a = ask(&s, arena_printf(&s.estate.arena, "%s/reach", approval), NULL);
	CHECK(a.status == 200 && says(&a, "07700 900123") && says(&a, "CF10 1AA"));
	a = ask(&s, arena_printf(&s.estate.arena, "%s/reach", approval), "mobile=07700900129");
	CHECK(a.status == 303);
	a = ask(&s, arena_printf(&s.estate.arena, "%s/reach", approval), NULL);
	CHECK(says(&a, "07700 900129") && !says(&a, "CF10"));
	/* Twice is once. */
	a = ask(&s, path,
		"name=walter+okoro&born-day=9&born-month=3&born-year=1942&relationship=GFA"
		"&language=en&mobile=07700900123");
	CHECK(a.status == 422 && says(&a, "already"));
	sign_in(&s, "clerk@cardiff.example");
	CHECK(ask(&s, arena_printf(&s.estate.arena, "%s/reach", approval), NULL).status == 404);
	site_close(&s);
}

static void an_account_with_email_becomes_one_without(void **state)
{
	(void)state;
	struct site s;
	open_site(&s);
	sign_in(&s, "amina@family.example");
	CHECK(ask(&s, "/account", NULL).status == 200);
	struct session_started amina = s.session;
	struct query q =
	    query_of(s.estate.service.store,
		     "SELECT MIN(c.id) FROM contact c JOIN person p ON p.id = c.person "
		     "JOIN account a ON a.id = p.booker "
		     "WHERE a.email = 'amina@family.example'");
	CHECK(query_row(&q));
	const char *approval =
	    arena_printf(&s.estate.arena, "/staff/approvals/%lld", (long long)query_column(&q, 0));
	CHECK(query_end(&q) == OK);
	const char *path = arena_printf(&s.estate.arena, "%s/no-email", approval);
	sign_in(&s, "clerk@wandsworth.example");
	struct answer a = ask(&s, approval, NULL);
	CHECK(a.status == 200 && says(&a, "Has no email any more") && !says(&a, ">Change<"));
	a = ask(&s, path, NULL);
	CHECK(a.status == 200 && says(&a, "cannot sign in any more"));
	a = ask(&s, path, "mobile=&line1=");
	CHECK(a.status == 422 && !a.wrote);
	a = ask(&s, path, "mobile=07700900131");
	CHECK(a.status == 303 && a.wrote);
	a = ask(&s, approval, NULL);
	CHECK(says(&a, "No email") && says(&a, "Change number or address"));
	CHECK(!says(&a, "amina@family.example"));
	CHECK(ask(&s, path, NULL).status == 404); /* there is none to end */
	struct account_session session;           /* they are signed out */
	CHECK(account_session_find(&s.estate.service, &s.estate.arena, str_from(amina.token),
				   &session) == ERR_NOT_FOUND);
	site_close(&s);
}

static void a_visit_of_which_nobody_was_told_says_so(void **state)
{
	(void)state;
	struct site s;
	open_site(&s);
	sql(&s, "DELETE FROM message");
	struct query q = query_of(s.estate.service.store,
				  "SELECT MIN(reference) FROM visit WHERE prison = 'WWI'");
	CHECK(query_row(&q));
	const char *path =
	    arena_printf(&s.estate.arena, "/staff/visits/%.*s", STR_FMT(query_column_peek(&q, 0)));
	CHECK(query_end(&q) == OK);
	sign_in(&s, "clerk@wandsworth.example");
	struct answer a = ask(&s, path, NULL);
	CHECK(a.status == 200 && says(&a, "What people were told") && says(&a, "Nothing yet"));
	/* What cannot be read is said, beside all the rest of the page. */
	sql(&s, "ALTER TABLE message RENAME TO away");
	a = ask(&s, path, NULL);
	CHECK(a.status == 200 && says(&a, "What people were told") && !says(&a, "Nothing yet"));
	CHECK(says(&a, "We could not read now") && says(&a, "slip.pdf"));
	sql(&s, "ALTER TABLE away RENAME TO message");
	site_close(&s);
}

static void whoever_has_no_email_reads_how_to_join(void **state)
{
	(void)state;
	struct site s;
	open_site(&s);
	sign_in(&s, "clerk@wandsworth.example");
	const char *approval = enter_walter(
	    &s, "mobile=07700900123&line1=12+High+Street&town=Cardiff&postcode=CF101AA");
	sign_in(&s, "governor@wandsworth.example");
	CHECK(ask(&s, approval, "decision=approve&seen=yes&reason=Seen").status == 303);
	sign_in(&s, "clerk@wandsworth.example");
	const char *prisoner = prisoner_page(&s);
	struct answer a = ask(&s, prisoner, NULL);
	const char *label = strstr(a.html, "Walter Okoro");
	CHECK(label != NULL);
	/* His box is the last one before his name. */
	const char *box = NULL;
	for (const char *at = a.html; (at = strstr(at, "name=\"who\"")) && at < label; at++)
		box = at;
	CHECK(box != NULL);
	struct answer rest = { .html = (char *)(uintptr_t)box };
	const char *person = between(&s, &rest, "value=\"", "\"");
	const char *times =
	    arena_printf(&s.estate.arena, "%s/times/SOCIAL-%s?date=2026-12-01", prisoner, person);
	a = ask(&s, times, NULL);
	CHECK(a.status == 200);
	rest.html = strstr(a.html, "name=\"time\"");
	CHECK(rest.html != NULL);
	sql(&s, "DELETE FROM message");
	a = ask(&s, times,
		arena_printf(&s.estate.arena, "time=%s", between(&s, &rest, "value=\"", "\"")));
	assert_int_equal(a.status, 303);
	const char *visit =
	    arena_text(&s.estate.arena, str_of(a.location, strcspn(a.location, "?")));
	/* In Welsh, as he wished, with a code that lets him in. */
	const char *text = told(&s, MESSAGE_SMS);
	CHECK(strstr(text, "https://visits.example/join") != NULL);
	CHECK(strstr(text, "I ymuno") != NULL && strstr(text, "/cancel/") != NULL);
	const char *letter = told(&s, MESSAGE_LETTER);
	CHECK(strstr(letter, "Walter Okoro") != NULL && strstr(letter, "/cancel/") == NULL);
	struct answer page = { .html = (char *)(uintptr_t)text };
	const char *code = between(&s, &page, "y cod hwn: ", "\n");
	CHECK(strlen(code) == 19 && strstr(letter, code) != NULL);
	/* Staff see that he was told, and how far it is. */
	a = ask(&s, visit, NULL);
	CHECK(says(&a, "What people were told") && says(&a, "Text message") && says(&a, "Letter") &&
	      says(&a, "Being sent"));
	struct visit_link_bearer bearer;
	CHECK(visit_link_use(&s.estate.service, str_from(code), &bearer) == OK);
	site_close(&s);
}

static void the_mailbox_shows_texts_and_letters(void **state)
{
	(void)state;
	struct site s;
	open_site(&s);
	sign_in(&s, AMINA);
	CHECK(ask(&s, "/account/mobile", "mobile=07700+900123").status == 303);
	sign_in(&s, "clerk@wandsworth.example");
	const char *approval =
	    enter_walter(&s, "line1=12+High+Street&town=Cardiff&postcode=CF101AA");
	sign_in(&s, "governor@wandsworth.example");
	CHECK(ask(&s, approval, "decision=approve&seen=yes&reason=Seen").status == 303);
	(void)told(&s, MESSAGE_SMS);
	(void)told(&s, MESSAGE_LETTER);
	sql(&s, "UPDATE message SET state = 'SENT', provider = 'LOCAL'");
	struct answer a = ask(&s, "/mailbox", NULL);
	CHECK(a.status == 200 && says(&a, "Text message") && says(&a, "Letter"));
	CHECK(says(&a, "+447700900123") && says(&a, "CF10 1AA"));
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(somebody_adds_confirms_and_removes_a_number),
		TEST(codes_of_one_address_are_few),
		TEST(where_no_text_can_be_sent_none_is_offered),
		TEST(an_address_is_checked_line_by_line),
		TEST(staff_enter_a_visitor_without_email),
		TEST(an_account_with_email_becomes_one_without),
		TEST(a_visit_of_which_nobody_was_told_says_so),
		TEST(whoever_has_no_email_reads_how_to_join),
		TEST(the_mailbox_shows_texts_and_letters),
	};
	return RUN("web/reach_pages", tests);
}
