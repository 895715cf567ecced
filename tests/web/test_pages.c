/*
 * Pages as a browser meets them: a path and a form in, a status and HTML out,
 * on a database that holds the sample estate.  No socket, no loop.
 */
#include "tests/web/site.h"

#include "service/custody.h"
#include "service/safeguard.h"
#include "store/query.h"

static void a_form_with_mistakes_says_all_of_them_and_writes_nothing(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "amina@family.example");
	struct answer empty = ask(&s, "/prisoners/new", "");
	CHECK(empty.status == 422 && !empty.wrote);
	CHECK(says(&empty, "<title>Error: "));
	CHECK(says(&empty, "<a href=\"#number\">") && says(&empty, "<a href=\"#name\">"));
	CHECK(says(&empty, "<a href=\"#born\">") && says(&empty, "<a href=\"#relationship\">"));

	struct answer bad = ask(&s, "/prisoners/new",
				"number=%3Cb%3E&name=A+B&born-day=31&born-month=2&born-year=1980&"
				"relationship=FRI");
	CHECK(bad.status == 422 && !bad.wrote);
	CHECK(says(&bad, "href=\"#number\"") && says(&bad, "href=\"#born\""));
	CHECK(!says(&bad, "href=\"#name\""));
	CHECK(says(&bad, "value=\"&lt;b&gt;\"") && !says(&bad, "value=\"<b>"));
	CHECK(says(&bad, "value=\"31\""));
	site_close(&s);
}

static void a_field_longer_than_its_maximum_is_a_mistake(void **state)
{
	(void)state;
	struct site s;
	char form[BODY_ROOM - 200];
	site_open(&s);
	sign_in(&s, "amina@family.example");
	size_t used = (size_t)snprintf(form, sizeof(form), "number=A1234BC&relationship=FRI&name=");
	memset(form + used, 'x', sizeof(form) - used - 1);
	form[sizeof(form) - 1] = '\0';
	struct answer answer = ask(&s, "/prisoners/new", form);
	CHECK(answer.status == 422 && !answer.wrote);
	CHECK(says(&answer, "Name must be 100 characters or fewer"));
	site_close(&s);
}

/* Three kinds of wrong details, one answer: it tells neither whether a number exists nor where. */
static void wrong_details_of_a_prisoner_all_read_the_same(void **state)
{
	(void)state;
	static const char *const forms[] = {
		"number=Z9999ZZ&name=No+Body&born-day=1&born-month=1&born-year=1980&"
		"relationship=FRI",
		"number=A1234BC&name=Wrong+Name&born-day=1&born-month=1&born-year=1980&"
		"relationship=FRI",
		"number=A1234BC&name=Daniel+Okoro&born-day=2&born-month=2&born-year=1981&"
		"relationship=FRI",
	};
	struct site s;
	site_open(&s);
	sign_in(&s, "ben@family.example");
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct answer answer = ask(&s, "/prisoners/new", forms[i]);
		CHECK(answer.status == 422);
		CHECK(says(&answer, "We could not find one person with this number"));
		CHECK(!says(&answer, "Wandsworth"));
	}
	site_close(&s);
}

static void the_things_of_others_are_not_found_and_stay_as_they_are(void **state)
{
	(void)state;
	struct site s;
	char path[200];
	site_open(&s);
	sign_in(&s, "ben@family.example");
	static const char *const pages[] = { "", "/booked", "/cancel", "/room", "/calendar.ics" };
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		snprintf(path, sizeof(path), "/visits/%s%s", s.estate.sample.joinable.text,
			 pages[i]);
		CHECK(ask(&s, path, NULL).status == 404);
	}
	snprintf(path, sizeof(path), "/visits/%s/cancel", s.estate.sample.joinable.text);
	struct answer answer = ask(&s, path, "why=");
	CHECK(answer.status == 404 && !answer.wrote);
	answer = ask(&s, "/people/new",
		     "prisoner=4711&name=A+B&born-day=1&born-month=1&born-year=2000&"
		     "relationship=FRI");
	CHECK(answer.status == 404 && !answer.wrote);
	CHECK(ask(&s, "/book/4711", NULL).status == 404);
	CHECK(ask(&s, "/book/4711/12-13/1795456800-30", "").status == 404);
	CHECK(ask(&s, "/staff", NULL).status == 404);
	site_close(&s);
}

