/*
 * Which language a page is in, and that nothing on it is in another.
 *
 * The second half renders every page with marked words: what people can read
 * and has no mark is neither a word of ours nor data, and so is English only.
 */
#include "tests/web/site.h"

static bool is_welsh(const struct answer *answer)
{
	return says(answer, "<html lang=\"cy\"");
}

static void a_guest_chooses_with_a_link_and_stays_on_the_page(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	struct answer page = ask(&s, "/prisons/WWI?x=1", NULL);
	CHECK(page.status == 200 && !is_welsh(&page));
	const char *link =
	    between(&s, &page, "govuk-language-navigation__link\" href=\"", "\" rel=\"alternate\"");
	assert_string_equal(link, "/language/cy?next=%2Fprisons%2FWWI%3Fx%3D1");
	struct answer chosen = ask(&s, link, NULL);
	CHECK(chosen.status == 303 && !chosen.wrote);
	assert_string_equal(chosen.location, "/prisons/WWI?x=1");
	CHECK(strstr(chosen.language, "pvl-language=cy; Path=/; HttpOnly; SameSite=Lax") != NULL);
	s.language_cookie = "cy";
	page = ask(&s, "/prisons/WWI?x=1", NULL);
	CHECK(page.status == 200 && is_welsh(&page) && says(&page, "Rheolau ymweliadau fideo"));
	CHECK(says(&page, "href=\"/language/en?next=") && says(&page, "lang=\"en\">English"));
	CHECK(ask(&s, "/language/fr?next=%2F", NULL).status == 404);
	site_close(&s);
}

static void the_choice_leads_nowhere_else(void **state)
{
	(void)state;
	static const char *const foreign[] = {
		"",
		"?next=",
		"?next=%2F%2Fevil.example",
		"?next=https%3A%2F%2Fevil.example",
		"?next=%2F%5Cevil.example",
		"?next=evil",
		"?next=%2Fx%0D%0ASet-Cookie%3A+a",
		"?next=%2Fx%00",
	};
	struct site s;
	char path[200];
	site_open(&s);
	for (size_t i = 0; i < ARRAY_LEN(foreign); i++) {
		snprintf(path, sizeof(path), "/language/cy%s", foreign[i]);
		struct answer answer = ask(&s, path, NULL);
		CHECK(answer.status == 303);
		assert_string_equal(answer.location, "/");
	}
	sign_in(&s, "amina@family.example");
	struct answer answer = ask(&s, "/language", "language=cy&next=%2F%2Fevil.example");
	CHECK(answer.status == 303);
	assert_string_equal(answer.location, "/");
	site_close(&s);
}

static void without_a_choice_the_browser_says_it(void **state)
{
	(void)state;
	static const struct {
		const char *cookie;
		const char *header;
		bool welsh;
	} cases[] = {
		{ NULL, NULL, false },     { NULL, "en-GB,cy;q=0.5", false },
		{ NULL, "cy", true },      { NULL, "cy-GB,en;q=0.8", true },
		{ "en", "cy", false },     { "cy", "en", true },
		{ "cy-left", NULL, true }, { "en-left", "cy", false },
		{ "fr", NULL, false },
	};
	struct site s;
	site_open(&s);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		s.language_cookie = cases[i].cookie;
		s.accept_language = cases[i].header;
		struct answer answer = ask(&s, "/", NULL);
		if (is_welsh(&answer) != cases[i].welsh)
			fail_msg("case %zu", i);
	}
	site_close(&s);
}

