#include "service/import_priv.h"

#include "base/assert.h"
#include "base/mem.h"
#include "service/safeguard.h"
#include "store/prison.h"
#include "store/prisoner.h"
#include "store/source.h"

static const char *const NAMES[IMPORT_KIND_COUNT] = {
	[IMPORT_PRISONS] = "prisons",
	[IMPORT_PRISONERS] = "prisoners",
	[IMPORT_CONTACTS] = "contacts",
	[IMPORT_RESTRICTIONS] = "restrictions",
	[IMPORT_NON_ASSOCIATIONS] = "non-associations",
	[IMPORT_SESSIONS] = "sessions",
	[IMPORT_ALERTS] = "alerts",
	[IMPORT_REGIME_EVENTS] = "regime-events",
	[IMPORT_INCENTIVES] = "incentives",
	[IMPORT_REFERENCE_CODES] = "reference-codes",
};

/* Where a kind has two forms of file, the one whose needed columns are all there. */
static const struct import_table *const TABLES[] = {
	&IMPORT_OF_PRISONS,  &IMPORT_OF_PRISONERS,     &IMPORT_OF_CONTACTS,
	&IMPORT_OF_SESSIONS, &IMPORT_OF_RESTRICTIONS,  &IMPORT_OF_NON_ASSOCIATIONS,
	&IMPORT_OF_HOURS,    &IMPORT_OF_INCENTIVES,    &IMPORT_OF_REFERENCE_CODES,
	&IMPORT_OF_ALERTS,   &IMPORT_OF_REGIME_EVENTS,
};

const char *import_kind_name(enum import_kind kind)
{
	return kind < IMPORT_KIND_COUNT ? NAMES[kind] : "";
}

bool import_kind_of(struct str name, enum import_kind *out)
{
	for (unsigned i = 0; i < IMPORT_KIND_COUNT; i++) {
		if (str_is(name, NAMES[i])) {
			*out = (enum import_kind)i;
			return true;
		}
	}
	return false;
}

/* ---- faults ---- */

static void fault_at(struct import_report *report, int line, const char *field, const char *why)
{
	if (report->fault_count++ >= IMPORT_FAULTS_MAX)
		return;
	struct import_fault *f = &report->faults[report->fault_count - 1];
	f->line = line;
	(void)snprintf(f->field, sizeof f->field, "%s", field);
	(void)snprintf(f->why, sizeof f->why, "%s", why);
}

void import_fault(struct import *im, int column, const char *why)
{
	im->bad = true;
	fault_at(im->report, im->record->line, column < 0 ? "" : im->table->columns[column].name,
		 why);
}

enum err import_answer(struct import *im, enum err err, int column, const char *why)
{
	if (err != ERR_BAD && err != ERR_NOT_FOUND && err != ERR_CONFLICT && err != ERR_DENIED)
		return err;
	import_fault(im, column, why);
	return OK;
}

/* FNV-1a over the parts, each ended by a byte that no field holds. */
static uint64_t key_of(const struct str *parts, size_t count)
{
	uint64_t hash = 0xcbf29ce484222325U;
	for (size_t p = 0; p < count; p++) {
		for (size_t i = 0; i < parts[p].len; i++)
			hash = (hash ^ (unsigned char)parts[p].at[i]) * 0x100000001b3U;
		hash = (hash ^ 0x1f) * 0x100000001b3U;
	}
	return hash;
}

void import_once(struct import *im, int column, const struct str *parts, size_t count)
{
	uint64_t key = key_of(parts, count);
	uint32_t line = 0;
	bool there = map_get(&im->seen, key, &line);
	if (there && line == (uint32_t)im->record->line)
		return;
	if (there)
		import_fault(im, column,
			     arena_printf(im->arena, "line %u speaks of the same", line));
	else if (map_set(&im->seen, key, (uint32_t)im->record->line) != OK)
		import_fault(im, column, "too many lines");
}

/* ---- values ---- */

struct str import_text(const struct import *im, int column)
{
	int at = im->at[column];
	return at < 0 ? STR("") : str_trim(im->record->fields[at]);
}

bool import_date(struct import *im, int column, struct date *out)
{
	struct str text = import_text(im, column);
	if (str_empty(text))
		return false;
	if (date_of(text, out))
		return true;
	import_fault(im, column, "no date: write year-month-day, like 2026-11-23");
	return false;
}

