#include "web/form.h"

#include <string.h>

#include "base/assert.h"
#include "web/multipart.h"
#include "web/urlencoded.h"

struct field {
	struct str name;
	struct str value;
};

struct mistake {
	const char *field;
	const char *word;
};

struct extra {
	const char *field;
	struct str value; /* default */
	json_t *items;    /* choices, or NULL */
};

struct form {
	const char *name;
	struct arena *arena;
	size_t fields_len;
	struct field fields[FORM_FIELDS_MAX];
	size_t mistakes_len;
	struct mistake mistakes[FORM_MISTAKES_MAX];
	size_t extras_len;
	struct extra extras[FORM_FIELDS_MAX];
	size_t secrets_len;
	const char *secrets[8];
	bool sent;
};

static void form_add(struct form *form, struct str name, struct str value)
{
	if (form->fields_len < FORM_FIELDS_MAX)
		form->fields[form->fields_len++] = (struct field){ name, value };
}

static void read_multipart(struct form *form, struct str type, struct bytes body)
{
	struct multipart parts;
	struct str name, value;
	if (!multipart_open(&parts, type, body))
		return;
	while (multipart_next(&parts, &name, &value))
		form_add(form, name, value);
}

static void read_urlencoded(struct form *form, struct bytes body)
{
	struct str rest = str_of((const char *)body.at, body.len);
	struct str name, value;
	while (form->fields_len < FORM_FIELDS_MAX &&
	       urlencoded_next(&rest, form->arena, &name, &value))
		form_add(form, name, value);
}

struct form *form_new(const struct request *request, const char *name)
{
	struct form *form = arena_new(request->arena, 1, sizeof(*form));
	struct str type = request->headers[HEADER_CONTENT_TYPE];
	form->name = name;
	form->arena = request->arena;
	form->sent = request->method == METHOD_POST;
	if (request->body.len == 0)
		return form;
	if (str_starts(type, "multipart/form-data"))
		read_multipart(form, type, request->body);
	else if (str_starts(type, "application/x-www-form-urlencoded"))
		read_urlencoded(form, request->body);
	return form;
}

const char *form_name(const struct form *form)
{
	return form->name;
}

void form_clear(struct form *form)
{
	for (size_t i = 0; form != NULL && i < form->extras_len; i++)
		json_decref(form->extras[i].items);
}

static const struct field *field_find(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->fields_len; i++)
		if (str_is(form->fields[i].name, name))
			return &form->fields[i];
	return NULL;
}

struct str form_raw(const struct form *form, const char *field)
{
	const struct field *found = field_find(form, field);
	return found != NULL ? found->value : STR("");
}

static size_t characters(struct str s)
{
	size_t count = 0;
	for (size_t i = 0; i < s.len; i++)
		count += ((uint8_t)s.at[i] & 0xc0) != 0x80;
	return count;
}

static struct str refuse(struct form *form, const char *field, const char *word)
{
	form_mistake(form, field, word);
	return STR("");
}

struct str form_text_optional(struct form *form, const char *field, size_t max)
{
	struct str value = str_trim(form_raw(form, field));
	if (!str_is_utf8(value) || str_has_control(value))
		return refuse(form, field, "bad");
	if (characters(value) > max)
		return refuse(form, field, "too_long");
	return value;
}

struct str form_text(struct form *form, const char *field, size_t max)
{
	if (str_empty(str_trim(form_raw(form, field))))
		return refuse(form, field, "missing");
	return form_text_optional(form, field, max);
}

/* CR LF becomes LF; false for any other control character. */
static bool lines_clean(struct arena *arena, struct str in, struct str *out)
{
	char *text = arena_new(arena, in.len + 1, 1);
	size_t len = 0;
	for (size_t i = 0; i < in.len; i++) {
		uint8_t c = (uint8_t)in.at[i];
		if (c == '\r')
			continue;
		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
			return false;
		text[len++] = in.at[i];
	}
	*out = str_of(text, len);
	return true;
}

