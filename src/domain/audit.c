#include "domain/audit.h"

#include <string.h>

#include "base/hex.h"

static const char *const VERBS[AUDIT_VERB_COUNT] = {
	[AUDIT_ACCOUNT_CREATE] = "account.create",
	[AUDIT_ACCOUNT_REHASH] = "account.rehash",
	[AUDIT_ROLE_GRANT] = "role.grant",
	[AUDIT_SIGN_IN] = "session.start",
	[AUDIT_SIGN_IN_FAILED] = "session.fail",
	[AUDIT_SIGN_OUT] = "session.end",
	[AUDIT_ROLE_CHOOSE] = "session.role",
	[AUDIT_PERSON_ADD] = "person.add",
	[AUDIT_CONTACT_REQUEST] = "contact.request",
	[AUDIT_CONTACT_MISMATCH] = "contact.mismatch",
	[AUDIT_CONTACT_APPROVE] = "contact.approve",
	[AUDIT_CONTACT_REJECT] = "contact.reject",
	[AUDIT_VISIT_BOOK] = "visit.book",
	[AUDIT_VISIT_CANCEL] = "visit.cancel",
	[AUDIT_LOBBY_ENTER] = "visit.lobby",
	[AUDIT_VISITOR_ADMIT] = "visitor.admit",
	[AUDIT_VISITOR_REFUSE] = "visitor.refuse",
	[AUDIT_VISIT_LIVE] = "visit.live",
	[AUDIT_VISIT_HEARD] = "visit.heard",
	[AUDIT_VISIT_LOST] = "visit.lost",
	[AUDIT_VISIT_END] = "visit.end",
	[AUDIT_TERMINAL_ADD] = "terminal.add",
	[AUDIT_TERMINAL_CODE] = "terminal.code",
	[AUDIT_TERMINAL_ENROL] = "terminal.enrol",
	[AUDIT_TERMINAL_PROVE] = "terminal.prove",
	[AUDIT_TERMINAL_RETIRE] = "terminal.retire",
	[AUDIT_POLICY_SET] = "policy.set",
	[AUDIT_PRISON_ADD] = "prison.add",
	[AUDIT_PRISON_READY] = "prison.ready",
	[AUDIT_PRISONER_ADD] = "prisoner.add",
	[AUDIT_ROOM_ADD] = "room.add",
	[AUDIT_SESSION_ADD] = "session_template.add",
	[AUDIT_LANGUAGE_CHOOSE] = "account.language",
	/* Times and places. */
	[AUDIT_VISIT_MOVE] = "visit.move",
	[AUDIT_HOLD_TAKE] = "hold.take",
	[AUDIT_HOLD_EXPIRE] = "hold.expire",
	[AUDIT_HOLD_PURGE] = "hold.purge",
	[AUDIT_SESSION_CHANGE] = "session_template.change",
	[AUDIT_SESSION_END] = "session_template.end",
	[AUDIT_EXCLUDE_ADD] = "exclude_date.add",
	[AUDIT_EXCLUDE_REMOVE] = "exclude_date.remove",
	[AUDIT_BLOCK_ADD] = "place_block.add",
	[AUDIT_BLOCK_REMOVE] = "place_block.remove",
	[AUDIT_ROOM_USE] = "room.use",
	[AUDIT_ROOM_HOURS] = "room.hours",
	[AUDIT_REGIME_ADD] = "regime_event.add",
	[AUDIT_REGIME_REMOVE] = "regime_event.remove",
	[AUDIT_REVIEW_DECIDE] = "review.decide",
	[AUDIT_VISIT_REQUEST] = "visit.request",
	[AUDIT_REQUEST_APPROVE] = "request.approve",
	[AUDIT_REQUEST_REJECT] = "request.reject",
	[AUDIT_REQUEST_EXPIRE] = "request.expire",
	[AUDIT_VISIT_FLAG] = "visit.flag",
	[AUDIT_ORDERS_RUN] = "orders.run",
	[AUDIT_ALLOWANCE_ADJUST] = "allowance.adjust",
	[AUDIT_INCENTIVE_SET] = "incentive.set",
	[AUDIT_RESTRICTION_ADD] = "restriction.add",
	[AUDIT_RESTRICTION_END] = "restriction.end",
	[AUDIT_ALERT_ADD] = "alert.add",
	[AUDIT_ALERT_END] = "alert.end",
	[AUDIT_ALERT_RULE] = "alert.rule",
	[AUDIT_CHILD_DECIDE] = "child.decide",
	[AUDIT_NON_ASSOCIATION_ADD] = "non_association.add",
	[AUDIT_NON_ASSOCIATION_END] = "non_association.end",
	[AUDIT_PRISONER_MOVE] = "prisoner.move",
	[AUDIT_PRISONER_MERGE] = "prisoner.merge",
	[AUDIT_PRISONER_STATUS] = "prisoner.status",
	[AUDIT_SOURCE_SET] = "source.set",
	[AUDIT_PRISON_CHANGE] = "prison.change",
	[AUDIT_PRISONER_CHANGE] = "prisoner.change",
	[AUDIT_CONTACT_LIST] = "contact.list",
	[AUDIT_REFERENCE_SET] = "reference.set",
	[AUDIT_KEY_CREATE] = "key.create",
	[AUDIT_KEY_REVOKE] = "key.revoke",
	[AUDIT_IDENTITY_PICTURE] = "identity.picture",
	[AUDIT_IDENTITY_SEND] = "identity.send",
	[AUDIT_IDENTITY_LOOK] = "identity.look",
	[AUDIT_IDENTITY_AGAIN] = "identity.ask_again",
	[AUDIT_IDENTITY_ERASE] = "identity.erase",
	[AUDIT_DEVICE_CHOOSE] = "device.choose",
	[AUDIT_LINK_MAKE] = "link.make",
	[AUDIT_LINK_REVOKE] = "link.revoke",
	[AUDIT_LINK_USE] = "link.use",
	[AUDIT_PIN_SET] = "pin.set",
	[AUDIT_PRISONER_SIGN_IN] = "prisoner.sign_in",
	[AUDIT_PRISONER_SIGN_IN_FAILED] = "prisoner.sign_in_fail",
	[AUDIT_PRISONER_SIGN_OUT] = "prisoner.sign_out",
	[AUDIT_ASK_VISIT] = "ask.visit",
	[AUDIT_ASK_CONTACT] = "ask.contact",
	[AUDIT_ASK_DECIDE] = "ask.decide",
	[AUDIT_VISIT_PAUSE] = "visit.pause",
	[AUDIT_VISIT_RESUME] = "visit.resume",
	[AUDIT_VISIT_MUTE] = "visit.mute",
	[AUDIT_VISIT_UNMUTE] = "visit.unmute",
	[AUDIT_VISIT_BLANK] = "visit.blank",
	[AUDIT_VISIT_UNBLANK] = "visit.unblank",
	[AUDIT_VISIT_WARN] = "visit.warn",
	[AUDIT_VISIT_ACKNOWLEDGE] = "visit.acknowledge",
	[AUDIT_VISIT_EXTEND] = "visit.extend",
	[AUDIT_VISIT_REPORT] = "visit.report",
	[AUDIT_VISIT_NOT_PRIVATE] = "visit.not_private",
	[AUDIT_MONITOR_BEGIN] = "monitor.begin",
	[AUDIT_MONITOR_TOLD] = "monitor.told",
	[AUDIT_MONITOR_END] = "monitor.end",
	[AUDIT_WATCH_DRAW] = "watch.draw",
	[AUDIT_WATCH_ASSIGN] = "watch.assign",
	[AUDIT_WATCH_ASSIGNMENT_END] = "watch.assignment_end",
	[AUDIT_WARNING_ADD] = "warning.add",
	[AUDIT_WARNING_RETIRE] = "warning.retire",
	[AUDIT_INCIDENT_OPEN] = "incident.open",
	[AUDIT_INCIDENT_DECIDE] = "incident.decide",
	[AUDIT_INCIDENT_APPEAL] = "incident.appeal",
	[AUDIT_AUTHORISATION_REQUEST] = "authorisation.request",
	[AUDIT_AUTHORISATION_DECIDE] = "authorisation.decide",
	[AUDIT_AUTHORISATIONS_TAKE] = "register.authorisations",
	[AUDIT_DISCLOSURES_TAKE] = "register.disclosures",
	[AUDIT_ESCORT_ACKNOWLEDGE] = "escort.acknowledge",
	[AUDIT_NOT_PRODUCED] = "escort.not_produced",
	[AUDIT_VISIT_OUTCOME] = "visit.outcome",
	[AUDIT_STATISTICS_COUNT] = "statistics.count",
	[AUDIT_MESSAGES_TAKE] = "message.take",
	[AUDIT_MESSAGE_ANSWER] = "message.answer",
	[AUDIT_MESSAGES_BACK] = "message.back",
	[AUDIT_MESSAGES_ASK] = "message.ask",
	[AUDIT_MESSAGES_ERASE] = "message.erase",
	[AUDIT_PROFESSIONAL_ASK] = "professional.ask",
	[AUDIT_PROFESSIONAL_APPROVE] = "professional.approve",
	[AUDIT_PROFESSIONAL_END] = "professional.end",
	[AUDIT_CLIENT_ADD] = "client.add",
	[AUDIT_WAITING_ADD] = "waiting.add",
	[AUDIT_ADJUSTMENT_ASK] = "adjustment.ask",
	[AUDIT_ADJUSTMENT_WITHDRAW] = "adjustment.withdraw",
	[AUDIT_ADJUSTMENT_DECIDE] = "adjustment.decide",
	[AUDIT_HINT_MAKE] = "hint.make",
	[AUDIT_HINT_ANSWER] = "hint.answer",
	[AUDIT_HINT_ERASE] = "hint.erase",
	[AUDIT_RECORDING_NOTES] = "recording.notes",
	[AUDIT_RECORDING_ASK] = "recording.ask",
	[AUDIT_RECORDING_AGREE] = "recording.agree",
	[AUDIT_RECORDING_REFUSE] = "recording.refuse",
	[AUDIT_RECORDING_OPEN] = "recording.open",
	[AUDIT_RECORDING_LOOK] = "recording.look",
	[AUDIT_RECORDING_LOCK] = "recording.lock",
	[AUDIT_RECORDING_SETTLE] = "recording.settle",
	[AUDIT_RECORDING_ERASE] = "recording.erase",
	[AUDIT_RECORDING_EXPORT] = "recording.export",
	[AUDIT_RECORDING_FILE] = "recording.file",
	[AUDIT_LEGAL_HOLD_ASK] = "recording.hold_ask",
	[AUDIT_LEGAL_HOLD_DECIDE] = "recording.hold_decide",
	[AUDIT_LEGAL_HOLD_REVIEW] = "recording.hold_review",
	[AUDIT_DATA_COPY] = "data.copy",
	[AUDIT_DATA_LOOK] = "data.look",
	[AUDIT_DATA_ERASE] = "data.erase",
	[AUDIT_PASSWORD_LINK] = "password.link",
	[AUDIT_PASSWORD_SET] = "password.set",
	[AUDIT_ROLE_REVOKE] = "role.revoke",
	[AUDIT_LIST_CONTACT_REQUESTS] = "list.contact_requests",
	[AUDIT_LIST_VISIT_REQUESTS] = "list.visit_requests",
	[AUDIT_LIST_NOTIFICATIONS] = "list.notifications",
	[AUDIT_LIST_OUTCOMES] = "list.outcomes",
	[AUDIT_LIST_TOUCHED] = "list.touched",
	[AUDIT_LIST_WAITS] = "list.waits",
	[AUDIT_LIST_PROFESSIONALS] = "list.professionals",
	[AUDIT_ROOM_FEED_MAKE] = "room.feed_make",
	[AUDIT_ROOM_FEED_REVOKE] = "room.feed_revoke",
	[AUDIT_WEBHOOK_ADD] = "webhook.add",
	[AUDIT_WEBHOOK_END] = "webhook.end",
	[AUDIT_WEBHOOK_AGAIN] = "webhook.again",
	[AUDIT_WEBHOOK_TAKE] = "webhook.take",
	[AUDIT_WEBHOOK_ANSWER] = "webhook.answer",
	[AUDIT_WEBHOOK_BACK] = "webhook.back",
	[AUDIT_WEBHOOK_ERASE] = "webhook.erase",
	[AUDIT_WITNESS_ADD] = "witness.add",
	[AUDIT_WITNESS_END] = "witness.end",
	[AUDIT_WAITING_CHANGE] = "waiting.change",
	[AUDIT_WAITING_END] = "waiting.end",
	[AUDIT_FREED_FIND] = "freed.find",
	[AUDIT_FREED_END] = "freed.end",
	[AUDIT_OFFER_MAKE] = "offer.make",
	[AUDIT_OFFER_END] = "offer.end",
	[AUDIT_STANDBY_ASK] = "standby.ask",
	[AUDIT_STANDBY_END] = "standby.end",
	[AUDIT_MOBILE_ASK] = "mobile.ask",
	[AUDIT_MOBILE_CONFIRM] = "mobile.confirm",
	[AUDIT_REACH_SET] = "reach.set",
	[AUDIT_REACH_ERASE] = "reach.erase",
	[AUDIT_VISITOR_ENTER] = "visitor.enter",
};

