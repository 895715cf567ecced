#include "service/people.h"

#include "service/service_priv.h"
#include "store/contact.h"
#include "store/prisoner.h"
#include "store/relationship.h"

enum {
	DAY_S = 24 * 60 * 60,
};

const char *contact_answer_name(enum contact_answer answer)
{
	static const char *const NAMES[CONTACT_ANSWER_COUNT] = {
		[CONTACT_ANSWER_ASKED] = "ASKED",
		[CONTACT_ANSWER_KNOWN] = "KNOWN",
		[CONTACT_ANSWER_NO_MATCH] = "NO_MATCH",
		[CONTACT_ANSWER_TRY_TOMORROW] = "TRY_TOMORROW",
		[CONTACT_ANSWER_TOO_MANY] = "TOO_MANY",
	};
	return NAMES[answer < CONTACT_ANSWER_COUNT ? answer : CONTACT_ANSWER_NO_MATCH];
}

static bool person_acceptable(const struct service *service, const struct person_new *new)
{
	struct date today = local_date(service->now);
	return name_acceptable(new->name) && date_valid(new->born) &&
	       date_compare(new->born, today) <= 0 && date_age(new->born, today) < 130;
}

static enum err add(struct service *service, const struct actor *actor, struct arena *arena,
		    const struct person_new *new, struct person_id *out)
{
	struct store_persons mine;
	enum err err = store_person_list(service->store, arena, actor->account, &mine);
	if (err != OK)
		return err;
	if (mine.count >= PERSONS_MAX)
		return ERR_LIMIT;
	struct person person = {
		.id = { random_id(service->random) },
		.booker = actor->account,
		.name = str_trim(new->name),
		.born = new->born,
	};
	err = store_person_insert(service->store, &person);
	if (err != OK)
		return err;
	*out = person.id;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_PERSON_ADD,
						 .object = AUDIT_ON_PERSON,
						 .object_id = person.id.n });
}

enum err person_add(struct service *service, const struct actor *actor,
		    const struct person_new *new, struct person_id *out)
{
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	if (!person_acceptable(service, new))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = add(service, actor, &arena, new, out);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err persons_mine(struct service *service, const struct actor *actor, struct arena *arena,
		      struct person_list *out)
{
	struct store_persons persons;
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	enum err err = store_person_list(service->store, arena, actor->account, &persons);
	if (err == OK)
		*out = (struct person_list){ .count = persons.count, .list = persons.list };
	return err;
}

/* Whether the booker may ask again now; the rules are those of the whole country. */
static enum err limits(struct service *service, const struct actor *actor,
		       enum contact_answer *answer)
{
	struct policy policy;
	int64_t open = 0;
	int64_t wrong = 0;
	enum err err = policy_load(service, (struct prison_code){ 0 }, &policy);
	if (err == OK)
		err = store_contact_count_open(service->store, actor->account, &open);
	if (err == OK)
		err = store_mismatch_count(service->store, actor->account,
					   wall_add_s(service->now, -DAY_S), &wrong);
	if (err != OK)
		return err;
	*answer = CONTACT_ANSWER_ASKED;
	if (open >= policy.values[POLICY_OPEN_REQUESTS_MAX])
		*answer = CONTACT_ANSWER_TOO_MANY;
	if (wrong >= policy.values[POLICY_MISMATCHES_DAY])
		*answer = CONTACT_ANSWER_TRY_TOMORROW;
	return OK;
}

static enum err mismatch(struct service *service, const struct actor *actor,
			 enum contact_answer *answer)
{
	enum err err = store_mismatch_insert(service->store, actor->account, service->now);
	if (err != OK)
		return err;
	*answer = CONTACT_ANSWER_NO_MATCH;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_CONTACT_MISMATCH,
						 .object = AUDIT_ON_ACCOUNT,
						 .object_id = actor->account.n });
}

/* A new pair, or a rejected one asked again; KNOWN if it waits or is approved. */
static enum err ask(struct service *service, struct arena *arena, struct contact *contact,
		    enum contact_answer *answer)
{
	struct contact old;
	enum err err = store_contact_find_pair(service->store, arena, contact->person.id,
					       contact->prisoner.id, &old);
	if (err == ERR_NOT_FOUND)
		return store_contact_insert(service->store, contact);
	if (err != OK)
		return err;
	contact->id = old.id;
	if (!contact_may_become(old.state, CONTACT_REQUESTED)) {
		*answer = CONTACT_ANSWER_KNOWN;
		return OK;
	}
	err = store_contact_set_relationship(service->store, contact);
	if (err != OK)
		return err;
	return store_contact_set_state(service->store, old.id, CONTACT_REQUESTED, STR(""),
				       (struct account_id){ 0 }, (struct wall){ 0 });
}

