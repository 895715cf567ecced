/*
 * elsewhere.h - whoever comes to a visit that lives in another service is led there.
 *
 * The answer is 307 to the same address with "service=NAME" in its query, which
 * the proxy in front heeds (docs/operating/several.md); the addresses that a
 * join gives out have it from the beginning.  A request that has it and came to
 * another service all the same is answered 503: the one it names is away, and
 * until it is back or counts as dead, there is nothing better than another try.
 */
#ifndef PVL_WEB_ELSEWHERE_H
#define PVL_WEB_ELSEWHERE_H

#include "web/page.h"

/* True: it is answered. */
bool elsewhere_led(struct page *page, struct reference reference);
/* What an address of a visit of ours ends with: "service=NAME" behind that sign, or "" without other services. */
const char *elsewhere_mark(struct page *page, char sign);

#endif
