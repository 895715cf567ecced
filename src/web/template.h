/*
 * template.h - a small mustache: text with {{holes}}, filled from a json_t.
 *
 * The subset of mustache(5): {{name}} (escaped), {{a.b.c}}, {{.}}, {{#section}}, {{^inverted}},
 * {{/end}}, {{> partial}}, {{! comment}}, {{{raw}}} (only in components/, a test
 * reads all templates for that).  Standing alone on a line, section, comment and
 * partial tags take their line with them, as the specification says.
 *
 * One addition: a name that begins with "t." is a word of ours (front/words),
 * whose own holes are filled from the same view: "Hello {{name}}".  If it has plural
 * forms (words.h), the one for the view's count and "lang" is taken.
 *
 * Names of templates are paths below front/templates without ".mustache".
 * They are compiled into the program; templates_from() reads a directory
 * instead (development, before the sandbox closes).
 */
#ifndef PVL_WEB_TEMPLATE_H
#define PVL_WEB_TEMPLATE_H

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"

enum {
	TEMPLATE_DEPTH_MAX = 24, /* sections and partials within one another */
	TEMPLATE_TEXT_MAX = 256 << 10,
};

struct template_text {
	const char *name;
	const char *text;
	size_t len;
};

struct templates {
	const struct template_text *all; /* sorted by name */
	size_t len;
};

/* Those compiled into the program. */
struct templates templates_compiled(void);
/* NULL if there is none of that name. */
const struct template_text *templates_find(const struct templates *templates, const char *name);

/* ERR_NOT_FOUND: no such template or partial; ERR_BAD: tags do not match; ERR_LIMIT: too deep or out is full. */
MUST_USE enum err template_render(const struct templates *templates, const char *name,
				  const json_t *view, struct buf *out);
/* The same for a text at hand. */
MUST_USE enum err template_render_text(const struct templates *templates, struct str text,
				       const json_t *view, struct buf *out);

#endif