bool import_minute_of(struct str text, int *out)
{
	uint64_t hour = 0, minute = 0;
	struct str hours = text.len == 5 ? str_cut(&text, ':') : str_of(text.at, text.len / 2);
	if (text.len == 4)
		text = str_of(text.at + 2, 2);
	if (hours.len != 2 || text.len != 2 || !str_u64(hours, 24, &hour) ||
	    !str_u64(text, 59, &minute) || (hour == 24 && minute > 0))
		return false;
	*out = (int)(hour * 60 + minute);
	return true;
}

bool import_minute(struct import *im, int column, int *out)
{
	struct str text = import_text(im, column);
	if (str_empty(text))
		return false;
	if (import_minute_of(text, out))
		return true;
	import_fault(im, column, "no time: write hour:minute, like 09:30");
	return false;
}

bool import_number(struct import *im, int column, uint64_t max, int *out)
{
	struct str text = import_text(im, column);
	uint64_t number = 0;
	if (str_empty(text))
		return false;
	if (str_u64(text, max, &number)) {
		*out = (int)number;
		return true;
	}
	import_fault(
	    im, column,
	    arena_printf(im->arena, "no whole number from 0 to %llu", (unsigned long long)max));
	return false;
}

bool import_yes(struct import *im, int column, bool *out)
{
	static const char *const WORDS[][2] = {
		{ "f", "t" }, { "false", "true" }, { "no", "yes" }, { "n", "y" }, { "0", "1" },
	};
	struct str text = import_text(im, column);
	if (str_empty(text))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(WORDS); i++) {
		bool yes = str_equal_nocase(text, str_from(WORDS[i][1]));
		if (yes || str_equal_nocase(text, str_from(WORDS[i][0]))) {
			*out = yes;
			return true;
		}
	}
	import_fault(im, column, "neither yes nor no: write true or false");
	return false;
}

struct str import_words(struct import *im, int column, size_t max)
{
	struct str text = import_text(im, column);
	if (text.len > max)
		import_fault(im, column, arena_printf(im->arena, "longer than %zu bytes", max));
	else if (str_has_control(text))
		import_fault(im, column, "more than one line");
	return text;
}

enum err import_prison(struct import *im, int column, struct prison_code *out)
{
	struct str text = import_text(im, column);
	struct prison_code code = { 0 };
	struct prison prison;
	if (str_empty(text))
		return OK;
	if (!prison_code_of(text, &code)) {
		import_fault(im, column, "no code of a prison: three letters, like WWI");
		return OK;
	}
	enum err err = store_prison_find(im->service->store, im->arena, code, &prison);
	if (err == OK) {
		*out = code;
		im->actor.prison = code;
	}
	return import_answer(im, err, column,
			     "the service does not know this prison: import prisons first");
}

enum err import_prisoner(struct import *im, int column, struct prisoner *out)
{
	struct str text = import_text(im, column);
	struct prisoner_number number;
	if (str_empty(text))
		return OK;
	if (!prisoner_number_of(text, &number)) {
		import_fault(im, column, "no prisoner number: like A1234BC");
		return OK;
	}
	enum err err = store_prisoner_find_by_number(im->service->store, im->arena, number, out);
	if (err == OK)
		im->actor.prison = out->prison;
	return import_answer(im, err, column, "no such prisoner: import prisoners first");
}

/* ---- the first line ---- */

static int columns_of(const struct import_table *table)
{
	int n = 0;
	while (n < IMPORT_COLUMNS_MAX && table->columns[n].name)
		n++;
	return n;
}

static int column_of(const struct import_table *table, struct str name)
{
	for (int i = 0; i < columns_of(table); i++)
		if (str_equal_nocase(name, str_from(table->columns[i].name)))
			return i;
	return -1;
}

static bool is_read_past(const struct import_table *table, struct str name)
{
	struct str rest = str_from(table->read_past);
	while (rest.len)
		if (str_equal_nocase(name, str_cut(&rest, ' ')))
			return true;
	return false;
}

static bool has_needed(const struct import_table *table, const struct csv_record *first)
{
	for (int c = 0; c < columns_of(table); c++) {
		bool there = !table->columns[c].needed;
		for (size_t f = 0; f < first->count && !there; f++)
			there = column_of(table, str_trim(first->fields[f])) == c;
		if (!there)
			return false;
	}
	return true;
}

