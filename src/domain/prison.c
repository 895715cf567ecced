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

static const char *const USES[ROOM_USE_COUNT] = {
	[ROOM_USE_SHARED] = "SHARED",     [ROOM_USE_SOCIAL] = "SOCIAL",
	[ROOM_USE_LEGAL] = "LEGAL",       [ROOM_USE_OFFICIAL] = "OFFICIAL",
	[ROOM_USE_SCHEDULE] = "SCHEDULE", [ROOM_USE_BLOCKED] = "BLOCKED",
};

const char *room_use_name(enum room_use use)
{
	return USES[use < ROOM_USE_COUNT ? use : ROOM_USE_BLOCKED];
}

bool room_use_of(struct str name, enum room_use *out)
{
	for (unsigned i = 0; i < ROOM_USE_COUNT; i++) {
		if (str_is(name, USES[i])) {
			*out = (enum room_use)i;
			return true;
		}
	}
	return false;
}
