#include "web/words.h"

#include "base/assert.h"
#include "web/embedded.h"
#include "web/plural.h"

/* What stands under key in one area joins what all areas have there. */
static void join(json_t *words, json_t *area, const char *key)
{
	json_t *own = json_object_get(area, key);
	json_t *all = json_object_get(words, key);
	if (own == NULL)
		return;
	if (all == NULL)
		json_object_set(words, key, own);
	else
		json_object_update(all, own);
	json_object_del(area, key);
}

static void add_area(json_t *words, const struct template_text *file, const char *area)
{
	json_t *parsed = json_loadb(file->text, file->len, JSON_REJECT_DUPLICATES, NULL);
	ASSERT(parsed != NULL);
	join(words, parsed, "forms");
	join(words, parsed, "done");
	json_object_set_new(words, area, parsed);
}

json_t *words_load(const char *lang)
{
	json_t *words = NULL;
	size_t len = strlen(lang);
	for (size_t i = 0; i < embedded_words_len; i++) {
		const char *name = embedded_words[i].name;
		if (strncmp(name, lang, len) != 0 || name[len] != '/')
			continue;
		if (words == NULL)
			words = json_object();
		add_area(words, &embedded_words[i], name + len + 1);
	}
	return words;
}

const json_t *words_at(const json_t *words, const char *path)
{
	struct str rest = str_from(path);
	while (words != NULL && !str_empty(rest)) {
		struct str part = str_cut(&rest, '.');
		words = json_object_getn(words, part.at, part.len);
	}
	return words;
}

const char *words_find(const json_t *words, const char *path)
{
	return json_string_value(words_at(words, path));
}

const char *words_count(const json_t *word)
{
	return json_object_get(word, "other") == NULL
		   ? NULL
		   : json_string_value(json_object_get(word, "count"));
}

const json_t *words_form(const json_t *word, const char *lang, int64_t count)
{
	enum plural plural = plural_of(language_of(str_from(lang)), count);
	const json_t *none = count == 0 ? json_object_get(word, "none") : NULL;
	const json_t *form = none != NULL ? none : json_object_get(word, plural_name(plural));
	return form != NULL ? form : json_object_get(word, plural_name(PLURAL_OTHER));
}