static void staff_are_offered_no_time_that_is_over(void **state)
{
	(void)state;
	struct site s;
	char path[100], over[40], running[40];
	site_open(&s); /* at 10:07, in a prison that is open all day */
	sign_in(&s, "clerk@wandsworth.example");
	snprintf(path, sizeof path, "/staff/visits/%s/move", s.estate.sample.joinable.text);
	struct answer page = ask(&s, path, NULL);
	int64_t ten = ESTATE_NOW.s - 7 * 60;
	snprintf(over, sizeof over, "value=\"%lld-30\"", (long long)ten - 1800);
	snprintf(running, sizeof running, "value=\"%lld-30\"", (long long)ten);
	CHECK(page.status == 200 && says(&page, running) && !says(&page, over));
	CHECK(says(&page, "The time is nearer than the notice period."));
	site_close(&s);
}

static void a_form_without_its_token_is_refused(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "amina@family.example");
	s.session.csrf[0] = s.session.csrf[0] == 'A' ? 'B' : 'A';
	struct answer answer = ask(&s, "/book", "prisoner=1");
	CHECK(answer.status == 403 && !answer.wrote);
	site_close(&s);
}

static void a_family_books_in_four_steps_and_never_twice(void **state)
{
	(void)state;
	struct site s;
	char form[200], path[512];
	site_open(&s);
	sign_in(&s, "amina@family.example");
	struct answer page = ask(&s, "/book", NULL);
	snprintf(form, sizeof(form), "prisoner=%s",
		 between(&s, &page, "name=\"prisoner\" type=\"radio\" value=\"", "\""));
	page = ask(&s, "/book", form);
	CHECK(page.status == 303);

	snprintf(path, sizeof(path), "%s", page.location);
	page = ask(&s, path, "who=999");
	CHECK(page.status == 422 && says(&page, "Choose people from this list"));
	snprintf(form, sizeof(form), "who=%s",
		 between(&s, &page, "name=\"who\" type=\"checkbox\" value=\"", "\""));
	page = ask(&s, path, form);
	CHECK(page.status == 303);

	snprintf(path, sizeof(path), "%s", page.location);
	page = ask(&s, path, "time=yesterday");
	CHECK(page.status == 422 && !page.wrote && says(&page, "Choose a time"));
	snprintf(form, sizeof(form), "time=%s",
		 between(&s, &page, "name=\"time\" type=\"radio\" value=\"", "\""));
	page = ask(&s, path, form);
	CHECK(page.status == 303);

	snprintf(path, sizeof(path), "%s", page.location);
	page = ask(&s, path, NULL);
	CHECK(page.status == 200 && says(&page, "Amina Okoro") && !page.wrote);
	page = ask(&s, path, "");
	CHECK(page.status == 303 && page.wrote);
	struct answer again = ask(&s, path, "");
	CHECK(again.status == 409 && says(&again, "Choose another time"));
	page = ask(&s, page.location, NULL);
	CHECK(page.status == 200 && says(&page, "Visit booked"));
	site_close(&s);
}

static void staff_refuse_a_visitor_only_with_a_reason(void **state)
{
	(void)state;
	struct site s;
	char path[200];
	site_open(&s);
	sign_in(&s, "contacts@wandsworth.example");
	struct answer page = ask(&s, "/staff/approvals", NULL);
	CHECK(page.status == 200 && says(&page, "Ben Reed"));
	snprintf(path, sizeof(path), "/staff/approvals/%s",
		 between(&s, &page, "href=\"/staff/approvals/", "\""));
	page = ask(&s, path, "decision=reject&reason=+");
	CHECK(page.status == 422 && !page.wrote);
	CHECK(says(&page, "Enter a reason for not approving"));
	page = ask(&s, path, "decision=perhaps&reason=x");
	CHECK(page.status == 422 && !page.wrote);
	page = ask(&s, path, "decision=reject&reason=Not+known");
	CHECK(page.status == 422 && !page.wrote && says(&page, "Choose what the visitor is told"));
	page = ask(&s, path, "decision=reject&reason=Not+known&why=RELATIONSHIP");
	CHECK(page.status == 303 && page.wrote);
	/* The reason is the prison's: the family's page says only that it was not approved. */
	sign_in(&s, "ben@family.example");
	page = ask(&s, "/home", NULL);
	CHECK(page.status == 200 && says(&page, "Not approved") && !says(&page, "Not known"));
	CHECK(says(&page, "could not confirm how they know") && says(&page, "Ombudsman"));
	site_close(&s);
}

