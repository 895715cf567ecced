/*
 * urlencoded.h - application/x-www-form-urlencoded, as the WHATWG URL standard reads it.
 */
#ifndef PVL_WEB_URLENCODED_H
#define PVL_WEB_URLENCODED_H

#include "base/arena.h"

/* Takes the next name=value off *rest, both decoded into the arena; false at the end. */
bool urlencoded_next(struct str *rest, struct arena *arena, struct str *name, struct str *value);
/* Decoded: "%41" is "A", "+" a space; a bad "%" stands for itself. */
struct str urlencoded_decode(struct arena *arena, struct str s);
/* Everything but letters, digits and "-_.~" is escaped. */
const char *urlencoded_encode(struct arena *arena, struct str s);

#endif