static const char *const OBJECTS[AUDIT_OBJECT_COUNT] = {
	[AUDIT_NOTHING] = "nothing",
	[AUDIT_ON_ACCOUNT] = "account",
	[AUDIT_ON_PERSON] = "person",
	[AUDIT_ON_CONTACT] = "contact",
	[AUDIT_ON_VISIT] = "visit",
	[AUDIT_ON_TERMINAL] = "terminal",
	[AUDIT_ON_PRISON] = "prison",
	[AUDIT_ON_PRISONER] = "prisoner",
	[AUDIT_ON_ROOM] = "room",
	[AUDIT_ON_SESSION] = "session_template",
	[AUDIT_ON_APPLICATION] = "application",
	[AUDIT_ON_EXCLUDE_DATE] = "exclude_date",
	[AUDIT_ON_BLOCK] = "place_block",
	[AUDIT_ON_REGIME] = "regime_event",
	[AUDIT_ON_REVIEW] = "review",
	[AUDIT_ON_RESTRICTION] = "restriction",
	[AUDIT_ON_ALERT] = "alert",
	[AUDIT_ON_NON_ASSOCIATION] = "non_association",
	[AUDIT_ON_SOURCE] = "source",
	[AUDIT_ON_KEY] = "api_key",
	[AUDIT_ON_LINK] = "link",
	[AUDIT_ON_ASK] = "ask",
	[AUDIT_ON_INCIDENT] = "incident",
	[AUDIT_ON_AUTHORISATION] = "authorisation",
	[AUDIT_ON_MESSAGE] = "message",
	[AUDIT_ON_ADJUSTMENT] = "adjustment",
	[AUDIT_ON_RECORDING] = "recording",
	[AUDIT_ON_WEBHOOK] = "webhook",
	[AUDIT_ON_WAITING] = "waiting",
	[AUDIT_ON_FREED] = "freed",
	[AUDIT_ON_OFFER] = "offer",
	[AUDIT_ON_STANDBY] = "standby",
	[AUDIT_ON_WITNESS] = "witness",
	[AUDIT_ON_LIST] = "list",
};

