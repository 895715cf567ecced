#include "base/csv.h"

#include "fuzz.h"

/* Ends for every input, each record within its bounds, lines never going back. */
int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static struct csv_record r;
	struct csv csv = csv_of(str_of((const char *)at, len));
	size_t left = csv.rest.len;
	int line = 0;
	for (;;) {
		enum csv_read read = csv_next(&csv, &r);
		ASSERT(read < CSV_READ_COUNT && r.count <= CSV_FIELDS_MAX);
		ASSERT(r.used <= CSV_RECORD_MAX && csv.rest.len <= left);
		if (read == CSV_END)
			break;
		ASSERT(csv.rest.len < left && r.line > line);
		ASSERT(read != CSV_RECORD || r.count > 0);
		for (size_t i = 0; i < r.count; i++) {
			ASSERT(r.fields[i].at >= r.text);
			ASSERT(r.fields[i].at + r.fields[i].len <= r.text + r.used);
			ASSERT(str_is_utf8(r.fields[i]));
		}
		left = csv.rest.len;
		line = r.line;
	}
	ASSERT(csv.rest.len == 0);
	return 0;
}
