/*
 * code_priv.h - secret codes that people type: Crockford's symbols, five bits each.
 */
#ifndef PVL_SERVICE_CODE_PRIV_H
#define PVL_SERVICE_CODE_PRIV_H

#include "base/random.h"
#include "base/str.h"

/* len symbols and a final NUL. */
void code_new(struct random *random, char *out, size_t len);
/* The same of bytes that are as good as random, one a symbol. */
void code_of_bytes(const uint8_t *bytes, char *out, size_t len);
/* As typed, with hyphens and spaces; false unless len symbols remain. */
bool code_normal(struct str typed, char *out, size_t len);

#endif
