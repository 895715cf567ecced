#include "service/playback.h"

#include <sodium.h>
#include <string.h>

#include "base/hex.h"
#include "service/audit_nodes_priv.h"
#include "service/service_priv.h"
#include "service/staff.h"
#include "store/account.h"
#include "store/audit.h"
#include "store/visit.h"
#include "tlog/proof.h"

enum {
	MAY_READ = PRISON_STAFF | MAY(ROLE_INSPECTOR),
	MAY_ASK = MAY(ROLE_MONITOR) | MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_CONTACTS_AUTHORISER),
	MAY_DECIDE = MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_CONTACTS_AUTHORISER),
};

/* ---- reading ---- */

enum err recordings_find(struct service *service, const struct actor *actor, struct arena *arena,
			 struct recordings *out)
{
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err = store_recording_list(service->store, arena, actor->prison, RECORDINGS_SHOWN,
					    &out->list);
	return err == OK
		   ? store_access_list_asked(service->store, arena, actor->prison, &out->asked)
		   : err;
}

/* Of a visit that the actor may know of. */
static enum err load(struct service *service, const struct actor *actor, struct arena *arena,
		     struct reference reference, struct recording *out)
{
	struct visit *visit = arena_new(arena, 1, sizeof *visit);
	enum err err = visit_load(service, actor, arena, reference, visit);
	return err == OK ? store_recording_find(service->store, arena, visit->id, out) : err;
}

enum err recording_find(struct service *service, const struct actor *actor, struct arena *arena,
			struct reference reference, struct recording_view *out)
{
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err = load(service, actor, arena, reference, &out->recording);
	struct visit_id visit = out->recording.visit;
	if (err == OK)
		err = store_segment_list(service->store, arena, visit, &out->segments);
	if (err == OK)
		err = store_gap_list(service->store, arena, visit, &out->gaps);
	if (err == OK)
		err = store_access_list_of(service->store, arena, visit, &out->accesses);
	if (err == OK)
		err = store_export_list_of(service->store, arena, visit, &out->exports);
	return err == OK ? store_export_file_list(service->store, arena, visit, &out->files) : err;
}

/* ---- one leaf each ---- */

static enum err write_leaf(struct service *service, const struct actor *actor,
			   const struct recording *recording, enum audit_verb verb, int64_t amount,
			   struct str words)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_RECORDING,
						 .object_id = recording->visit.n,
						 .amount = amount,
						 .prison = recording->prison,
						 .words = words });
}

/* What is asked or agreed to, and not over. */
static bool still_stands(const struct access *a, struct account_id by, struct wall now)
{
	bool late = now.s >= a->asked_at.s + PLAYBACK_ASKED_DAYS * 86400;
	return a->asked_by.n == by.n && !late &&
	       (a->state == ACCESS_ASKED ||
		(a->state == ACCESS_AGREED && playback_may_open(a, by, now) == PLAYBACK_OK));
}

static enum err ask(struct service *service, const struct actor *actor, struct arena *arena,
		    struct reference reference, struct str reason, enum playback_answer *answer)
{
	struct recording recording = { 0 };
	struct store_accesses before = { 0 };
	enum err err = load(service, actor, arena, reference, &recording);
	if (err == OK)
		err = store_access_list_of(service->store, arena, recording.visit, &before);
	if (err != OK)
		return err;
	*answer = playback_recording_allows(&recording);
	for (size_t i = 0; i < before.count && *answer == PLAYBACK_OK; i++)
		if (still_stands(&before.list[i], actor->account, service->now))
			*answer = PLAYBACK_WAITS;
	if (*answer != PLAYBACK_OK)
		return OK;
	err = write_leaf(service, actor, &recording, AUDIT_RECORDING_ASK, 0, reason);
	struct access access = { .id = { random_id(service->random) },
				 .visit = recording.visit,
				 .asked_by = actor->account,
				 .asked_as = actor->role,
				 .reason = reason,
				 .asked_at = service->now,
				 .ask_seq = service->newest_leaf };
	return err == OK ? store_access_insert(service->store, &access) : err;
}