struct str form_lines(struct form *form, const char *field, size_t min, size_t max)
{
	struct str value = str_trim(form_raw(form, field));
	if (!str_is_utf8(value) || !lines_clean(form->arena, value, &value))
		return refuse(form, field, "bad");
	if (characters(value) < min)
		return refuse(form, field, str_empty(value) ? "missing" : "too_short");
	if (characters(value) > max)
		return refuse(form, field, "too_long");
	return value;
}

struct str form_secret(struct form *form, const char *field, size_t min, size_t max)
{
	struct str value = form_raw(form, field);
	if (form->secrets_len < 8)
		form->secrets[form->secrets_len++] = field;
	if (str_empty(value))
		return refuse(form, field, "missing");
	if (!str_is_utf8(value))
		return refuse(form, field, "bad");
	if (characters(value) < min)
		return refuse(form, field, "too_short");
	if (characters(value) > max)
		return refuse(form, field, "too_long");
	return value;
}

/* name@host.domain without blanks; the message that is sent there proves the rest. */
static bool is_email(struct str s)
{
	struct str host = s;
	struct str local = str_cut(&host, '@');
	if (str_empty(local) || host.len < 3 || s.len > 254)
		return false;
	if (memchr(host.at, '@', host.len) != NULL || memchr(s.at, ' ', s.len) != NULL)
		return false;
	return memchr(host.at, '.', host.len) != NULL && host.at[0] != '.' &&
	       host.at[host.len - 1] != '.';
}

struct str form_email(struct form *form, const char *field)
{
	struct str value = form_text(form, field, 254);
	if (str_empty(value))
		return value;
	if (!is_email(value))
		return refuse(form, field, "bad");
	char *lower = arena_text(form->arena, value);
	for (size_t i = 0; i < value.len; i++)
		if (lower[i] >= 'A' && lower[i] <= 'Z')
			lower[i] = (char)(lower[i] - 'A' + 'a');
	return str_of(lower, value.len);
}

int form_choice(struct form *form, const char *field, const char *const *words)
{
	struct str value = form_raw(form, field);
	for (int i = 0; words[i] != NULL; i++)
		if (str_is(value, words[i]))
			return i;
	form_mistake(form, field, "missing");
	return -1;
}

int64_t form_number(struct form *form, const char *field, int64_t min, int64_t max)
{
	struct str value = str_trim(form_raw(form, field));
	bool negative = str_starts(value, "-");
	uint64_t magnitude = 0;
	if (str_empty(value)) {
		form_mistake(form, field, "missing");
		return 0;
	}
	if (negative)
		value = str_of(value.at + 1, value.len - 1);
	bool good = str_u64(value, INT64_MAX, &magnitude);
	int64_t number = negative ? -(int64_t)magnitude : (int64_t)magnitude;
	if (good && number >= min && number <= max)
		return number;
	form_mistake(form, field, "bad");
	return 0;
}

int64_t form_id(struct form *form, const char *field)
{
	uint64_t id = 0;
	if (!str_u64(form_raw(form, field), INT64_MAX, &id) || id == 0) {
		form_mistake(form, field, "missing");
		return 0;
	}
	return (int64_t)id;
}

static bool date_part(const struct form *form, const char *field, const char *part, uint64_t max,
		      uint64_t *out)
{
	const char *name = arena_printf(form->arena, "%s-%s", field, part);
	return str_u64(str_trim(form_raw(form, name)), max, out) && *out > 0;
}

static bool date_is_empty(const struct form *form, const char *field)
{
	static const char *const parts[] = { "day", "month", "year" };
	for (size_t i = 0; i < 3; i++) {
		const char *name = arena_printf(form->arena, "%s-%s", field, parts[i]);
		if (!str_empty(str_trim(form_raw(form, name))))
			return false;
	}
	return true;
}

