#include "domain/role.h"

static const char *const NAMES[ROLE_COUNT] = {
	[ROLE_NOBODY] = "nobody",
	[ROLE_FAMILY] = "family",
	[ROLE_TERMINAL] = "terminal",
	[ROLE_VISITS_CLERK] = "visits_clerk",
	[ROLE_MONITOR] = "monitor",
	[ROLE_CONTACTS_AUTHORISER] = "contacts_authoriser",
	[ROLE_DUTY_GOVERNOR] = "duty_governor",
	[ROLE_PRISON_ADMIN] = "prison_admin",
	[ROLE_HQ_ANALYST] = "hq_analyst",
	[ROLE_HQ_ADMIN] = "hq_admin",
	[ROLE_OPERATOR] = "operator",
	[ROLE_INSPECTOR] = "inspector",
	[ROLE_GUEST] = "guest",
	[ROLE_SYSTEM] = "system",
};

const char *role_name(enum role role)
{
	return role < ROLE_COUNT ? NAMES[role] : NAMES[ROLE_NOBODY];
}

bool role_of(struct str name, enum role *out)
{
	for (unsigned i = 0; i < ROLE_COUNT; i++) {
		if (str_is(name, NAMES[i])) {
			*out = (enum role)i;
			return true;
		}
	}
	return false;
}

bool role_is_staff(enum role role)
{
	return role >= ROLE_VISITS_CLERK && role <= ROLE_INSPECTOR;
}

bool role_is_national(enum role role)
{
	return role >= ROLE_HQ_ANALYST && role <= ROLE_INSPECTOR;
}
