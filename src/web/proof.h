/*
 * proof.h - a terminal proves itself in the body of a request (docs/protocols/terminal.md).
 */
#ifndef PVL_WEB_PROOF_H
#define PVL_WEB_PROOF_H

#include "web/page.h"

/* The members "terminal", "challenge" and "signature"; ERR_NOT_FOUND: not there; ERR_BAD; ERR_DENIED. */
MUST_USE enum err proof_check(struct page *page, const json_t *body, struct actor *out);

#endif