const char *audit_verb_name(enum audit_verb verb)
{
	return verb < AUDIT_VERB_COUNT ? VERBS[verb] : "unknown";
}

const char *audit_object_name(enum audit_object object)
{
	return object < AUDIT_OBJECT_COUNT ? OBJECTS[object] : "unknown";
}

bool audit_verb_of(struct str name, enum audit_verb *out)
{
	for (unsigned i = 0; i < AUDIT_VERB_COUNT; i++) {
		if (str_is(name, VERBS[i])) {
			*out = (enum audit_verb)i;
			return true;
		}
	}
	return false;
}

bool audit_verb_is_urgent(enum audit_verb verb)
{
	static const enum audit_verb urgent[] = {
		AUDIT_ROLE_GRANT,        AUDIT_KEY_CREATE,          AUDIT_RESTRICTION_ADD,
		AUDIT_RESTRICTION_END,   AUDIT_NON_ASSOCIATION_ADD, AUDIT_NON_ASSOCIATION_END,
		AUDIT_CHILD_DECIDE,      AUDIT_IDENTITY_LOOK,       AUDIT_VISIT_END,
		AUDIT_RECORDING_OPEN,    AUDIT_RECORDING_LOCK,      AUDIT_RECORDING_ERASE,
		AUDIT_ROLE_REVOKE,       AUDIT_RECORDING_EXPORT,    AUDIT_RECORDING_FILE,
		AUDIT_LEGAL_HOLD_DECIDE, AUDIT_DATA_ERASE,          AUDIT_WITNESS_ADD,
		AUDIT_WITNESS_END,       AUDIT_INCIDENT_DECIDE,     AUDIT_INCIDENT_APPEAL,
	};
	for (size_t i = 0; i < sizeof urgent / sizeof urgent[0]; i++)
		if (urgent[i] == verb)
			return true;
	return false;
}

