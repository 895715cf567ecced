#include "web/response.h"

#include "base/assert.h"
#include "base/str.h"

void response_init(struct response *response)
{
	*response = (struct response){ .kind = RESPONSE_BODY,
				       .status = 500,
				       .body = buf_of(RESPONSE_BODY_MAX) };
}

void response_clear(struct response *response)
{
	buf_clear(&response->body);
	if (response->stream != NULL)
		response->stream->free(response->stream);
	*response = (struct response){ 0 };
}

void response_header(struct response *response, const char *name, const char *value)
{
	if (str_has_control(str_from(value)))
		return;
	ASSERT(response->headers_len < RESPONSE_HEADERS_MAX);
	response->headers[response->headers_len++] =
	    (struct response_header){ .name = name, .value = value };
}
