#include <stdio.h>

#include "http.h"
#include "load.h"

enum {
	ANSWER_MAX = 1 << 16
};

/* One POST of an offer with a send and a receive pair; connects. */
static bool join(struct load *load, struct end *end, const json_t *seat)
{
	char authorization[512];
	(void)snprintf(authorization, sizeof authorization, "Authorization: Bearer %s",
		       json_string_value(json_object_get(seat, "token")));
	struct buf offer = buf_of(ANSWER_MAX), answer = buf_of(ANSWER_MAX);
	offer_write(&offer, load, &end->up, "a>v>a<v<", "actpass", end);
	struct http_request request = {
		.method = "POST",
		.url = json_string_value(json_object_get(seat, "media")),
		.headers = { authorization, "Content-Type: application/sdp", "Pvl-Client: page" },
		.body = buf_view(&offer),
	};
	long status = http_send(&request, &answer);
	bool joined = status == 201 && connection_connect(load, &end->up, buf_view(&answer));
	if (status != 201)
		fprintf(stderr, "load: media POST: %ld %s\n", status, buf_cstr(&answer));
	buf_clear(&offer);
	buf_clear(&answer);
	return joined;
}

bool signal_pvl(struct load *load, struct end *a, struct end *b)
{
	char url[256];
	(void)snprintf(url, sizeof url, "%s/lab/rooms", load->http);
	json_t *room = http_json("POST", url,
				 json_pack("{s:s, s:[s,s], s:i}", "kind", "social", "ends",
					   "prisoner", "visitor", "monitors", 0));
	if (!room)
		return false;
	const json_t *ends = json_object_get(room, "ends");
	(void)snprintf(a->room, sizeof a->room, "%s",
		       json_string_value(json_object_get(room, "visit")));
	bool stands = connection_open(load, &a->up, a) && connection_open(load, &b->up, b) &&
		      join(load, a, json_array_get(ends, 0)) &&
		      join(load, b, json_array_get(ends, 1));
	json_decref(room);
	return stands;
}

void signal_pvl_end(struct load *load, const struct end *a)
{
	char url[256];
	struct buf answer = buf_of(ANSWER_MAX);
	(void)snprintf(url, sizeof url, "%s/lab/rooms/%s", load->http, a->room);
	struct http_request request = { .method = "DELETE", .url = url };
	long status = http_send(&request, &answer);
	if (status / 100 != 2)
		fprintf(stderr, "load: the visit does not end: %ld %s\n", status,
			buf_cstr(&answer));
	buf_clear(&answer);
}

void signal_close(void)
{
	http_close();
}
