/*
 * log.h - JSON lines about what the program does, without personal data.
 *
 * By construction a line holds only words that stand in the source, numbers
 * and ids: there is no field kind for text that came from outside, so a name,
 * an address or a token cannot reach it (tests/system proves it).
 *
 *	log_event(log, LOG_WARN, "media_lost", LOG_ID("visit", id.n), LOG_INT("peers", n));
 *
 * The sink lives in the struct log that the program passes down.
 */
#ifndef PVL_BASE_LOG_H
#define PVL_BASE_LOG_H

#include <stdint.h>

enum log_level {
	LOG_DEBUG,
	LOG_INFO,
	LOG_WARN,
	LOG_ERROR,
};

enum log_kind {
	LOG_END_KIND,
	LOG_INT_KIND,
	LOG_ID_KIND,
	LOG_WORD_KIND,
};

struct log_field {
	enum log_kind kind;
	const char *name;
	int64_t number;
	const char *word;
};

struct log {
	const char *program;
	enum log_level level; /* below it nothing is written */
	void (*write)(struct log *log, const char *line, unsigned long len);
	int64_t (*wall_ms)(struct log *log); /* NULL: lines carry no time */
	int fd;
};

/* word must be a literal or come from a table in the source. */
#define LOG_INT(name_, n_)                                                                         \
	((struct log_field){ .kind = LOG_INT_KIND, .name = (name_), .number = (int64_t)(n_) })
#define LOG_ID(name_, n_)                                                                          \
	((struct log_field){ .kind = LOG_ID_KIND, .name = (name_), .number = (int64_t)(n_) })
#define LOG_WORD(name_, w_)                                                                        \
	((struct log_field){ .kind = LOG_WORD_KIND, .name = (name_), .word = (w_) })

#define log_event(log_, level_, event_, ...)                                                       \
	log_fields(                                                                                \
	    (log_), (level_), (event_),                                                            \
	    (const struct log_field[]){ __VA_ARGS__ __VA_OPT__(, ){ .kind = LOG_END_KIND } })

/* NULL log is silence. */
void log_fields(struct log *log, enum log_level level, const char *event,
		const struct log_field *fields);

#endif
