/*
 * plural.h - which form of a sentence goes with a count, in each language.
 *
 * Pure.  The rules for whole numbers of the Unicode CLDR (supplemental/plurals.xml):
 * English has two forms, Welsh six.  front/js/plural.js says the same to scripts.
 */
#ifndef PVL_WEB_PLURAL_H
#define PVL_WEB_PLURAL_H

#include <stdint.h>

#include "domain/account.h"

enum plural {
	PLURAL_ZERO,
	PLURAL_ONE,
	PLURAL_TWO,
	PLURAL_FEW,
	PLURAL_MANY,
	PLURAL_OTHER,
};

enum plural plural_of(enum language language, int64_t count);
const char *plural_name(enum plural plural); /* "few": the key in front/words */

#endif
