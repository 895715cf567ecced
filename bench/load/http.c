#include "http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"

enum {
	ANSWER_MAX = 1 << 20
};

static CURL *handle_of(bool close)
{
	static CURL *curl;
	if (close) {
		curl_easy_cleanup(curl);
		curl = NULL;
		return NULL;
	}
	if (!curl)
		curl = curl_easy_init();
	ASSERT(curl);
	return curl;
}

static size_t take(char *at, size_t size, size_t count, void *answer)
{
	buf_put(answer, at, size * count);
	return size * count;
}

long http_send(const struct http_request *request, struct buf *answer)
{
	CURL *curl = handle_of(false);
	struct curl_slist *headers = NULL;
	for (size_t i = 0; i < ARRAY_LEN(request->headers) && request->headers[i]; i++)
		headers = curl_slist_append(headers, request->headers[i]);
	headers = curl_slist_append(headers, "Expect:");
	buf_reset(answer);
	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL, request->url);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 5000L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	if (request->body.len) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.at);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)request->body.len);
	}
	CURLcode code = curl_easy_perform(curl);
	long status = 0;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	if (code == CURLE_OK)
		return status;
	fprintf(stderr, "load: %s %s: %s\n", request->method, request->url,
		curl_easy_strerror(code));
	return 0;
}

json_t *http_json(const char *method, const char *url, json_t *body)
{
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	struct buf answer = buf_of(ANSWER_MAX);
	struct http_request request = {
		.method = method,
		.url = url,
		.headers = { "Content-Type: application/json" },
		.body = str_from(text),
	};
	long status = http_send(&request, &answer);
	json_t *json = status / 100 == 2 ? json_loads(buf_cstr(&answer), 0, NULL) : NULL;
	if (!json)
		fprintf(stderr, "load: %s %s: %ld %s\n", method, url, status, buf_cstr(&answer));
	free(text);
	json_decref(body);
	buf_clear(&answer);
	return json;
}

void http_close(void)
{
	handle_of(true);
}
