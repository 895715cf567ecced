#include "web/status.h"

#include "web/embedded.h"
#include "web/http.h"
#include "web/live.h"
#include "web/objects_link.h"
#include "web/page.h"
#include "web/vault_link.h"
#include "web/web.h"

enum {
	COMMIT_FAILED_SHOWN_S = 60,
};

static int64_t uptime_s(const struct web *web)
{
	return mono_diff_us(web->now, web->started) / 1000000;
}

static size_t workers_up(const struct web *web)
{
	size_t up = 0;
	for (size_t i = 0; i < SUPERVISOR_WORKERS_MAX; i++)
		up += media_link_worker_find(live_link(web->live), i)->up;
	return up;
}

/* Until a write succeeds, or nobody has written for a while and it may be well again. */
static bool stores(const struct web *web)
{
	return web->commit_failed_at.us == 0 ||
	       mono_diff_us(web->now, web->commit_failed_at) > COMMIT_FAILED_SHOWN_S * 1000000LL;
}

static json_t *component(bool up)
{
	return json_pack("{s:s}", "status", up ? "UP" : "DOWN");
}

/* Whether heads of the audit log are signed.  Visits go on without, so it does not count for the
 * whole; it is for whoever watches the service. */
static json_t *audit(const struct web *web)
{
	struct vault_state state = { 0 };
	if (web->vault != NULL)
		state = vault_link_state(web->vault);
	json_t *out = component(state.up && !state.refused);
	json_object_set_new(out, "details",
			    json_pack("{s:I, s:b}", "signedLeaves", (json_int_t)state.signed_size,
				      "logIsNotWhatWasSigned", state.refused));
	return out;
}

/* Where recordings are kept besides their folder: it is not counted for the whole either. */
static json_t *recordings(const struct web *web)
{
	struct objects_state state = { 0 };
	bool there = objects_link_state(web->objects, &state);
	json_t *out = component(there && state.last == OBJECTS_DONE && !state.full);
	json_object_set_new(out, "details",
			    json_pack("{s:i, s:I, s:b, s:s}", "waiting", (int)state.waiting,
				      "waitingBytes", (json_int_t)state.bytes, "full",
				      (int)state.full, "store",
				      there ? objects_outcome_name(state.last) : "AWAY"));
	return out;
}

/* The shape that HMPPS services have (stack.md section 11): 200, or 500 when something is down. */
static void health(struct page *page)
{
	const struct web *web = page->web;
	bool store = stores(web);
	size_t up = workers_up(web);
	json_t *media = component(up > 0);
	json_object_set_new(media, "details", json_pack("{s:i}", "workers", (int)up));
	json_t *view =
	    json_pack("{s:s, s:{s:o, s:o, s:o}, s:{s:s, s:s}, s:s, s:I}", "status",
		      store && up > 0 ? "UP" : "DOWN", "components", "store", component(store),
		      "media", media, "audit", audit(web), "build", "buildNumber",
		      web->config.version, "gitRef", web->config.version, "version",
		      web->config.version, "uptime", (json_int_t)uptime_s(web));
	if (web->config.recordings_apart)
		json_object_set_new(json_object_get(view, "components"), "recordings",
				    recordings(web));
	page_json(page, store && up > 0 ? 200 : 500, view);
}

static void ping(struct page *page)
{
	page_json(page, 200, json_pack("{s:s}", "status", "UP"));
}

static void info(struct page *page)
{
	const char *version = page->web->config.version;
	page_json(page, 200,
		  json_pack("{s:{s:s}, s:{s:s, s:s, s:s}, s:I, s:s}", "git", "branch", "main",
			    "build", "artifact", "prison-video-link", "version", version, "name",
			    "prison-video-link", "uptime", (json_int_t)uptime_s(page->web),
			    "productId", "prison-video-link"));
}

static void metric(struct buf *out, const char *name, const char *type, const char *help,
		   uint64_t value)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %llu\n", name, help, name, type, name,
		   (unsigned long long)value);
}

