/*
 * link_proof.h - the proof in the address of a link that a message bears: who
 * has it was sent it.
 *
 * HMAC-SHA-256 over what the link does, under a key that all our programs on
 * one database share.
 */
#ifndef PVL_WEB_LINK_PROOF_H
#define PVL_WEB_LINK_PROOF_H

#include "web/page.h"

/* 32 hex digits in the page's arena; what names the deed and all that it is about. */
const char *link_proof(const struct page *page, const char *what);
/* In constant time. */
bool link_proof_holds(const struct page *page, const char *what, struct str proof);

#endif
