#include "web/held_view.h"

#include "web/view.h"

struct held_for held_for(const struct public_session *session, const struct policy *policy)
{
	return (struct held_for){
		.families = session->for_families && policy->values[POLICY_SOCIAL_ON],
		.lawyers = session->for_lawyers && policy->values[POLICY_LEGAL_ON],
	};
}

/* NULL: nobody. */
static const char *whom_word(const struct public_session *session, const struct policy *policy)
{
	struct held_for whom = held_for(session, policy);
	if (whom.families && whom.lawyers)
		return "public.held.both";
	if (whom.families)
		return "public.held.families";
	return whom.lawyers ? "public.held.lawyers" : NULL;
}

/* What else is to be known, each a line of its own. */
static json_t *notes_of(const struct page *page, const struct public_session *session)
{
	json_t *notes = json_array();
	if (session->every_weeks > 1)
		json_array_append_new(notes,
				      view_word(page, "public.held.every",
						json_pack("{s:i}", "weeks", session->every_weeks)));
	if (date_compare(session->valid_from, local_date(page->service->now)) > 0)
		json_array_append_new(
		    notes,
		    view_word(page, "public.held.from",
			      json_pack("{s:o}", "from", view_date(page, session->valid_from))));
	if (session->valid_to.year)
		json_array_append_new(
		    notes, view_word(page, "public.held.to",
				     json_pack("{s:o}", "to", view_date(page, session->valid_to))));
	if (session->for_some)
		json_array_append_new(notes, json_string(page_word(page, "public.held.some")));
	return notes;
}

static json_t *span_text(const struct page *page, const char *word,
			 const struct public_session *session)
{
	return view_word(page, word,
			 json_pack("{s:s, s:s}", "start", page_clock(page, session->start_minute),
				   "end", page_clock(page, session->end_minute)));
}

static json_t *times_text(const struct page *page, const struct public_session *session)
{
	if (session->start_minute == 0 && session->end_minute == DAY_MINUTES)
		return json_string(page_word(page, "public.held.all_day"));
	return span_text(page, "public.held.span", session);
}

static json_t *session_row(const struct page *page, const struct public_session *session,
			   const char *whom)
{
	return json_pack("{s:o, s:o, s:s, s:o}", "days", view_weekdays(page, session->weekdays),
			 "times", times_text(page, session), "whom", page_word(page, whom), "notes",
			 notes_of(page, session));
}

static const struct public_session *session_of(const struct public_times *times,
					       const struct closed_day *closed)
{
	for (size_t i = 0; i < times->session_count; i++)
		if (times->sessions[i].id.n == closed->session.n)
			return &times->sessions[i];
	return NULL;
}

bool held_closed(const struct public_times *times, const struct policy *policy,
		 const struct closed_day *closed)
{
	const struct public_session *session = session_of(times, closed);
	return session == NULL || whom_word(session, policy) != NULL;
}

static json_t *closed_row(const struct page *page, const struct public_times *times,
			  const struct closed_day *closed)
{
	const struct public_session *session = session_of(times, closed);
	if (session == NULL)
		return json_pack("{s:o, s:s}", "day", view_date(page, closed->day), "what",
				 page_word(page, "public.held.closed_all"));
	return json_pack("{s:o, s:o}", "day", view_date(page, closed->day), "what",
			 span_text(page, "public.held.closed_part", session));
}

void held_view_add(const struct page *page, json_t *view, const struct public_times *times,
		   const struct policy *policy)
{
	json_t *sessions = json_array(), *closed = json_array();
	for (size_t i = 0; i < times->session_count; i++) {
		const char *whom = whom_word(&times->sessions[i], policy);
		if (whom != NULL)
			json_array_append_new(sessions,
					      session_row(page, &times->sessions[i], whom));
	}
	for (size_t i = 0; i < times->closed_count; i++) {
		const struct closed_day *day = &times->closed[i];
		if (held_closed(times, policy, day))
			json_array_append_new(closed, closed_row(page, times, day));
	}
	view_list(view, "sessions", sessions);
	view_list(view, "closed", closed);
}
