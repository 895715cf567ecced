#include "service/identity.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "service/identity_priv.h"
#include "service/tell.h"
#include "store/contact.h"
#include "store/identity.h"

enum {
	MAY_DECIDE = MAY(ROLE_CONTACTS_AUTHORISER) | MAY(ROLE_DUTY_GOVERNOR),
	MAY_ADMIT = MAY(ROLE_VISITS_CLERK) | MAY(ROLE_MONITOR) | MAY(ROLE_DUTY_GOVERNOR),
	NONCE_LEN = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG_LEN = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};
_Static_assert(PICTURE_KEY_LEN == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "its key");

/* ---- sealing ---- */

/* A picture opens for its person and as what it is, and for nothing else. */
struct label {
	int64_t person;
	int64_t picture;
};

static struct bytes seal(struct service *service, struct arena *arena,
			 const struct identity_upload *upload)
{
	struct label label = { upload->person.n, upload->picture };
	uint8_t *at = arena_new(arena, NONCE_LEN + upload->jpeg.len + TAG_LEN, 1);
	random_fill(service->random, at, NONCE_LEN);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(
	    at + NONCE_LEN, NULL, upload->jpeg.at, upload->jpeg.len, (const uint8_t *)&label,
	    sizeof(label), NULL, at, service->picture_key);
	return bytes_of(at, NONCE_LEN + upload->jpeg.len + TAG_LEN);
}

/* ERR_CRYPTO: it was sealed with another key, or changed. */
static enum err unseal(struct service *service, struct arena *arena, struct person_id person,
		       enum identity_picture picture, struct bytes sealed, struct bytes *out)
{
	struct label label = { person.n, picture };
	if (!service->picture_key || sealed.len < NONCE_LEN + TAG_LEN)
		return ERR_CRYPTO;
	uint8_t *at = arena_new(arena, sealed.len, 1);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		at, NULL, NULL, sealed.at + NONCE_LEN, sealed.len - NONCE_LEN,
		(const uint8_t *)&label, sizeof(label), sealed.at, service->picture_key))
		return ERR_CRYPTO;
	*out = bytes_of(at, sealed.len - NONCE_LEN - TAG_LEN);
	return OK;
}

static enum err open_picture(struct service *service, struct arena *arena, struct person_id person,
			     enum identity_picture picture, struct bytes *out)
{
	struct bytes sealed;
	enum err err = store_picture_find(service->store, arena, person, picture, &sealed);
	return err == OK ? unseal(service, arena, person, picture, sealed, out) : err;
}

/* ---- the family ---- */

/* Whether a request of the person waits at a prison whose rules ask for identity. */
static enum err is_wanted(struct service *service, struct arena *arena, const struct person *person,
			  bool *out)
{
	struct store_contacts contacts;
	struct policy policy;
	struct date today = local_date(service->now);
	enum err err = store_contact_list_of(service->store, arena, person->booker, &contacts);
	*out = false;
	for (size_t i = 0; err == OK && !*out && i < contacts.count; i++) {
		const struct contact *contact = &contacts.list[i];
		if (contact->person.id.n != person->id.n || contact->state != CONTACT_REQUESTED)
			continue;
		err = policy_load(service, contact->prisoner.prison, &policy);
		*out = err == OK && identity_needed(&policy, person->born, today);
	}
	return err;
}

enum err identity_mine_find(struct service *service, const struct actor *actor, struct arena *arena,
			    struct person_id id, struct identity_mine *out)
{
	struct identity_mine mine = { 0 };
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	enum err err = store_person_find(service->store, arena, id, &mine.person);
	if (err == OK && mine.person.booker.n != actor->account.n)
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = is_wanted(service, arena, &mine.person, &mine.wanted);
	if (err != OK)
		return err;
	err = store_identity_find(service->store, id, &mine.identity);
	mine.begun = err == OK;
	if (err == ERR_NOT_FOUND)
		err = OK;
	if (err == OK)
		*out = mine;
	return err;
}

/* How long the pictures that are held stay, now that the identity is in another state. */
static enum err keep(struct service *service, struct prison_code prison,
		     const struct identity *identity)
{
	struct policy policy;
	enum err err = policy_load(service, prison, &policy);
	for (unsigned i = 0; err == OK && i < IDENTITY_PICTURE_COUNT; i++) {
		enum identity_picture picture = (enum identity_picture)i;
		if ((identity->held & IDENTITY_BIT(picture)) == 0)
			continue;
		err = store_picture_keep(
		    service->store, identity->person, picture,
		    identity_keep_until(&policy, identity->state, picture, service->now));
	}
	return err;
}

