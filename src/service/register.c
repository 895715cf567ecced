#include "service/register.h"

#include "service/service_priv.h"

static enum err authorise(const struct actor *actor, struct prison_code prison)
{
	if (actor->role != ROLE_DUTY_GOVERNOR && actor->role != ROLE_INSPECTOR)
		return ERR_DENIED;
	bool there = !prison_code_empty(prison) && actor_works_at(actor, prison);
	return there ? OK : ERR_NOT_FOUND;
}

static enum err write_leaf(struct service *service, const struct actor *actor, enum audit_verb verb,
			   struct prison_code prison, size_t rows)
{
	if (rows > REGISTER_ROWS_MAX)
		return ERR_LIMIT;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_PRISON,
						 .amount = (int64_t)rows,
						 .prison = prison });
}

enum err authorisations_register(struct service *service, const struct actor *actor,
				 struct arena *arena, struct prison_code prison,
				 struct store_authorisations *out)
{
	struct use_case use;
	enum err err = authorise(actor, prison);
	if (err != OK)
		return err;
	err = use_case_begin(service, &use);
	if (err == OK)
		err = store_authorisation_list(service->store, arena, prison, REGISTER_ROWS_MAX + 1,
					       out);
	if (err == OK)
		err = write_leaf(service, actor, AUDIT_AUTHORISATIONS_TAKE, prison, out->count);
	return use_case_end(&use, err);
}

enum err disclosures_register(struct service *service, const struct actor *actor,
			      struct arena *arena, struct prison_code prison,
			      struct disclosures *out)
{
	bool visitors = actor->role == ROLE_INSPECTOR;
	struct use_case use;
	enum err err = authorise(actor, prison);
	if (err != OK)
		return err;
	err = use_case_begin(service, &use);
	if (err == OK)
		err = store_export_list(service->store, arena, prison, REGISTER_ROWS_MAX + 1,
					&out->exports);
	if (err == OK)
		err = store_data_copy_list(service->store, arena, prison, visitors,
					   REGISTER_ROWS_MAX + 1, &out->copies);
	if (err == OK)
		err = write_leaf(service, actor, AUDIT_DISCLOSURES_TAKE, prison,
				 out->exports.count + out->copies.count);
	return use_case_end(&use, err);
}