bool audit_object_of(struct str name, enum audit_object *out)
{
	for (unsigned i = 0; i < AUDIT_OBJECT_COUNT; i++) {
		if (str_is(name, OBJECTS[i])) {
			*out = (enum audit_object)i;
			return true;
		}
	}
	return false;
}

static void line(struct buf *out, const char *name, const char *text)
{
	buf_text(out, name);
	buf_char(out, ' ');
	buf_text(out, text);
	buf_char(out, '\n');
}

static void number(struct buf *out, char before, int64_t value)
{
	buf_char(out, before);
	buf_int(out, value);
}

/* Written for every leaf, and again for every leaf that is verified: no printf. */
void audit_canonical(const struct audit_record *r, struct buf *out)
{
	char commitment[2 * AUDIT_HASH_LEN + 1];
	hex_encode(bytes_of(r->commitment, sizeof r->commitment), commitment);
	buf_text(out, "seq");
	number(out, ' ', r->seq);
	buf_text(out, "\nat");
	number(out, ' ', r->at.s);
	buf_text(out, "\nactor ");
	buf_text(out, role_name(r->role));
	number(out, ' ', r->account.n);
	number(out, ' ', r->terminal.n);
	buf_char(out, '\n');
	line(out, "prison", r->prison.text);
	line(out, "verb", audit_verb_name(r->verb));
	buf_text(out, "object ");
	buf_text(out, audit_object_name(r->object));
	number(out, ' ', r->object_id);
	buf_text(out, "\namount");
	number(out, ' ', r->amount);
	buf_char(out, '\n');
	line(out, "commitment", commitment);
}

