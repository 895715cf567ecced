#include "web/security.h"

#include <sodium.h>
#include <string.h>

#include "base/hex.h"

static const char csp[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

static const struct response_header always[] = {
	{ "Content-Security-Policy", csp },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Referrer-Policy", "same-origin" }, /* with no-referrer, browsers post "Origin: null" */
	{ "Permissions-Policy", "camera=(self), microphone=(self), geolocation=(), payment=(), "
				"usb=(), display-capture=()" },
	{ "X-Content-Type-Options", "nosniff" },
};

void security_headers(const struct request *request, const struct route *route,
		      struct response *response)
{
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		response_header(response, always[i].name, always[i].value);
	if (request->tls)
		response_header(response, "Strict-Transport-Security", "max-age=31536000");
	if (route == NULL || (route->flags & ROUTE_CACHE) == 0)
		response_header(response, "Cache-Control", "no-store");
}

static const char *cookie_name(const struct request *request)
{
	return request->tls ? "__Host-pvl" : "pvl";
}

static const char *guest_name(const struct request *request)
{
	return request->tls ? "__Host-pvl-guest" : "pvl-guest";
}

struct str session_cookie(const struct request *request)
{
	return request_cookie(request, cookie_name(request));
}

static void cookie_set(struct page *page, const char *name, const char *value, bool strict)
{
	const char *text =
	    arena_printf(page->arena, "%s=%s; Path=/; HttpOnly; SameSite=%s%s%s", name,
			 value != NULL ? value : "", strict ? "Strict" : "Lax",
			 page->request->tls ? "; Secure" : "", value == NULL ? "; Max-Age=0" : "");
	response_header(page->response, "Set-Cookie", text);
}

void session_cookie_set(struct page *page, const char *value, bool strict)
{
	cookie_set(page, cookie_name(page->request), value, strict);
}

const char *guest_csrf(struct page *page, const uint8_t key[CSRF_KEY_LEN])
{
	struct str guest = request_cookie(page->request, guest_name(page->request));
	uint8_t mac[crypto_auth_hmacsha256_BYTES];
	if (guest.len < 22 || guest.len > 64) {
		uint8_t raw[16];
		char *text = arena_new(page->arena, BASE64URL_ROOM(sizeof(raw)), 1);
		random_fill(page->service->random, raw, sizeof(raw));
		base64url_encode(bytes_of(raw, sizeof(raw)), text);
		cookie_set(page, guest_name(page->request), text, false);
		guest = str_from(text);
	}
	_Static_assert(crypto_auth_hmacsha256_KEYBYTES == CSRF_KEY_LEN, "key of the MAC");
	crypto_auth_hmacsha256(mac, (const uint8_t *)guest.at, guest.len, key);
	char *out = arena_new(page->arena, BASE64URL_ROOM(sizeof(mac)), 1);
	base64url_encode(bytes_of(mac, sizeof(mac)), out);
	return out;
}

static bool origin_is_ours(const struct request *request)
{
	struct str origin = request->headers[HEADER_ORIGIN];
	const char *scheme = request->tls ? "https://" : "http://";
	if (str_empty(origin))
		return true;
	if (!str_starts(origin, scheme))
		return false;
	size_t skip = strlen(scheme);
	return str_equal_nocase(str_of(origin.at + skip, origin.len - skip),
				request->headers[HEADER_HOST]);
}

static bool site_is_ours(const struct request *request)
{
	struct str site = request->headers[HEADER_SEC_FETCH_SITE];
	return str_empty(site) || str_is(site, "same-origin") || str_is(site, "none");
}

bool csrf_good(const struct page *page, struct str token)
{
	struct bytes sent = bytes_of(token.at, token.len);
	if (!origin_is_ours(page->request) || !site_is_ours(page->request))
		return false;
	return token.len > 0 && bytes_equal_secret(sent, bytes_from_text(page->csrf));
}