enum err recording_ask(struct service *service, const struct actor *actor,
		       struct reference reference, struct str reason, enum playback_answer *answer)
{
	if (!actor_is_one_of(actor, MAY_ASK))
		return ERR_DENIED;
	*answer = playback_reason_enough(reason) ? PLAYBACK_OK : PLAYBACK_NO_WORDS;
	if (*answer != PLAYBACK_OK)
		return OK;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = ask(service, actor, &arena, reference, reason, answer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* An access of the actor's prison, and its recording. */
static enum err load_access(struct service *service, const struct actor *actor, struct arena *arena,
			    struct access_id id, struct access *access, struct recording *recording)
{
	enum err err = store_access_find(service->store, arena, id, access);
	if (err == OK && !actor_works_at(actor, access->prison))
		err = ERR_NOT_FOUND;
	return err == OK ? store_recording_find(service->store, arena, access->visit, recording)
			 : err;
}

enum err decider_load(struct service *service, const struct actor *actor, struct arena *arena,
		      struct decider *out)
{
	struct account account = { 0 };
	enum err err = store_account_find(service->store, arena, actor->account, &account);
	*out = (struct decider){ .account = actor->account,
				 .name = account.name,
				 .role = actor->role };
	return err;
}

static enum err find_decider(struct service *service, const struct actor *actor,
			     struct arena *arena, const struct access *access, struct decider *out)
{
	enum err err = decider_load(service, actor, arena, out);
	return err == OK ? store_access_watched(service->store, access->visit, actor->account,
						&out->watched)
			 : err;
}

static enum err decide(struct service *service, const struct actor *actor, struct arena *arena,
		       struct access_id id, bool agree, struct str reason,
		       enum playback_answer *answer)
{
	struct access access = { 0 };
	struct recording recording = { 0 };
	struct decider decider = { 0 };
	enum err err = load_access(service, actor, arena, id, &access, &recording);
	if (err == OK)
		err = find_decider(service, actor, arena, &access, &decider);
	if (err != OK)
		return err;
	*answer = agree ? playback_recording_allows(&recording) : PLAYBACK_OK;
	if (*answer == PLAYBACK_OK)
		*answer = playback_may_decide(&access, &decider, service->now);
	if (*answer != PLAYBACK_OK)
		return OK;
	err = write_leaf(service, actor, &recording,
			 agree ? AUDIT_RECORDING_AGREE : AUDIT_RECORDING_REFUSE, access.ask_seq,
			 reason);
	access.state = agree ? ACCESS_AGREED : ACCESS_REFUSED;
	access.decided_by = actor->account;
	access.decided_as = actor->role;
	access.decided_reason = reason;
	access.decided_at = service->now;
	access.decide_seq = service->newest_leaf;
	return err == OK ? store_access_update(service->store, &access) : err;
}

enum err recording_decide(struct service *service, const struct actor *actor, struct access_id id,
			  bool agree, struct str reason, enum playback_answer *answer)
{
	if (!actor_is_one_of(actor, MAY_DECIDE))
		return ERR_DENIED;
	*answer = playback_reason_enough(reason) ? PLAYBACK_OK : PLAYBACK_NO_WORDS;
	if (*answer != PLAYBACK_OK)
		return OK;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = decide(service, actor, &arena, id, agree, reason, answer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* A token is a secret: what is kept of it tells nothing. */
static struct str hash_of(struct arena *arena, struct str session)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	char *text = arena_new(arena, 2 * sizeof hash + 1, 1);
	(void)crypto_hash_sha256(hash, (const unsigned char *)session.at, session.len);
	hex_encode(bytes_of(hash, sizeof hash), text);
	return str_from(text);
}

static enum err open_it(struct service *service, const struct actor *actor, struct arena *arena,
			struct access_id id, struct str session, enum playback_answer *answer)
{
	struct access access = { 0 };
	struct recording recording = { 0 };
	enum err err = load_access(service, actor, arena, id, &access, &recording);
	if (err != OK)
		return err;
	*answer = playback_recording_allows(&recording);
	if (*answer == PLAYBACK_OK)
		*answer = playback_may_open(&access, actor->account, service->now);
	if (*answer != PLAYBACK_OK)
		return OK;
	err = write_leaf(service, actor, &recording, AUDIT_RECORDING_OPEN, access.decide_seq,
			 (struct str){ 0 });
	access.state = ACCESS_OPENED;
	access.opened_at = service->now;
	access.open_seq = service->newest_leaf;
	access.session = hash_of(arena, session);
	return err == OK ? store_access_update(service->store, &access) : err;
}

enum err recording_open(struct service *service, const struct actor *actor, struct access_id id,
			struct str session, enum playback_answer *answer)
{
	if (!actor_is_one_of(actor, MAY_ASK) || str_empty(session))
		return ERR_DENIED;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	*answer = PLAYBACK_OK;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = open_it(service, actor, &arena, id, session, answer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- looking ---- */

static enum err load_viewing(struct service *service, const struct actor *actor,
			     struct arena *arena, struct access_id id, struct str session,
			     struct access *access, struct recording *recording,
			     enum playback_answer *answer)
{
	if (!actor_is_one_of(actor, MAY_ASK))
		return ERR_DENIED;
	enum err err = load_access(service, actor, arena, id, access, recording);
	if (err != OK)
		return err;
	struct staff_role role = { actor->role, actor->prison };
	bool stands = false;
	err = staff_role_stands(service, actor->account, role, &stands);
	*answer = stands ? playback_recording_allows(recording) : PLAYBACK_NO_ROLE;
	if (*answer == PLAYBACK_OK)
		*answer = playback_may_look(access, actor->account, hash_of(arena, session),
					    service->now);
	return err;
}

enum err viewing_may(struct service *service, const struct actor *actor, struct arena *arena,
		     struct access_id id, struct str session, enum playback_answer *answer)
{
	struct access access = { 0 };
	struct recording recording = { 0 };
	return load_viewing(service, actor, arena, id, session, &access, &recording, answer);
}

enum err viewing_find(struct service *service, const struct actor *actor, struct arena *arena,
		      struct access_id id, struct str session, struct viewing *out,
		      enum playback_answer *answer)
{
	struct store *store = service->store;
	enum err err =
	    load_viewing(service, actor, arena, id, session, &out->access, &out->recording, answer);
	struct visit_id visit = out->access.visit;
	if (err == OK)
		err = store_segment_list(store, arena, visit, &out->segments);
	if (err == OK)
		err = store_gap_list(store, arena, visit, &out->gaps);
	if (err == OK)
		err = store_act_list(store, arena, visit, &out->acts);
	return err == OK ? store_incident_list_of(store, arena, visit, &out->incidents) : err;
}

enum err viewing_segment_find(struct service *service, const struct actor *actor,
			      struct arena *arena, struct access_id id, struct segment_id segment,
			      struct str session, struct access *access, struct segment_row *out,
			      enum playback_answer *answer)
{
	struct recording recording = { 0 };
	enum err err = load_viewing(service, actor, arena, id, session, access, &recording, answer);
	if (err == OK)
		err = store_segment_find(service->store, arena, segment, out);
	if (err == OK && out->visit.n != access->visit.n)
		err = ERR_NOT_FOUND;
	return err;
}

static enum err look(struct service *service, const struct actor *actor, struct arena *arena,
		     struct access_id id, struct segment_id segment, struct str session,
		     struct segment_row *out, enum playback_answer *answer)
{
	struct access access = { 0 };
	struct recording recording = { 0 };
	enum err err =
	    viewing_segment_find(service, actor, arena, id, segment, session, &access, out, answer);
	if (err == OK && *answer == PLAYBACK_OK)
		err = store_recording_find(service->store, arena, access.visit, &recording);
	if (err != OK || *answer != PLAYBACK_OK)
		return err;
	return write_leaf(service, actor, &recording, AUDIT_RECORDING_LOOK,
			  (out->at_ms - recording.began_ms) / 1000, (struct str){ 0 });
}

enum err viewing_look(struct service *service, const struct actor *actor, struct arena *arena,
		      struct access_id id, struct segment_id segment, struct str session,
		      struct segment_row *out, enum playback_answer *answer)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = look(service, actor, arena, id, segment, session, out, answer);
	return use_case_end(&use, err);
}

/* ---- handing it out ---- */

static enum err make_export(struct service *service, const struct actor *actor, struct arena *arena,
			    const struct export_new *new, struct str session, struct export_id *out,
			    enum playback_answer *answer)
{
	struct access access = { 0 };
	struct recording recording = { 0 };
	struct decider exporter = { 0 };
	enum err err = load_access(service, actor, arena, new->access, &access, &recording);
	if (err == OK)
		err = decider_load(service, actor, arena, &exporter);
	if (err != OK)
		return err;
	*answer = playback_recording_allows(&recording);
	if (*answer == PLAYBACK_OK)
		*answer = playback_may_export(&access, &exporter, service->now);
	if (*answer != PLAYBACK_OK)
		return OK;
	err = write_leaf(service, actor, &recording, AUDIT_RECORDING_EXPORT, access.decide_seq,
			 str_from(arena_printf(arena, "%.*s\n%.*s", STR_FMT(new->recipient),
					       STR_FMT(new->reason))));
	struct recording_export export = { .id = { random_id(service->random) },
					   .access = access.id,
					   .recipient = new->recipient,
					   .reason = new->reason,
					   .by = actor->account,
					   .as = actor->role,
					   .at = service->now,
					   .export_seq = service->newest_leaf,
					   .session = hash_of(arena, session) };
	*out = export.id;
	return err == OK ? store_export_insert(service->store, &export) : err;
}

enum err export_make(struct service *service, const struct actor *actor,
		     const struct export_new *new, struct str session, struct export_id *out,
		     enum playback_answer *answer)
{
	if (!actor_is_one_of(actor, MAY_ASK) || str_empty(session))
		return ERR_DENIED;
	*answer = playback_reason_enough(new->reason) ? PLAYBACK_OK : PLAYBACK_NO_WORDS;
	if (*answer != PLAYBACK_OK)
		return OK;
	if (!reason_acceptable(new->reason) || str_empty(new->recipient) ||
	    new->recipient.len > PLAYBACK_RECIPIENT_MAX)
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = make_export(service, actor, &arena, new, session, out, answer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err load_export(struct service *service, const struct actor *actor, struct arena *arena,
			    struct export_id id, struct str session,
			    struct recording_export *export, struct recording *recording,
			    enum playback_answer *answer)
{
	struct staff_role role = { actor->role, actor->prison };
	bool stands = false;
	if (!actor_is_one_of(actor, MAY_ASK))
		return ERR_DENIED;
	enum err err = store_export_find(service->store, arena, id, export);
	if (err == OK && !actor_works_at(actor, export->prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = store_recording_find(service->store, arena, export->visit, recording);
	if (err == OK)
		err = staff_role_stands(service, actor->account, role, &stands);
	if (err != OK)
		return err;
	*answer = stands ? playback_recording_allows(recording) : PLAYBACK_NO_ROLE;
	if (*answer == PLAYBACK_OK)
		*answer = playback_may_fetch(export, actor->account, hash_of(arena, session),
					     service->now);
	return OK;
}

enum err export_may(struct service *service, const struct actor *actor, struct arena *arena,
		    struct export_id id, struct str session, enum playback_answer *answer)
{
	struct recording_export export = { 0 };
	struct recording recording = { 0 };
	return load_export(service, actor, arena, id, session, &export, &recording, answer);
}

/* In place: only those of this export. */
static void keep_own(struct store_export_files *files, struct export_id id)
{
	size_t kept = 0;
	for (size_t i = 0; i < files->count; i++)
		if (files->list[i].export.n == id.n)
			files->list[kept++] = files->list[i];
	files->count = kept;
}

enum err export_find(struct service *service, const struct actor *actor, struct arena *arena,
		     struct export_id id, struct str session, struct export_view *out,
		     enum playback_answer *answer)
{
	enum err err =
	    load_export(service, actor, arena, id, session, &out->export, &out->recording, answer);
	struct visit_id visit = out->export.visit;
	if (err == OK)
		err = store_segment_list(service->store, arena, visit, &out->segments);
	if (err == OK)
		err = store_export_file_list(service->store, arena, visit, &out->files);
	if (err == OK)
		keep_own(&out->files, id);
	return err;
}

struct access export_access(const struct recording_export *export)
{
	return (struct access){ .id = { export->id.n },
				.visit = export->visit,
				.ask_seq = export->ask_seq,
				.decide_seq = export->decide_seq,
				.opened_at = export->at,
				.open_seq = export->export_seq };
}

static enum err note_file(struct service *service, const struct actor *actor, struct arena *arena,
			  const struct recording_export_file *file)
{
	struct recording_export export = { 0 };
	char hash[2 * PLAYBACK_HASH_LEN + 1];
	enum err err = store_export_find(service->store, arena, file->export, &export);
	struct recording recording = { .visit = export.visit, .prison = export.prison };
	if (err == OK)
		err = store_export_file_insert(service->store, random_id(service->random), file);
	hex_encode(bytes_of(file->hash, sizeof file->hash), hash);
	return err == OK ? write_leaf(service, actor, &recording, AUDIT_RECORDING_FILE, file->bytes,
				      str_from(hash))
			 : err;
}

enum err export_file_sent(struct service *service, const struct actor *actor,
			  const struct recording_export_file *file)
{
	struct use_case use;
	struct arena arena;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = note_file(service, actor, &arena, file);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- what pvl-vault is shown ---- */

static enum err prove(struct service *service, struct arena *arena,
		      const struct tlog_source *source, uint64_t size, int64_t seq,
		      struct vault_proof *out)
{
	struct store_leaves leaf = { 0 };
	struct tlog_proof *proof = arena_new(arena, 1, sizeof *proof);
	struct buf text = buf_of(AUDIT_CANONICAL_MAX);
	enum err err = store_audit_walk(service->store, arena, seq - 1, 1, &leaf);
	if (err == OK && (leaf.count == 0 || leaf.list[0].seq != seq))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = tlog_prove_inclusion(source, size, (uint64_t)seq - 1, proof);
	if (err == OK) {
		audit_canonical(&leaf.list[0], &text);
		*out = (struct vault_proof){
			.record = str_from(arena_text(arena, buf_view(&text))),
			.index = (uint64_t)seq - 1,
			.hashes = bytes_of(proof->hashes, proof->len * TLOG_HASH_LEN),
		};
	}
	buf_clear(&text);
	return err;
}

enum err access_evidence(struct service *service, const struct actor *actor, struct arena *arena,
			 const struct access *access, uint64_t size,
			 struct vault_proof out[VAULT_STEPS])
{
	const int64_t seqs[VAULT_STEPS] = { [VAULT_STEP_ASK] = access->ask_seq,
					    [VAULT_STEP_AGREE] = access->decide_seq,
					    [VAULT_STEP_OPEN] = access->open_seq };
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	for (size_t i = 0; i < VAULT_STEPS; i++)
		if (seqs[i] < 1 || (uint64_t)seqs[i] > size)
			return ERR_AGAIN;
	struct tlog_source source = audit_nodes_source(service);
	enum err err = OK;
	for (size_t i = 0; err == OK && i < VAULT_STEPS; i++)
		err = prove(service, arena, &source, size, seqs[i], &out[i]);
	return err;
}

/* ---- the end of a recording ---- */

/* The certificate: how many keys, and a hash over what they were. */
static enum err certify(struct service *service, const struct actor *actor,
			const struct recording *recording, const struct store_segments *segments)
{
	crypto_hash_sha256_state state;
	uint8_t hash[crypto_hash_sha256_BYTES];
	char text[2 * sizeof hash + 1];
	(void)crypto_hash_sha256_init(&state);
	for (size_t i = 0; i < segments->count; i++)
		(void)crypto_hash_sha256_update(&state, segments->list[i].key,
						sizeof segments->list[i].key);
	(void)crypto_hash_sha256_final(&state, hash);
	hex_encode(bytes_of(hash, sizeof hash), text);
	return write_leaf(service, actor, recording, AUDIT_RECORDING_ERASE,
			  (int64_t)segments->count, str_from(text));
}

static enum err erase(struct service *service, const struct actor *actor, struct arena *arena,
		      struct store_segments *segments)
{
	struct visit_id visit = { 0 };
	struct recording recording = { 0 };
	enum err err = store_recording_due(service->store, service->now, &visit);
	if (err == OK)
		err = store_recording_find(service->store, arena, visit, &recording);
	if (err == OK)
		err = store_segment_list(service->store, arena, visit, segments);
	if (err == OK)
		err = store_recording_erase(service->store, visit, service->now);
	return err == OK ? certify(service, actor, &recording, segments) : err;
}

enum err recording_erase_due(struct service *service, const struct actor *actor,
			     struct arena *arena, struct store_segments *segments)
{
	struct use_case use;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = erase(service, actor, arena, segments);
	return use_case_end(&use, err);
}
