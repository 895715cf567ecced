#include "sys/processor.h"

#include <stdio.h>
#include <string.h>

#include "../check.h"

/* Whether the kernel's own list has that word; false where it has no such list. */
static bool kernel_lists(const char *word)
{
	static char line[8192];
	bool found = false;
	FILE *list = fopen("/proc/cpuinfo", "re");
	while (list != NULL && !found && fgets(line, sizeof line, list) != NULL) {
		char *rest = NULL;
		for (char *at = strtok_r(line, " \t\n", &rest); at != NULL && !found;
		     at = strtok_r(NULL, " \t\n", &rest))
			found = strcmp(at, word) == 0;
	}
	if (list != NULL)
		fclose(list);
	return found;
}

static void it_says_of_the_processor_what_the_kernel_says(void **state)
{
	(void)state;
	CHECK(processor_has_aes_gcm() ==
	      (kernel_lists("aes") && (kernel_lists("pclmulqdq") || kernel_lists("pmull"))));
	CHECK(processor_has_sha256() == (kernel_lists("sha_ni") || kernel_lists("sha2")));
}

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(it_says_of_the_processor_what_the_kernel_says) };
	return RUN("sys/processor", tests);
}
