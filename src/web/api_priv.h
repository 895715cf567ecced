/*
 * api_priv.h - what the parts of the JSON API share.
 *
 * Names of paths and fields follow the prison service's visit scheduler, so
 * that what talks to it can talk to us.  Times are RFC 3339 in UTC, ids texts.
 */
#ifndef PVL_WEB_API_PRIV_H
#define PVL_WEB_API_PRIV_H

#include "domain/audit.h"
#include "domain/booking.h"
#include "service/booking.h"
#include "service/waiting.h"
#include "web/page.h"

enum {
	API_FAULTS_MAX = 16,
	API_TEXT_MAX = 500, /* bytes of a reason */
};

/* What is wrong with a body or a query, all at once. */
struct api_faults {
	size_t count;
	struct {
		const char *field;
		const char *why;
	} list[API_FAULTS_MAX];
};

void api_fault(struct api_faults *faults, const char *field, const char *why);
/* Answers 400 with "errors": [{"field","message"}] if there are any; true: there are none. */
bool api_good(struct page *page, const struct api_faults *faults);

/* Fields of the body; each leaves a fault where it is missing (unless optional) or of another kind. */
struct str api_text(struct api_faults *, const json_t *body, const char *field, bool needed);
int api_integer(struct api_faults *, const json_t *body, const char *field, int min, int max);
struct wall api_time(struct api_faults *, const json_t *body, const char *field);
struct date api_date(struct api_faults *, const json_t *body, const char *field); /* "2026-11-23" */
bool api_flag(struct api_faults *, const json_t *body, const char *field);
bool api_flag_optional(struct api_faults *, const json_t *body, const char *field); /* else false */
/* "visitors": ["123", …], distinct. */
void api_visitors(struct api_faults *, const json_t *body, struct visit_request *out);
/* A number, in a body, a query or the path; false: a fault. */
bool api_number(struct api_faults *, const char *field, struct str text,
		struct prisoner_number *out);

/* What a legal visit is for; of any other kind nothing may be said. */
void api_need(const struct page *, struct api_faults *, enum visit_kind, struct str cause,
	      struct str deadline, struct waiting_need *out);
/* Of a query: a date, today unless said; a month "2026-11", as it was unless said. */
void api_query_date(const struct page *, struct api_faults *, const char *field, struct date *out);
void api_query_month(const struct page *, struct api_faults *, const char *field, int64_t *out);

/* A body of which "reason" alone is read; false: answered. */
bool api_reason(struct page *page, struct str *out);

/* The prison that the path names first, the asker's own or any for national roles; false: answered. */
bool api_prison(struct page *page, struct prison_code *out);
/* The prisoner whose number the path names first; false: answered. */
bool api_prisoner(struct page *page, struct prisoner *out);

/* What the route says in .flags, just before the answer; of families nothing is written. */
MUST_USE enum err api_looked_at_prisoner(struct page *page, struct prisoner_id id, int64_t rows);
MUST_USE enum err api_looked_at_visit(struct page *page, const struct visit *visit);
/* list: one of AUDIT_LIST_…; no prison: of all. */
MUST_USE enum err api_looked_at_list(struct page *page, enum audit_verb list,
				     struct prison_code prison, size_t rows);
/* 200 with the rows, once that look stands. */
void api_answer_list(struct page *page, enum audit_verb list, struct prison_code prison,
		     json_t *rows);

/* "2026-11-23T14:00:00Z"; null for 0. */
json_t *api_when(struct wall at);
json_t *api_day(struct date date); /* "2026-11-23"; null for year 0 */
json_t *api_month(int64_t month);  /* "2026-11" */
json_t *api_clock(int minute);     /* "14:00", of the prison's clock */
/* What a visit is to whoever asks. */
json_t *api_visit(struct page *page, const struct visit *visit);
/* 200 with the visit as it is now, or what went wrong. */
void api_answer_visit(struct page *page, struct reference reference);
/*
 * 422 with "validationErrors": the codes of the prison service.  Families get
 * those that reveal nothing protected.
 */
void api_refused(struct page *page, struct verdict verdict);
/* The codes, each once. */
json_t *api_codes(const struct page *page, struct verdict verdict);
/* A request that waits, to whoever made it. */
json_t *api_waiting(const struct waiting *waiting);

#endif