bool form_date(struct form *form, const char *field, struct date *out)
{
	uint64_t day = 0, month = 0, year = 0;
	if (date_is_empty(form, field)) {
		form_mistake(form, field, "missing");
		return false;
	}
	bool good = date_part(form, field, "day", 31, &day) &&
		    date_part(form, field, "month", 12, &month) &&
		    date_part(form, field, "year", 2200, &year) && year >= 1880;
	struct date date = { .year = (int)year, .month = (int)month, .day = (int)day };
	if (!good || !date_valid(date)) {
		form_mistake(form, field, "bad");
		return false;
	}
	*out = date;
	return true;
}

bool form_date_optional(struct form *form, const char *field, struct date *out)
{
	static const char *const PARTS[] = { "day", "month", "year" };
	char name[40];
	bool any = false;
	*out = (struct date){ 0 };
	for (size_t i = 0; i < ARRAY_LEN(PARTS); i++) {
		snprintf(name, sizeof name, "%s-%s", field, PARTS[i]);
		any |= !str_empty(str_trim(form_raw(form, name)));
	}
	return any ? form_date(form, field, out) : true;
}

bool form_ticked(const struct form *form, const char *field, const char *value)
{
	for (size_t i = 0; i < form->fields_len; i++)
		if (str_is(form->fields[i].name, field) && str_is(form->fields[i].value, value))
			return true;
	return false;
}

size_t form_all(struct form *form, const char *field, struct str *out, size_t max)
{
	size_t len = 0;
	for (size_t i = 0; i < form->fields_len; i++) {
		if (!str_is(form->fields[i].name, field))
			continue;
		if (len == max) {
			form_mistake(form, field, "too_many");
			return 0;
		}
		out[len++] = form->fields[i].value;
	}
	return len;
}

static const struct mistake *mistake_of(const struct form *form, const char *field)
{
	for (size_t i = 0; i < form->mistakes_len; i++)
		if (strcmp(form->mistakes[i].field, field) == 0)
			return &form->mistakes[i];
	return NULL;
}

void form_mistake(struct form *form, const char *field, const char *word)
{
	if (mistake_of(form, field) == NULL && form->mistakes_len < FORM_MISTAKES_MAX)
		form->mistakes[form->mistakes_len++] = (struct mistake){ field, word };
}

bool form_ok(const struct form *form)
{
	return form->mistakes_len == 0;
}

static struct extra *extra_of(struct form *form, const char *field)
{
	for (size_t i = 0; i < form->extras_len; i++)
		if (strcmp(form->extras[i].field, field) == 0)
			return &form->extras[i];
	if (form->extras_len == FORM_FIELDS_MAX)
		return NULL;
	form->extras[form->extras_len] = (struct extra){ .field = field };
	return &form->extras[form->extras_len++];
}

void form_default(struct form *form, const char *field, struct str value)
{
	struct extra *extra = extra_of(form, field);
	if (extra != NULL)
		extra->value = value;
}

void form_options(struct form *form, const char *field, json_t *items)
{
	struct extra *extra = extra_of(form, field);
	if (extra == NULL || extra->items != NULL)
		json_decref(items);
	else
		extra->items = items;
}

static bool is_secret(const struct form *form, const char *field)
{
	for (size_t i = 0; i < form->secrets_len; i++)
		if (strcmp(form->secrets[i], field) == 0)
			return true;
	return false;
}

static const struct extra *extra_find(const struct form *form, const char *field)
{
	for (size_t i = 0; i < form->extras_len; i++)
		if (strcmp(form->extras[i].field, field) == 0)
			return &form->extras[i];
	return NULL;
}

static struct str shown_value(const struct form *form, const char *field)
{
	const struct extra *extra = extra_find(form, field);
	struct str sent = form_raw(form, field);
	if (is_secret(form, field) || !str_is_utf8(sent))
		return STR("");
	if (form->sent || extra == NULL)
		return sent;
	return extra->value;
}

static json_t *json_of(struct str s)
{
	json_t *value = json_stringn(s.at, s.len);
	return value != NULL ? value : json_string("");
}

