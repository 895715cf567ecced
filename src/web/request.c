#include "web/request.h"

#include "web/urlencoded.h"

const char *header_name(enum header header)
{
	static const char *const names[HEADER_COUNT] = {
		[HEADER_ACCEPT] = "Accept",
		[HEADER_ACCEPT_LANGUAGE] = "Accept-Language",
		[HEADER_AUTHORIZATION] = "Authorization",
		[HEADER_CONTENT_ENCODING] = "Content-Encoding",
		[HEADER_CONTENT_TYPE] = "Content-Type",
		[HEADER_COOKIE] = "Cookie",
		[HEADER_CSRF] = "X-CSRF-Token",
		[HEADER_ENCODINGS] = "Accept-Encoding",
		[HEADER_HOST] = "Host",
		[HEADER_IF_MATCH] = "If-Match",
		[HEADER_IF_NONE_MATCH] = "If-None-Match",
		[HEADER_LAST_EVENT_ID] = "Last-Event-ID",
		[HEADER_ORIGIN] = "Origin",
		[HEADER_PVL_CLIENT] = "Pvl-Client",
		[HEADER_RANGE] = "Range",
		[HEADER_REQUEST_ID] = "X-Request-Id",
		[HEADER_SEC_FETCH_MODE] = "Sec-Fetch-Mode",
		[HEADER_SEC_FETCH_SITE] = "Sec-Fetch-Site",
	};
	return names[header];
}

struct str request_cookie(const struct request *request, const char *name)
{
	struct str rest = request->headers[HEADER_COOKIE];
	while (!str_empty(rest)) {
		struct str value = str_trim(str_cut(&rest, ';'));
		struct str key = str_cut(&value, '=');
		if (str_is(key, name))
			return value;
	}
	return STR("");
}

struct str request_query(const struct request *request, const char *name)
{
	struct str rest = request->query;
	struct str key, value;
	while (urlencoded_next(&rest, request->arena, &key, &value))
		if (str_is(key, name) && str_is_utf8(value))
			return value;
	return STR("");
}

struct str request_bearer(const struct request *request)
{
	struct str value = request->headers[HEADER_AUTHORIZATION];
	struct str scheme = str_cut(&value, ' ');
	return str_equal_nocase(scheme, STR("Bearer")) ? str_trim(value) : STR("");
}
