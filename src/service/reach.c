#include "service/reach.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "domain/prisoner.h"
#include "service/people.h"
#include "service/service_priv.h"
#include "service/tell.h"
#include "store/account.h"
#include "store/contact.h"
#include "store/message.h"
#include "store/prisoner.h"
#include "store/professional.h"
#include "store/reach.h"
#include "store/relationship.h"
#include "store/secret.h"
#include "store/web_session.h"

enum {
	DAY_S = 86400,
	CODES = 1000000,
	AGE_MOST = 130,
	MAY_ENTER =
	    MAY(ROLE_VISITS_CLERK) | MAY(ROLE_CONTACTS_AUTHORISER) | MAY(ROLE_DUTY_GOVERNOR),
};

/* No password: libsodium verifies none against it, so nobody signs in. */
static const char NO_PASSWORD[] = "!";

const char *mobile_asked_name(enum mobile_asked asked)
{
	static const char *const NAMES[MOBILE_ASKED_COUNT] = {
		[MOBILE_ASKED_SENT] = "",
		[MOBILE_ASKED_BAD] = "bad",
		[MOBILE_ASKED_LANDLINE] = "landline",
		[MOBILE_ASKED_TOO_SOON] = "too_soon",
		[MOBILE_ASKED_TOO_MANY] = "too_many",
	};
	return NAMES[asked < MOBILE_ASKED_COUNT ? asked : MOBILE_ASKED_BAD];
}

static enum err leaf(struct service *service, const struct actor *actor, enum audit_verb verb,
		     struct account_id account, int64_t amount)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_ACCOUNT,
						 .object_id = account.n,
						 .amount = amount });
}

/* ---- looking ---- */

static enum err view_of(struct service *service, struct arena *arena, struct account_id account,
			struct reach_view *out)
{
	struct reach_view view = { 0 };
	struct mobile_code code = { 0 };
	enum message_state last = MESSAGE_STATE_COUNT;
	enum err err = store_account_find(service->store, arena, account, &view.account);
	if (err == OK)
		err = store_reach_find(service->store, arena, account, &view.reach);
	if (err == OK)
		err = store_mobile_code_find(service->store, account, &code);
	if (err == OK && code.until.s > service->now.s)
		memcpy(view.asked, code.mobile, sizeof view.asked);
	if (err == OK || err == ERR_NOT_FOUND)
		err = store_message_last_state(service->store, account, MESSAGE_SMS, &last);
	view.bounced = view.reach.mobile[0] && last == MESSAGE_BOUNCED;
	if (err == OK)
		*out = view;
	return err;
}

enum err reach_find(struct service *service, const struct actor *actor, struct arena *arena,
		    struct reach_view *out)
{
	return actor->role == ROLE_FAMILY ? view_of(service, arena, actor->account, out)
					  : ERR_DENIED;
}

/* ---- codes ---- */

/* The same for the same account, number and time: nothing else has to be kept. */
static enum err code_of(struct service *service, const struct mobile_code *of,
			char out[MOBILE_CODE_LEN + 1])
{
	uint8_t key[STORE_SECRET_LEN], mac[crypto_auth_hmacsha256_BYTES];
	char text[96];
	uint64_t number = 0;
	enum err err = store_secret_share(service->store, service->random, "mobile", key);
	if (err != OK)
		return err;
	(void)snprintf(text, sizeof text, "%lld %s %lld", (long long)of->account.n, of->mobile,
		       (long long)of->until.s);
	crypto_auth_hmacsha256(mac, (const uint8_t *)text, strlen(text), key);
	for (size_t i = 0; i < sizeof number; i++)
		number = number << 8 | mac[i];
	(void)snprintf(out, MOBILE_CODE_LEN + 1, "%06d", (int)(number % (uint64_t)CODES));
	return OK;
}

