/*
 * The videoroom of Janus over its HTTP transport: each end publishes on one
 * PeerConnection and subscribes to the other on a second.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http.h"
#include "load.h"

enum {
	SDP_TEXT_MAX = 1 << 16,
	POLLS_MAX = 8,
	ERROR_TEXT_MAX = 128,
	FEED_TRIES = 40,
	FEED_REST_MS = 50
};

struct handle {
	int64_t session;
	int64_t handle;
};

static void url_of(char *out, size_t cap, const struct load *load, const struct handle *h)
{
	if (h->handle)
		(void)snprintf(out, cap, "%s/janus/%" PRId64 "/%" PRId64, load->http, h->session,
			       h->handle);
	else if (h->session)
		(void)snprintf(out, cap, "%s/janus/%" PRId64, load->http, h->session);
	else
		(void)snprintf(out, cap, "%s/janus", load->http);
}

/* Sends a request of the core; returns data.id. */
static int64_t ask_id(struct load *load, const struct handle *h, json_t *request)
{
	char url[256];
	url_of(url, sizeof url, load, h);
	json_object_set_new(request, "transaction", json_string("t"));
	json_t *answer = http_json("POST", url, request);
	int64_t id = json_integer_value(json_object_get(json_object_get(answer, "data"), "id"));
	json_decref(answer);
	return id;
}

/* Sends a message to the plugin; body and jsep are given away. */
static json_t *tell(struct load *load, const struct handle *h, json_t *body, json_t *jsep)
{
	char url[256];
	url_of(url, sizeof url, load, h);
	json_t *request =
	    json_pack("{s:s, s:s, s:o}", "janus", "message", "transaction", "t", "body", body);
	if (jsep)
		json_object_set_new(request, "jsep", jsep);
	return http_json("POST", url, request);
}

/* What the plugin complains of; NULL: nothing. */
static const char *error_of(const json_t *event)
{
	const json_t *data = json_object_get(json_object_get(event, "plugindata"), "data");
	return json_string_value(json_object_get(data, "error"));
}

/* Polls the session until an event with the wanted plugin data field, or with jsep; *error says
 * why there is none. */
static json_t *poll_event(struct load *load, const struct handle *h, bool with_jsep,
			  char error[ERROR_TEXT_MAX])
{
	char url[300];
	(void)snprintf(url, sizeof url, "%s/janus/%" PRId64 "?maxev=1", load->http, h->session);
	json_t *event = NULL;
	for (int i = 0; i < POLLS_MAX; i++) {
		event = http_json("GET", url, NULL);
		const char *kind = json_string_value(json_object_get(event, "janus"));
		bool plugin = kind && strcmp(kind, "event") == 0;
		if (plugin && (!with_jsep || json_object_get(event, "jsep")))
			return event;
		if (!event || error_of(event))
			break;
		json_decref(event);
		event = NULL;
	}
	const char *said = event ? error_of(event) : NULL;
	(void)snprintf(error, ERROR_TEXT_MAX, "%s", said ? said : "no such event");
	json_decref(event);
	return NULL;
}

static json_t *wait_event(struct load *load, const struct handle *h, bool with_jsep)
{
	char error[ERROR_TEXT_MAX];
	json_t *event = poll_event(load, h, with_jsep, error);
	if (!event)
		fprintf(stderr, "load: Janus: %s\n", error);
	return event;
}

static bool connect_with(struct load *load, struct connection *c, const json_t *event)
{
	const char *sdp = json_string_value(json_object_get(json_object_get(event, "jsep"), "sdp"));
	return sdp && connection_connect(load, c, str_from(sdp));
}

static bool publish(struct load *load, struct end *end, const struct handle *h, int room, int id)
{
	struct buf offer = buf_of(SDP_TEXT_MAX);
	json_decref(tell(load, h,
			 json_pack("{s:s, s:s, s:i, s:i}", "request", "join", "ptype", "publisher",
				   "room", room, "id", id),
			 NULL));
	json_decref(wait_event(load, h, false));
	offer_write(&offer, load, &end->up, "a>v>", "actpass", end);
	json_decref(tell(
	    load, h, json_pack("{s:s, s:b, s:b}", "request", "configure", "audio", 1, "video", 1),
	    json_pack("{s:s, s:s}", "type", "offer", "sdp", buf_cstr(&offer))));
	json_t *event = wait_event(load, h, true);
	bool stands = event && connect_with(load, &end->up, event);
	json_decref(event);
	buf_clear(&offer);
	return stands;
}

/* Our keys stand a moment before those of Janus, which until then knows no such feed. */
static json_t *join_feed(struct load *load, const struct handle *h, int room, int feed)
{
	char error[ERROR_TEXT_MAX];
	for (int i = 0; i < FEED_TRIES; i++) {
		json_decref(tell(load, h,
				 json_pack("{s:s, s:s, s:i, s:i}", "request", "join", "ptype",
					   "subscriber", "room", room, "feed", feed),
				 NULL));
		json_t *event = poll_event(load, h, true, error);
		if (event)
			return event;
		usleep(FEED_REST_MS * 1000);
	}
	fprintf(stderr, "load: Janus: %s\n", error);
	return NULL;
}

/* Janus offers; we answer as DTLS server, so that it starts. */
static bool subscribe(struct load *load, struct end *end, const struct handle *h, int room,
		      int feed)
{
	struct buf answer = buf_of(SDP_TEXT_MAX);
	json_t *event = join_feed(load, h, room, feed);
	offer_write(&answer, load, &end->down, "a<v<", "passive", end);
	json_decref(tell(load, h, json_pack("{s:s}", "request", "start"),
			 json_pack("{s:s, s:s}", "type", "answer", "sdp", buf_cstr(&answer))));
	bool stands = event && connect_with(load, &end->down, event);
	json_decref(event);
	buf_clear(&answer);
	return stands;
}

static bool attach(struct load *load, struct handle *h)
{
	if (!h->session)
		h->session =
		    ask_id(load, &(struct handle){ 0 }, json_pack("{s:s}", "janus", "create"));
	h->handle =
	    ask_id(load, &(struct handle){ .session = h->session },
		   json_pack("{s:s, s:s}", "janus", "attach", "plugin", "janus.plugin.videoroom"));
	return h->session && h->handle;
}

bool signal_janus(struct load *load, struct end *a, struct end *b, int visit)
{
	struct end *ends[2] = { a, b };
	struct handle handles[2] = { 0 };
	int room = 10000 + visit;
	for (int i = 0; i < 2; i++)
		if (!connection_open(load, &ends[i]->up, ends[i]) ||
		    !connection_open(load, &ends[i]->down, ends[i]) || !attach(load, &handles[i]))
			return false;
	json_decref(tell(load, &handles[0],
			 json_pack("{s:s, s:i, s:i, s:s, s:s, s:i}", "request", "create", "room",
				   room, "publishers", 2, "videocodec", "vp8", "audiocodec", "opus",
				   "bitrate", 2000000),
			 NULL));
	for (int i = 0; i < 2; i++)
		if (!publish(load, ends[i], &handles[i], room, i + 1))
			return false;
	for (int i = 0; i < 2; i++) {
		struct handle h = { .session = handles[i].session };
		if (!attach(load, &h) || !subscribe(load, ends[i], &h, room, 2 - i))
			return false;
	}
	return true;
}
