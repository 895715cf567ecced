#include "web/objects_link.h"

#include <unistd.h>

#include "../check.h"
#include "sys/seqpacket.h"

struct rig {
	struct loop *loop;
	struct objects_link *link;
	int objects; /* pvl-objects' side */
};

/* The test in the place of a pvl-objects that has just been started. */
static void come(struct rig *r)
{
	int ends[2];
	CHECK(seqpacket_pair(ends) == OK);
	if (r->objects >= 0)
		close(r->objects);
	objects_link_take(r->link, ends[0]);
	r->objects = ends[1];
}

static void open_rig(struct rig *r)
{
	static const struct loop_hooks none;
	*r = (struct rig){ .objects = -1 };
	CHECK(loop_open(&none, &r->loop) == OK);
	r->link = objects_link_new(r->loop, NULL);
}

static void close_rig(struct rig *r)
{
	objects_link_free(r->link);
	loop_close(r->loop);
	if (r->objects >= 0)
		close(r->objects);
}

static bool hears(const struct rig *r, enum objects_type type, int64_t segment)
{
	uint8_t in[OBJECTS_MESSAGE_MAX];
	struct objects_message m;
	size_t len;
	return seqpacket_receive(r->objects, in, sizeof in, &len, NULL) == OK &&
	       objects_message_decode(bytes_of(in, len), true, &m) == OK && m.type == type &&
	       m.segment.n == segment;
}

static void say(const struct rig *r, const struct objects_message *m)
{
	uint8_t out[OBJECTS_MESSAGE_MAX];
	size_t len;
	CHECK(objects_message_encode(m, out, sizeof out, &len) == OK);
	CHECK(seqpacket_send(r->objects, bytes_of(out, len), -1) == OK);
}

static bool next(const struct rig *r, int64_t segment, enum objects_outcome outcome)
{
	struct segment_id id;
	enum objects_outcome o;
	return objects_link_next(r->link, &id, &o) && id.n == segment && o == outcome;
}

static bool nothing_more(const struct rig *r)
{
	struct segment_id id;
	enum objects_outcome o;
	return !objects_link_next(r->link, &id, &o);
}

static void without_pvl_objects_nothing_is_wanted_and_no_state_is_known(void **state)
{
	(void)state;
	struct rig r;
	struct objects_state known;
	open_rig(&r);
	CHECK(!objects_link_want(NULL, (struct segment_id){ 5 }));
	CHECK(!objects_link_state(NULL, &known));
	CHECK(!objects_link_want(r.link, (struct segment_id){ 5 }));
	CHECK(!objects_link_state(r.link, &known) && nothing_more(&r));
	close_rig(&r);
}

static void it_says_hello_and_tells_in_order_what_came_and_what_did_not(void **state)
{
	(void)state;
	struct rig r;
	struct objects_state known;
	open_rig(&r);
	come(&r);
	CHECK(hears(&r, OBJECTS_HELLO, 0));
	CHECK(objects_link_want(r.link, (struct segment_id){ 5 }) && hears(&r, OBJECTS_WANT, 5));
	CHECK(nothing_more(&r));
	say(&r, &(struct objects_message){ .type = OBJECTS_CAME, .segment = { 6 } });
	say(&r, &(struct objects_message){ .type = OBJECTS_STATE,
					   .state = { .waiting = 3, .bytes = 9, .full = true } });
	say(&r, &(struct objects_message){
		    .type = OBJECTS_CAME, .segment = { 5 }, .outcome = OBJECTS_ABSENT });
	CHECK(next(&r, 6, OBJECTS_DONE) && next(&r, 5, OBJECTS_ABSENT) && nothing_more(&r));
	CHECK(objects_link_state(r.link, &known));
	CHECK(known.waiting == 3 && known.bytes == 9 && known.full);
	close_rig(&r);
}

static void one_that_died_is_wanted_nothing_of_until_another_comes(void **state)
{
	(void)state;
	struct rig r;
	struct objects_state known;
	open_rig(&r);
	come(&r);
	CHECK(hears(&r, OBJECTS_HELLO, 0));
	say(&r, &(struct objects_message){ .type = OBJECTS_CAME, .segment = { 6 } });
	close(r.objects);
	r.objects = -1;
	CHECK(next(&r, 6, OBJECTS_DONE)); /* what it said before counts */
	CHECK(nothing_more(&r) && !objects_link_state(r.link, &known));
	CHECK(!objects_link_want(r.link, (struct segment_id){ 5 }));
	come(&r);
	CHECK(hears(&r, OBJECTS_HELLO, 0));
	CHECK(objects_link_want(r.link, (struct segment_id){ 5 }) && hears(&r, OBJECTS_WANT, 5));
	close_rig(&r);
}

static void one_that_talks_nonsense_is_left(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r);
	come(&r);
	CHECK(seqpacket_send(r.objects, bytes_from_text("\x07nonsense"), -1) == OK);
	CHECK(nothing_more(&r) && !objects_link_want(r.link, (struct segment_id){ 5 }));
	come(&r);
	/* What pvl-web alone says is nonsense, too, when it comes from there. */
	say(&r, &(struct objects_message){ .type = OBJECTS_WANT, .segment = { 5 } });
	CHECK(nothing_more(&r) && !objects_link_want(r.link, (struct segment_id){ 5 }));
	close_rig(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_pvl_objects_nothing_is_wanted_and_no_state_is_known),
		TEST(it_says_hello_and_tells_in_order_what_came_and_what_did_not),
		TEST(one_that_died_is_wanted_nothing_of_until_another_comes),
		TEST(one_that_talks_nonsense_is_left),
	};
	return RUN("web/objects_link", tests);
}
