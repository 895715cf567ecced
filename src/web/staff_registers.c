#include "web/staff_registers.h"

#include <time.h>

#include "base/assert.h"
#include "base/csv.h"
#include "base/hex.h"
#include "service/register.h"
#include "web/confirm.h"
#include "web/view.h"
#include "web/web.h"

enum {
	WHO_TAKES = WHO_GOVERNOR | WHO_INSPECTOR,
	BYTES_A_ROW = 4096, /* at most: texts have their maxima */
	DATA_COLUMNS = 5,   /* of a copy of data alone */
	SHOWN = 200,        /* on the page; the file has all */
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

/* ---- what was handed out: recordings, and copies of people's data ---- */

static void write_export(struct buf *out, const struct recording_export *e)
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
	csv_field(out, STR("RECORDING"));
	for (int i = 0; i < DATA_COLUMNS; i++)
		csv_field(out, STR(""));
	csv_end(out);
}

/* Nobody asked in this service, and nobody agreed: those columns stay empty. */
static void write_copy(struct buf *out, const struct data_copy *c)
{
	char hash[2 * COPY_HASH_LEN + 1];
	hex_encode(bytes_of(c->hash, sizeof c->hash), hash);
	write_number(out, c->id);
	csv_field(out, str_from(c->prison.text));
	csv_field(out, STR(""));
	csv_field(out, c->recipient_name);
	csv_field(out, STR(""));
	write_moment(out, c->at);
	csv_field(out, c->by_name);
	csv_field(out, str_from(role_name(c->as)));
	csv_field(out, STR(""));
	csv_field(out, STR(""));
	write_number(out, c->seq);
	csv_field(out, STR("DATA"));
	csv_field(out, c->number);
	csv_field(out, c->name);
	csv_field(out, str_from(copy_recipient_name(c->recipient)));
	csv_field(out, str_from(copy_format_name(c->format)));
	csv_field(out, str_from(hash));
	csv_end(out);
}

/* Both lists have the newest first: whether the next is a recording; false too where none is left. */
static bool export_is_next(const struct disclosures *d, size_t exports, size_t copies)
{
	if (exports == d->exports.count)
		return false;
	return copies == d->copies.count ||
	       d->exports.list[exports].at.s >= d->copies.list[copies].at.s;
}

static void write_disclosures(struct buf *out, const struct disclosures *d)
{
	size_t exports = 0, copies = 0;
	while (exports + copies < d->exports.count + d->copies.count)
		if (export_is_next(d, exports, copies))
			write_export(out, &d->exports.list[exports++]);
		else
			write_copy(out, &d->copies.list[copies++]);
}

/* False: it was answered. */
static bool find_disclosures(struct page *page, struct disclosures *out)
{
	if (staff_asked_prison(page))
		return false;
	enum err err =
	    disclosures_register(page->service, &page->actor, page->arena, staff_prison(page), out);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void disclosures_file(struct page *page)
{
	struct disclosures found = { 0 };
	if (!find_disclosures(page, &found))
		return;
	struct buf text = buf_of((found.exports.count + found.copies.count + 1) * BYTES_A_ROW);
	buf_text(&text, "id,prison,visit,recipient,reason,handed_out_at,handed_out_by,role,"
			"leaf_asked,leaf_agreed,leaf_handed_out,kind,prisoner_number,about,"
			"recipient_is,format,sha256\r\n");
	write_disclosures(&text, &found);
	give(page, "disclosures.csv", &text);
	buf_clear(&text);
}

static json_t *export_line(const struct page *page, const struct recording_export *e)
{
	return json_pack("{s:o, s:s, s:o, s:s, s:o, s:s, s:o, s:s}", "when", page_time(page, e->at),
			 "what", page_word(page, "recordings.disclosures.what.recording"), "about",
			 view_reference(e->reference), "number", "", "recipient",
			 page_str(e->recipient), "name", "", "by", page_str(e->by_name), "hash",
			 "");
}

static json_t *copy_line(const struct page *page, const struct data_copy *c)
{
	char hash[2 * COPY_HASH_LEN + 1];
	const char *recipient = page_word(
	    page, arena_printf(page->arena, "data.codes.%s", copy_recipient_name(c->recipient)));
	hex_encode(bytes_of(c->hash, sizeof c->hash), hash);
	return json_pack("{s:o, s:s, s:o, s:o, s:s, s:o, s:o, s:s}", "when", page_time(page, c->at),
			 "what", page_word(page, "recordings.disclosures.what.data"), "about",
			 page_str(c->name), "number", page_str(c->number), "recipient", recipient,
			 "name", page_str(c->recipient_name), "by", page_str(c->by_name), "hash",
			 hash);
}

static void disclosures(struct page *page)
{
	struct disclosures found = { 0 };
	size_t exports = 0, copies = 0;
	if (!find_disclosures(page, &found))
		return;
	size_t all = found.exports.count + found.copies.count;
	json_t *lines = json_array();
	while (exports + copies < all && exports + copies < SHOWN)
		json_array_append_new(lines, export_is_next(&found, exports, copies)
						 ? export_line(page, &found.exports.list[exports++])
						 : copy_line(page, &found.copies.list[copies++]));
	json_t *view = json_pack("{s:s, s:s, s:b}", "back", "/staff/recordings", "query",
				 staff_prison_query(page), "full", all > SHOWN);
	view_list(view, "lines", lines);
	view_here(view, "recordings");
	page_render(page, 200, "staff/disclosures", view);
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/authorisations/authorisations.csv", WHO_TAKES,
	  .handler = authorisations },
	{ METHOD_GET, "/staff/recordings/disclosures", WHO_TAKES, .handler = disclosures },
	{ METHOD_GET, "/staff/recordings/disclosures.csv", WHO_TAKES, .handler = disclosures_file },
};

const struct route_group staff_registers_routes = { rows, ARRAY_LEN(rows) };
