#include "base/assert.h"
#include "web/adjustment_page.h"
#include "web/api.h"
#include "web/ask_page.h"
#include "web/assets.h"
#include "web/book_page.h"
#include "web/cancel_link.h"
#include "web/data_page.h"
#include "web/escort_page.h"
#include "web/family.h"
#include "web/identity_page.h"
#include "web/lab_clock.h"
#include "web/language.h"
#include "web/legal_page.h"
#include "web/link_page.h"
#include "web/mailbox_page.h"
#include "web/move_page.h"
#include "web/offer_page.h"
#include "web/paper_page.h"
#include "web/password_page.h"
#include "web/people_data_page.h"
#include "web/people_page.h"
#include "web/public_page.h"
#include "web/reach_page.h"
#include "web/readiness_page.h"
#include "web/request_page.h"
#include "web/room_page.h"
#include "web/sign_in.h"
#include "web/staff.h"
#include "web/staff_accounts.h"
#include "web/staff_approvals.h"
#include "web/staff_audit.h"
#include "web/staff_desk.h"
#include "web/staff_exports.h"
#include "web/staff_hints.h"
#include "web/staff_holds.h"
#include "web/staff_incidents.h"
#include "web/staff_messages.h"
#include "web/staff_oversight.h"
#include "web/staff_recordings.h"
#include "web/staff_registers.h"
#include "web/staff_reviews.h"
#include "web/staff_rooms.h"
#include "web/staff_rules.h"
#include "web/staff_sessions.h"
#include "web/staff_setup.h"
#include "web/staff_times.h"
#include "web/staff_visit.h"
#include "web/staff_webhooks.h"
#include "web/staff_witnesses.h"
#include "web/standby_page.h"
#include "web/statistics_page.h"
#include "web/status.h"
#include "web/terminal_api.h"
#include "web/terminal_page.h"
#include "web/visit_page.h"
#include "web/visit_say.h"
#include "web/waiting_page.h"
#include "web/waste_page.h"
#include "web/web.h"
#include "web/whip.h"
#include "web/witness_api.h"

/* Every route there is: a line for each file of pages. */
static const struct route_group *const groups[] = {
	&asset_routes,
	&escort_routes,
	&paper_routes,
	&readiness_routes,
	&staff_webhooks_routes,
	&staff_witnesses_routes,
	&witness_api_routes,
	&cancel_link_routes,
	&mailbox_routes,
	&staff_messages_routes,
	&password_routes,
	&reach_routes,
	&staff_accounts_routes,
	&staff_setup_routes,
	&staff_approvals_routes,
	&staff_audit_routes,
	&status_routes,
	&whip_routes,
	&lab_clock_routes,
	&terminal_api_routes,
	&public_routes,
	&sign_in_routes,
	&family_routes,
	&book_routes,
	&visit_routes,
	&room_routes,
	&link_routes,
	&staff_routes,
	&staff_visit_routes,
	&terminal_page_routes,
	&language_routes,
	&move_routes,
	&staff_desk_routes,
	&staff_times_routes,
	&staff_reviews_routes,
	&staff_hints_routes,
	&staff_rooms_routes,
	&staff_rules_routes,
	&staff_sessions_routes,
	&people_routes,
	&request_routes,
	&people_data_routes,
	&api_booking_routes,
	&api_legal_routes,
	&api_people_routes,
	&api_prison_routes,
	&api_professional_routes,
	&api_safety_routes,
	&api_staff_routes,
	&api_statistics_routes,
	&api_waiting_routes,
	&identity_routes,
	&terminal_own_routes,
	&ask_routes,
	&staff_oversight_routes,
	&visit_say_routes,
	&staff_incidents_routes,
	&staff_registers_routes,
	&data_page_routes,
	&staff_exports_routes,
	&staff_holds_routes,
	&staff_recordings_routes,
	&legal_routes,
	&adjustment_routes,
	&statistics_routes,
	&waste_routes,
	&offer_routes,
	&standby_routes,
	&waiting_routes,
};

const struct route_group *const *web_routes(size_t *len)
{
	*len = ARRAY_LEN(groups);
	return groups;
}