static void every_relationship_has_words_and_can_be_chosen(void **state)
{
	(void)state;
	struct site s;
	struct relationship_list all;
	char path[60], option[60];
	site_open(&s);
	sign_in(&s, "amina@family.example");
	struct answer page = ask(&s, "/prisoners/new", NULL);
	CHECK(relationships_find(&s.estate.service, &s.estate.arena, &all) == OK &&
	      all.count == 65);
	for (size_t i = 0; i < all.count; i++) {
		snprintf(path, sizeof path, "relationships.codes.%.*s", STR_FMT(all.list[i].code));
		for (int language = 0; language < 2; language++)
			if (words_find(s.web.words[language], path) == NULL)
				fail_msg("%s has no words", path);
		snprintf(option, sizeof option, "<option value=\"%.*s\">",
			 STR_FMT(all.list[i].code));
		CHECK(says(&page, option));
	}
	site_close(&s);
}

static void a_supporter_is_asked_for_and_staff_see_in_which_part(void **state)
{
	(void)state;
	struct site s;
	char form[300], path[80];
	site_open(&s);
	sign_in(&s, "amina@family.example");
	struct answer page = ask(&s, "/home", NULL);
	const char *prisoner = between(&s, &page, "/people/new?prisoner=", "\"");
	int used = snprintf(form, sizeof form,
			    "prisoner=%s&name=Ada+Cole&born-day=2&born-month=3&born-year=1970&"
			    "part=SUPPORTER&relationship=OTHER",
			    prisoner);
	page = ask(&s, "/people/new", form);
	CHECK(page.status == 422 && !page.wrote && says(&page, "Say in a few words"));
	CHECK(says(&page, "value=\"OTHER\" selected") &&
	      says(&page, "value=\"SUPPORTER\" checked"));
	snprintf(form + used, sizeof form - (size_t)used, "&relationship_words=carer");
	page = ask(&s, "/people/new", form);
	CHECK(page.status == 303 && page.wrote);

	sign_in(&s, "contacts@wandsworth.example");
	page = ask(&s, "/staff/approvals", NULL);
	CHECK(says(&page, "Other family or friend: carer (supporter)"));
	struct contact_case_list cases;
	struct actor wwi = estate_staff(&s.estate, ROLE_CONTACTS_AUTHORISER, "WWI");
	CHECK(contacts_pending(&s.estate.service, &wwi, &s.estate.arena, &cases) == OK);
	size_t at = 0;
	while (at < cases.count - 1 && !str_is(cases.list[at].contact.relationship, "carer"))
		at++;
	snprintf(path, sizeof path, "/staff/approvals/%lld",
		 (long long)cases.list[at].contact.id.n);
	page = ask(&s, path, NULL);
	CHECK(says(&page, "value=\"OTHER\" selected"));
	page = ask(&s, path, "decision=approve&seen=yes&relationship=NOBODY");
	CHECK(page.status == 422 && !page.wrote &&
	      says(&page, "Choose a relationship from the list"));
	page = ask(&s, path, "decision=approve&seen=yes&relationship=FW");
	CHECK(page.status == 303 && page.wrote);
	page = ask(&s, path, NULL);
	CHECK(says(&page, "Family worker: carer (supporter)"));
	site_close(&s);
}

static void what_somebody_needs_is_asked_answered_and_seen_at_the_visit(void **state)
{
	(void)state;
	struct site s;
	char path[100], one[100], visit[250];
	site_open(&s);
	sign_in(&s, "amina@family.example");
	struct answer page = ask(&s, "/home", NULL);
	snprintf(path, sizeof path, "/contacts/%s/adjustments",
		 between(&s, &page, "href=\"/contacts/", "/"));
	page = ask(&s, path, "kind=OTHER&words=");
	CHECK(page.status == 422 && !page.wrote && says(&page, "Say in a few words"));
	page = ask(&s, path, "kind=LONGER&words=Speech+aid%0D%0Aand+%3Cb%3E");
	CHECK(page.status == 303 && page.wrote);
	page = ask(&s, path, "kind=LONGER");
	CHECK(page.status == 422 && !page.wrote && says(&page, "asked for this already"));
	CHECK(says(&page, "Waiting for the prison") && says(&page, "&lt;b&gt;") &&
	      !says(&page, "<b>"));

	sign_in(&s, "monitor@wandsworth.example");
	page = ask(&s, "/staff/approvals", NULL);
	snprintf(one, sizeof one, "/staff/adjustments/%s",
		 between(&s, &page, "href=\"/staff/adjustments/", "\""));
	page = ask(&s, one, NULL);
	CHECK(page.status == 200 && !says(&page, "Save decision"));
	CHECK(ask(&s, one, "decision=agree&minutes=30").status == 403);
	sign_in(&s, "clerk@cardiff.example");
	CHECK(ask(&s, one, NULL).status == 404);
	CHECK(ask(&s, one, "decision=agree&minutes=30").status == 404);

	sign_in(&s, "clerk@wandsworth.example");
	page = ask(&s, one, "decision=agree&minutes=33");
	CHECK(page.status == 422 && !page.wrote && says(&page, "in steps of 5"));
	page = ask(&s, one, "decision=refuse&reason=+");
	CHECK(page.status == 422 && !page.wrote && says(&page, "Say why"));
	page = ask(&s, one, "decision=agree&minutes=30&reason=");
	CHECK(page.status == 303 && page.wrote);
	snprintf(visit, sizeof visit, "/staff/visits/%s", s.estate.sample.joinable.text);
	page = ask(&s, visit, NULL);
	CHECK(says(&page, "Amina Okoro: More time, 30 minutes longer"));

	sign_in(&s, "amina@family.example");
	page = ask(&s, path, NULL);
	CHECK(says(&page, "Agreed") && says(&page, "30 minutes longer"));
	snprintf(visit, sizeof visit, "%s/%s/withdraw", path, strrchr(one, '/') + 1);
	page = ask(&s, visit, "");
	CHECK(page.status == 303 && page.wrote);
	page = ask(&s, path, NULL);
	CHECK(says(&page, "Taken back"));
	site_close(&s);
}

