#include "domain/subject.h"

enum {
	DAY_S = 86400,
};

static const char *const ERASURES[ERASURE_COUNT] = {
	[ERASURE_OK] = "OK",
	[ERASURE_VISITS] = "VISITS",
	[ERASURE_WAITS] = "WAITS",
	[ERASURE_KEPT] = "KEPT",
};

static const char *const RECIPIENTS[COPY_RECIPIENT_COUNT] = {
	[COPY_FOR_THEMSELVES] = "THEMSELVES", [COPY_FOR_REPRESENTATIVE] = "REPRESENTATIVE",
	[COPY_FOR_SOLICITOR] = "SOLICITOR",   [COPY_FOR_REGULATOR] = "REGULATOR",
	[COPY_FOR_COURT] = "COURT",           [COPY_FOR_SOMEBODY_ELSE] = "SOMEBODY_ELSE",
};

static const char *const FORMATS[COPY_FORMAT_COUNT] = {
	[COPY_HTML] = "HTML",
	[COPY_JSON] = "JSON",
};

const char *copy_recipient_name(enum copy_recipient recipient)
{
	return RECIPIENTS[recipient < COPY_RECIPIENT_COUNT ? recipient : COPY_FOR_SOMEBODY_ELSE];
}

bool copy_recipient_of(struct str name, enum copy_recipient *out)
{
	for (unsigned i = 0; i < COPY_RECIPIENT_COUNT; i++)
		if (str_is(name, RECIPIENTS[i])) {
			*out = (enum copy_recipient)i;
			return true;
		}
	return false;
}

const char *copy_format_name(enum copy_format format)
{
	return FORMATS[format < COPY_FORMAT_COUNT ? format : COPY_HTML];
}

bool copy_format_of(struct str name, enum copy_format *out)
{
	for (unsigned i = 0; i < COPY_FORMAT_COUNT; i++)
		if (str_is(name, FORMATS[i])) {
			*out = (enum copy_format)i;
			return true;
		}
	return false;
}

bool copy_recipient_acceptable(enum copy_recipient recipient, struct str name)
{
	if (recipient >= COPY_RECIPIENT_COUNT)
		return false;
	bool named = !str_empty(str_trim(name));
	return named == (recipient != COPY_FOR_THEMSELVES) && name.len <= COPY_NAME_MAX &&
	       str_is_utf8(name);
}

const char *erasure_name(enum erasure erasure)
{
	return ERASURES[erasure < ERASURE_COUNT ? erasure : ERASURE_KEPT];
}

enum erasure erasure_allowed(const struct erasure_facts *f)
{
	if (f->visits > 0)
		return ERASURE_VISITS;
	if (f->waiting > 0)
		return ERASURE_WAITS;
	bool kept = f->recordings > 0 || f->incidents > 0 || f->restrictions > 0 ||
		    f->professional > 0 || f->staff > 0;
	return kept ? ERASURE_KEPT : ERASURE_OK;
}

enum erasure prisoner_erasure_allowed(const struct prisoner_erasure_facts *f, int64_t keep_days,
				      struct wall now)
{
	bool over = f->released.s != 0 && f->released.s <= now.s - keep_days * DAY_S;
	if (!over)
		return ERASURE_KEPT;
	if (f->visits > 0)
		return ERASURE_VISITS;
	bool kept =
	    f->recordings > 0 || f->incidents > 0 || f->restrictions > 0 || f->authorisations > 0;
	return kept ? ERASURE_KEPT : ERASURE_OK;
}
