#include "web/proxies.h"

#include <string.h>

bool proxies_add(struct proxies *proxies, struct str address)
{
	if (proxies->len == PROXIES_MAX ||
	    !address_from_text(address, 0, &proxies->list[proxies->len]))
		return false;
	proxies->len++;
	return true;
}

bool proxies_know(const struct proxies *proxies, const struct address *address)
{
	for (size_t i = 0; i < proxies->len; i++) {
		const struct address *one = &proxies->list[i];
		if (one->family == address->family &&
		    memcmp(one->ip, address->ip, sizeof one->ip) == 0)
			return true;
	}
	return false;
}

/* Takes what stands behind the last comma off the text. */
static struct str take_last(struct str *text)
{
	size_t at = text->len;
	while (at > 0 && text->at[at - 1] != ',')
		at--;
	struct str last = str_trim(str_of(text->at + at, text->len - at));
	text->len = at > 0 ? at - 1 : 0;
	return last;
}

struct address proxies_asker(const struct proxies *proxies, const struct address *connection,
			     struct str forwarded)
{
	struct address asker = *connection, next;
	while (forwarded.len > 0 && proxies_know(proxies, &asker)) {
		if (!address_from_text(take_last(&forwarded), 0, &next))
			break;
		asker = next;
	}
	return asker;
}
