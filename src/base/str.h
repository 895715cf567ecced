/*
 * str.h - borrowed text: pointer and length, never owned, not NUL-terminated.
 *
 * Text is UTF-8 and is checked once, where it enters (str_is_utf8).
 */
#ifndef PVL_BASE_STR_H
#define PVL_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	const char *at;
	size_t len;
};

/* For string literals. */
#define STR(literal) ((struct str){ .at = (literal), .len = sizeof(literal) - 1 })
/* For printf: printf("%.*s", STR_FMT(s)). */
#define STR_FMT(s)   (int)(s).len, (s).at

struct str str_of(const char *at, size_t len);
/* NULL gives the empty text. */
struct str str_from(const char *text);
bool str_equal(struct str a, struct str b);
/* ASCII letters of either case are the same. */
bool str_equal_nocase(struct str a, struct str b);
bool str_is(struct str s, const char *text);
bool str_starts(struct str s, const char *prefix);
bool str_empty(struct str s);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);
/* The text up to the first sep, which is taken off *rest too; all of it if there is none. */
struct str str_cut(struct str *rest, char sep);
/* The next line of *rest, without its CR LF or LF. */
struct str str_line(struct str *rest);
/* Decimal digits alone, no sign, at most max; anything else is refused. */
bool str_u64(struct str s, uint64_t max, uint64_t *out);
bool str_is_utf8(struct str s);
/* Any byte below 0x20 or 0x7f. */
bool str_has_control(struct str s);

#endif
