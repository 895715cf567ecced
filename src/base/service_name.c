#include "base/service_name.h"

#include <string.h>

bool service_name_of(struct str text, struct service_name *out)
{
	struct service_name name = { 0 };
	if (str_empty(text) || text.len > SERVICE_NAME_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-')
			return false;
		name.text[i] = c;
	}
	*out = name;
	return true;
}

bool service_name_equal(const struct service_name *a, const struct service_name *b)
{
	return strcmp(a->text, b->text) == 0;
}
