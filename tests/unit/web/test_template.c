#include "web/template.h"

#include "../check.h"
#include "web/embedded.h"

static const struct template_text partials[] = {
	{ "components/name", "<b>{{name}}</b>\n", 16 },
	{ "loop", "{{> loop}}", 10 },
};
static const struct templates templates = { partials, 2 };

/* What the text gives with that view, or the error's name. */
static const char *render(const char *text, const char *view)
{
	static char out[4096];
	struct buf buf = buf_of(sizeof(out) - 1);
	json_t *json = json_loads(view, JSON_DECODE_ANY, NULL);
	CHECK(json != NULL);
	enum err err = template_render_text(&templates, str_from(text), json, &buf);
	snprintf(out, sizeof(out), "%s", err == OK ? buf_cstr(&buf) : err_name(err));
	buf_clear(&buf);
	json_decref(json);
	return out;
}

#define RENDERS(text, view, want) assert_string_equal(render((text), (view)), (want))

static void escapes_what_html_would_read(void **state)
{
	(void)state;
	RENDERS("{{x}}", "{\"x\":\"<a href=\\\"'&\\\">\"}",
		"&lt;a href=&quot;&#39;&amp;&quot;&gt;");
	RENDERS("{{{x}}}", "{\"x\":\"<b>\"}", "<b>");
	RENDERS("{{&x}}", "{\"x\":\"<b>\"}", "<b>");
}

static void shows_numbers_and_leaves_out_what_is_missing(void **state)
{
	(void)state;
	RENDERS("{{n}} {{z}} {{none}}|", "{\"n\":85,\"z\":0}", "85 0 |");
	RENDERS("{{a.b.c}}{{a.x.y}}", "{\"a\":{\"b\":{\"c\":\"deep\"}}}", "deep");
}

static void walks_sections_and_lists(void **state)
{
	(void)state;
	RENDERS("{{#p}}{{n}},{{/p}}", "{\"p\":[{\"n\":1},{\"n\":2}]}", "1,2,");
	RENDERS("{{#p}}{{.}};{{/p}}", "{\"p\":[\"a\",\"b\"]}", "a;b;");
	RENDERS("{{#p}}in{{/p}}{{^p}}out{{/p}}", "{\"p\":false}", "out");
	RENDERS("{{#p}}in{{/p}}{{^p}}out{{/p}}", "{\"p\":[]}", "out");
	RENDERS("{{#p}}in{{/p}}{{^p}}out{{/p}}", "{\"p\":0}", "in");
	RENDERS("{{#a}}{{#b}}{{x}}{{/b}}{{/a}}", "{\"x\":1,\"a\":{\"b\":{}}}", "1");
	RENDERS("{{#a}}{{#a}}x{{/a}}{{/a}}", "{\"a\":true}", "x");
}

