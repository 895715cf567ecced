#include "web/witness_api.h"

#include "base/assert.h"
#include "base/hex.h"
#include "service/audit.h"
#include "service/witness.h"
#include "web/proof.h"
#include "web/web.h"

enum {
	NOTE_BODY_MAX = 2 * NOTE_MAX, /* as JSON spells it */
};

static bool may_ask(struct page *page)
{
	return limits_take_address(page->web->limits, LIMIT_CHALLENGE_PREFIX, &page->request->peer,
				   page->request->now);
}

static void answer_text(struct page *page, enum err err)
{
	if (err == ERR_NOT_FOUND)
		return page_not_found(page);
	if (err != OK)
		return page_failed(page, err);
	page->response->status = 200;
	page->response->content_type = "text/plain; charset=utf-8";
}

/* ---- heads ---- */

/* For anybody: it says how many leaves there are and their root, and nothing else.  Who keeps one can
 * find out later whether the log was changed (pvl audit verify --checkpoint). */
static void head(struct page *page)
{
	buf_reset(&page->response->body);
	answer_text(page, audit_head_newest(page->service, &page->response->body));
}

static void head_to_witness(struct page *page)
{
	buf_reset(&page->response->body);
	answer_text(page, witness_head_find(page->service, &page->response->body));
}

/* ---- that the log only grew ---- */

static bool query_size(const struct page *page, const char *name, uint64_t *out)
{
	return str_u64(request_query(page->request, name), INT64_MAX, out);
}

/* Hashes alone, one a line, as RFC 9162 section 2.1.4 orders them. */
static void growth(struct page *page)
{
	struct tlog_proof proof = { 0 };
	struct buf *out = &page->response->body;
	uint64_t from, to;
	enum err err = ERR_NOT_FOUND;
	if (!may_ask(page))
		return page_problem(page, 429, "too-many", "Wait a moment before the next try.");
	if (query_size(page, "from", &from) && query_size(page, "to", &to))
		err = audit_prove_growth(page->service, from, to, &proof);
	buf_reset(out);
	if (err == OK)
		tlog_proof_write(&proof, out);
	answer_text(page, err);
}

/* ---- cosignatures ---- */

static void cosigned(struct page *page)
{
	const json_t *body = page_body_json(page);
	int taken = 0;
	if (body == NULL)
		return;
	if (!may_ask(page))
		return page_problem(page, 429, "too-many", "Wait a moment before the next try.");
	enum err err = witness_cosigned(page->service, proof_member(body, "note"), &taken);
	if (err == OK)
		return page_json(page, 200, json_pack("{s:i}", "taken", taken));
	if (err == ERR_NOT_FOUND)
		return page_problem(page, 404, "witness",
				    "This is no head of this log, or no key that has signed it is "
				    "known here. Headquarters add keys under Audit, Witnesses.");
	if (err == ERR_CRYPTO)
		return page_problem(page, 403, "cosignature",
				    "A cosignature is not that of the key it names.");
	if (err == ERR_BAD)
		return page_problem(
		    page, 400, "note",
		    "note is a head with cosignatures beneath it, made now: look at "
		    "the clock.");
	page_failed(page, err);
}

static void terminal_key(struct page *page)
{
	const json_t *body = page_body_json(page);
	uint8_t public[NOTE_PUBLIC_LEN];
	struct actor terminal;
	struct str name;
	size_t len;
	if (body == NULL)
		return;
	if (!base64url_decode(proof_member(body, "key"), public, sizeof public, &len) ||
	    len != sizeof public)
		return page_problem(page, 400, "key", "key is an Ed25519 public key, 32 bytes.");
	if (!proof_taken(page, body, &terminal))
		return;
	enum err err = witness_of_terminal(page->service, &terminal, page->arena, public, &name);
	if (err != OK)
		return page_failed(page, err);
	proof_answer(page, &terminal, json_pack("{s:o}", "name", page_str(name)));
}

static const struct route rows[] = {
	{ METHOD_GET, "/audit/head", WHO_ANYONE, .handler = head },
	{ METHOD_GET, "/audit/head/to-witness", WHO_ANYONE, .handler = head_to_witness },
	{ METHOD_GET, "/audit/growth", WHO_ANYONE, .handler = growth },
	{ METHOD_POST, "/api/v1/audit/cosignatures", WHO_PROOF, BODY_JSON, NOTE_BODY_MAX, ROUTE_API,
	  cosigned },
	{ METHOD_POST, "/api/v1/terminal/witness", WHO_PROOF, BODY_JSON, 4096, ROUTE_API,
	  terminal_key },
};

const struct route_group witness_api_routes = { rows, ARRAY_LEN(rows) };
