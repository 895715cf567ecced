#include "domain/telephone.h"

#include <stdio.h>
#include <string.h>

enum {
	UNITED_KINGDOM = 44,
	NATIONAL_DIGITS = 10, /* behind the country's code */
};

struct telephone telephone_of(const struct policy *policy)
{
	return (struct telephone){ .number = policy->values[POLICY_TELEPHONE_NUMBER],
				   .code = policy->values[POLICY_TELEPHONE_CODE] };
}

void telephone_link(const struct telephone *telephone, char out[TELEPHONE_TEXT])
{
	out[0] = '\0';
	if (telephone->number > 0)
		snprintf(out, TELEPHONE_TEXT, "+%lld", (long long)telephone->number);
}

void telephone_shown(const struct telephone *telephone, char out[TELEPHONE_TEXT])
{
	char digits[TELEPHONE_TEXT];
	telephone_link(telephone, out);
	snprintf(digits, sizeof digits, "%lld", (long long)telephone->number);
	bool british = strlen(digits) == NATIONAL_DIGITS + 2 &&
		       telephone->number / 10000000000 == UNITED_KINGDOM;
	if (british) /* 0330 123 4567 */
		snprintf(out, TELEPHONE_TEXT, "0%.3s %.3s %.4s", digits + 2, digits + 5,
			 digits + 8);
}