/* "1,3,5": what stands ticked before anything was sent. */
static bool names_one(struct str list, const char *own)
{
	while (!str_empty(list))
		if (str_is(str_cut(&list, ','), own))
			return true;
	return false;
}

static void check_items(const struct form *form, const char *field, json_t *items)
{
	struct str value = shown_value(form, field);
	for (size_t i = 0; i < json_array_size(items); i++) {
		json_t *item = json_array_get(items, i);
		const char *own = json_string_value(json_object_get(item, "value"));
		bool chosen = own != NULL && (str_is(value, own) || form_ticked(form, field, own) ||
					      (!form->sent && names_one(value, own)));
		json_object_set_new(item, "checked", json_boolean(chosen));
		json_object_set_new(item, "name", json_string(field));
		/* The error summary links to the field's id: the first choice has it. */
		const char *id = i == 0 ? field : arena_printf(form->arena, "%s-%zu", field, i + 1);
		json_object_set_new(item, "id", json_string(id));
	}
}

/* The three parts of a date stand as day, month, year beside the value. */
static void put_date_parts(const struct form *form, const char *field, json_t *out)
{
	static const char *const parts[] = { "day", "month", "year" };
	for (size_t i = 0; i < 3; i++) {
		const char *name = arena_printf(form->arena, "%s-%s", field, parts[i]);
		struct str value = shown_value(form, name);
		json_object_set_new(out, parts[i],
				    str_empty(value) ? json_false() : json_of(value));
	}
}

static const char *sentence(const json_t *words, const char *word)
{
	const char *found = json_string_value(json_object_get(words, word));
	return found != NULL ? found : word;
}

/* false where there is none, so that no outer value shows through. */
static void put_word(json_t *out, const char *key, const json_t *words, const char *word)
{
	json_t *found = word != NULL ? json_object_get(words, word) : NULL;
	bool own_word = found == NULL && word != NULL && strcmp(key, "error") == 0;
	if (found != NULL)
		json_object_set(out, key, found);
	else
		json_object_set_new(out, key, own_word ? json_string(word) : json_false());
}

static json_t *field_view(const struct form *form, const char *field, const json_t *words)
{
	const struct mistake *mistake = mistake_of(form, field);
	const struct extra *extra = extra_find(form, field);
	json_t *out = json_object();
	json_object_set_new(out, "id", json_string(field));
	json_object_set_new(out, "name", json_string(field));
	json_object_set_new(out, "value", json_of(shown_value(form, field)));
	json_object_set_new(out, "checked", json_boolean(!str_empty(shown_value(form, field))));
	put_word(out, "label", words, "label");
	put_word(out, "hint", words, "hint");
	put_word(out, "error", words, mistake != NULL ? mistake->word : NULL);
	json_object_set_new(out, "items", json_false());
	put_date_parts(form, field, out);
	if (extra != NULL && extra->items != NULL) {
		check_items(form, field, extra->items);
		json_object_set(out, "items", extra->items);
	}
	return out;
}

static json_t *errors_view(const struct form *form, const json_t *words)
{
	json_t *out = json_array();
	for (size_t i = 0; i < form->mistakes_len; i++) {
		const struct mistake *mistake = &form->mistakes[i];
		const json_t *own = json_object_get(words, mistake->field);
		json_array_append_new(out,
				      json_pack("{s:s, s:s+}", "text", sentence(own, mistake->word),
						"href", "#", mistake->field));
	}
	return out;
}

json_t *form_view(const struct form *form, const json_t *words)
{
	json_t *out = json_object();
	const char *key;
	json_t *own;
	json_object_foreach((json_t *)(uintptr_t)words, key, own) if (json_is_object(own))
	    json_object_set_new(out, key, field_view(form, key, own));
	for (size_t i = 0; i < form->extras_len; i++)
		json_decref(form->extras[i].items == NULL ? NULL
							  : json_incref(form->extras[i].items));
	json_object_set_new(out, "errors", errors_view(form, words));
	json_object_set_new(out, "has_errors", json_boolean(!form_ok(form)));
	return out;
}
