#include "service/look.h"

#include "service/service_priv.h"
#include "store/audit.h"

static enum err write_leaf(struct service *service, const struct actor *actor,
			   enum audit_object object, int64_t id, int64_t rows)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = audit_write(service, actor,
				  &(struct audit_what){ .verb = AUDIT_DATA_LOOK,
							.object = object,
							.object_id = id,
							.amount = rows });
	return use_case_end(&use, err);
}

/* Asked first, so that a page that is loaded again does not wait for who writes. */
static enum err look(struct service *service, const struct actor *actor, enum audit_object object,
		     int64_t id, int64_t rows)
{
	bool looked = false;
	struct audit_record since = { .at = wall_add_s(service->now, -LOOK_AGAIN_S),
				      .role = actor->role,
				      .account = actor->account,
				      .verb = AUDIT_DATA_LOOK,
				      .object = object,
				      .object_id = id };
	if (!actor_is_one_of(actor, PRISON_STAFF | MAY(ROLE_INSPECTOR)))
		return ERR_DENIED;
	enum err err = store_audit_since(service->store, &since, &looked);
	return err == OK && !looked ? write_leaf(service, actor, object, id, rows) : err;
}

enum err prisoner_looked_at(struct service *service, const struct actor *actor,
			    struct prisoner_id prisoner, int64_t rows)
{
	return look(service, actor, AUDIT_ON_PRISONER, prisoner.n, rows);
}

enum err visitor_looked_at(struct service *service, const struct actor *actor,
			   struct person_id person, int64_t rows)
{
	return look(service, actor, AUDIT_ON_PERSON, person.n, rows);
}