/* ---- reading it ---- */

static bool take_line(struct str *rest, const char *name, struct str *out)
{
	struct str line = str_cut(rest, '\n');
	struct str first = str_cut(&line, ' ');
	*out = line;
	return str_is(first, name);
}

static bool take_number(struct str *rest, int64_t *out)
{
	uint64_t value;
	struct str word = str_cut(rest, ' ');
	bool negative = str_starts(word, "-");
	if (negative)
		word = str_of(word.at + 1, word.len - 1);
	if (!str_u64(word, INT64_MAX, &value))
		return false;
	*out = negative ? -(int64_t)value : (int64_t)value;
	return true;
}

static bool read_actor(struct str line, struct audit_record *r)
{
	return role_of(str_cut(&line, ' '), &r->role) && take_number(&line, &r->account.n) &&
	       take_number(&line, &r->terminal.n);
}

static bool read_object(struct str line, struct audit_record *r)
{
	return audit_object_of(str_cut(&line, ' '), &r->object) &&
	       take_number(&line, &r->object_id);
}

static bool read_prison(struct str line, struct audit_record *r)
{
	if (line.len >= sizeof r->prison.text)
		return false;
	memcpy(r->prison.text, line.at, line.len);
	return true;
}

static bool read_commitment(struct str line, struct audit_record *r)
{
	return hex_decode(line, r->commitment, sizeof r->commitment);
}

bool audit_read(struct str text, struct audit_record *out)
{
	struct audit_record r = { 0 };
	struct str rest = text, line;
	bool fine = take_line(&rest, "seq", &line) && take_number(&line, &r.seq);
	fine = fine && take_line(&rest, "at", &line) && take_number(&line, &r.at.s);
	fine = fine && take_line(&rest, "actor", &line) && read_actor(line, &r);
	fine = fine && take_line(&rest, "prison", &line) && read_prison(line, &r);
	fine = fine && take_line(&rest, "verb", &line) && audit_verb_of(line, &r.verb);
	fine = fine && take_line(&rest, "object", &line) && read_object(line, &r);
	fine = fine && take_line(&rest, "amount", &line) && take_number(&line, &r.amount);
	fine = fine && take_line(&rest, "commitment", &line) && read_commitment(line, &r);
	if (!fine)
		return false;
	struct buf again = buf_of(AUDIT_CANONICAL_MAX);
	audit_canonical(&r, &again);
	fine = str_equal(buf_view(&again), text);
	buf_clear(&again);
	if (fine)
		*out = r;
	return fine;
}
