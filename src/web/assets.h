/*
 * assets.h - style sheets, scripts and pictures, read into memory before the sandbox.
 *
 * Addresses are /assets/<hash>/<name>, with one hash over all of them, so that
 * a script's relative imports stay in the same set; they are cached for ever.
 */
#ifndef PVL_WEB_ASSETS_H
#define PVL_WEB_ASSETS_H

#include <jansson.h>

#include "web/page.h"

enum {
	ASSETS_MAX = 128,
	ASSET_BYTES_MAX = 4 << 20,
};

struct assets;

/* Reads a folder with all below it; ERR_NOT_FOUND: there is none. */
MUST_USE enum err assets_load(const char *folder, struct assets **out);
void assets_free(struct assets *assets);
/* {"base":"/assets/<hash>","govuk_frontend_min_css":"/assets/<hash>/govuk-frontend.min.css", …} */
const json_t *assets_view(const struct assets *assets);

extern const struct route_group asset_routes;

#endif
