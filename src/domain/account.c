#include "domain/account.h"

#include <string.h>

const char *language_code(enum language language)
{
	return language == LANGUAGE_CY ? "cy" : "en";
}

enum language language_of(struct str code)
{
	return str_is(code, "cy") ? LANGUAGE_CY : LANGUAGE_EN;
}

static bool domain_acceptable(struct str domain)
{
	bool dot = false;
	for (size_t i = 0; i < domain.len; i++) {
		if (domain.at[i] != '.')
			continue;
		if (i == 0 || i + 1 == domain.len || domain.at[i - 1] == '.')
			return false;
		dot = true;
	}
	return dot;
}

bool email_normalise(struct str text, char out[EMAIL_MAX + 1])
{
	text = str_trim(text);
	if (text.len > EMAIL_MAX || !str_is_utf8(text) || str_has_control(text) ||
	    memchr(text.at, ' ', text.len))
		return false;
	struct str domain = text;
	struct str local = str_cut(&domain, '@');
	if (!local.len || memchr(domain.at, '@', domain.len) || !domain_acceptable(domain))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		out[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	out[text.len] = '\0';
	return true;
}

bool name_acceptable(struct str name)
{
	struct str trimmed = str_trim(name);
	return trimmed.len > 0 && name.len <= NAME_MAX_BYTES && str_is_utf8(name) &&
	       !str_has_control(name);
}
