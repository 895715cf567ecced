#include "web/objects_link.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "sys/seqpacket.h"

struct objects_link {
	struct loop *loop;
	struct log *log;
	struct watch watch; /* fd -1: no pvl-objects */
	struct objects_state state;
};

struct objects_link *objects_link_new(struct loop *loop, struct log *log)
{
	struct objects_link *link = mem_new(1, sizeof *link);
	link->loop = loop;
	link->log = log;
	link->watch.fd = -1;
	return link;
}

static void cut_off(struct objects_link *link)
{
	if (link->watch.fd < 0)
		return;
	loop_forget(link->loop, &link->watch);
	close(link->watch.fd);
	link->watch.fd = -1;
}

void objects_link_free(struct objects_link *link)
{
	if (link == NULL)
		return;
	cut_off(link);
	free(link);
}

static bool say(struct objects_link *link, const struct objects_message *message)
{
	uint8_t out[OBJECTS_MESSAGE_MAX];
	size_t len = 0;
	if (link->watch.fd < 0)
		return false;
	enum err err = objects_message_encode(message, out, sizeof out, &len);
	if (err == OK)
		err = seqpacket_send(link->watch.fd, bytes_of(out, len), -1);
	if (err != OK && err != ERR_AGAIN)
		cut_off(link);
	return err == OK;
}

/* objects_link_next() reads. */
static void on_message(struct watch *watch, unsigned what, struct mono now)
{
	(void)watch;
	(void)what;
	(void)now;
}

void objects_link_take(struct objects_link *link, int fd)
{
	cut_off(link);
	link->state = (struct objects_state){ 0 };
	link->watch = (struct watch){ .fd = fd, .ready = on_message, .owner = link };
	if (loop_watch(link->loop, &link->watch, LOOP_READ) == OK) {
		(void)say(link, &(struct objects_message){ .type = OBJECTS_HELLO });
		return;
	}
	close(fd);
	link->watch.fd = -1;
}

bool objects_link_want(struct objects_link *link, struct segment_id segment)
{
	return link != NULL &&
	       say(link, &(struct objects_message){ .type = OBJECTS_WANT, .segment = segment });
}

bool objects_link_next(struct objects_link *link, struct segment_id *segment,
		       enum objects_outcome *outcome)
{
	uint8_t in[OBJECTS_MESSAGE_MAX];
	struct objects_message m;
	size_t len;
	while (link != NULL && link->watch.fd >= 0) {
		enum err err = seqpacket_receive(link->watch.fd, in, sizeof in, &len, NULL);
		if (err == ERR_AGAIN)
			return false;
		if (err == OK)
			err = objects_message_decode(bytes_of(in, len), false, &m);
		if (err != OK) {
			cut_off(link);
			return false;
		}
		if (m.type == OBJECTS_CAME) {
			*segment = m.segment;
			*outcome = m.outcome;
			return true;
		}
		link->state = m.state;
	}
	return false;
}

bool objects_link_state(const struct objects_link *link, struct objects_state *out)
{
	if (link == NULL || link->watch.fd < 0)
		return false;
	*out = link->state;
	return true;
}
