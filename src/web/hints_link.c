#include "web/hints_link.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "sys/seqpacket.h"

struct hints_link {
	struct loop *loop;
	struct watch watch; /* fd -1: no pvl-hints */
	unsigned generation;
};

struct hints_link *hints_link_new(struct loop *loop)
{
	struct hints_link *link = mem_new(1, sizeof *link);
	link->loop = loop;
	link->watch.fd = -1;
	return link;
}

static void cut_off(struct hints_link *link)
{
	if (link->watch.fd < 0)
		return;
	loop_forget(link->loop, &link->watch);
	close(link->watch.fd);
	link->watch.fd = -1;
	link->generation++;
}

void hints_link_free(struct hints_link *link)
{
	if (link == NULL)
		return;
	cut_off(link);
	free(link);
}

/* hints_link_next() reads. */
static void on_message(struct watch *watch, unsigned what, struct mono now)
{
	(void)watch;
	(void)what;
	(void)now;
}

void hints_link_take(struct hints_link *link, int fd)
{
	cut_off(link);
	link->watch = (struct watch){ .fd = fd, .ready = on_message, .owner = link };
	if (loop_watch(link->loop, &link->watch, LOOP_READ) == OK)
		return;
	close(fd);
	link->watch.fd = -1;
}

unsigned hints_link_generation(const struct hints_link *link)
{
	return link != NULL ? link->generation : 0;
}

bool hints_link_next(struct hints_link *link, struct hint_note *out)
{
	uint8_t in[HINTS_NOTE_MAX];
	size_t len;
	if (link == NULL || link->watch.fd < 0)
		return false;
	enum err err = seqpacket_receive(link->watch.fd, in, sizeof in, &len, NULL);
	if (err == OK)
		err = hint_note_decode(bytes_of(in, len), out);
	if (err != OK && err != ERR_AGAIN)
		cut_off(link);
	return err == OK;
}