static const struct import_table *table_of(enum import_kind kind, const struct csv_record *first)
{
	const struct import_table *fallback = NULL;
	for (size_t i = 0; i < ARRAY_LEN(TABLES); i++) {
		if (TABLES[i]->kind != kind)
			continue;
		if (has_needed(TABLES[i], first))
			return TABLES[i];
		fallback = fallback ? fallback : TABLES[i];
	}
	return fallback;
}

/* Where each column stands; every name must be known, and stand there once. */
static bool read_first_line(struct import *im, const struct csv_record *first)
{
	int before = im->report->fault_count;
	for (int c = 0; c < IMPORT_COLUMNS_MAX; c++)
		im->at[c] = -1;
	for (size_t f = 0; f < first->count; f++) {
		struct str name = str_trim(first->fields[f]);
		char shown[IMPORT_FIELD_ROOM];
		(void)snprintf(shown, sizeof shown, "%.*s", (int)(name.len < 30 ? name.len : 30),
			       name.at);
		int c = column_of(im->table, name);
		if (c >= 0 && im->at[c] >= 0)
			fault_at(im->report, first->line, shown, "the column stands there twice");
		else if (c >= 0)
			im->at[c] = (int)f;
		else if (!is_read_past(im->table, name))
			fault_at(im->report, first->line, shown,
				 "no such column in this kind of file");
	}
	for (int c = 0; c < columns_of(im->table); c++)
		if (im->table->columns[c].needed && im->at[c] < 0)
			fault_at(im->report, first->line, im->table->columns[c].name,
				 "the column is missing");
	return im->report->fault_count == before;
}

/* ---- the others ---- */

static void check_needed(struct import *im)
{
	for (int c = 0; c < columns_of(im->table); c++)
		if (im->table->columns[c].needed && str_empty(import_text(im, c)))
			import_fault(im, c, "nothing stands here");
}

static void count(struct import *im, enum import_outcome outcome)
{
	im->report->added += outcome == IMPORTED_NEW;
	im->report->changed += outcome == IMPORTED_CHANGED;
	im->report->unchanged += outcome == IMPORTED_SAME;
	im->report->left_out += outcome == IMPORTED_LEFT_OUT;
	im->report->bad += im->bad;
}

/* In a savepoint of its own: a bad line leaves nothing behind. */
static enum err take_line(struct import *im, enum import_outcome *outcome)
{
	struct store *store = im->service->store;
	if (im->looking)
		return im->table->line(im, outcome);
	enum err err = store_enter(store);
	if (err != OK)
		return err;
	err = im->table->line(im, outcome);
	enum err left = store_leave(store, err == OK && !im->bad);
	return err == OK ? left : err;
}

/* done: the line changes nothing, and need not be read again. */
static enum err read_line(struct import *im, enum csv_read read, bool *done)
{
	enum import_outcome outcome = IMPORTED_SAME;
	enum err err = OK;
	im->bad = false;
	im->actor.prison = (struct prison_code){ 0 };
	if (read != CSV_RECORD)
		import_fault(im, -1, csv_read_sentence(read));
	else if (im->record->count != im->width)
		import_fault(im, -1,
			     arena_printf(im->arena, "%zu fields, and the first line has %zu",
					  im->record->count, im->width));
	else
		check_needed(im);
	if (!im->bad)
		err = take_line(im, &outcome);
	*done = !im->bad && (outcome == IMPORTED_SAME || outcome == IMPORTED_LEFT_OUT);
	if (*done || !im->looking)
		count(im, im->bad ? IMPORTED_BAD : outcome);
	return err;
}

/* From after the first line to the end. */
static enum err read_lines(struct import *im, struct csv csv, struct csv_record *record)
{
	struct arena arena;
	enum err err = OK;
	int lines = 0;
	im->arena = &arena;
	im->record = record;
	for (enum csv_read read; err == OK && (read = csv_next(&csv, record)) != CSV_END;) {
		if (lines == IMPORT_LINES_MAX)
			return ERR_LIMIT;
		bool *done = &im->done[lines++];
		if (*done)
			continue;
		arena_init(&arena);
		err = read_line(im, read, done);
		arena_clear(&arena);
	}
	im->report->lines = lines;
	return err;
}

/* Whether the first line can be read; then *csv stands after it. */
static bool read_head(struct import *im, enum import_kind kind, struct csv *csv,
		      struct csv_record *record)
{
	enum csv_read read = csv_next(csv, record);
	if (read != CSV_RECORD) {
		fault_at(im->report, record->line, "",
			 read == CSV_END ? "the file is empty" : csv_read_sentence(read));
		return false;
	}
	im->table = table_of(kind, record);
	im->width = record->count;
	return read_first_line(im, record);
}

