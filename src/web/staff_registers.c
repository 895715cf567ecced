#include "web/staff_registers.h"

#include <time.h>

#include "base/assert.h"
#include "base/csv.h"
#include "service/register.h"
#include "web/confirm.h"
#include "web/web.h"

enum {
	WHO_TAKES = WHO_GOVERNOR | WHO_INSPECTOR,
	BYTES_A_ROW = 4096, /* at most: texts have their maxima */
};

static void write_moment(struct buf *out, struct wall at)
{
	char text[32] = "";
	time_t seconds = (time_t)at.s;
	struct tm utc;
	if (at.s != 0)
		strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &utc));
	csv_field(out, str_from(text));
}

static void write_number(struct buf *out, int64_t number)
{
	char text[24];
	snprintf(text, sizeof text, "%lld", (long long)number);
	csv_field(out, str_from(text));
}

static void give(struct page *page, const char *name, struct buf *text)
{
	if (buf_ok(text))
		page_file(page, "text/csv; charset=utf-8", name, buf_view(text));
	else
		page_failed(page, ERR_LIMIT);
}

/* ---- authorisations to monitor ---- */

static void write_authorisation(struct buf *out, const struct authorisation *a, struct wall now)
{
	bool over = a->state == AUTHORISATION_GRANTED && !authorisation_holds(a, now);
	write_number(out, a->id.n);
	csv_field(out, str_from(a->prison.text));
	csv_field(out, str_from(a->prisoner_number.text));
	csv_field(out, a->prisoner_name);
	csv_field(out, str_from(over ? "EXPIRED" : authorisation_state_name(a->state)));
	csv_field(out, a->necessity);
	csv_field(out, a->proportionality);
	write_moment(out, a->requested_at);
	csv_field(out, a->requested_name);
	write_moment(out, a->until);
	write_moment(out, a->review_at);
	write_moment(out, a->decided_at);
	csv_field(out, a->decided_name);
	csv_field(out, a->reason);
	csv_end(out);
}

static void authorisations(struct page *page)
{
	struct store_authorisations found = { 0 };
	if (staff_asked_prison(page))
		return;
	enum err err = authorisations_register(page->service, &page->actor, page->arena,
					       staff_prison(page), &found);
	if (err != OK)
		return page_failed(page, err);
	struct buf text = buf_of((found.count + 1) * BYTES_A_ROW);
	buf_text(&text,
		 "id,prison,prisoner_number,prisoner,state,necessity,proportionality,"
		 "requested_at,requested_by,until,review_at,decided_at,decided_by,reason\r\n");
	for (size_t i = 0; i < found.count; i++)
		write_authorisation(&text, &found.list[i], page->service->now);
	give(page, "authorisations.csv", &text);
	buf_clear(&text);
}

/* ---- recordings that were handed out ---- */

static void write_disclosure(struct buf *out, const struct recording_export *e)
{
	write_number(out, e->id.n);
	csv_field(out, str_from(e->prison.text));
	csv_field(out, str_from(e->reference.text));
	csv_field(out, e->recipient);
	csv_field(out, e->reason);
	write_moment(out, e->at);
	csv_field(out, e->by_name);
	csv_field(out, str_from(role_name(e->as)));
	write_number(out, e->ask_seq);
	write_number(out, e->decide_seq);
	write_number(out, e->export_seq);
	csv_end(out);
}

static void disclosures(struct page *page)
{
	struct store_exports found = { 0 };
	if (staff_asked_prison(page))
		return;
	enum err err = disclosures_register(page->service, &page->actor, page->arena,
					    staff_prison(page), &found);
	if (err != OK)
		return page_failed(page, err);
	struct buf text = buf_of((found.count + 1) * BYTES_A_ROW);
	buf_text(&text, "id,prison,visit,recipient,reason,handed_out_at,handed_out_by,role,"
			"leaf_asked,leaf_agreed,leaf_handed_out\r\n");
	for (size_t i = 0; i < found.count; i++)
		write_disclosure(&text, &found.list[i]);
	give(page, "disclosures.csv", &text);
	buf_clear(&text);
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/authorisations/authorisations.csv", WHO_TAKES,
	  .handler = authorisations },
	{ METHOD_GET, "/staff/recordings/disclosures.csv", WHO_TAKES, .handler = disclosures },
};

const struct route_group staff_registers_routes = { rows, ARRAY_LEN(rows) };
