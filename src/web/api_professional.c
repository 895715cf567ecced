#include "web/api.h"

#include "base/assert.h"
#include "service/professional.h"
#include "web/api_priv.h"
#include "web/legal_page.h"

/*
 * Becoming a legal professional.  To approve one is not here: it takes two
 * people who looked, and one person may hold two keys.
 */

#define WHO_LOOKS (WHO_CONTACTS | WHO_GOVERNOR | WHO_HQ_ADMIN)

static json_t *value_of(const struct professional *p)
{
	return json_pack("{s:o, s:s, s:o, s:s, s:o}", "firm", page_str(p->firm_name), "profession",
			 profession_name(p->profession), "regulatorId", page_str(p->regulator_id),
			 "status", professional_state_name(p->state), "requestedAt",
			 api_when(p->asked_at));
}

static json_t *staff_value(const struct professional *p)
{
	json_t *out = value_of(p);
	json_object_update_new(
	    out, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "accountId", page_id(p->account.n),
			   "name", page_str(p->name), "email", page_str(p->email),
			   "firstApprovedAt", api_when(p->first_at), "secondApprovedAt",
			   api_when(p->second_at), "endedAt", api_when(p->ended_at)));
	return out;
}

/* ---- the lawyer's own ---- */

static void answer_mine(struct page *page, int status)
{
	struct professional mine = { 0 };
	enum err err = professional_mine(page->service, &page->actor, page->arena, &mine);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, status, value_of(&mine));
}

static void mine(struct page *page)
{
	answer_mine(page, 200);
}

static bool read_new(struct page *page, struct professional_new *out)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	if (body == NULL)
		return false;
	*out = (struct professional_new){ .firm = api_text(&faults, body, "firm", true) };
	if (!profession_of(api_text(&faults, body, "profession", true), &out->profession))
		api_fault(&faults, "profession",
			  "SOLICITOR, BARRISTER, LEGAL_EXECUTIVE, CLERK or INTERPRETER.");
	out->regulator_id = api_text(&faults, body, "regulatorId", true);
	out->born = api_date(&faults, body, "dateOfBirth");
	if (out->firm.len > FIRM_NAME_MAX)
		api_fault(&faults, "firm", "At most 120 bytes.");
	if (out->regulator_id.len > REGULATOR_ID_MAX)
		api_fault(&faults, "regulatorId", "At most 40 bytes.");
	return api_good(page, &faults);
}

/* Asked once: the same again tells how it stands. */
static void ask(struct page *page)
{
	struct professional_new new;
	if (!read_new(page, &new))
		return;
	enum err err = professional_ask(page->service, &page->actor, &new);
	if (err == ERR_CONFLICT)
		return answer_mine(page, 200);
	if (err != OK)
		return page_failed(page, err);
	answer_mine(page, 201);
}

/* ---- staff ---- */

static void list(struct page *page)
{
	struct professional_list found = { 0 };
	enum err err = professionals_find(page->service, &page->actor, page->arena, &found);
	if (err != OK)
		return page_failed(page, err);
	json_t *out = json_array();
	for (size_t i = 0; i < found.count; i++)
		json_array_append_new(out, staff_value(&found.list[i]));
	api_answer_list(page, AUDIT_LIST_PROFESSIONALS, page->actor.prison, out);
}

static void end(struct page *page)
{
	struct account_id account = { page_param_id(page, 0) };
	struct professional p = { 0 };
	struct str reason;
	if (!api_reason(page, &reason))
		return;
	enum err err = professional_find(page->service, &page->actor, page->arena, account, &p);
	if (err == OK)
		err = legal_put_out(page, &p, reason);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 200,
		  json_pack("{s:s}", "status",
			    professional_state_name(p.state == PROFESSIONAL_VERIFIED
							? PROFESSIONAL_REVOKED
							: PROFESSIONAL_REFUSED)));
}

static const struct route rows[] = {
	{ METHOD_GET, "/api/v1/legal/professional", WHO_FAMILY, .flags = ROUTE_API,
	  .handler = mine },
	{ METHOD_POST, "/api/v1/legal/professional", WHO_FAMILY, BODY_JSON, 4096, ROUTE_API, ask },
	{ METHOD_GET, "/api/v1/legal/professionals", WHO_LOOKS,
	  .flags = ROUTE_API | ROUTE_LOOK_LIST, .handler = list },
	{ METHOD_PUT, "/api/v1/legal/professionals/{account}/end", WHO_LOOKS, BODY_JSON, 4096,
	  ROUTE_API, end },
};
const struct route_group api_professional_routes = { rows, ARRAY_LEN(rows) };
