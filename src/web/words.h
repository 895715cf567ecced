/*
 * words.h - the sentences people read, as "t" of every view.
 *
 * front/words/<lang>/<area>.json becomes t.<area>; the objects "forms" and
 * "done" of all areas are joined into t.forms and t.done.  Loaded once.
 */
#ifndef PVL_WEB_WORDS_H
#define PVL_WEB_WORDS_H

#include <jansson.h>

/* All words of a language compiled in ("en"); NULL if there are none. Free with json_decref(). */
json_t *words_load(const char *lang);
/* The word at a path such as "family.titles.home"; NULL if there is none. */
const char *words_find(const json_t *words, const char *path);

#endif