/* Before photos are sent the prison waits; then staff see them, and only who decides. */
static void who_visitors_are_is_seen_before_they_are_approved(void **state)
{
	(void)state;
	struct site s;
	char path[200], photo[240], mine[200];
	site_open(&s);
	sign_in(&s, "ben@family.example");
	struct answer page = ask(&s, "/home", NULL);
	CHECK(says(&page, "Photos are needed before the prison can decide"));
	snprintf(mine, sizeof(mine), "/people/%s/identity",
		 between(&s, &page, "href=\"/people/", "/identity\""));
	page = ask(&s, mine, NULL);
	CHECK(page.status == 200 && says(&page, "Not added yet") &&
	      !says(&page, "Send to the prison"));
	CHECK(ask(&s, mine, "").status == 303); /* nothing to send */
	snprintf(photo, sizeof(photo), "%s/document", mine);
	page = ask(&s, photo, "kind=PASSPORT");
	CHECK(page.status == 422 && !page.wrote &&
	      says(&page, "Take or choose a photo of the document"));
	page = ask(&s, photo, "photo=x");
	CHECK(page.status == 422 && !page.wrote && says(&page, "Choose which document it is"));
	page = ask(&s, photo, "kind=PASSPORT&photo=x"); /* nobody decodes here */
	CHECK(page.status == 503 && !page.wrote);
	snprintf(photo, sizeof(photo), "%s/portrait/photo", mine);
	CHECK(ask(&s, photo, NULL).status == 404);

	sign_in(&s, "contacts@wandsworth.example");
	page = ask(&s, "/staff/approvals", NULL);
	CHECK(says(&page, "Waiting for photos"));
	snprintf(path, sizeof(path), "/staff/approvals/%s",
		 between(&s, &page, "href=\"/staff/approvals/", "\""));
	page = ask(&s, path, "decision=approve");
	CHECK(page.status == 422 && !page.wrote && says(&page, "No photos have been sent"));
	snprintf(photo, sizeof(photo), "%s/again", path);
	CHECK(ask(&s, photo, NULL).status == 303);

	send_photos(&s, "ben@family.example");
	page = ask(&s, path, NULL);
	CHECK(page.status == 200 && says(&page, "/photo/document") &&
	      says(&page, "/photo/portrait"));
	CHECK(says(&page, "Passport") && page.wrote);
	snprintf(photo, sizeof(photo), "%s/photo/portrait", path);
	page = ask(&s, photo, NULL);
	CHECK(page.status == 200 && page.wrote && says(&page, "a photo")); /* a look is a leaf */
	snprintf(photo, sizeof(photo), "%s/again", path);
	page = ask(&s, photo, "problem=UNCLEAR");
	CHECK(page.status == 422 && !page.wrote && says(&page, "Choose at least one photo"));
	page = ask(&s, photo, "which=document&problem=FINE");
	CHECK(page.status == 422 && !page.wrote);
	page = ask(&s, photo, "which=document&problem=OUT_OF_DATE");
	CHECK(page.status == 303 && page.wrote);
	snprintf(photo, sizeof(photo), "%s/photo/portrait", path);
	CHECK(ask(&s, photo, NULL).status == 404);

	sign_in(&s, "clerk@wandsworth.example");
	CHECK(ask(&s, photo, NULL).status == 403);
	sign_in(&s, "ben@family.example");
	page = ask(&s, mine, NULL);
	CHECK(says(&page, "The document is out of date") && says(&page, "Needed again"));
	snprintf(photo, sizeof(photo), "%s/portrait/photo", mine);
	page = ask(&s, photo, NULL);
	CHECK(page.status == 200 && says(&page, "a photo") && !page.wrote);
	sign_in(&s, "amina@family.example");
	CHECK(ask(&s, photo, NULL).status == 404);
	CHECK(ask(&s, mine, NULL).status == 404);
	site_close(&s);
}

