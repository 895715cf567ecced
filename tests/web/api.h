/*
 * api.h - the JSON API against its own document: each answer has a status, a content type and a
 * shape that openapi.json names.
 */
#ifndef PVL_TESTS_API_H
#define PVL_TESTS_API_H

#include "tests/store/lawyers.h"
#include "tests/web/site.h"

#include <jansson.h>

#include "store/query.h"
#include "web/embedded.h"

enum {
	ASKED_MAX = 400
};

struct api {
	struct site site;
	json_t *document;
	size_t asked_len;
	const char *asked[ASKED_MAX]; /* operationIds that were answered with success */
	const char *bearer;           /* NULL: the session */
	bool without_csrf;
};

struct api_answer {
	int status;
	json_t *body; /* NULL: none */
};

static inline void api_open(struct api *a)
{
	*a = (struct api){ 0 };
	site_open(&a->site);
	a->document =
	    json_loadb(embedded_openapi.text, embedded_openapi.len, JSON_REJECT_DUPLICATES, NULL);
	CHECK(a->document != NULL);
}

static inline void api_close(struct api *a)
{
	json_decref(a->document);
	site_close(&a->site);
}

/* Another estate; what was asked for still counts. */
static inline void api_reopen(struct api *a)
{
	site_close(&a->site);
	site_open(&a->site);
	a->bearer = NULL;
}

/* ---- the document ---- */

static inline const json_t *resolve(const struct api *a, const json_t *node)
{
	const char *ref = json_string_value(json_object_get(node, "$ref"));
	if (ref == NULL)
		return node;
	CHECK(strncmp(ref, "#/", 2) == 0);
	const json_t *at = a->document;
	struct str rest = str_from(ref + 2);
	while (rest.len) {
		struct str part = str_cut(&rest, '/');
		at = json_object_getn(at, part.at, part.len);
	}
	CHECK(at != NULL);
	return at;
}

static inline bool is_type(const json_t *value, const char *type)
{
	return (strcmp(type, "object") == 0 && json_is_object(value)) ||
	       (strcmp(type, "array") == 0 && json_is_array(value)) ||
	       (strcmp(type, "string") == 0 && json_is_string(value)) ||
	       (strcmp(type, "integer") == 0 && json_is_integer(value)) ||
	       (strcmp(type, "boolean") == 0 && json_is_boolean(value)) ||
	       (strcmp(type, "null") == 0 && json_is_null(value));
}

static inline bool has_type(const json_t *value, const json_t *types)
{
	if (types == NULL)
		return true;
	if (json_is_string(types))
		return is_type(value, json_string_value(types));
	for (size_t i = 0; i < json_array_size(types); i++)
		if (is_type(value, json_string_value(json_array_get(types, i))))
			return true;
	return false;
}

static inline bool in_enum(const json_t *value, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_equal(value, json_array_get(list, i)))
			return true;
	return list == NULL;
}

static inline bool fits(const struct api *a, const json_t *value, const json_t *schema);

static inline bool fits_object(const struct api *a, const json_t *value, const json_t *schema)
{
	const json_t *properties = json_object_get(schema, "properties");
	const json_t *required = json_object_get(schema, "required");
	const char *key;
	json_t *member;
	for (size_t i = 0; i < json_array_size(required); i++)
		if (!json_object_get(value, json_string_value(json_array_get(required, i))))
			return false;
	json_object_foreach((json_t *)(uintptr_t)value, key, member)
	{
		const json_t *of = json_object_get(properties, key);
		bool closed = json_is_false(json_object_get(schema, "additionalProperties"));
		if ((of == NULL && closed) || (of != NULL && !fits(a, member, of)))
			return false;
	}
	return true;
}

/* As much of JSON Schema as the document uses. */
static inline bool fits(const struct api *a, const json_t *value, const json_t *node)
{
	const json_t *schema = resolve(a, node);
	const json_t *one_of = json_object_get(schema, "oneOf");
	if (one_of != NULL) {
		size_t fitting = 0;
		for (size_t i = 0; i < json_array_size(one_of); i++)
			fitting += fits(a, value, json_array_get(one_of, i));
		return fitting == 1;
	}
	if (!has_type(value, json_object_get(schema, "type")) ||
	    !in_enum(value, json_object_get(schema, "enum")))
		return false;
	if (json_is_object(value))
		return fits_object(a, value, schema);
	const json_t *items = json_object_get(schema, "items");
	for (size_t i = 0; items != NULL && i < json_array_size(value); i++)
		if (!fits(a, json_array_get(value, i), items))
			return false;
	return true;
}

