#include "web/template.h"

#include <string.h>

#include "web/embedded.h"
#include "web/words.h"

/* The objects that names are looked up in, innermost last. */
struct scope {
	const struct scope *outer;
	const json_t *value;
};

struct render {
	const struct templates *templates;
	struct buf *out;
	int depth;
};

enum tag_kind {
	TAG_NONE, /* text up to the end */
	TAG_ESCAPED,
	TAG_RAW,
	TAG_SECTION,
	TAG_INVERTED,
	TAG_END,
	TAG_PARTIAL,
	TAG_COMMENT,
};

struct tag {
	enum tag_kind kind;
	struct str name;
	const char *from; /* where "{{" stands, or its line if it stands alone */
	const char *to;   /* behind "}}", or behind its line */
};

static enum err render_text(struct render *r, struct str text, const struct scope *scope);

static const char *find(struct str in, const char *what)
{
	return memmem(in.at, in.len, what, strlen(what));
}

static enum tag_kind tag_kind_of(char sign)
{
	switch (sign) {
	case '#':
		return TAG_SECTION;
	case '^':
		return TAG_INVERTED;
	case '/':
		return TAG_END;
	case '>':
		return TAG_PARTIAL;
	case '!':
		return TAG_COMMENT;
	case '&':
		return TAG_RAW;
	default:
		return TAG_ESCAPED;
	}
}

static bool only_blanks(const char *from, const char *to)
{
	while (from < to && (*from == ' ' || *from == '\t'))
		from++;
	return from == to;
}

/* A section, comment or partial that stands alone on its line takes the line with it. */
static void take_line(struct tag *tag, const char *start, const char *end)
{
	const char *from = tag->from, *to = tag->to;
	while (from > start && from[-1] != '\n')
		from--;
	while (to < end && (*to == ' ' || *to == '\t' || *to == '\r'))
		to++;
	if (!only_blanks(from, tag->from) || (to < end && *to != '\n'))
		return;
	tag->from = from;
	tag->to = to < end ? to + 1 : to;
}

/* The next tag at or after at; whole is the text, for the start of lines.  ERR_BAD: it has no end. */
static enum err tag_next(struct str whole, const char *at, struct tag *out)
{
	const char *end = whole.at + whole.len;
	struct str rest = str_of(at, (size_t)(end - at));
	const char *open = find(rest, "{{");
	*out = (struct tag){ .kind = TAG_NONE, .from = end, .to = end };
	if (open == NULL)
		return OK;
	bool triple = end - open > 2 && open[2] == '{';
	const char *inside = open + (triple ? 3 : 2);
	const char *close = find(str_of(inside, (size_t)(end - inside)), triple ? "}}}" : "}}");
	if (close == NULL || close == inside)
		return ERR_BAD;
	out->kind = triple ? TAG_RAW : tag_kind_of(*inside);
	if (!triple && out->kind != TAG_ESCAPED)
		inside++;
	out->name = str_trim(str_of(inside, (size_t)(close - inside)));
	out->from = open;
	out->to = close + (triple ? 3 : 2);
	if (out->kind != TAG_ESCAPED && out->kind != TAG_RAW)
		take_line(out, whole.at, end);
	return OK;
}

static const json_t *member(const json_t *value, struct str name)
{
	return json_is_object(value) ? json_object_getn(value, name.at, name.len) : NULL;
}

/* The first part is sought from the innermost scope outwards, the others inside what was found. */
static const json_t *lookup(const struct scope *scope, struct str name)
{
	const json_t *found = NULL;
	struct str part;
	if (str_is(name, "."))
		return scope->value;
	part = str_cut(&name, '.');
	for (; scope != NULL && found == NULL; scope = scope->outer)
		found = member(scope->value, part);
	while (found != NULL && !str_empty(name))
		found = member(found, str_cut(&name, '.'));
	return found;
}

/* null, false, "" and [] are nothing; 0 is something (a count may be shown as 0). */
static bool is_something(const json_t *value)
{
	if (value == NULL || json_is_null(value) || json_is_false(value))
		return false;
	if (json_is_string(value))
		return json_string_length(value) > 0;
	return !json_is_array(value) || json_array_size(value) > 0;
}

