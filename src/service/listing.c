#include "service/listing.h"

#include "base/assert.h"
#include "service/approval.h"
#include "service/service_priv.h"
#include "store/contact.h"
#include "store/listed_contact.h"
#include "store/prisoner.h"
#include "store/reference_code.h"

enum {
	MAY_LIST = MAY(ROLE_CONTACTS_AUTHORISER) | MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_SYSTEM),
};

/* A code of the lists that were imported becomes its words. */
static enum err relationship_words(struct service *service, struct arena *arena, struct str said,
				   struct str *out)
{
	static const char *const GROUPS[] = { "RELATIONSHIP", "OFF_RELATION" };
	enum err err = ERR_NOT_FOUND;
	*out = said;
	for (size_t i = 0; i < ARRAY_LEN(GROUPS) && err == ERR_NOT_FOUND; i++)
		err = store_reference_code_find(service->store, arena, str_from(GROUPS[i]), said,
						out);
	return err == ERR_NOT_FOUND ? OK : err;
}

/* The entry of that name, however it is spaced; NULL: none. */
static const struct listed_contact *entry_of(const struct store_listed_contacts *all,
					     struct str name)
{
	for (size_t i = 0; i < all->count; i++)
		if (prisoner_name_matches(all->list[i].name, name))
			return &all->list[i];
	return NULL;
}

/* The row as it is to be. */
static enum err compare(struct service *service, struct arena *arena, const struct listing *says,
			struct listed_contact *row, enum listing_change *out)
{
	struct store_listed_contacts all = { 0 };
	enum err err =
	    store_listed_contact_list(service->store, arena, says->prisoner, says->born, &all);
	*row = (struct listed_contact){ .prisoner = says->prisoner,
					.name = says->name,
					.born = says->born,
					.approved = says->approved,
					.changed_at = service->now };
	if (err == OK)
		err = relationship_words(service, arena, says->relationship, &row->relationship);
	if (err != OK)
		return err;
	const struct listed_contact *is = entry_of(&all, says->name);
	*out = LISTING_NEW;
	if (!is)
		return OK;
	row->id = is->id;
	bool same = str_equal(is->name, row->name) && is->approved == row->approved &&
		    str_equal(is->relationship, row->relationship);
	*out = same ? LISTING_SAME : LISTING_CHANGED;
	return OK;
}

enum err listing_look(struct service *service, struct arena *arena, const struct listing *says,
		      enum listing_change *out)
{
	struct listed_contact row;
	return compare(service, arena, says, &row, out);
}

/* Whoever was approved in this service, and is no longer by the prison's list, is not here either. */
static enum err withdraw(struct service *service, const struct actor *actor, struct arena *arena,
			 const struct listed_contact *row)
{
	struct store_contacts contacts = { 0 };
	enum err err = store_contact_list_for(service->store, arena, row->prisoner, &contacts);
	for (size_t i = 0; i < contacts.count && err == OK; i++) {
		const struct contact *c = &contacts.list[i];
		if (c->state != CONTACT_APPROVED || date_compare(c->person.born, row->born) != 0 ||
		    !prisoner_name_matches(c->person.name, row->name))
			continue;
		err = contact_decide(service, actor, c->id, CONTACT_REJECTED,
				     STR("No longer approved on the prison's list"));
	}
	return err;
}

static enum err write_row(struct service *service, const struct actor *actor,
			  const struct listed_contact *row, struct prison_code prison, bool is_new)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = is_new ? store_listed_contact_insert(service->store, row)
			     : store_listed_contact_update(service->store, row);
	if (err == OK)
		err = audit_write(service, actor,
				  &(struct audit_what){ .verb = AUDIT_CONTACT_LIST,
							.object = AUDIT_ON_CONTACT,
							.object_id = row->id.n,
							.amount = row->approved,
							.prison = prison });
	return use_case_end(&use, err);
}

static bool acceptable(const struct service *service, const struct listing *says)
{
	return name_acceptable(says->name) && date_valid(says->born) &&
	       date_compare(says->born, local_date(service->now)) <= 0 &&
	       relationship_acceptable(says->relationship);
}

enum err listing_set(struct service *service, const struct actor *actor, struct arena *arena,
		     const struct listing *says, enum listing_change *out)
{
	struct prisoner prisoner = { 0 };
	struct listed_contact row;
	if (!actor_is_one_of(actor, MAY_LIST))
		return ERR_DENIED;
	if (!acceptable(service, says))
		return ERR_BAD;
	enum err err = store_prisoner_find(service->store, arena, says->prisoner, &prisoner);
	if (err == OK && !actor_works_at(actor, prisoner.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = compare(service, arena, says, &row, out);
	if (err != OK || *out == LISTING_SAME)
		return err;
	if (*out == LISTING_NEW)
		row.id.n = random_id(service->random);
	err = write_row(service, actor, &row, prisoner.prison, *out == LISTING_NEW);
	return err == OK && !row.approved ? withdraw(service, actor, arena, &row) : err;
}
