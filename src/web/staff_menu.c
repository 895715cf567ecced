#include "web/staff_menu.h"

#include "base/assert.h"
#include "web/route.h"
#include "web/view.h"

struct item {
	const char *here; /* view_here() of its pages */
	const char *href;
	const char *word;
	uint32_t who;
};

enum {
	ITEMS_MAX = 6
}; /* of a group: more do not stand in one line */

static const struct {
	const char *word;
	struct item items[ITEMS_MAX];
} GROUPS[] = {
	{ "staff.menu.today",
	  { { "day", "/staff", "staff.nav.day", WHO_DAY },
	    { "live", "/staff/live", "staff.nav.live", WHO_PRISON },
	    { "desk", "/staff/desk", "oversight.nav", WHO_WATCH },
	    { "movements", "/staff/movements", "movements.nav", WHO_PRISON },
	    { "incidents", "/staff/incidents", "oversight.incidents.nav",
	      WHO_PRISON | WHO_INSPECTOR },
	    { "recordings", "/staff/recordings", "recordings.nav", WHO_PRISON | WHO_INSPECTOR } } },
	{ "staff.menu.bookings",
	  { { "week", "/staff/week", "times.nav.week", WHO_PRISON },
	    { "requests", "/staff/requests", "staff.nav.requests", WHO_PRISON },
	    { "reviews", "/staff/reviews", "times.nav.reviews", WHO_PRISON },
	    { "waits", "/staff/waits", "legal.nav_waits", WHO_PRISON | WHO_HQ | WHO_INSPECTOR },
	    { "find", "/staff/find", "times.nav.find", WHO_PRISON } } },
	{ "staff.menu.people",
	  { { "people", "/staff/people", "staff.nav.people", WHO_PRISON },
	    { "approvals", "/staff/approvals", "staff.nav.approvals", WHO_PRISON },
	    { "asks", "/staff/asks", "asks.nav", WHO_PRISON },
	    { "professionals", "/staff/professionals", "legal.nav_professionals",
	      WHO_CONTACTS | WHO_GOVERNOR | WHO_HQ_ADMIN } } },
	{ "staff.menu.places",
	  { { "sessions", "/staff/sessions", "times.nav.sessions", WHO_PRISON },
	    { "rooms", "/staff/rooms", "times.nav.rooms", WHO_PRISON },
	    { "terminals", "/staff/terminals", "staff.nav.terminals", WHO_PRISON },
	    { "rules", "/staff/rules", "times.nav.rules", WHO_PRISON | WHO_HQ_ADMIN } } },
	{ "staff.menu.figures",
	  { { "statistics", "/staff/statistics", "statistics.nav",
	      WHO_PRISON | WHO_HQ | WHO_INSPECTOR },
	    { "readiness", "/staff/readiness", "statistics.nav_readiness",
	      WHO_HQ | WHO_INSPECTOR | WHO_OPERATOR } } },
	{ "staff.menu.service",
	  { { "messages", "/staff/messages", "messages.nav", WHO_PRISON },
	    { "setup", "/staff/setup", "setup.nav", WHO_ADMIN | WHO_HQ_ADMIN },
	    { "accounts", "/staff/accounts", "accounts.nav",
	      WHO_ADMIN | WHO_HQ_ADMIN | WHO_INSPECTOR },
	    { "webhooks", "/staff/webhooks", "webhooks.nav",
	      WHO_ADMIN | WHO_HQ_ADMIN | WHO_OPERATOR },
	    { "audit", "/staff/audit", "staff.nav.audit",
	      WHO_GOVERNOR | WHO_HQ_ADMIN | WHO_OPERATOR | WHO_INSPECTOR },
	    { "data", "/staff/retention", "data.nav", WHO_STAFF } } },
};

/* Those of a group that the role may see; *current: one of them is shown. */
static json_t *items_of(const struct page *page, const struct item *items, const json_t *here,
			bool *current)
{
	json_t *out = json_array();
	for (size_t i = 0; i < ITEMS_MAX && items[i].here; i++) {
		bool shown = json_object_get(here, items[i].here) != NULL;
		if (!page_is_for(page, items[i].who))
			continue;
		*current |= shown;
		json_array_append_new(out,
				      json_pack("{s:s, s:s, s:b}", "href", items[i].href, "text",
						page_word(page, items[i].word), "current", shown));
	}
	return out;
}

const char *staff_menu_first(const struct page *page)
{
	for (size_t g = 0; g < ARRAY_LEN(GROUPS); g++)
		for (size_t i = 0; i < ITEMS_MAX && GROUPS[g].items[i].here; i++)
			if (page_is_for(page, GROUPS[g].items[i].who))
				return GROUPS[g].items[i].href;
	ASSERT(false); /* every role of staff has an item */
	return NULL;
}

void staff_menu_add(const struct page *page, json_t *view)
{
	const json_t *here = json_object_get(view, "here");
	json_t *groups = json_array();
	for (size_t g = 0; g < ARRAY_LEN(GROUPS); g++) {
		bool current = false;
		json_t *items = items_of(page, GROUPS[g].items, here, &current);
		size_t count = json_array_size(items);
		if (count) {
			json_t *first = json_object_get(json_array_get(items, 0), "href");
			json_array_append_new(
			    groups, json_pack("{s:O, s:s, s:b}", "href", first, "text",
					      page_word(page, GROUPS[g].word), "current", current));
		}
		if (current && count > 1)
			view_list(view, "submenu", json_incref(items));
		json_decref(items);
	}
	json_object_set_new(view, "menu", groups);
}
