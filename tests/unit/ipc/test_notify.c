#include "ipc/notify.h"

#include <string.h>

#include "../check.h"

static uint8_t wire[NOTIFY_MESSAGE_MAX];
static size_t len;

static const struct notify_message all[] = {
	{ .type = NOTIFY_WHO },
	{ .type = NOTIFY_SEND,
	  .send = { .id = UINT64_C(0x7fffffffffffffff),
		    .channel = NOTIFY_LETTER,
		    .doubt = true,
		    .welsh = true,
		    .made_s = 1795428420,
		    .to = { "a@b.example", 11 },
		    .subject = { "Ymweliad", 8 },
		    .text = { "text", 4 },
		    .html = { "<p>", 3 },
		    .calendar = { "BEGIN:", 6 },
		    .calendar_method = { "CANCEL", 6 } } },
	{ .type = NOTIFY_ASK, .ask = { .id = 3, .provider_id = { "uuid", 4 } } },
	{ .type = NOTIFY_POST,
	  .post = { .id = 4,
		    .private_too = true,
		    .url = { "https://a", 9 },
		    .headers = { "X: y", 4 },
		    .body = { "{}", 2 } } },
	{ .type = NOTIFY_HELLO, .hello = { { NOTIFY_BY_SMTP, NOTIFY_BY_GOVUK, 0 } } },
	{ .type = NOTIFY_RESULT,
	  .result = { .id = 5,
		      .outcome = NOTIFY_LATER,
		      .provider = NOTIFY_BY_GOVUK,
		      .retry_after_s = 60,
		      .provider_id = { "uuid", 4 },
		      .problem = { "HTTP_429", 8 } } },
};

/* Encoding what was decoded gives the same bytes: every field was there. */
static void each_message_comes_back_as_it_went(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		static uint8_t again[NOTIFY_MESSAGE_MAX];
		struct notify_message out;
		size_t again_len;
		bool from_web = all[i].type < NOTIFY_HELLO;
		CHECK(notify_message_encode(&all[i], wire, sizeof wire, &len) == OK);
		CHECK(notify_message_decode(bytes_of(wire, len), from_web, &out) == OK);
		CHECK(out.type == all[i].type);
		CHECK(notify_message_encode(&out, again, sizeof again, &again_len) == OK);
		CHECK(again_len == len && memcmp(again, wire, len) == 0);
		CHECK(notify_message_decode(bytes_of(wire, len), !from_web, &out) == ERR_BAD);
		for (size_t cut = 0; cut < len; cut++)
			CHECK(notify_message_decode(bytes_of(wire, cut), from_web, &out) ==
			      ERR_BAD);
		CHECK(notify_message_decode(bytes_of(wire, len + 1), from_web, &out) == ERR_BAD);
		CHECK(notify_message_encode(&all[i], wire, len - 1, &again_len) == ERR_LIMIT);
	}
	struct notify_message out;
	CHECK(notify_message_encode(&all[1], wire, sizeof wire, &len) == OK);
	CHECK(notify_message_decode(bytes_of(wire, len), true, &out) == OK);
	CHECK(out.send.id == all[1].send.id && out.send.channel == NOTIFY_LETTER);
	CHECK(out.send.doubt && out.send.welsh && out.send.made_s == 1795428420);
	CHECK(str_is(out.send.to, "a@b.example") && str_is(out.send.calendar_method, "CANCEL"));
}

static void no_flipped_byte_reads_beyond_the_message(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		CHECK(notify_message_encode(&all[i], wire, sizeof wire, &len) == OK);
		for (size_t at = 0; at < len; at++) {
			for (unsigned bit = 0; bit < 8; bit++) {
				struct notify_message out;
				wire[at] ^= (uint8_t)(1U << bit);
				for (int from_web = 0; from_web < 2; from_web++) {
					if (notify_message_decode(bytes_of(wire, len),
								  from_web != 0, &out) != OK)
						continue;
					size_t again;
					static uint8_t room[NOTIFY_MESSAGE_MAX];
					CHECK(notify_message_encode(&out, room, sizeof room,
								    &again) == OK);
					CHECK(again == len);
				}
				wire[at] ^= (uint8_t)(1U << bit);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_message_comes_back_as_it_went),
		TEST(no_flipped_byte_reads_beyond_the_message),
	};
	return RUN("ipc/notify", tests);
}
