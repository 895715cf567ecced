#include "base/log.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"

enum {
	LINE_MAX_BYTES = 2048
};

static const char *const level_names[] = {
	[LOG_DEBUG] = "debug",
	[LOG_INFO] = "info",
	[LOG_WARN] = "warn",
	[LOG_ERROR] = "error",
};

static void add_field(struct buf *line, const struct log_field *field)
{
	switch (field->kind) {
	case LOG_INT_KIND:
		buf_printf(line, ",\"%s\":%" PRId64, field->name, field->number);
		return;
	case LOG_ID_KIND: /* as text: readers in JavaScript would round it */
		buf_printf(line, ",\"%s\":\"%" PRIx64 "\"", field->name, (uint64_t)field->number);
		return;
	case LOG_WORD_KIND:
		buf_printf(line, ",\"%s\":\"%s\"", field->name, field->word ? field->word : "");
		return;
	case LOG_END_KIND:
		return;
	}
}

void log_fields(struct log *log, enum log_level level, const char *event,
		const struct log_field *fields)
{
	if (!log || !log->write || level < log->level)
		return;
	struct buf line = buf_of(LINE_MAX_BYTES);
	buf_text(&line, "{");
	if (log->wall_ms)
		buf_printf(&line, "\"at_ms\":%" PRId64 ",", log->wall_ms(log));
	buf_printf(&line, "\"level\":\"%s\",\"program\":\"%s\",\"event\":\"%s\"",
		   level_names[level], log->program, event);
	for (; fields->kind != LOG_END_KIND; fields++)
		add_field(&line, fields);
	buf_text(&line, "}\n");
	if (buf_ok(&line))
		log->write(log, line.at, line.len);
	buf_clear(&line);
}
