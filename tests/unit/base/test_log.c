#include "base/log.h"

#include "../check.h"

static char written[512];

static void keep(struct log *log, const char *line, unsigned long len)
{
	(void)log;
	memcpy(written, line, len);
	written[len] = '\0';
}

static void a_line_holds_words_numbers_and_ids(void **state)
{
	(void)state;
	struct log log = { .program = "test", .level = LOG_INFO, .write = keep };
	log_event(&log, LOG_WARN, "media_lost", LOG_ID("visit", 0x7fffffffffffffff),
		  LOG_INT("peers", -2), LOG_WORD("why", "closed"));
	assert_string_equal(written,
			    "{\"level\":\"warn\",\"program\":\"test\",\"event\":\"media_lost\","
			    "\"visit\":\"7fffffffffffffff\",\"peers\":-2,\"why\":\"closed\"}\n");
}

static void below_its_level_nothing_is_written(void **state)
{
	(void)state;
	struct log log = { .program = "test", .level = LOG_WARN, .write = keep };
	written[0] = '\0';
	log_event(&log, LOG_INFO, "quiet");
	log_event(NULL, LOG_ERROR, "nobody_listens");
	assert_string_equal(written, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_holds_words_numbers_and_ids),
		TEST(below_its_level_nothing_is_written),
	};
	return RUN("base/log", tests);
}