static inline const json_t *operation_of(const struct api *a, const struct exchange *x)
{
	static const char *const methods[] = { "get", "post", "put", "patch", "delete" };
	return json_object_get(
	    json_object_get(json_object_get(a->document, "paths"), x->match.route->path),
	    methods[x->request.method]);
}

static inline void check_described(struct api *a, const struct exchange *x, const json_t *body)
{
	const json_t *operation = operation_of(a, x);
	const char *type = x->response.content_type;
	char status[8];
	snprintf(status, sizeof status, "%d", x->response.status);
	const json_t *response = json_object_get(json_object_get(operation, "responses"), status);
	if (response == NULL)
		fail_msg("%s %s: %s is not described", x->match.route->path, status, status);
	const json_t *content = json_object_get(resolve(a, response), "content");
	if (content == NULL) {
		CHECK(body == NULL);
	} else {
		const json_t *media = json_object_get(content, type);
		if (media == NULL)
			fail_msg("%s %s: %s is not described", x->match.route->path, status, type);
		if (!fits(a, body, json_object_get(media, "schema")))
			fail_msg("%s %s: another shape: %s", x->match.route->path, status,
				 json_dumps(body, 0));
	}
	if (x->response.status < 300 && a->asked_len < ASKED_MAX)
		a->asked[a->asked_len++] =
		    json_string_value(json_object_get(operation, "operationId"));
}

/* ---- who looked ---- */

/* How many people or visits an answer names; of one record: 1. */
static inline size_t named_in(const struct exchange *x, const json_t *body)
{
	const json_t *waits = json_object_get(body, "waits");
	const json_t *visits = json_object_get(body, "visits");
	if ((x->match.route->flags & ROUTE_LOOK_LIST) == 0)
		return 1;
	if (json_is_array(body))
		return json_array_size(body);
	return json_array_size(waits != NULL ? waits : visits);
}

static inline int64_t looks_by(struct api *a, struct account_id account, unsigned flags)
{
	static const char LOOKS[] =
	    "SELECT COUNT(*) FROM audit_leaf WHERE account = ?1 AND object = ?2 AND verb LIKE ?3";
	struct query q = query_of(a->site.estate.service.store, LOOKS);
	int64_t count = 0;
	query_int(&q, account.n);
	query_text(&q, flags & ROUTE_LOOK_LIST    ? "list"
		       : flags & ROUTE_LOOK_VISIT ? "visit"
						  : "prisoner");
	query_text(&q, flags & ROUTE_LOOK_LIST ? "list.%" : "data.look");
	if (query_row(&q))
		count = query_column(&q, 0);
	CHECK(query_end_one(&q) == OK);
	return count;
}

/* What staff read is written down as the route says, at most once; nothing else that is only read is. */
static inline void check_look(struct api *a, const struct exchange *x, const json_t *body,
			      int64_t leaves)
{
	unsigned flags = x->match.route->flags;
	bool look = (flags & (ROUTE_LOOK_PRISONER | ROUTE_LOOK_VISIT | ROUTE_LOOK_LIST)) != 0;
	look = look && role_is_staff(x->page.actor.role);
	if (look || x->request.method == METHOD_GET)
		CHECK(leaves <= look);
	if (look && named_in(x, body) > 0 && looks_by(a, x->page.actor.account, flags) == 0)
		fail_msg("%s: nobody is told of it", x->match.route->path);
}

/* ---- asking ---- */

