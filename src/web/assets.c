#include "web/assets.h"

#include <fts.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/hex.h"
#include "base/mem.h"
#include "sys/files.h"
#include "web/web.h"

struct asset {
	char *name; /* "js/visit.js" */
	const char *content_type;
	struct buf body;
	struct buf gzip; /* empty where it saves nothing, or nobody asked yet */
	bool packed;
};

struct assets {
	char hash[17];
	size_t len;
	struct asset all[ASSETS_MAX];
	json_t *view;
};

static const char *content_type_of(const char *name)
{
	static const char *const types[][2] = {
		{ ".css", "text/css; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".ico", "image/x-icon" },
		{ ".json", "application/json" },
		{ ".woff2", "font/woff2" },
		{ ".webmanifest", "application/manifest+json" },
		{ ".wasm", "application/wasm" },
	};
	const char *end = strrchr(name, '.');
	for (size_t i = 0; end != NULL && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(end, types[i][0]) == 0)
			return types[i][1];
	return NULL;
}

/* Once, when it is first asked for: a service that starts again has people waiting. */
static void pack(struct asset *asset)
{
	z_stream z = { 0 };
	asset->packed = true;
	if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return;
	size_t room = deflateBound(&z, asset->body.len);
	uint8_t *out = mem_new(room, 1);
	z.next_in = (Bytef *)asset->body.at;
	z.avail_in = (uInt)asset->body.len;
	z.next_out = out;
	z.avail_out = (uInt)room;
	if (deflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out + 64 < asset->body.len)
		buf_put(&asset->gzip, out, z.total_out);
	deflateEnd(&z);
	free(out);
}

static void add(struct assets *assets, const char *path, const char *name)
{
	const char *type = content_type_of(name);
	struct asset *asset = &assets->all[assets->len];
	if (type == NULL || assets->len == ASSETS_MAX)
		return;
	*asset = (struct asset){ .content_type = type,
				 .body = buf_of(ASSET_BYTES_MAX),
				 .gzip = buf_of(ASSET_BYTES_MAX) };
	if (file_read(path, &asset->body) != OK) {
		buf_clear(&asset->body);
		return;
	}
	asset->name = strdup(name);
	assets->len++;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void make_hash(struct assets *assets)
{
	crypto_hash_sha256_state state;
	uint8_t hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_init(&state);
	for (size_t i = 0; i < assets->len; i++) {
		const struct asset *asset = &assets->all[i];
		crypto_hash_sha256_update(&state, (const uint8_t *)asset->name,
					  strlen(asset->name) + 1);
		crypto_hash_sha256_update(&state, (const uint8_t *)asset->body.at, asset->body.len);
	}
	crypto_hash_sha256_final(&state, hash);
	hex_encode(bytes_of(hash, 8), assets->hash);
}

/* As mustache can say it: "js/visit-view.js" is visit_view_js. */
static void view_key(const char *name, char *key, size_t room)
{
	const char *last = strrchr(name, '/');
	snprintf(key, room, "%s", last != NULL ? last + 1 : name);
	for (char *c = key; *c != '\0'; c++)
		if (*c == '.' || *c == '-')
			*c = '_';
}

static void make_view(struct assets *assets)
{
	char key[256], address[320];
	assets->view = json_object();
	snprintf(address, sizeof(address), "/assets/%s", assets->hash);
	json_object_set_new(assets->view, "base", json_string(address));
	for (size_t i = 0; i < assets->len; i++) {
		view_key(assets->all[i].name, key, sizeof(key));
		snprintf(address, sizeof(address), "/assets/%s/%s", assets->hash,
			 assets->all[i].name);
		json_object_set_new(assets->view, key, json_string(address));
	}
}

enum err assets_load(const char *folder, struct assets **out)
{
	char *const paths[] = { (char *)(uintptr_t)folder, NULL };
	struct assets *assets = mem_new(1, sizeof(*assets));
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
	FTSENT *entry;
	while (walk != NULL && (entry = fts_read(walk)) != NULL)
		if (entry->fts_info == FTS_F && strlen(entry->fts_path) > strlen(folder) + 1)
			add(assets, entry->fts_path, entry->fts_path + strlen(folder) + 1);
	if (walk != NULL)
		fts_close(walk);
	make_hash(assets);
	make_view(assets);
	if (assets->len == 0) {
		assets_free(assets);
		return ERR_NOT_FOUND;
	}
	*out = assets;
	return OK;
}

void assets_free(struct assets *assets)
{
	if (assets == NULL)
		return;
	for (size_t i = 0; i < assets->len; i++) {
		free(assets->all[i].name);
		buf_clear(&assets->all[i].body);
		buf_clear(&assets->all[i].gzip);
	}
	json_decref(assets->view);
	free(assets);
}

const json_t *assets_view(const struct assets *assets)
{
	return assets->view;
}

static struct asset *asset_find(struct assets *assets, const char *name)
{
	for (size_t i = 0; i < assets->len; i++)
		if (strcmp(assets->all[i].name, name) == 0)
			return &assets->all[i];
	return NULL;
}

static void asset_answer(struct page *page, const char *name, const char *caching)
{
	struct assets *assets = page->web->assets;
	struct asset *asset = assets != NULL ? asset_find(assets, name) : NULL;
	struct str encodings = page->request->headers[HEADER_ENCODINGS];
	struct response *response = page->response;
	if (asset == NULL)
		return page_not_found(page);
	bool asked = memmem(encodings.at, encodings.len, "gzip", 4) != NULL;
	if (asked && !asset->packed)
		pack(asset);
	bool gzip = asked && asset->gzip.len > 0;
	response->kind = RESPONSE_STATIC;
	response->status = 200;
	response->content_type = asset->content_type;
	response->fixed = buf_bytes(gzip ? &asset->gzip : &asset->body);
	response_header(response, "Cache-Control", caching);
	response_header(response, "Vary", "Accept-Encoding");
	if (gzip)
		response_header(response, "Content-Encoding", "gzip");
}

static const char for_ever[] = "public, max-age=31536000, immutable";

/* Names without the hash: style sheets made elsewhere say /assets/images/…, tests /assets/visit.js. */
static const char for_now[] = "public, max-age=300";

static bool hash_is_ours(const struct page *page)
{
	const struct assets *assets = page->web->assets;
	return assets != NULL && str_is(page_param(page, 0), assets->hash);
}

static void asset_get(struct page *page)
{
	struct str first = page_param(page, 0), name = page_param(page, 1);
	if (hash_is_ours(page))
		return asset_answer(page, arena_text(page->arena, name), for_ever);
	asset_answer(page, arena_printf(page->arena, "%.*s/%.*s", STR_FMT(first), STR_FMT(name)),
		     for_now);
}

static void asset_get_plain(struct page *page)
{
	asset_answer(page, arena_text(page->arena, page_param(page, 0)), for_now);
}

static void asset_get_in_folder(struct page *page)
{
	struct str folder = page_param(page, 1), name = page_param(page, 2);
	if (!hash_is_ours(page))
		return page_not_found(page);
	asset_answer(page, arena_printf(page->arena, "%.*s/%.*s", STR_FMT(folder), STR_FMT(name)),
		     for_ever);
}

static const struct route rows[] = {
	{ METHOD_GET, "/assets/{name}", WHO_ANYONE, BODY_NONE, 0, ROUTE_CACHE, asset_get_plain },
	{ METHOD_GET, "/assets/{hash}/{name}", WHO_ANYONE, BODY_NONE, 0, ROUTE_CACHE, asset_get },
	{ METHOD_GET, "/assets/{hash}/{folder}/{name}", WHO_ANYONE, BODY_NONE, 0, ROUTE_CACHE,
	  asset_get_in_folder },
};
const struct route_group asset_routes = { rows, sizeof(rows) / sizeof(rows[0]) };
