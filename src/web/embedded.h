/*
 * embedded.h - the templates and words that tools/embed compiles in, sorted by name.
 */
#ifndef PVL_WEB_EMBEDDED_H
#define PVL_WEB_EMBEDDED_H

#include "web/template.h"

extern const struct template_text embedded_templates[];
extern const size_t embedded_templates_len;
extern const struct template_text embedded_openapi;
extern const struct template_text embedded_words[]; /* "en/family": JSON */
extern const size_t embedded_words_len;

#endif