/* Amina is approved by her photos; her visit is now, and somebody compares. */
static void the_approved_portrait_stands_in_the_lobby(void **state)
{
	(void)state;
	struct site s;
	char path[200], photo[240];
	bool missing;
	enum joining joining;
	enum contact_answer answer;
	struct contact_id id;
	struct contact_list contacts;
	site_open(&s);
	struct service *service = &s.estate.service;
	struct actor amina = estate_family(&s.estate, "amina@family.example");
	struct actor governor = estate_staff(&s.estate, ROLE_DUTY_GOVERNOR, "WWI");
	CHECK(contacts_mine(service, &amina, &s.estate.arena, &contacts) == OK);
	struct contact contact = contacts.list[0];
	CHECK(contact_decide(service, &governor, contact.id, CONTACT_REJECTED, STR("Look again")) ==
	      OK);
	struct contact_request again = { .prisoner_number = STR("A1234BC"),
					 .prisoner_name = STR("Daniel Okoro"),
					 .prisoner_born = { 1988, 4, 12 },
					 .person = contact.person.id,
					 .relationship = STR("wife") };
	CHECK(contact_request(service, &amina, &again, &answer, &id) == OK);
	send_photos(&s, "amina@family.example");
	struct contact_decision yes = { .to = CONTACT_APPROVED };
	CHECK(contact_decide_by(service, &governor, contact.id, &yes, &missing) == OK && !missing);

	snprintf(path, sizeof(path), "/staff/visits/%s/watch", s.estate.sample.joinable.text);
	snprintf(photo, sizeof(photo), "/staff/visits/%s/portrait/%lld",
		 s.estate.sample.joinable.text, (long long)contact.person.id.n);
	sign_in(&s, "monitor@wandsworth.example");
	CHECK(ask(&s, photo, NULL).status == 404); /* before the lobby there is nobody to compare */
	CHECK(lobby_enter(service, &amina, s.estate.sample.joinable, &joining) == OK);
	struct answer page = ask(&s, path, NULL);
	CHECK(page.status == 200 && says(&page, photo) &&
	      says(&page, "Approved photo, Amina Okoro"));
	page = ask(&s, photo, NULL);
	CHECK(page.status == 200 && page.wrote && says(&page, "a photo"));
	sign_in(&s, "clerk@cardiff.example");
	CHECK(ask(&s, photo, NULL).status == 404);
	sign_in(&s, "contacts@wandsworth.example");
	CHECK(ask(&s, photo, NULL).status == 403);
	site_close(&s);
}

static void staff_of_another_prison_find_nothing(void **state)
{
	(void)state;
	struct site s;
	char path[200];
	site_open(&s);
	sign_in(&s, "clerk@cardiff.example");
	snprintf(path, sizeof(path), "/staff/visits/%s", s.estate.sample.joinable.text);
	CHECK(ask(&s, path, NULL).status == 404);
	snprintf(path, sizeof(path), "/staff/visits/%s/end", s.estate.sample.joinable.text);
	struct answer answer = ask(&s, path, "why=OTHER&reason=x");
	CHECK(answer.status == 404 && !answer.wrote);
	CHECK(!says(&answer, "Okoro"));
	CHECK(ask(&s, "/staff/audit", NULL).status == 403);
	site_close(&s);
}

/* How many records a page of the account shows. */
static size_t records_in(const struct answer *answer)
{
	size_t n = 0;
	for (const char *at = answer->html; (at = strstr(at, "scope=\"row\"")); at++)
		n++;
	return n;
}