static void the_account_keeps_the_choice_with_one_leaf(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "amina@family.example");
	s.language_cookie = "cy"; /* of somebody before: counts for nothing now */
	struct answer page = ask(&s, "/home", NULL);
	CHECK(!is_welsh(&page) && says(&page, "<form method=\"post\" action=\"/language\">"));
	int64_t leaves = estate_leaves(&s.estate);
	struct answer chosen = ask(&s, "/language", "language=cy&next=%2Fhome%3Fdone%3Dvisitor");
	CHECK(chosen.status == 303 && estate_leaves(&s.estate) == leaves + 1);
	assert_string_equal(chosen.location, "/home?done=visitor");
	page = ask(&s, "/home", NULL);
	CHECK(is_welsh(&page) && says(&page, "Eich ymweliadau"));
	/* Once more the same: nothing is written. */
	chosen = ask(&s, "/language", "language=cy&next=%2Fhome");
	CHECK(chosen.status == 303 && !chosen.wrote && estate_leaves(&s.estate) == leaves + 1);
	chosen = ask(&s, "/language", "language=%3Cb%3E&next=%2Fhome");
	CHECK(chosen.status == 400 && !chosen.wrote);
	/* Everything else that the account says is as it was. */
	page = ask(&s, "/home", NULL);
	CHECK(says(&page, "Amina Okoro"));
	site_close(&s);
}

static void staff_choose_too(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "clerk@cardiff.example");
	struct answer page = ask(&s, "/staff", NULL);
	CHECK(says(&page, "HMP Cardiff") && !is_welsh(&page));
	CHECK(ask(&s, "/language", "language=cy&next=%2Fstaff").status == 303);
	page = ask(&s, "/staff", NULL);
	CHECK(is_welsh(&page) && says(&page, "Carchar Caerdydd") && says(&page, "Taflen y dydd"));
	site_close(&s);
}

static void the_terminal_reads_in_the_prisoners_language(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	struct answer page = ask(&s, "/terminal?language=cy", NULL);
	CHECK(is_welsh(&page) && says(&page, "Terfynell ymweliadau"));
	/* The toggle leads to the page of the device, where the parameter is no more. */
	CHECK(says(&page, "href=\"/language/en?next=%2Fterminal\""));
	s.language_cookie = "cy";
	page = ask(&s, "/terminal?language=en", NULL);
	CHECK(!is_welsh(&page));
	page = ask(&s, "/terminal?language=fr", NULL);
	CHECK(is_welsh(&page));
	site_close(&s);
}

static void a_prison_that_is_not_ready_says_why_in_welsh_too(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	s.language_cookie = "cy";
	struct answer page = ask(&s, "/prisons/HBI", NULL);
	CHECK(says(&page, "<title>Rheolau ymweliadau fideo: HMP Hollesley Bay"));
	CHECK(says(&page, "<span>Mae’r llinell band eang"));
	/* Without a translation the English one is marked as such. */
	struct actor admin = { .role = ROLE_HQ_ADMIN, .account = { 1 } };
	struct prison_code code;
	CHECK(prison_code_of(STR("HBI"), &code));
	CHECK(prison_set_ready(&s.estate.service, &admin, code, false, STR("No line"), STR("")) ==
	      OK);
	page = ask(&s, "/prisons/HBI", NULL);
	CHECK(says(&page, "<span lang=\"en\">No line</span>"));
	page = ask(&s, "/prisons", NULL);
	CHECK(says(&page, "<span lang=\"en\">No line</span>") && says(&page, "Carchar Caerdydd"));
	site_close(&s);
}

static void a_page_without_an_address_has_no_toggle(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	struct answer gone = ask(&s, "/no/such/page", NULL);
	CHECK(gone.status == 404 && !says(&gone, "pvl-language"));
	s.language_cookie = "cy";
	gone = ask(&s, "/no/such/page", NULL);
	CHECK(is_welsh(&gone) && says(&gone, "Heb ddod o hyd i’r dudalen"));
	/* A form with mistakes has one: the page of the form. */
	s.language_cookie = NULL;
	sign_in(&s, "amina@family.example");
	struct answer form = ask(&s, "/prisoners/new?x=1", "number=x");
	CHECK(form.status == 422 && says(&form, "name=\"next\" value=\"/prisoners/new\""));
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_guest_chooses_with_a_link_and_stays_on_the_page),
		TEST(the_choice_leads_nowhere_else),
		TEST(without_a_choice_the_browser_says_it),
		TEST(the_account_keeps_the_choice_with_one_leaf),
		TEST(staff_choose_too),
		TEST(the_terminal_reads_in_the_prisoners_language),
		TEST(a_prison_that_is_not_ready_says_why_in_welsh_too),
		TEST(a_page_without_an_address_has_no_toggle),
	};
	return RUN("web/language", tests);
}