/* How often today, and how lately; another number than before starts no new count. */
static enum err may_ask(struct service *service, const struct mobile_code *code,
			const struct mobile_code *before, enum mobile_asked *out)
{
	int64_t others = 0;
	enum err err = store_mobile_code_count(service->store, code, &others);
	*out = MOBILE_ASKED_SENT;
	if (before->made_at.s + MOBILE_CODE_AGAIN_S > service->now.s)
		*out = MOBILE_ASKED_TOO_SOON;
	if (code->asked > MOBILE_CODES_DAY || others >= MOBILE_CODES_NUMBER_DAY)
		*out = MOBILE_ASKED_TOO_MANY;
	return err;
}

static enum err ask(struct service *service, const struct actor *actor, struct mobile_code *code,
		    enum mobile_asked *out)
{
	struct mobile_code before = { 0 };
	enum err err = store_mobile_code_find(service->store, actor->account, &before);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	code->asked = before.day == code->day ? before.asked + 1 : 1;
	err = may_ask(service, code, &before, out);
	if (err != OK || *out != MOBILE_ASKED_SENT)
		return err;
	err = store_mobile_code_put(service->store, code);
	if (err == OK)
		err = tell(service, &(struct telling){ .kind = MESSAGE_CODE,
						       .account = actor->account,
						       .object = actor->account.n,
						       .occasion = code->until.s,
						       .answer_by = code->until });
	return err == OK ? leaf(service, actor, AUDIT_MOBILE_ASK, actor->account, 0) : err;
}

enum err mobile_ask(struct service *service, const struct actor *actor, struct str typed,
		    enum mobile_asked *out)
{
	struct use_case use;
	struct mobile_code code = { .account = actor->account,
				    .made_at = service->now,
				    .until = wall_add_s(service->now, MOBILE_CODE_S),
				    .day = service->now.s / DAY_S };
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	enum mobile_verdict verdict = mobile_of(typed, code.mobile);
	*out = verdict == MOBILE_LANDLINE ? MOBILE_ASKED_LANDLINE : MOBILE_ASKED_BAD;
	if (verdict != MOBILE_OK)
		return OK;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = ask(service, actor, &code, out);
	return use_case_end(&use, err);
}

enum err mobile_code_tell(struct service *service, const struct actor *actor,
			  struct account_id account, struct wall until,
			  char out[MOBILE_CODE_LEN + 1])
{
	struct mobile_code code = { 0 };
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = store_mobile_code_find(service->store, account, &code);
	if (err == OK && code.until.s != until.s)
		err = ERR_NOT_FOUND;
	return err == OK ? code_of(service, &code, out) : err;
}

/* Blanks left out; empty unless as long as a code is. */
static void digits_of(struct str typed, char out[MOBILE_CODE_LEN + 1])
{
	size_t len = 0;
	for (size_t i = 0; i < typed.len && len <= MOBILE_CODE_LEN; i++)
		if (typed.at[i] != ' ' && len++ < MOBILE_CODE_LEN)
			out[len - 1] = typed.at[i];
	out[len == MOBILE_CODE_LEN ? len : 0] = '\0';
}

static enum err take_number(struct service *service, struct arena *arena,
			    const struct mobile_code *code)
{
	struct reach reach = { 0 };
	enum err err = store_reach_find(service->store, arena, code->account, &reach);
	memcpy(reach.mobile, code->mobile, sizeof reach.mobile);
	reach.texts = true;
	return err == OK ? store_reach_set(service->store, code->account, &reach, service->now)
			 : err;
}

static enum err confirm(struct service *service, const struct actor *actor, struct arena *arena,
			const char *typed, enum mobile_confirmed *out)
{
	struct mobile_code code = { 0 };
	char good[MOBILE_CODE_LEN + 1];
	enum err err = store_mobile_code_find(service->store, actor->account, &code);
	*out = MOBILE_OVER;
	if (err == ERR_NOT_FOUND || (err == OK && code.until.s <= service->now.s))
		return OK;
	if (err == OK)
		err = code_of(service, &code, good);
	if (err != OK)
		return err;
	bool right = typed[0] && sodium_memcmp(typed, good, MOBILE_CODE_LEN) == 0;
	*out = right ? MOBILE_CONFIRMED : MOBILE_WRONG;
	code.tries++;
	if (right || code.tries >= MOBILE_CODE_TRIES)
		code.until.s = 0;
	err = store_mobile_code_put(service->store, &code);
	if (err == OK && right)
		err = take_number(service, arena, &code);
	return err == OK ? leaf(service, actor, AUDIT_MOBILE_CONFIRM, actor->account, right) : err;
}