static void an_inspector_searches_the_account(void **state)
{
	(void)state;
	struct site s;
	char path[200];
	enum joining joining;
	site_open(&s);
	struct actor family = estate_family(&s.estate, "amina@family.example");
	CHECK(lobby_enter(&s.estate.service, &family, s.estate.sample.joinable, &joining) == OK);
	sign_in(&s, "inspector@hq.example");
	struct answer all = ask(&s, "/staff/audit", NULL);
	CHECK(all.status == 200 && records_in(&all) == 50 && says(&all, "rel=\"next\""));

	snprintf(path, sizeof(path), "/staff/audit?q=%s", s.estate.sample.joinable.text);
	struct answer visit = ask(&s, path, NULL);
	CHECK(records_in(&visit) == 2 && says(&visit, "visit.book") && says(&visit, "visit.lobby"));
	CHECK(says(&visit, "A visit was booked<") && says(&visit, ">A visit<"));
	snprintf(path, sizeof(path), "/staff/audit?q=%lld&what=visit&from=today",
		 (long long)family.account.n);
	struct answer by_account = ask(&s, path, NULL);
	CHECK(records_in(&by_account) >= 1 && says(&by_account, "visit.lobby") &&
	      !says(&by_account, "person.add"));

	struct answer later = ask(&s, "/staff/audit?from=1+January+2030", NULL);
	CHECK(later.status == 200 && records_in(&later) == 0 && says(&later, "Nothing fits"));
	struct answer earlier = ask(&s, "/staff/audit?to=1+January+2020", NULL);
	CHECK(earlier.status == 200 && records_in(&earlier) == 0);
	struct answer nonsense = ask(&s, "/staff/audit?q=%3Cscript%3E&from=soon", NULL);
	CHECK(nonsense.status == 200 && says(&nonsense, "Check what you typed") &&
	      !says(&nonsense, "<script>"));
	site_close(&s);
}

static void the_account_is_taken_away_as_a_file_without_names(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "governor@wandsworth.example");
	struct answer file = ask(&s, "/staff/audit/file?what=visit", NULL);
	CHECK(file.status == 200 && says(&file, "seq,at,role,account,terminal,prison,verb"));
	CHECK(says(&file, ",WWI,visit.book,visit,") && !says(&file, ",CFI,"));
	CHECK(!says(&file, "Okoro") && !says(&file, "contact."));
	CHECK(ask(&s, "/staff/audit/file?q=nonsense", NULL).status == 400);
	sign_in(&s, "clerk@wandsworth.example");
	CHECK(ask(&s, "/staff/audit/file", NULL).status == 403);
	CHECK(ask(&s, "/audit/head", NULL).status == 404); /* none was signed yet */
	site_close(&s);
}

static void the_door_leads_only_to_pages_of_ours(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	struct answer own = ask(&s, "/sign-in?next=%2Fvisits%2FK7M2P9QX4", NULL);
	CHECK(says(&own, "name=\"next\" value=\"/visits/K7M2P9QX4\""));
	struct answer other = ask(&s, "/sign-in?next=%2F%2Fevil.example", NULL);
	CHECK(other.status == 200 && !says(&other, "name=\"next\""));
	site_close(&s);
}

static void whoever_is_not_signed_in_any_more_reads_so_where_they_sign_in(void **state)
{
	(void)state;
	struct site s;
	static const char words[] = "You have signed out, or were signed out. Sign in to go on.";
	site_open(&s);
	struct answer a = ask(&s, "/staff/hints", NULL); /* a stranger has not been signed in */
	assert_string_equal(a.location, "/staff/sign-in?next=%2Fstaff%2Fhints");
	sign_in(&s, "monitor@wandsworth.example");
	a = ask(&s, "/staff/sign-out", "");
	assert_string_equal(a.location, "/staff/sign-in?done=signed_out");
	a = ask(&s, "/staff/hints", NULL);
	assert_string_equal(a.location, "/staff/sign-in?next=%2Fstaff%2Fhints&done=was_signed_out");
	a = ask(&s, a.location, NULL);
	CHECK(a.status == 200 && says(&a, words) && says(&a, "value=\"/staff/hints\""));
	a = ask(&s, "/staff/role", "role=0");
	assert_string_equal(a.location, "/staff/sign-in?done=was_signed_out");
	a = ask(&s, "/staff/sign-out", ""); /* a second time: to their own door, too */
	assert_string_equal(a.location, "/staff/sign-in?done=was_signed_out");
	a = ask(&s, "/staff/sign-in", NULL);
	CHECK(a.status == 200 && !says(&a, words));
	site_close(&s);
}