static void web_metrics(struct buf *out, const struct web *web)
{
	struct live_counts live = live_counts(web->live);
	buf_text(out, "# HELP pvl_http_requests_total Requests answered, by class of status.\n"
		      "# TYPE pvl_http_requests_total counter\n");
	for (int i = 2; i < 6; i++)
		buf_printf(out, "pvl_http_requests_total{class=\"%dxx\"} %llu\n", i,
			   (unsigned long long)web->counts.by_class[i]);
	metric(out, "pvl_http_connections", "gauge", "Open connections.",
	       http_connections(web->http));
	metric(out, "pvl_commits_failed_total", "counter", "Turns whose commit failed.",
	       web->counts.commits_failed);
	metric(out, "pvl_limited_total", "counter", "Requests refused for their number.",
	       web->counts.limited);
	metric(out, "pvl_visits_open", "gauge", "Visits with somebody there.", live.visits);
	metric(out, "pvl_peers_connected", "gauge", "Connections with media keys.", live.connected);
	metric(out, "pvl_offers_total", "counter", "Media offers taken.", live.offers);
	metric(out, "pvl_visits_moved_total", "counter",
	       "Visits whose media process went away under them.", live.reconnects);
	if (web->vault != NULL) {
		struct vault_state vault = vault_link_state(web->vault);
		metric(out, "pvl_audit_signed_leaves", "gauge",
		       "Leaves of the audit log under the newest signed head.", vault.signed_size);
		metric(out, "pvl_audit_refused", "gauge",
		       "1: the audit log is not the one that was signed.", vault.refused);
	}
	struct objects_state objects;
	if (objects_link_state(web->objects, &objects)) {
		metric(out, "pvl_recordings_waiting", "gauge",
		       "Segments of recordings that are to go to the object store.",
		       objects.waiting);
		metric(out, "pvl_recordings_waiting_bytes", "gauge", "Their size.", objects.bytes);
		metric(out, "pvl_recordings_store_away", "gauge",
		       "1: the object store did not take, give or delete what it was last asked.",
		       objects.last != OBJECTS_DONE);
	}
	metric(out, "pvl_uptime_seconds", "gauge", "Since pvl-web started.",
	       (uint64_t)uptime_s(web));
}

static void worker_metrics(struct buf *out, size_t i, const struct media_worker *worker)
{
	const struct media_heartbeat *h = &worker->last;
	buf_printf(out, "pvl_media_up{worker=\"%zu\"} %d\n", i, worker->up);
	buf_printf(out, "pvl_media_starts{worker=\"%zu\"} %u\n", i, worker->starts);
	buf_printf(out, "pvl_media_visits{worker=\"%zu\"} %u\n", i, h->visits);
	buf_printf(out, "pvl_media_peers{worker=\"%zu\"} %u\n", i, h->peers);
	buf_printf(out, "pvl_media_packets_in_total{worker=\"%zu\"} %llu\n", i,
		   (unsigned long long)h->packets_in);
	buf_printf(out, "pvl_media_packets_out_total{worker=\"%zu\"} %llu\n", i,
		   (unsigned long long)h->packets_out);
	buf_printf(out, "pvl_media_turn_microseconds_max{worker=\"%zu\"} %u\n", i, h->turn_us_max);
	for (size_t d = 0; d < sizeof(h->dropped_by) / sizeof(h->dropped_by[0]); d++)
		buf_printf(out, "pvl_media_dropped_total{worker=\"%zu\",cause=\"%s\"} %llu\n", i,
			   media_drop_name((enum media_drop)d),
			   (unsigned long long)h->dropped_by[d]);
}

static void metrics(struct page *page)
{
	struct buf *out = &page->response->body;
	buf_reset(out);
	web_metrics(out, page->web);
	for (size_t i = 0; i < SUPERVISOR_WORKERS_MAX; i++) {
		const struct media_worker *worker =
		    media_link_worker_find(live_link(page->web->live), i);
		if (worker->starts > 0 || worker->up)
			worker_metrics(out, i, worker);
	}
	page->response->status = 200;
	page->response->content_type = "text/plain; version=0.0.4; charset=utf-8";
}

static void openapi(struct page *page)
{
	buf_reset(&page->response->body);
	buf_put(&page->response->body, embedded_openapi.text, embedded_openapi.len);
	page->response->status = 200;
	page->response->content_type = "application/json";
}

static const struct route rows[] = {
	{ METHOD_GET, "/health", WHO_ANYONE, BODY_NONE, 0, ROUTE_API, health },
	{ METHOD_GET, "/ping", WHO_ANYONE, BODY_NONE, 0, ROUTE_API, ping },
	{ METHOD_GET, "/info", WHO_ANYONE, BODY_NONE, 0, ROUTE_API, info },
	{ METHOD_GET, "/metrics", WHO_ANYONE, BODY_NONE, 0, ROUTE_API, metrics },
	{ METHOD_GET, "/api/openapi.json", WHO_ANYONE, BODY_NONE, 0, ROUTE_API, openapi },
};
const struct route_group status_routes = { rows, sizeof(rows) / sizeof(rows[0]) };
