#include "web/plural.h"

static enum plural welsh(int64_t count)
{
	switch (count) {
	case 0:
		return PLURAL_ZERO;
	case 1:
		return PLURAL_ONE;
	case 2:
		return PLURAL_TWO;
	case 3:
		return PLURAL_FEW;
	case 6:
		return PLURAL_MANY;
	default:
		return PLURAL_OTHER;
	}
}

enum plural plural_of(enum language language, int64_t count)
{
	/* CLDR looks at the absolute value: "-1 minute". */
	int64_t n = count < 0 && count > INT64_MIN ? -count : count;
	if (language == LANGUAGE_CY)
		return welsh(n);
	return n == 1 ? PLURAL_ONE : PLURAL_OTHER;
}

const char *plural_name(enum plural plural)
{
	static const char *const names[] = {
		[PLURAL_ZERO] = "zero", [PLURAL_ONE] = "one",   [PLURAL_TWO] = "two",
		[PLURAL_FEW] = "few",   [PLURAL_MANY] = "many", [PLURAL_OTHER] = "other",
	};
	return names[plural];
}