static inline struct api_answer call(struct api *a, enum method method, const char *path,
				     const char *body)
{
	struct exchange x = { 0 };
	struct site *s = &a->site;
	struct api_answer answer = { 0 };
	char cookie[120], bearer[120];
	size_t len;
	const struct route_group *const *groups = web_routes(&len);
	struct str rest = str_from(path);
	arena_init(&x.arena);
	x.request = (struct request){ .method = method,
				      .path = str_cut(&rest, '?'),
				      .peer = address_ipv4((uint8_t[]){ 127, 0, 0, 1 }, 1),
				      .at = s->estate.service.now,
				      .now = s->web.now,
				      .arena = &x.arena };
	x.request.query = rest;
	snprintf(cookie, sizeof cookie, "pvl=%s", s->signed_in ? s->session.token : "");
	x.request.headers[HEADER_COOKIE] = str_from(cookie);
	snprintf(bearer, sizeof bearer, "Bearer %s", a->bearer ? a->bearer : "");
	if (a->bearer)
		x.request.headers[HEADER_AUTHORIZATION] = str_from(bearer);
	else if (s->signed_in && !a->without_csrf)
		x.request.headers[HEADER_CSRF] = str_from(s->session.csrf);
	if (body) {
		x.request.headers[HEADER_CONTENT_TYPE] = STR("application/json");
		x.request.body = bytes_from_text(body);
	}
	x.match = route_find(groups, len, method, x.request.path);
	CHECK(x.match.route != NULL);
	int64_t before = store_changes(s->estate.service.store);
	int64_t leaves = estate_leaves(&s->estate);
	web_handle(&s->web, &x);
	answer.status = x.response.status;
	answer.body = json_loadb(x.response.body.at, x.response.body.len, 0, NULL);
	check_described(a, &x, answer.body);
	/* A session's first question notes that somebody is there; what is refused writes nothing else. */
	leaves = estate_leaves(&s->estate) - leaves;
	if (answer.status >= 400)
		CHECK(store_changes(s->estate.service.store) - before <= 1 && leaves == 0);
	else
		check_look(a, &x, answer.body, leaves);
	response_clear(&x.response);
	arena_clear(&x.arena);
	return answer;
}

static inline const char *text_of(const json_t *body, const char *field)
{
	const char *text = json_string_value(json_object_get(body, field));
	CHECK(text != NULL);
	return text;
}

static inline void check_status(struct api_answer answer, int status)
{
	if (answer.status != status)
		print_message("# %s\n", answer.body ? json_dumps(answer.body, 0) : "");
	assert_int_equal(answer.status, status);
	json_decref(answer.body);
}

static inline const char *path_of(struct api *a, const char *before, const char *id,
				  const char *after)
{
	return arena_printf(&a->site.estate.arena, "%s%s%s", before, id, after);
}

static inline void sign_in_as(struct api *a, const char *email)
{
	sign_in(&a->site, email);
	a->bearer = NULL;
}

static inline const char *format_body(struct api *a, const char *format, ...)
{
	char text[500];
	va_list list;
	va_start(list, format);
	vsnprintf(text, sizeof text, format, list);
	va_end(list);
	return arena_text(&a->site.estate.arena, str_from(text));
}

/* The field of an answer, which must have that status. */
static inline const char *field_of(struct api *a, struct api_answer answer, int status,
				   const char *field)
{
	if (answer.status != status)
		print_message("# %s\n", answer.body ? json_dumps(answer.body, 0) : "");
	assert_int_equal(answer.status, status);
	const char *text = arena_text(&a->site.estate.arena, str_from(text_of(answer.body, field)));
	json_decref(answer.body);
	return text;
}

/* Nothing that the document says under that tag was left out. */
static inline void check_all_asked(struct api *a, const char *tag)
{
	const char *path, *method;
	json_t *item, *operation;
	size_t found = 0;
	json_object_foreach(json_object_get(a->document, "paths"), path, item)
	    json_object_foreach(item, method, operation)
	{
		const char *of =
		    json_string_value(json_array_get(json_object_get(operation, "tags"), 0));
		const char *id = json_string_value(json_object_get(operation, "operationId"));
		bool there = false;
		if (of == NULL || strcmp(of, tag) != 0)
			continue;
		found++;
		for (size_t i = 0; i < a->asked_len; i++)
			there |= strcmp(a->asked[i], id) == 0;
		if (!there)
			fail_msg("%s %s was never answered with success", method, path);
	}
	CHECK(found > 0);
}

#endif
