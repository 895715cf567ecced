/*
 * likeness.h - how well a name, number or reference fits what was typed.
 *
 * Pure; bytes of UTF-8, accents count as themselves.  Each word typed must fit
 * some word of the text: as it is, as its beginning, or with a letter wrong,
 * missing, too many or swapped (two from eight letters on).
 */
#ifndef PVL_DOMAIN_LIKENESS_H
#define PVL_DOMAIN_LIKENESS_H

#include "base/str.h"

/* 0: does not fit; the higher the better. */
int likeness(struct str typed, struct str text);

#endif
