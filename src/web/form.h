/*
 * form.h - a submitted form: fields into values, all mistakes at once.
 *
 *	struct form *form = page_form(page, "sign_in");
 *	struct str email = form_email(form, "email");
 *	struct str password = form_secret(form, "password", 1, 200);
 *	if (!form_ok(form))
 *		return page_render_form(page, form, "family/sign-in", NULL);
 *
 * A form has a name; its words stand in front/words/en/<area>.json under
 * "forms" → name → field: "label", "hint", and one sentence for each mistake
 * ("missing", "too_long", "bad", or your own word):
 *
 *	"forms": { "sign_in": { "email": { "label": "Email address",
 *		"missing": "Enter your email address", "bad": "Enter an email address like name@example.org" } } }
 *
 * The template sees {{#form.email}}{{> components/input}}{{/form.email}} with id, name, value, label, hint,
 * error; and {{> components/error-summary}} shows them all.  A value that fails
 * reads as empty.  Text is UTF-8 without control characters, trimmed.
 */
#ifndef PVL_WEB_FORM_H
#define PVL_WEB_FORM_H

#include <jansson.h>

#include "domain/local_time.h"
#include "web/request.h"

enum {
	FORM_FIELDS_MAX = 64, /* fields of one submission; more refuse the request */
	FORM_MISTAKES_MAX = 32,
};

struct form; /* lives in the request's arena */

/* Parses the body (empty for GET); never NULL.  A malformed body gives a form without fields. */
struct form *form_new(const struct request *request, const char *name);
/* Frees what the arena does not: the choices.  NULL is fine. */
void form_clear(struct form *form);

/* 1 … max characters; mistakes: missing, too_long, bad (control characters, not UTF-8). */
struct str form_text(struct form *form, const char *field, size_t max);
/* As form_text, but may be empty. */
struct str form_text_optional(struct form *form, const char *field, size_t max);
/* Several lines, CR LF become LF.  min may be 0. */
struct str form_lines(struct form *form, const char *field, size_t min, size_t max);
/* Not trimmed, never shown again.  Mistakes: missing, too_short, too_long. */
struct str form_secret(struct form *form, const char *field, size_t min, size_t max);
/* Lower case; mistakes: missing, bad. */
struct str form_email(struct form *form, const char *field);
/* One of the NULL-terminated words, or -1 (mistakes: missing). */
int form_choice(struct form *form, const char *field, const char *const *words);
/* A number; mistakes: missing, bad. */
int64_t form_number(struct form *form, const char *field, int64_t min, int64_t max);
/* An id written by page_id(); 0 with mistake missing. */
int64_t form_id(struct form *form, const char *field);
/* field-day, field-month, field-year; mistakes: missing, bad.  False then. */
bool form_date(struct form *form, const char *field, struct date *out);
/* The same, or nothing in any of the three: year 0. */
bool form_date_optional(struct form *form, const char *field, struct date *out);
/* A ticked checkbox with this value. */
bool form_ticked(const struct form *form, const char *field, const char *value);
/* All values of a field that repeats, at most max; too many: mistake too_many. */
size_t form_all(struct form *form, const char *field, struct str *out, size_t max);
/* The plain value as sent, empty if absent; no mistake. */
struct str form_raw(const struct form *form, const char *field);

/* A mistake found by a rule; word names its sentence.  The first one of a field counts. */
void form_mistake(struct form *form, const char *field, const char *word);
/* No mistakes so far. */
bool form_ok(const struct form *form);

/* What a field shows when it was not sent (editing a thing that exists); of checkboxes several, "1,3". */
void form_default(struct form *form, const char *field, struct str value);
/* Choices of a field: an array of {"value","text"[,"hint"]}; the chosen one gets "checked". Takes items. */
void form_options(struct form *form, const char *field, json_t *items);

const char *form_name(const struct form *form);
/* For page.c: the object "form" of the view; words is the object forms → name (may be NULL). */
json_t *form_view(const struct form *form, const json_t *words);

#endif
