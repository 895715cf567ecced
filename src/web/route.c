#include "web/route.h"

#include <string.h>

enum {
	BODY_MAX_DEFAULT = 16 << 10
};

static bool part_matches(struct str pattern, struct str part, struct str *param, bool *is_param)
{
	*is_param = pattern.len > 1 && pattern.at[0] == '{';
	if (!*is_param)
		return str_equal(pattern, part);
	*param = part;
	return !str_empty(part);
}

/* What stands before the first parameter; it settles most rows. */
static bool begins_alike(const char *pattern, struct str path)
{
	for (size_t i = 0; pattern[i] != '\0' && pattern[i] != '{'; i++)
		if (i == path.len || path.at[i] != pattern[i])
			return false;
	return true;
}

/* Both begin with '/'. */
static bool path_matches(const char *pattern, struct str path, struct str *params)
{
	struct str want = str_from(pattern);
	size_t found = 0;
	if (str_empty(path) || path.at[0] != '/')
		return false;
	str_cut(&want, '/');
	str_cut(&path, '/');
	for (;;) {
		bool want_more = memchr(want.at, '/', want.len) != NULL;
		bool path_more = memchr(path.at, '/', path.len) != NULL;
		struct str param;
		bool is_param;
		if (want_more != path_more)
			return false;
		if (!part_matches(str_cut(&want, '/'), str_cut(&path, '/'), &param, &is_param))
			return false;
		if (is_param && found < ROUTE_PARAMS_MAX)
			params[found++] = param;
		if (!want_more)
			return true;
	}
}

/* Letters, digits and a few signs: nothing that a handler would have to decode. */
static bool path_is_plain(struct str path)
{
	for (size_t i = 0; i < path.len; i++) {
		char c = path.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || (c != '\0' && strchr("/-_.~", c) != NULL);
		if (!plain)
			return false;
	}
	return path.len <= 512;
}

/* Fixed paths come before patterns: "/visits/new" is not a reference. */
static bool is_fixed(const char *pattern)
{
	return strchr(pattern, '{') == NULL;
}

static void consider(struct route_match *match, const struct route *route, enum method method,
		     struct str path)
{
	struct str params[ROUTE_PARAMS_MAX] = { 0 };
	if (match->route != NULL && (is_fixed(match->route->path) || !is_fixed(route->path)))
		return;
	if (!begins_alike(route->path, path) || !path_matches(route->path, path, params))
		return;
	match->path_known = true;
	if (route->method != method)
		return;
	match->route = route;
	memcpy(match->params, params, sizeof(params));
}

struct route_match route_find(const struct route_group *const *groups, size_t len,
			      enum method method, struct str path)
{
	struct route_match match = { 0 };
	if (!path_is_plain(path))
		return match;
	for (size_t g = 0; g < len; g++)
		for (size_t i = 0; i < groups[g]->len; i++)
			consider(&match, &groups[g]->rows[i], method, path);
	return match;
}

uint32_t route_body_max(const struct route *route)
{
	return route->body_max == 0 ? BODY_MAX_DEFAULT : route->body_max;
}