/* Outside any transaction.  All faults are found again by the second reading, in the order of lines. */
static enum err look(struct import *im, struct csv csv, struct csv_record *record)
{
	im->looking = true;
	enum err err = read_lines(im, csv, record);
	im->looking = false;
	im->report->fault_count = 0;
	return err;
}

/* ---- the whole ---- */

static bool is_source(enum import_kind kind, enum source *out)
{
	if (kind == IMPORT_RESTRICTIONS)
		*out = SOURCE_RESTRICTIONS;
	else if (kind == IMPORT_NON_ASSOCIATIONS)
		*out = SOURCE_NON_ASSOCIATIONS;
	else if (kind == IMPORT_ALERTS)
		*out = SOURCE_ALERTS;
	else
		return false;
	return true;
}

/*
 * A source that lives from imports is current by a good one and down by one
 * that was refused (then nothing is booked unseen); a file with lines left out
 * does neither.  One that staff keep here stays so
 * unless the options say that imports come every day from now on.
 */
static enum err tell_source(struct service *service, const struct actor *actor,
			    enum import_kind kind, const struct import_options *options, bool good)
{
	struct source_state states[SOURCE_COUNT];
	struct actor system = *actor;
	struct arena arena;
	enum source source;
	if (!is_source(kind, &source))
		return OK;
	system.role = ROLE_SYSTEM;
	arena_init(&arena);
	enum err err = store_source_list(service->store, &arena, states);
	bool lives_here = err == OK && states[source].status == SOURCE_KEPT_HERE;
	arena_clear(&arena);
	if (err != OK || (lives_here && !(options->daily && good)))
		return err;
	return source_set(service, &system, source, good ? SOURCE_UP : SOURCE_DOWN,
			  good ? STR("") : STR("The last import was refused."));
}

static bool file_good(const struct import_report *r, const struct import_options *options)
{
	bool head_bad = r->fault_count > 0 && r->bad == 0;
	return !head_bad && (r->bad == 0 || options->leave_out_bad);
}

/* The second reading: one transaction, kept as a whole or not at all. */
static enum err write(struct import *im, enum import_kind kind, struct csv csv,
		      struct csv_record *record)
{
	struct store *store = im->service->store;
	enum err err = store_enter(store);
	if (err != OK)
		return err;
	err = store_will_write(store);
	if (err == OK)
		err = read_lines(im, csv, record);
	bool good = file_good(im->report, im->options);
	if (err == OK && good && im->report->bad == 0)
		err = tell_source(im->service, &im->actor, kind, im->options, true);
	bool keep = err == OK && good && !im->options->dry_run;
	enum err left = store_leave(store, keep);
	err = err == OK ? left : err;
	im->report->kept = keep && err == OK;
	return err;
}

static enum err run(struct import *im, enum import_kind kind, struct str text,
		    struct csv_record *record)
{
	struct csv csv = csv_of(text);
	enum err err = OK;
	if (read_head(im, kind, &csv, record)) {
		err = look(im, csv, record);
		if (err == OK)
			err = write(im, kind, csv, record);
	}
	if (err == OK && !im->options->dry_run && !file_good(im->report, im->options))
		err = tell_source(im->service, &im->actor, kind, im->options, false);
	return err;
}

enum err import_run(struct service *service, const struct actor *actor, enum import_kind kind,
		    struct str text, const struct import_options *options,
		    struct import_report *out)
{
	*out = (struct import_report){ 0 };
	if (actor->role != ROLE_SYSTEM && actor->role != ROLE_OPERATOR)
		return ERR_DENIED;
	if (text.len > IMPORT_BYTES_MAX)
		return ERR_LIMIT;
	ASSERT(store_depth(service->store) == 0);
	struct import im = { .service = service,
			     .actor = { .role = ROLE_SYSTEM, .account = actor->account },
			     .options = options,
			     .report = out,
			     .done = mem_new(IMPORT_LINES_MAX, sizeof(bool)) };
	struct csv_record *record = mem_new(1, sizeof *record);
	map_init(&im.seen, IMPORT_LINES_MAX, random_u64(service->random));
	enum err err = run(&im, kind, text, record);
	map_clear(&im.seen);
	free(record);
	free(im.done);
	return err;
}