static void now_sent(struct service *service, struct identity *identity)
{
	identity->state = IDENTITY_SENT;
	identity->sent_at = service->now;
	identity->changed_at = service->now;
	identity->asked = 0;
	identity->problem = IDENTITY_FINE;
}

/* From the start, or with the pictures that are there already. */
static void now_holds(struct service *service, struct identity *identity,
		      const struct identity_upload *upload)
{
	bool again = identity->state == IDENTITY_ASKED_AGAIN;
	unsigned left = identity->asked & ~IDENTITY_BIT(upload->picture);
	if (upload->picture == IDENTITY_DOCUMENT)
		identity->document = upload->document;
	identity->changed_at = service->now;
	identity->held |= IDENTITY_BIT(upload->picture);
	if (again && left == 0)
		now_sent(service, identity);
	else if (again)
		identity->asked = left;
	else
		*identity = (struct identity){ .person = identity->person,
					       .state = IDENTITY_DRAFT,
					       .document = identity->document,
					       .held = identity->held,
					       .changed_at = service->now };
}

static enum err put(struct service *service, const struct actor *actor, struct arena *arena,
		    const struct identity_upload *upload)
{
	struct identity_mine mine;
	enum err err = identity_mine_find(service, actor, arena, upload->person, &mine);
	if (err != OK)
		return err;
	if (!mine.wanted)
		return ERR_DENIED;
	if (mine.begun && !identity_takes(&mine.identity, upload->picture))
		return ERR_CONFLICT;
	mine.identity.person = upload->person;
	now_holds(service, &mine.identity, upload);
	err = mine.begun ? store_identity_update(service->store, &mine.identity)
			 : store_identity_insert(service->store, &mine.identity);
	if (err == OK)
		err = store_picture_put(service->store, upload->person, upload->picture,
					seal(service, arena, upload), service->now, service->now);
	if (err == OK)
		err = keep(service, (struct prison_code){ 0 }, &mine.identity);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_IDENTITY_PICTURE,
						 .object = AUDIT_ON_PERSON,
						 .object_id = upload->person.n,
						 .amount = upload->picture });
}

enum err identity_put(struct service *service, const struct actor *actor,
		      const struct identity_upload *upload)
{
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	if (upload->picture >= IDENTITY_PICTURE_COUNT || upload->jpeg.len == 0 ||
	    upload->document >= IDENTITY_DOCUMENT_COUNT)
		return ERR_BAD;
	if (!service->picture_key)
		return ERR_CRYPTO;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = put(service, actor, &arena, upload);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err send_in(struct service *service, const struct actor *actor, struct arena *arena,
			struct person_id person)
{
	struct identity_mine mine;
	enum err err = identity_mine_find(service, actor, arena, person, &mine);
	if (err != OK)
		return err;
	if (!mine.begun || !identity_complete(&mine.identity))
		return ERR_CONFLICT;
	now_sent(service, &mine.identity);
	err = store_identity_update(service->store, &mine.identity);
	if (err == OK)
		err = keep(service, (struct prison_code){ 0 }, &mine.identity);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_IDENTITY_SEND,
						 .object = AUDIT_ON_PERSON,
						 .object_id = person.n });
}