enum err mobile_confirm(struct service *service, const struct actor *actor, struct str typed,
			enum mobile_confirmed *out)
{
	struct use_case use;
	struct arena arena;
	char digits[MOBILE_CODE_LEN + 1];
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	digits_of(typed, digits);
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = confirm(service, actor, &arena, digits, out);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err mobile_code_erase_due(struct service *service, const struct actor *actor)
{
	struct use_case use;
	int64_t count = 0;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = store_mobile_code_erase(service->store, wall_add_s(service->now, -DAY_S),
					      &count);
	if (err == OK && count)
		err = audit_write(service, actor,
				  &(struct audit_what){ .verb = AUDIT_REACH_ERASE,
							.object = AUDIT_NOTHING,
							.amount = count });
	return use_case_end(&use, err);
}

/* ---- setting ---- */

/* Of .mobile, .postal and .texts, what the part says. */
static enum err change(struct service *service, const struct actor *actor, struct arena *arena,
		       enum reach_part part, const struct postal *postal)
{
	struct reach reach = { 0 };
	enum err err = store_reach_find(service->store, arena, actor->account, &reach);
	if (err == OK && !reach.mobile[0] && part != REACH_ADDRESS && part != REACH_ADDRESS_END)
		err = ERR_CONFLICT;
	if (err != OK)
		return err;
	if (part == REACH_MOBILE_END)
		reach.mobile[0] = '\0';
	if (part == REACH_ADDRESS || part == REACH_ADDRESS_END)
		reach.postal = postal ? *postal : (struct postal){ 0 };
	else
		reach.texts = part == REACH_TEXTS;
	err = store_reach_set(service->store, actor->account, &reach, service->now);
	return err == OK ? leaf(service, actor, AUDIT_REACH_SET, actor->account, part) : err;
}

static enum err change_own(struct service *service, const struct actor *actor, enum reach_part part,
			   const struct postal *postal)
{
	struct use_case use;
	struct arena arena;
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = change(service, actor, &arena, part, postal);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err mobile_remove(struct service *service, const struct actor *actor)
{
	enum err err = change_own(service, actor, REACH_MOBILE_END, NULL);
	return err == ERR_CONFLICT ? OK : err; /* gone already */
}

enum err address_set(struct service *service, const struct actor *actor,
		     const struct postal *postal)
{
	if (postal && !postal_acceptable(postal))
		return ERR_BAD;
	return change_own(service, actor, postal ? REACH_ADDRESS : REACH_ADDRESS_END, postal);
}

enum err texts_choose(struct service *service, const struct actor *actor, bool texts)
{
	return change_own(service, actor, texts ? REACH_TEXTS : REACH_TEXTS_END, NULL);
}

/* ---- for whoever has no e-mail ---- */

static bool mobile_acceptable(const char *mobile)
{
	char out[MOBILE_MAX + 1];
	return !mobile[0] ||
	       (mobile_of(str_from(mobile), out) == MOBILE_OK && strcmp(mobile, out) == 0);
}

static bool ways_acceptable(const char *mobile, const struct postal *postal)
{
	bool addressed = !postal_empty(postal);
	return mobile_acceptable(mobile) && (!addressed || postal_acceptable(postal)) &&
	       (mobile[0] || addressed);
}

static enum err check_entry(struct service *service, struct arena *arena,
			    const struct visitor_entry *entry)
{
	struct relationship known = { .own_words = true };
	struct date today = local_date(service->now);
	bool worded = !str_empty(str_trim(entry->relationship));
	if (!name_acceptable(entry->name) || !date_valid(entry->born) ||
	    date_compare(entry->born, today) > 0 || date_age(entry->born, today) >= AGE_MOST ||
	    (worded && !relationship_acceptable(entry->relationship)) ||
	    !ways_acceptable(entry->mobile, &entry->postal))
		return ERR_BAD;
	if (!str_empty(entry->relationship_code)) {
		enum err err = store_relationship_find(service->store, arena,
						       entry->relationship_code, &known);
		if (err != OK)
			return err == ERR_NOT_FOUND ? ERR_BAD : err;
	}
	return known.own_words && !worded ? ERR_BAD : OK;
}

static enum err is_new(struct service *service, struct arena *arena, struct prisoner_id prisoner,
		       const struct visitor_entry *entry)
{
	struct store_contacts contacts = { 0 };
	enum err err = store_contact_list_for(service->store, arena, prisoner, &contacts);
	for (size_t i = 0; i < contacts.count && err == OK; i++) {
		const struct person *person = &contacts.list[i].person;
		if (str_equal_nocase(person->name, str_trim(entry->name)) &&
		    date_compare(person->born, entry->born) == 0)
			return ERR_CONFLICT;
	}
	return err;
}

static enum err insert_visitor(struct service *service, const struct visitor_entry *entry,
			       struct contact *contact)
{
	struct account account = { .id = { random_id(service->random) },
				   .name = str_trim(entry->name),
				   .language = entry->language };
	struct reach reach = { .texts = entry->mobile[0] != '\0', .postal = entry->postal };
	memcpy(reach.mobile, entry->mobile, sizeof reach.mobile);
	contact->person = (struct person){ .id = { random_id(service->random) },
					   .booker = account.id,
					   .name = account.name,
					   .born = entry->born };
	enum err err =
	    store_account_insert(service->store, &account, str_from(NO_PASSWORD), service->now);
	if (err == OK)
		err = store_person_insert(service->store, &contact->person);
	if (err == OK)
		err = store_reach_set(service->store, account.id, &reach, service->now);
	return err == OK ? store_contact_insert(service->store, contact) : err;
}

static enum err enter(struct service *service, const struct actor *actor, struct arena *arena,
		      struct prisoner_id prisoner, const struct visitor_entry *entry,
		      struct contact_id *out)
{
	struct contact contact = { .id = { random_id(service->random) },
				   .relationship = str_trim(entry->relationship),
				   .relationship_code = entry->relationship_code,
				   .requested_at = service->now };
	enum err err = store_prisoner_find(service->store, arena, prisoner, &contact.prisoner);
	if (err == OK && !actor_works_at(actor, contact.prisoner.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = check_entry(service, arena, entry);
	if (err == OK)
		err = is_new(service, arena, prisoner, entry);
	if (err == OK)
		err = insert_visitor(service, entry, &contact);
	if (err != OK)
		return err;
	*out = contact.id;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_VISITOR_ENTER,
						 .object = AUDIT_ON_CONTACT,
						 .object_id = contact.id.n });
}

enum err visitor_enter(struct service *service, const struct actor *actor,
		       struct prisoner_id prisoner, const struct visitor_entry *entry,
		       struct contact_id *out)
{
	struct use_case use;
	struct arena arena;
	if (!actor_is_one_of(actor, MAY_ENTER))
		return ERR_DENIED;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = enter(service, actor, &arena, prisoner, entry, out);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* Who books for a contact of the actor's prison. */
static enum err find_booker(struct service *service, const struct actor *actor, struct arena *arena,
			    struct contact_id id, struct account_id *out)
{
	struct contact contact = { 0 };
	if (!actor_is_one_of(actor, MAY_ENTER))
		return ERR_DENIED;
	enum err err = store_contact_find(service->store, arena, id, &contact);
	if (err == OK && !actor_works_at(actor, contact.prisoner.prison))
		err = ERR_NOT_FOUND;
	*out = contact.person.booker;
	return err;
}

enum err visitor_reach_find(struct service *service, const struct actor *actor, struct arena *arena,
			    struct contact_id id, struct reach_view *out)
{
	struct account_id booker;
	struct reach_view view = { 0 };
	enum err err = find_booker(service, actor, arena, id, &booker);
	if (err == OK)
		err = view_of(service, arena, booker, &view);
	if (err == OK && (view.reach.email || view.account.staff))
		err = ERR_NOT_FOUND;
	if (err == OK)
		*out = view;
	return err;
}

static enum err set_ways(struct service *service, const struct actor *actor, struct arena *arena,
			 struct contact_id id, const struct reach *given)
{
	struct reach_view view = { 0 };
	enum err err = visitor_reach_find(service, actor, arena, id, &view);
	if (err != OK)
		return err;
	view.reach.postal = given->postal;
	view.reach.texts = given->texts;
	memcpy(view.reach.mobile, given->mobile, sizeof view.reach.mobile);
	err = store_reach_set(service->store, view.account.id, &view.reach, service->now);
	return err == OK ? leaf(service, actor, AUDIT_REACH_SET, view.account.id, REACH_BY_STAFF)
			 : err;
}

/* What staff do with a number and an address that a visitor has told them. */
typedef enum err ways_change(struct service *, const struct actor *, struct arena *,
			     struct contact_id, const struct reach *given);

static enum err with_ways(struct service *service, const struct actor *actor, struct contact_id id,
			  const char *mobile, const struct postal *postal, ways_change *act)
{
	struct use_case use;
	struct arena arena;
	if (!actor_is_one_of(actor, MAY_ENTER))
		return ERR_DENIED;
	if (!ways_acceptable(mobile, postal))
		return ERR_BAD;
	struct reach given = { .texts = mobile[0] != '\0', .postal = *postal };
	(void)snprintf(given.mobile, sizeof given.mobile, "%s", mobile);
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = act(service, actor, &arena, id, &given);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err visitor_reach_set(struct service *service, const struct actor *actor, struct contact_id id,
			   const char *mobile, const struct postal *postal)
{
	return with_ways(service, actor, id, mobile, postal, set_ways);
}

static bool is_family(struct service *service, struct arena *arena, const struct account *account)
{
	struct professional professional = { 0 };
	return !account->staff && store_professional_find(service->store, arena, account->id,
							  &professional) == ERR_NOT_FOUND;
}

enum err visitor_email_find(struct service *service, const struct actor *actor, struct arena *arena,
			    struct contact_id id, struct account *out)
{
	struct account_id booker;
	struct account account = { 0 };
	enum err err = find_booker(service, actor, arena, id, &booker);
	if (err == OK)
		err = store_account_find(service->store, arena, booker, &account);
	if (err == OK && (str_empty(account.email) || !is_family(service, arena, &account)))
		err = ERR_NOT_FOUND;
	if (err == OK)
		*out = account;
	return err;
}

static enum err end_email(struct service *service, const struct actor *actor, struct arena *arena,
			  struct contact_id id, const struct reach *given)
{
	struct account account = { 0 };
	enum err err = visitor_email_find(service, actor, arena, id, &account);
	if (err == OK)
		err = store_account_end_email(service->store, account.id);
	if (err == OK)
		err = store_account_set_hash(service->store, account.id, str_from(NO_PASSWORD));
	if (err == OK)
		err = store_web_session_delete_account(service->store, account.id);
	if (err == OK)
		err = store_reach_set(service->store, account.id, given, service->now);
	if (err == OK) /* what waits in the outbox would go nowhere */
		err = tell_all_otherwise(service, arena, account.id, MESSAGE_EMAIL);
	if (err != OK)
		return err;
	service->sessions_ended++;
	return leaf(service, actor, AUDIT_REACH_SET, account.id, REACH_EMAIL_END);
}

enum err visitor_email_end(struct service *service, const struct actor *actor, struct contact_id id,
			   const char *mobile, const struct postal *postal)
{
	return with_ways(service, actor, id, mobile, postal, end_email);
}