/* Lawyers come for legal visits, which take nothing of an allowance. */
static void a_lawyers_first_button_books_a_legal_visit(void **state)
{
	(void)state;
	static const char LEGAL[] = "<a href=\"/legal\" role=\"button\"";
	static const char SOCIAL[] = "<a href=\"/book\" role=\"button\"";
	static const char ALLOWANCE[] = "of free video visits left";
	struct site s;
	site_open(&s);
	sign_in(&s, "solicitor@hale.example");
	struct answer a = ask(&s, "/home", NULL);
	CHECK(a.status == 200 && says(&a, LEGAL) && !says(&a, SOCIAL) && !says(&a, ALLOWANCE));
	sign_in(&s, "amina@family.example");
	a = ask(&s, "/home", NULL);
	CHECK(a.status == 200 && !says(&a, LEGAL) && says(&a, SOCIAL) && says(&a, ALLOWANCE));
	sign_in(&s, "executive@hale.example"); /* not verified yet */
	a = ask(&s, "/home", NULL);
	CHECK(a.status == 200 && !says(&a, LEGAL));
	site_close(&s);
}

static void who_signs_out_is_out(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "amina@family.example");
	struct answer answer = ask(&s, "/sign-out", "");
	CHECK(answer.status == 303 && strcmp(answer.location, "/?done=signed_out") == 0);
	struct arena arena;
	struct account_session session;
	arena_init(&arena);
	CHECK(account_session_find(&s.estate.service, &arena, str_from(s.session.token),
				   &session) == ERR_NOT_FOUND);
	arena_clear(&arena);
	site_close(&s);
}

/* ---- what keeps people safe looks like any full day ---- */

/* Without what differs from session to session. */
static const char *bare(struct site *s, const struct answer *answer)
{
	static const char MARK[] = "name=\"csrf\" value=\"";
	char *html = arena_text(&s->estate.arena, str_from(answer->html));
	for (char *at = html; (at = strstr(at, MARK)) != NULL;) {
		at += sizeof(MARK) - 1;
		while (*at != '\0' && *at != '"')
			*at++ = '-';
	}
	return html;
}

struct hidden {
	struct prisoner_id prisoner;
	struct person adult;
	struct person child;
	struct actor governor;
};

static struct hidden people_of(struct site *s)
{
	struct contact_list contacts;
	struct actor amina = estate_family(&s->estate, "amina@family.example");
	CHECK(contacts_mine(&s->estate.service, &amina, &s->estate.arena, &contacts) == OK);
	return (struct hidden){ .prisoner = contacts.list[0].prisoner.id,
				.adult = contacts.list[0].person,
				.child = contacts.list[1].person,
				.governor = estate_staff(&s->estate, ROLE_DUTY_GOVERNOR, "WWI") };
}

static void all_places_closed(struct site *s, const struct hidden *h)
{
	static const char CLOSE[] = "UPDATE terminal SET active = 0";
	struct query q = query_of(s->estate.service.store, CLOSE);
	(void)h;
	CHECK(query_change(&q) == OK);
}

static void lay_down(struct site *s, const struct hidden *h, enum restriction_code code)
{
	struct restriction_id id;
	struct restriction_new new = { .on = RESTRICTION_ON_PAIR,
				       .code = code,
				       .prisoner = h->prisoner,
				       .person = h->adult.id,
				       .comment = STR("See the file"),
				       .authorised_by = STR("Helen Frost") };
	CHECK(restriction_add(&s->estate.service, &h->governor, &new, &id) == OK);
}

static void a_ban(struct site *s, const struct hidden *h)
{
	lay_down(s, h, RESTRICTION_BAN);
}

static void no_contact(struct site *s, const struct hidden *h)
{
	lay_down(s, h, RESTRICTION_NO_CONTACT);
}

static void released(struct site *s, const struct hidden *h)
{
	struct prisoner_movement m = { .movement = MOVEMENT_RELEASED,
				       .reason = STR("Sentence served") };
	(void)h;
	CHECK(prisoner_number_of(STR("A1234BC"), &m.number));
	CHECK(prisoner_move(&s->estate.service, &SYSTEM_ACTOR, &m) == OK);
}

static void a_child_refused(struct site *s, const struct hidden *h)
{
	struct alert_id id;
	struct alert_new alert = { .prisoner = h->prisoner, .comment = STR("OASys") };
	struct child_new refused = {
		.prisoner = h->prisoner,
		.child = h->child.id,
		.level = CHILD_REFUSED,
		.review_on = date_add_days(local_date(s->estate.service.now), 30),
		.reason = STR("Panel"),
	};
	CHECK(alert_code_of(STR("CPRC"), &alert.code));
	CHECK(alert_add(&s->estate.service, &h->governor, &alert, &id) == OK);
	CHECK(child_decide(&s->estate.service, &h->governor, &refused) == OK);
}