enum err identity_send(struct service *service, const struct actor *actor, struct person_id person)
{
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = send_in(service, actor, &arena, person);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static bool undecided(enum identity_state state)
{
	return state == IDENTITY_DRAFT || state == IDENTITY_SENT || state == IDENTITY_ASKED_AGAIN;
}

enum err identity_own_picture(struct service *service, const struct actor *actor,
			      struct arena *arena, struct person_id person,
			      enum identity_picture picture, struct bytes *jpeg)
{
	struct identity_mine mine;
	enum err err = identity_mine_find(service, actor, arena, person, &mine);
	if (err == OK && (!mine.begun || !undecided(mine.identity.state)))
		err = ERR_NOT_FOUND;
	return err == OK ? open_picture(service, arena, person, picture, jpeg) : err;
}

/* ---- staff: a request ---- */

static struct wall later(struct wall a, struct wall b)
{
	return a.s > b.s ? a : b;
}

/* identity: what is kept of the person; .person 0: nothing. */
static struct identity_case case_of(const struct service *service, const struct actor *actor,
				    const struct contact *contact, const struct policy *policy,
				    const struct identity *identity)
{
	struct identity_case c = { .begun = identity->person.n != 0, .identity = *identity };
	c.needed = identity_needed(policy, contact->person.born, local_date(service->now));
	c.visible = c.begun && contact->state == CONTACT_REQUESTED &&
		    c.identity.state == IDENTITY_SENT && actor_is_one_of(actor, MAY_DECIDE) &&
		    actor_works_at(actor, contact->prisoner.prison);
	struct wall since =
	    c.begun ? later(contact->requested_at, c.identity.sent_at) : contact->requested_at;
	c.due = answer_due(since, policy->values[POLICY_CONTACT_ANSWER_DAYS]);
	return c;
}

enum err identity_case_find(struct service *service, const struct actor *actor,
			    const struct contact *contact, struct identity_case *out)
{
	struct identity identity = { 0 };
	struct policy policy;
	enum err err = policy_load(service, contact->prisoner.prison, &policy);
	if (err != OK)
		return err;
	err = store_identity_find(service->store, contact->person.id, &identity);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	*out = case_of(service, actor, contact, &policy, &identity);
	return OK;
}

enum err identity_cases_find(struct service *service, const struct actor *actor,
			     struct arena *arena, const struct contact *const *contacts,
			     size_t count, struct identity_case *out)
{
	struct person_id *persons = arena_new(arena, count + 1, sizeof *persons);
	struct identity *all = arena_new(arena, count + 1, sizeof *all);
	for (size_t i = 0; i < count; i++)
		persons[i] = contacts[i]->person.id;
	enum err err = store_identity_list(service->store, persons, count, all);
	struct prison_code ruled = { 0 }; /* whose rules .policy is */
	struct policy policy;
	for (size_t i = 0; i < count && err == OK; i++) {
		struct prison_code prison = contacts[i]->prisoner.prison;
		if (i == 0 || !prison_code_equal(ruled, prison))
			err = policy_load(service, prison, &policy);
		ruled = prison;
		if (err == OK)
			out[i] = case_of(service, actor, contacts[i], &policy, &all[i]);
	}
	return err;
}

/* The contact and the identity on which the actor may decide, now. */
static enum err load_case(struct service *service, const struct actor *actor, struct arena *arena,
			  struct contact_id id, struct contact *contact, struct identity_case *out)
{
	if (!actor_is_one_of(actor, MAY_DECIDE))
		return ERR_DENIED;
	enum err err = store_contact_find(service->store, arena, id, contact);
	if (err == OK && !actor_works_at(actor, contact->prisoner.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = identity_case_find(service, actor, contact, out);
	return err;
}

static enum err write_look(struct service *service, const struct actor *actor,
			   struct person_id person, enum identity_picture picture)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_IDENTITY_LOOK,
						 .object = AUDIT_ON_PERSON,
						 .object_id = person.n,
						 .amount = picture });
}

static enum err look(struct service *service, const struct actor *actor, struct arena *arena,
		     struct contact_id id, enum identity_picture picture, struct bytes *jpeg)
{
	struct contact contact;
	struct identity_case c;
	enum err err = load_case(service, actor, arena, id, &contact, &c);
	if (err == OK && !c.visible)
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = open_picture(service, arena, contact.person.id, picture, jpeg);
	return err == OK ? write_look(service, actor, contact.person.id, picture) : err;
}

enum err identity_look(struct service *service, const struct actor *actor, struct arena *arena,
		       struct contact_id id, enum identity_picture picture, struct bytes *jpeg)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = look(service, actor, arena, id, picture, jpeg);
	return use_case_end(&use, err);
}

static enum err ask_again(struct service *service, const struct actor *actor, struct arena *arena,
			  struct contact_id id, unsigned pictures, enum identity_problem problem)
{
	struct contact contact;
	struct identity_case c;
	enum err err = load_case(service, actor, arena, id, &contact, &c);
	if (err == OK && !c.visible)
		err = ERR_CONFLICT;
	if (err != OK)
		return err;
	c.identity.state = IDENTITY_ASKED_AGAIN;
	c.identity.asked = pictures;
	c.identity.problem = problem;
	c.identity.changed_at = service->now;
	err = store_identity_update(service->store, &c.identity);
	if (err == OK)
		err = keep(service, contact.prisoner.prison, &c.identity);
	if (err == OK)
		err = tell(service, &(struct telling){ .kind = MESSAGE_PHOTO_AGAIN,
						       .account = contact.person.booker,
						       .prison = contact.prisoner.prison,
						       .object = contact.person.id.n,
						       .occasion = service->now.s });
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_IDENTITY_AGAIN,
						 .object = AUDIT_ON_PERSON,
						 .object_id = contact.person.id.n,
						 .amount = pictures });
}

