/*
 * words.h - the sentences people read, as "t" of every view.
 *
 * front/words/<lang>/<area>.json becomes t.<area>; the objects "forms" and
 * "done" of all areas are joined into t.forms and t.done.  Loaded once.
 *
 * A sentence with a count in it is an object: "count" names the hole that holds
 * the count, beside it stands one sentence for each plural form of the language
 * (plural.h):
 *     "left": {"count": "minutes", "one": "{{minutes}} minute left", "other": "{{minutes}} minutes left"}
 * "none" beside them is said instead where the count is 0 and that reads otherwise.
 * A sentence with two counts says the second in a word of its own: {{t.public.rules.days}}.
 */
#ifndef PVL_WEB_WORDS_H
#define PVL_WEB_WORDS_H

#include <jansson.h>

/* All words of a language compiled in ("en"); NULL if there are none. Free with json_decref(). */
json_t *words_load(const char *lang);
/* The word at a path such as "family.titles.home"; NULL if there is none, or if it has plural forms. */
const char *words_find(const json_t *words, const char *path);
/* What stands at a path: a sentence, an object with plural forms, an area; NULL if nothing. */
const json_t *words_at(const json_t *words, const char *path);
/* The hole that holds the count; NULL if word is no object with plural forms. */
const char *words_count(const json_t *word);
/* The sentence for that count; lang "en" or "cy". */
const json_t *words_form(const json_t *word, const char *lang, int64_t count);

#endif
