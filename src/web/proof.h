/*
 * proof.h - a terminal proves itself in the body of a request (docs/protocols/terminal.md).
 */
#ifndef PVL_WEB_PROOF_H
#define PVL_WEB_PROOF_H

#include "service/terminal.h"
#include "web/page.h"

/* The members "terminal", "challenge" and "signature"; ERR_NOT_FOUND: not there; ERR_BAD; ERR_DENIED. */
MUST_USE enum err proof_check(struct page *page, const json_t *body, struct actor *out);
/* Within the limit of a terminal's questions, and proven; false after answering 429, 401 or an error. */
bool proof_taken(struct page *page, const json_t *body, struct actor *out);
/* A challenge as it stands in JSON. */
json_t *proof_challenge(const uint8_t challenge[TERMINAL_CHALLENGE_LEN]);
/* 200 with the terminal's next challenge as "next" beside the members of value, which is taken. */
void proof_answer(struct page *page, const struct actor *terminal, json_t *value);

/* A text of a body; empty if it is none. */
struct str proof_member(const json_t *body, const char *key);

#endif