enum err identity_ask_again(struct service *service, const struct actor *actor,
			    struct contact_id id, unsigned pictures, enum identity_problem problem)
{
	if (!actor_is_one_of(actor, MAY_DECIDE))
		return ERR_DENIED;
	if (pictures == 0 || pictures > IDENTITY_BOTH || problem == IDENTITY_FINE ||
	    problem >= IDENTITY_PROBLEM_COUNT)
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = ask_again(service, actor, &arena, id, pictures, problem);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err identity_covers(struct service *service, const struct contact *contact, bool *covered)
{
	static const struct actor nobody = { .role = ROLE_NOBODY };
	struct identity_case c;
	enum err err = identity_case_find(service, &nobody, contact, &c);
	if (err == OK)
		*covered = !c.needed || (c.begun && (c.identity.state == IDENTITY_SENT ||
						     c.identity.state == IDENTITY_VERIFIED));
	return err;
}

enum err identity_decide(struct service *service, const struct actor *actor,
			 const struct contact *contact, enum identity_state to)
{
	struct identity identity;
	enum err err = store_identity_find(service->store, contact->person.id, &identity);
	if (err == ERR_NOT_FOUND)
		return OK;
	if (err != OK || !identity_may_become(identity.state, to))
		return err;
	identity.state = to;
	identity.changed_at = identity.decided_at = service->now;
	identity.decided_by = actor->account;
	err = store_identity_update(service->store, &identity);
	return err == OK ? keep(service, contact->prisoner.prison, &identity) : err;
}

/* ---- staff: a visit ---- */

enum err identity_portrait_kept(struct service *service, struct person_id person, bool *out)
{
	struct identity identity;
	enum err err = store_identity_find(service->store, person, &identity);
	*out = err == OK && identity.state == IDENTITY_VERIFIED &&
	       (identity.held & IDENTITY_BIT(IDENTITY_PORTRAIT)) != 0;
	return err == ERR_NOT_FOUND ? OK : err;
}

static bool takes_part(const struct visit *visit, struct person_id person)
{
	for (size_t i = 0; i < visit->visitor_count; i++)
		if (visit->visitors[i].person.n == person.n)
			return true;
	return false;
}

static enum err look_at_visit(struct service *service, const struct actor *actor,
			      struct arena *arena, struct reference reference,
			      struct person_id person, struct bytes *jpeg)
{
	struct visit visit;
	bool kept = false;
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err != OK)
		return err;
	if ((visit.state != VISIT_LOBBY && visit.state != VISIT_LIVE) ||
	    !takes_part(&visit, person))
		return ERR_NOT_FOUND;
	err = identity_portrait_kept(service, person, &kept);
	if (err == OK && !kept)
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = open_picture(service, arena, person, IDENTITY_PORTRAIT, jpeg);
	return err == OK ? write_look(service, actor, person, IDENTITY_PORTRAIT) : err;
}

enum err identity_look_at_visit(struct service *service, const struct actor *actor,
				struct arena *arena, struct reference reference,
				struct person_id person, struct bytes *jpeg)
{
	if (!actor_is_one_of(actor, MAY_ADMIT))
		return ERR_DENIED;
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = look_at_visit(service, actor, arena, reference, person, jpeg);
	return use_case_end(&use, err);
}

/* ---- by itself ---- */

/* Without the portrait it was approved by, or with nothing left, an identity has come to its end. */
static bool ends_with(const struct identity *identity, enum identity_picture picture)
{
	if (!identity_may_become(identity->state, IDENTITY_EXPIRED))
		return false;
	return identity->state != IDENTITY_VERIFIED || picture == IDENTITY_PORTRAIT;
}

static enum err erase(struct service *service, const struct actor *actor, bool *done)
{
	struct person_id person = { 0 };
	enum identity_picture picture = IDENTITY_DOCUMENT;
	struct identity identity;
	enum err err = store_picture_due(service->store, service->now, &person, &picture);
	if (err == ERR_NOT_FOUND)
		return OK;
	if (err == OK)
		err = store_picture_erase(service->store, person, picture);
	if (err == OK)
		err = store_identity_find(service->store, person, &identity);
	if (err == OK && ends_with(&identity, picture)) {
		identity.state = IDENTITY_EXPIRED;
		identity.asked = 0;
		identity.problem = IDENTITY_FINE;
		identity.changed_at = service->now;
		err = store_identity_update(service->store, &identity);
	}
	if (err != OK)
		return err;
	*done = true;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_IDENTITY_ERASE,
						 .object = AUDIT_ON_PERSON,
						 .object_id = person.n,
						 .amount = picture });
}

enum err identity_erase_due(struct service *service, const struct actor *actor, bool *done)
{
	*done = false;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = erase(service, actor, done);
	return use_case_end(&use, err);
}