static void put_value(struct buf *out, const json_t *value, bool raw)
{
	if (json_is_integer(value))
		buf_printf(out, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		buf_printf(out, "%g", json_real_value(value));
	else if (json_is_true(value))
		buf_text(out, "true");
	if (!json_is_string(value))
		return;
	struct str s = str_of(json_string_value(value), json_string_length(value));
	if (raw)
		buf_str(out, s);
	else
		buf_escaped(out, s);
}

/* A word with plural forms: the one for the count that the view holds, in the view's language. */
static const json_t *form_of(const json_t *word, const struct scope *scope)
{
	const char *hole = words_count(word);
	if (hole == NULL)
		return word;
	const json_t *lang = lookup(scope, STR("lang"));
	const json_t *count = lookup(scope, str_from(hole));
	return words_form(word, json_is_string(lang) ? json_string_value(lang) : "en",
			  json_integer_value(count));
}

static enum err render_variable(struct render *r, const struct tag *tag, const struct scope *scope)
{
	const json_t *value = lookup(scope, tag->name);
	bool is_word = tag->kind == TAG_ESCAPED && str_starts(tag->name, "t.");
	if (is_word)
		value = form_of(value, scope);
	if (is_word && json_is_string(value)) {
		struct str word = str_of(json_string_value(value), json_string_length(value));
		return render_text(r, word, scope);
	}
	put_value(r->out, value, tag->kind == TAG_RAW);
	return OK;
}

static enum err render_section(struct render *r, struct str inside, const json_t *value,
			       const struct scope *scope)
{
	if (!json_is_array(value)) {
		struct scope inner = { .outer = scope, .value = value };
		return render_text(r, inside, &inner);
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		struct scope inner = { .outer = scope, .value = json_array_get(value, i) };
		enum err err = render_text(r, inside, &inner);
		if (err != OK)
			return err;
	}
	return OK;
}

/* The {{/name}} that closes the section opened before at; sections within are counted. */
static enum err section_end(struct str whole, const char *at, struct str name, struct tag *out)
{
	for (int open = 1; open > 0; at = out->to) {
		enum err err = tag_next(whole, at, out);
		if (err != OK)
			return err;
		if (out->kind == TAG_NONE)
			return ERR_BAD;
		if (out->kind == TAG_SECTION || out->kind == TAG_INVERTED)
			open++;
		if (out->kind == TAG_END)
			open--;
	}
	return str_equal(out->name, name) ? OK : ERR_BAD;
}

static enum err render_block(struct render *r, struct str whole, struct tag *tag,
			     const struct scope *scope)
{
	const json_t *value = lookup(scope, tag->name);
	bool wanted = is_something(value) == (tag->kind == TAG_SECTION);
	struct tag end;
	enum err err = section_end(whole, tag->to, tag->name, &end);
	if (err != OK)
		return err;
	struct str inside = str_of(tag->to, (size_t)(end.from - tag->to));
	if (end.from < tag->to)
		inside.len = 0;
	bool inverted = tag->kind == TAG_INVERTED;
	tag->to = end.to;
	if (!wanted)
		return OK;
	return inverted ? render_text(r, inside, scope) : render_section(r, inside, value, scope);
}

static enum err render_partial(struct render *r, struct str name, const struct scope *scope)
{
	char text[128];
	if (name.len >= sizeof(text))
		return ERR_NOT_FOUND;
	memcpy(text, name.at, name.len);
	text[name.len] = '\0';
	const struct template_text *partial = templates_find(r->templates, text);
	if (partial == NULL)
		return ERR_NOT_FOUND;
	return render_text(r, str_of(partial->text, partial->len), scope);
}

static enum err render_tag(struct render *r, struct str whole, struct tag *tag,
			   const struct scope *scope)
{
	switch (tag->kind) {
	case TAG_ESCAPED:
	case TAG_RAW:
		return render_variable(r, tag, scope);
	case TAG_SECTION:
	case TAG_INVERTED:
		return render_block(r, whole, tag, scope);
	case TAG_PARTIAL:
		return render_partial(r, tag->name, scope);
	case TAG_END:
		return ERR_BAD;
	case TAG_COMMENT:
	case TAG_NONE:
		return OK;
	}
	return ERR_BAD;
}

static enum err render_tags(struct render *r, struct str text, const struct scope *scope)
{
	const char *at = text.at, *end = text.at + text.len;
	while (at < end) {
		struct tag tag;
		enum err err = tag_next(text, at, &tag);
		if (err != OK)
			return err;
		if (tag.from > at)
			buf_put(r->out, at, (size_t)(tag.from - at));
		err = render_tag(r, text, &tag, scope);
		if (err != OK)
			return err;
		at = tag.to;
	}
	return buf_ok(r->out) ? OK : ERR_LIMIT;
}

static enum err render_text(struct render *r, struct str text, const struct scope *scope)
{
	if (r->depth >= TEMPLATE_DEPTH_MAX)
		return ERR_LIMIT;
	r->depth++;
	enum err err = render_tags(r, text, scope);
	r->depth--;
	return err;
}

struct templates templates_compiled(void)
{
	return (struct templates){ .all = embedded_templates, .len = embedded_templates_len };
}

const struct template_text *templates_find(const struct templates *templates, const char *name)
{
	size_t low = 0, high = templates->len;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, templates->all[middle].name);
		if (order == 0)
			return &templates->all[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

enum err template_render(const struct templates *templates, const char *name, const json_t *view,
			 struct buf *out)
{
	const struct template_text *found = templates_find(templates, name);
	if (found == NULL)
		return ERR_NOT_FOUND;
	return template_render_text(templates, str_of(found->text, found->len), view, out);
}

enum err template_render_text(const struct templates *templates, struct str text,
			      const json_t *view, struct buf *out)
{
	struct render r = { .templates = templates, .out = out };
	struct scope scope = { .value = view };
	return render_text(&r, text, &scope);
}