static void a_word_with_a_count_takes_the_form_of_the_language(void **state)
{
	(void)state;
	static const char word[] =
	    "{\"n\":%d,\"lang\":\"%s\",\"t\":{\"w\":{\"count\":\"n\","
	    "\"one\":\"{{n}} un\",\"two\":\"{{n}} dau\",\"other\":\"{{n}} eraill\","
	    "\"none\":\"dim\"}}}";
	static const struct {
		int count;
		const char *lang;
		const char *text;
	} cases[] = {
		{ 0, "cy", "dim" },
		{ 1, "cy", "1 un" },
		{ 2, "cy", "2 dau" },
		{ 6, "cy", "6 eraill" },
		/* has no "many" */ { 2, "en", "2 eraill" },
		{ 1, "en", "1 un" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char view[512];
		snprintf(view, sizeof(view), word, cases[i].count, cases[i].lang);
		RENDERS("{{t.w}}", view, cases[i].text);
	}
}

static void an_inner_false_hides_an_outer_value(void **state)
{
	(void)state;
	RENDERS("{{#f}}{{#hint}}{{hint}}{{/hint}}{{/f}}",
		"{\"hint\":\"outer\",\"f\":{\"hint\":false}}", "");
}

static void tags_alone_on_a_line_take_the_line(void **state)
{
	(void)state;
	RENDERS("a\n{{#p}}\nb\n{{/p}}\nc\n", "{\"p\":true}", "a\nb\nc\n");
	RENDERS("a\n  {{! a remark }}  \nc\n", "{}", "a\nc\n");
	RENDERS("a {{! a remark }}\nc", "{}", "a \nc");
	RENDERS("x\n{{> components/name}}\ny", "{\"name\":\"<N>\"}", "x\n<b>&lt;N&gt;</b>\ny");
}

static void words_may_have_holes_of_their_own(void **state)
{
	(void)state;
	RENDERS("{{t.hello}}", "{\"t\":{\"hello\":\"Hello {{name}}\"},\"name\":\"<Sam>\"}",
		"Hello &lt;Sam&gt;");
	RENDERS("{{name}}", "{\"name\":\"{{secret}}\",\"secret\":\"x\"}", "{{secret}}");
}

static void broken_templates_are_errors_not_output(void **state)
{
	(void)state;
	RENDERS("{{#a}}", "{}", err_name(ERR_BAD));
	RENDERS("{{/a}}", "{}", err_name(ERR_BAD));
	RENDERS("{{#a}}{{/b}}", "{\"a\":true}", err_name(ERR_BAD));
	RENDERS("{{a", "{}", err_name(ERR_BAD));
	RENDERS("{{> nobody}}", "{}", err_name(ERR_NOT_FOUND));
	RENDERS("{{> loop}}", "{}", err_name(ERR_LIMIT));
}

static void every_prefix_of_a_template_ends(void **state)
{
	(void)state;
	static const char text[] = "a{{#p}}b{{x}}{{^q}}c{{/q}}{{> components/name}}{{/p}}{{{y}}}";
	json_t *view = json_pack("{s:[{s:s},{s:s}]}", "p", "x", "1", "x", "2");
	for (size_t len = 0; len < sizeof(text); len++) {
		struct buf buf = buf_of(4096);
		enum err err = template_render_text(&templates, str_of(text, len), view, &buf);
		CHECK(err == OK || err == ERR_BAD);
		buf_clear(&buf);
	}
	json_decref(view);
}

/* Raw holes elsewhere would be a way in for markup that people type. */
static void only_components_and_layouts_have_raw_holes(void **state)
{
	(void)state;
	for (size_t i = 0; i < embedded_templates_len; i++) {
		const struct template_text *t = &embedded_templates[i];
		bool may =
		    strncmp(t->name, "components/", 11) == 0 || strncmp(t->name, "layout/", 7) == 0;
		if (!may && (strstr(t->text, "{{{") != NULL || strstr(t->text, "{{&") != NULL))
			fail_msg("raw hole in %s", t->name);
	}
}

static void every_template_renders_an_empty_view(void **state)
{
	(void)state;
	struct templates all = templates_compiled();
	json_t *view = json_object();
	CHECK(all.len > 20);
	for (size_t i = 0; i < all.len; i++) {
		struct buf buf = buf_of(1 << 20);
		enum err err = template_render(&all, all.all[i].name, view, &buf);
		if (err != OK)
			fail_msg("%s: %s", all.all[i].name, err_name(err));
		buf_clear(&buf);
	}
	json_decref(view);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(escapes_what_html_would_read),
		TEST(shows_numbers_and_leaves_out_what_is_missing),
		TEST(walks_sections_and_lists),
		TEST(a_word_with_a_count_takes_the_form_of_the_language),
		TEST(an_inner_false_hides_an_outer_value),
		TEST(tags_alone_on_a_line_take_the_line),
		TEST(words_may_have_holes_of_their_own),
		TEST(broken_templates_are_errors_not_output),
		TEST(every_prefix_of_a_template_ends),
		TEST(only_components_and_layouts_have_raw_holes),
		TEST(every_template_renders_an_empty_view),
	};
	return RUN("web/template", tests);
}
