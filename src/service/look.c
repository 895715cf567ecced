#include "service/look.h"

#include "service/service_priv.h"
#include "store/audit.h"

enum {
	MAY_LOOK = PRISON_STAFF | MAY(ROLE_INSPECTOR),
	MAY_LIST = MAY_LOOK | MAY(ROLE_HQ_ANALYST) | MAY(ROLE_HQ_ADMIN),
};

static enum err write_leaf(struct service *service, const struct actor *actor,
			   const struct audit_what *what)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = audit_write(service, actor, what);
	return use_case_end(&use, err);
}

/* Asked first, so that a page that is loaded again does not wait for who writes. */
static enum err look(struct service *service, const struct actor *actor, unsigned may,
		     const struct audit_what *what)
{
	bool looked = false;
	int again_s = actor->machine ? LOOK_AGAIN_MACHINE_S : LOOK_AGAIN_S;
	struct audit_record since = { .at = wall_add_s(service->now, -again_s),
				      .role = actor->role,
				      .account = actor->account,
				      .prison = what->prison,
				      .verb = what->verb,
				      .object = what->object,
				      .object_id = what->object_id };
	if (!actor_is_one_of(actor, may))
		return ERR_DENIED;
	enum err err = store_audit_since(service->store, &since, &looked);
	return err == OK && !looked ? write_leaf(service, actor, what) : err;
}

static enum err data_look(struct service *service, const struct actor *actor,
			  enum audit_object object, int64_t id, int64_t rows)
{
	return look(
	    service, actor, MAY_LOOK,
	    &(struct audit_what){
		.verb = AUDIT_DATA_LOOK, .object = object, .object_id = id, .amount = rows });
}

enum err prisoner_looked_at(struct service *service, const struct actor *actor,
			    struct prisoner_id prisoner, int64_t rows)
{
	return data_look(service, actor, AUDIT_ON_PRISONER, prisoner.n, rows);
}

enum err visitor_looked_at(struct service *service, const struct actor *actor,
			   struct person_id person, int64_t rows)
{
	return data_look(service, actor, AUDIT_ON_PERSON, person.n, rows);
}

enum err visit_looked_at(struct service *service, const struct actor *actor, struct visit_id visit,
			 int64_t rows)
{
	return data_look(service, actor, AUDIT_ON_VISIT, visit.n, rows);
}

enum err list_looked_at(struct service *service, const struct actor *actor, enum audit_verb list,
			struct prison_code prison, int64_t rows)
{
	if (rows == 0)
		return OK;
	if (prison_code_empty(prison))
		prison = actor->prison;
	return look(service, actor, MAY_LIST,
		    &(struct audit_what){
			.verb = list, .object = AUDIT_ON_LIST, .amount = rows, .prison = prison });
}
