#include "web/record_link.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "service/recording.h"
#include "sys/seqpacket.h"

_Static_assert((int)RECORD_LINK_GROUP <= (int)RECORDING_NOTES_MAX, "one transaction");

static const struct actor system_actor = { .role = ROLE_SYSTEM };

struct record_link {
	struct loop *loop;
	struct log *log;
	struct watch watch; /* fd -1: no pvl-record */
	unsigned generation;
	bool ready; /* its READY came and was written down */
	uint64_t process;
	bool process_is_new;
	size_t count;
	struct record_note notes[RECORD_LINK_GROUP];
	struct mono first_at; /* the first of these came */
	size_t written;       /* in this turn's transaction */
	size_t changed_len;
	struct visit_id changed[RECORD_LINK_CHANGED_MAX];
};

struct record_link *record_link_new(struct loop *loop, struct log *log)
{
	struct record_link *link = mem_new(1, sizeof *link);
	link->loop = loop;
	link->log = log;
	link->watch.fd = -1;
	return link;
}

static void cut_off(struct record_link *link)
{
	if (link->watch.fd < 0)
		return;
	loop_forget(link->loop, &link->watch);
	close(link->watch.fd);
	link->watch.fd = -1;
	link->ready = false;
	link->count = link->written = 0;
	link->generation++;
}

void record_link_free(struct record_link *link)
{
	if (link == NULL)
		return;
	cut_off(link);
	free(link);
}

static void say(struct record_link *link, enum record_type type, uint64_t number)
{
	uint8_t out[RECORD_NOTE_MAX];
	size_t len = 0;
	struct record_note note = { .type = type, .number = number };
	enum err err = record_note_encode(&note, out, sizeof out, &len);
	if (err == OK)
		err = seqpacket_send(link->watch.fd, bytes_of(out, len), -1);
	if (err != OK && err != ERR_AGAIN) /* what is not acknowledged is told again */
		cut_off(link);
}

/* record_link_turn() reads. */
static void on_message(struct watch *watch, unsigned what, struct mono now)
{
	(void)watch;
	(void)what;
	(void)now;
}

void record_link_take(struct record_link *link, int fd)
{
	cut_off(link);
	link->watch = (struct watch){ .fd = fd, .ready = on_message, .owner = link };
	if (loop_watch(link->loop, &link->watch, LOOP_READ) == OK)
		return say(link, RECORD_HELLO, 0);
	close(fd);
	link->watch.fd = -1;
}

/* ---- what it tells ---- */

/* In order: one that was told before counts as written. */
static void take(struct record_link *link, const struct record_note *note, struct mono now)
{
	if (note->type == RECORD_READY) {
		link->process_is_new = true;
		link->process = note->instance;
		link->count = 0; /* all that is not stored comes anew */
		return;
	}
	if (link->count == 0)
		link->first_at = now;
	link->notes[link->count++] = *note;
}

static void read_notes(struct record_link *link, struct mono now)
{
	uint8_t in[RECORD_NOTE_MAX];
	struct record_note note;
	size_t len;
	while (link->watch.fd >= 0 && link->count < RECORD_LINK_GROUP) {
		enum err err = seqpacket_receive(link->watch.fd, in, sizeof in, &len, NULL);
		if (err == ERR_AGAIN)
			return;
		if (err == OK)
			err = record_note_decode(bytes_of(in, len), false, &note);
		if (err == OK)
			take(link, &note, now);
		else
			cut_off(link);
	}
}

static int64_t now_ms(const struct service *service)
{
	return service->now.s * 1000;
}

static void welcome(struct record_link *link, struct service *service)
{
	enum err err =
	    recording_process_began(service, &system_actor, link->process, now_ms(service));
	if (err != OK) {
		log_event(link->log, LOG_ERROR, "recordings_not_cut",
			  LOG_WORD("err", err_name(err)));
		return;
	}
	link->process_is_new = false;
	link->ready = true;
	link->generation++;
	log_event(link->log, LOG_INFO, "recorder_up");
}

static void note_changed(struct record_link *link, struct visit_id visit)
{
	for (size_t i = 0; i < link->changed_len; i++)
		if (link->changed[i].n == visit.n)
			return;
	if (link->changed_len < RECORD_LINK_CHANGED_MAX)
		link->changed[link->changed_len++] = visit;
}

static void write_notes(struct record_link *link, struct service *service)
{
	size_t refused = 0;
	struct recording_notes notes = { .count = link->count, .list = link->notes };
	enum err err = recording_notes_take(service, &system_actor, &notes, &refused);
	if (refused > 0)
		log_event(link->log, LOG_ERROR, "recording_refused", LOG_INT("notes", refused));
	if (err != OK) {
		log_event(link->log, LOG_ERROR, "recording_not_noted",
			  LOG_WORD("err", err_name(err)));
		return;
	}
	link->written = link->count;
	for (size_t i = 0; i < link->count; i++)
		note_changed(link, link->notes[i].visit);
}

static bool is_due(const struct record_link *link, struct mono now)
{
	return link->count == RECORD_LINK_GROUP ||
	       (link->count > 0 &&
		mono_diff_us(now, link->first_at) >= RECORD_LINK_GROUP_MS * 1000);
}

void record_link_turn(struct record_link *link, struct service *service, struct mono now)
{
	if (link == NULL)
		return;
	link->changed_len = 0;
	read_notes(link, now);
	if (link->process_is_new && link->watch.fd >= 0)
		welcome(link, service);
	if (link->ready && is_due(link, now))
		write_notes(link, service);
}

void record_link_settle(struct record_link *link, bool committed)
{
	if (link == NULL || link->written == 0)
		return;
	uint64_t newest = link->notes[link->written - 1].number;
	link->written = 0;
	if (!committed)
		return;
	link->count = 0;
	if (link->watch.fd >= 0)
		say(link, RECORD_STORED, newest);
}

struct mono record_link_next(const struct record_link *link)
{
	if (link == NULL || link->count == 0 || link->watch.fd < 0)
		return MONO_NEVER;
	return mono_add_ms(link->first_at, RECORD_LINK_GROUP_MS);
}

bool record_link_is_up(const struct record_link *link)
{
	return link != NULL && link->ready;
}

unsigned record_link_generation(const struct record_link *link)
{
	return link != NULL ? link->generation : 0;
}

bool record_link_next_changed(struct record_link *link, struct visit_id *out)
{
	if (link == NULL || link->changed_len == 0)
		return false;
	*out = link->changed[--link->changed_len];
	return true;
}
