#include "domain/prison.h"

#include <string.h>

static bool code_char(char c, char *out)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	*out = c;
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool prison_code_of(struct str text, struct prison_code *out)
{
	struct prison_code code = { 0 };
	text = str_trim(text);
	if (text.len < 3 || text.len > PRISON_CODE_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!code_char(text.at[i], &code.text[i]))
			return false;
	if (code.text[0] < 'A')
		return false;
	*out = code;
	return true;
}

bool prison_code_equal(struct prison_code a, struct prison_code b)
{
	return strcmp(a.text, b.text) == 0;
}

bool prison_code_empty(struct prison_code code)
{
	return code.text[0] == '\0';
}