/* Somebody from whom he is kept apart has a visit on each of these days. */
static void kept_apart(struct site *s, const struct hidden *h)
{
	struct estate *e = &s->estate;
	struct actor farah = estate_family(e, "farah@family.example");
	struct non_association_id id;
	struct non_association_new new = { .one = h->prisoner, .comment = STR("Threats") };
	struct contact_list contacts;
	CHECK(contacts_mine(&e->service, &farah, &e->arena, &contacts) == OK);
	new.other = contacts.list[0].prisoner.number;
	CHECK(non_association_add(&e->service, &h->governor, &new, &id) == OK);
	for (int day = 1; day <= 28; day++) {
		struct verdict verdict;
		struct reference reference;
		struct visit_request request = {
			.prisoner = contacts.list[0].prisoner.id,
			.person_count = 1,
			.persons = { contacts.list[0].person.id },
			.start = { (e->service.now.s / 86400 + day) * 86400 + 12 * 3600 },
			.minutes = 30
		};
		CHECK(visit_book(&e->service, &farah, &request, &verdict, &reference) == OK);
		CHECK(verdict_clean(verdict));
	}
}

/* The page of times for Amina and her child, the days from the fourth on. */
static const char *times_page(struct site *s, void (*hide)(struct site *, const struct hidden *))
{
	char path[200];
	site_open(s);
	struct hidden h = people_of(s);
	hide(s, &h);
	sign_in(s, "amina@family.example");
	snprintf(path, sizeof(path), "/book/%lld/%lld-%lld?from=2026-11-26",
		 (long long)h.prisoner.n, (long long)h.adult.id.n, (long long)h.child.id.n);
	struct answer answer = ask(s, path, NULL);
	CHECK(answer.status == 200);
	CHECK(!says(&answer, "type=\"radio\""));
	return bare(s, &answer);
}

/* Names the first difference: cmocka shows the beginning alone. */
static void same(const char *page, const char *plain)
{
	size_t at = 0;
	while (page[at] != '\0' && page[at] == plain[at])
		at++;
	if (page[at] != plain[at])
		fail_msg("\"%.200s\" and not \"%.200s\"", page + at, plain + at);
}

static void closed_and_called_off(struct site *s, const struct hidden *h)
{
	CHECK(visit_cancel(&s->estate.service, &h->governor, s->estate.sample.joinable,
			   STR("Staff are short")) == OK);
	all_places_closed(s, h);
}

static void what_is_protected_looks_like_a_day_without_free_places(void **state)
{
	(void)state;
	static void (*const hide[])(struct site *, const struct hidden *) = {
		a_ban, no_contact, released, a_child_refused, kept_apart,
	};
	struct site full, called_off, other;
	const char *plain = times_page(&full, all_places_closed);
	/* What was booked with somebody who has left is called off, which its booker is told. */
	const char *without = times_page(&called_off, closed_and_called_off);
	for (size_t i = 0; i < ARRAY_LEN(hide); i++) {
		same(times_page(&other, hide[i]), hide[i] == released ? without : plain);
		site_close(&other);
	}
	site_close(&called_off);
	site_close(&full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_form_with_mistakes_says_all_of_them_and_writes_nothing),
		TEST(a_field_longer_than_its_maximum_is_a_mistake),
		TEST(wrong_details_of_a_prisoner_all_read_the_same),
		TEST(the_things_of_others_are_not_found_and_stay_as_they_are),
		TEST(staff_are_offered_no_time_that_is_over),
		TEST(a_form_without_its_token_is_refused),
		TEST(a_family_books_in_four_steps_and_never_twice),
		TEST(staff_refuse_a_visitor_only_with_a_reason),
		TEST(every_relationship_has_words_and_can_be_chosen),
		TEST(a_supporter_is_asked_for_and_staff_see_in_which_part),
		TEST(what_somebody_needs_is_asked_answered_and_seen_at_the_visit),
		TEST(who_visitors_are_is_seen_before_they_are_approved),
		TEST(the_approved_portrait_stands_in_the_lobby),
		TEST(staff_of_another_prison_find_nothing),
		TEST(an_inspector_searches_the_account),
		TEST(the_account_is_taken_away_as_a_file_without_names),
		TEST(the_door_leads_only_to_pages_of_ours),
		TEST(whoever_is_not_signed_in_any_more_reads_so_where_they_sign_in),
		TEST(a_lawyers_first_button_books_a_legal_visit),
		TEST(who_signs_out_is_out),
		TEST(what_is_protected_looks_like_a_day_without_free_places),
	};
	return RUN("web/pages", tests);
}
