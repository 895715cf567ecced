#include "notify/calendar.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "tests/unit/check.h"

enum {
	ROOM = 8 << 10
};

static struct calendar_event event_of(enum calendar_method method, int revision)
{
	struct calendar_event event = {
		.method = method,
		.revision = revision,
		.summary = "Video visit",
		.description = "One line, with a comma; and\na second line",
		.address = "https://visits.example/visits/BCDFGHJKX",
		.organizer = "visits@prison.example",
		.attendee = "amina@family.example",
		.made = { 1795428420 },
		.start = { 1795440000 },
		.end = { 1795441800 },
	};
	(void)snprintf(event.reference.text, sizeof event.reference.text, "BCDFGHJKX");
	return event;
}

static bool holds(const struct buf *file, const char *line)
{
	return memmem(file->at, file->len, line, strlen(line)) != NULL;
}

static void an_invitation_says_who_when_and_which_revision(void **state)
{
	(void)state;
	static const char *const LINES[] = {
		"METHOD:REQUEST\r\n",
		"UID:BCDFGHJKX@prison-video-link\r\n",
		"SEQUENCE:2\r\n",
		"DTSTART:20261123T132000Z\r\n",
		"DTEND:20261123T135000Z\r\n",
		"STATUS:CONFIRMED\r\n",
		"ORGANIZER:mailto:visits@prison.example\r\n",
		"BEGIN:VALARM\r\n",
		"mailto:amina@family.example",
		"DESCRIPTION:One line\\, with a comma\\; and\\na second line\r\n",
	};
	struct buf file = buf_of(ROOM);
	struct calendar_event event = event_of(CALENDAR_REQUEST, 2);
	CHECK(calendar_write(&event, &file) == OK);
	for (size_t i = 0; i < ARRAY_LEN(LINES); i++)
		CHECK(holds(&file, LINES[i]));
	buf_clear(&file);
}

static void a_cancellation_takes_it_back_without_an_alarm(void **state)
{
	(void)state;
	struct buf file = buf_of(ROOM);
	struct calendar_event event = event_of(CALENDAR_CANCEL, 3);
	CHECK(calendar_write(&event, &file) == OK);
	CHECK(holds(&file, "METHOD:CANCEL\r\n") && holds(&file, "STATUS:CANCELLED\r\n"));
	CHECK(holds(&file, "SEQUENCE:3\r\n") && !holds(&file, "VALARM"));
	buf_clear(&file);
}

static void what_is_published_names_nobody(void **state)
{
	(void)state;
	struct buf file = buf_of(ROOM);
	struct calendar_event event = event_of(CALENDAR_PUBLISH, 0);
	event.organizer = event.attendee = NULL;
	CHECK(calendar_write(&event, &file) == OK);
	CHECK(holds(&file, "METHOD:PUBLISH\r\n") && !holds(&file, "mailto:"));
	buf_clear(&file);
}

static void a_file_that_does_not_fit_is_none(void **state)
{
	(void)state;
	struct buf file = buf_of(100);
	struct calendar_event event = event_of(CALENDAR_PUBLISH, 0);
	CHECK(calendar_write(&event, &file) == ERR_LIMIT);
	buf_clear(&file);
}

static void a_feed_holds_times_and_nothing_else(void **state)
{
	(void)state;
	struct calendar_use uses[3] = { 0 };
	struct buf file = buf_of(ROOM);
	for (int i = 0; i < 3; i++) {
		struct calendar_event event = event_of(CALENDAR_PUBLISH, 0);
		uses[i] = (struct calendar_use){ .reference = event.reference,
						 .revision = i,
						 .start = { 1795440000 + i * 3600 },
						 .end = { 1795441800 + i * 3600 } };
	}
	CHECK(calendar_feed_write("Video room 1", "Taken", (struct wall){ 1795428420 }, uses, 3,
				  &file) == OK);
	CHECK(holds(&file, "X-WR-CALNAME:Video room 1\r\n") && holds(&file, "SEQUENCE:2\r\n"));
	CHECK(holds(&file, "DTSTART:20261123T152000Z\r\n") && holds(&file, "CLASS:PRIVATE\r\n"));
	buf_clear(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_invitation_says_who_when_and_which_revision),
		TEST(a_cancellation_takes_it_back_without_an_alarm),
		TEST(what_is_published_names_nobody),
		TEST(a_file_that_does_not_fit_is_none),
		TEST(a_feed_holds_times_and_nothing_else),
	};
	return RUN("notify/calendar", tests);
}