enum err relationships_find(struct service *service, struct arena *arena,
			    struct relationship_list *out)
{
	struct store_relationships all = { 0 };
	enum err err = store_relationship_list(service->store, arena, &all);
	if (err == OK)
		*out = (struct relationship_list){ .count = all.count, .list = all.list };
	return err;
}

/* A code that the list has, with words where it says nothing without them; or words alone. */
static enum err check_relationship(struct service *service, struct arena *arena,
				   const struct contact_request *request)
{
	struct relationship known = { .own_words = true };
	bool worded = !str_empty(str_trim(request->relationship));
	if (worded && !relationship_acceptable(request->relationship))
		return ERR_BAD;
	if (!str_empty(request->relationship_code)) {
		enum err err = store_relationship_find(service->store, arena,
						       request->relationship_code, &known);
		if (err != OK)
			return err == ERR_NOT_FOUND ? ERR_BAD : err;
	}
	return known.own_words && !worded ? ERR_BAD : OK;
}

static bool names_prisoner(const struct contact_request *request, const struct prisoner *prisoner)
{
	return prisoner_name_matches(request->prisoner_name, prisoner->name) &&
	       date_compare(request->prisoner_born, prisoner->born) == 0;
}

static enum err request(struct service *service, const struct actor *actor, struct arena *arena,
			const struct contact_request *request, enum contact_answer *answer,
			struct contact_id *out)
{
	struct prisoner_number number;
	struct contact contact = { .id = { random_id(service->random) },
				   .relationship = str_trim(request->relationship),
				   .relationship_code = request->relationship_code,
				   .part = request->part,
				   .requested_at = service->now };
	if (!prisoner_number_of(request->prisoner_number, &number))
		return ERR_BAD;
	enum err err = check_relationship(service, arena, request);
	if (err == OK)
		err = store_person_find(service->store, arena, request->person, &contact.person);
	if (err == OK && contact.person.booker.n != actor->account.n)
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = limits(service, actor, answer);
	if (err != OK || *answer != CONTACT_ANSWER_ASKED)
		return err;
	err = store_prisoner_find_by_number(service->store, arena, number, &contact.prisoner);
	if (err == ERR_NOT_FOUND || (err == OK && !names_prisoner(request, &contact.prisoner)))
		return mismatch(service, actor, answer);
	if (err == OK)
		err = ask(service, arena, &contact, answer);
	if (err != OK)
		return err;
	*out = contact.id;
	if (*answer == CONTACT_ANSWER_KNOWN)
		return OK;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_CONTACT_REQUEST,
						 .object = AUDIT_ON_CONTACT,
						 .object_id = contact.id.n,
						 .prison = contact.prisoner.prison });
}

enum err contact_request(struct service *service, const struct actor *actor,
			 const struct contact_request *asked, enum contact_answer *answer,
			 struct contact_id *out)
{
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	if (asked->part >= PART_COUNT)
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = request(service, actor, &arena, asked, answer, out);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err contacts_mine(struct service *service, const struct actor *actor, struct arena *arena,
		       struct contact_list *out)
{
	struct store_contacts contacts;
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	enum err err = store_contact_list_of(service->store, arena, actor->account, &contacts);
	if (err != OK)
		return err;
	for (size_t i = 0; i < contacts.count; i++) {
		contacts.list[i].reason = STR("");
		contacts.list[i].decided_by = (struct account_id){ 0 };
	}
	*out = (struct contact_list){ .count = contacts.count, .list = contacts.list };
	return OK;
}

static enum err has_contact(struct service *service, const struct actor *actor, struct arena *arena,
			    struct prisoner_id prisoner, bool *out)
{
	struct contact_list mine = { 0 };
	enum err err = contacts_mine(service, actor, arena, &mine);
	for (size_t i = 0; i < mine.count && err == OK; i++)
		*out |= mine.list[i].prisoner.id.n == prisoner.n;
	return err;
}

enum err prisoner_named(struct service *service, const struct actor *actor, struct arena *arena,
			struct prisoner_number number, struct prisoner *out)
{
	struct prisoner found = { 0 };
	bool may = false;
	enum err err = store_prisoner_find_by_number(service->store, arena, number, &found);
	if (err == OK && actor->role == ROLE_FAMILY)
		err = has_contact(service, actor, arena, found.id, &may);
	else if (err == OK)
		may = actor_is_one_of(actor, PRISON_STAFF | MAY(ROLE_INSPECTOR)) &&
		      actor_works_at(actor, found.prison);
	if (err == OK && !may)
		err = ERR_NOT_FOUND;
	if (err == OK)
		*out = found;
	return err;
}
