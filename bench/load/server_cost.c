#include "server_cost.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool file_read(const char *path, char *out, size_t cap)
{
	FILE *file = fopen(path, "r");
	if (!file)
		return false;
	size_t n = fread(out, 1, cap - 1, file);
	out[n] = 0;
	fclose(file);
	return n > 0;
}

/* The first number behind this word; 0 if it does not stand there. */
static uint64_t number_after(const char *text, const char *word)
{
	uint64_t number = 0;
	const char *at = strstr(text, word);
	return at && sscanf(at + strlen(word), " %" SCNu64, &number) == 1 ? number : 0;
}

static uint64_t cpu_ns(int pid)
{
	char path[300], text[200];
	uint64_t sum = 0;
	(void)snprintf(path, sizeof path, "/proc/%d/task", pid);
	DIR *tasks = opendir(path);
	if (!tasks)
		return 0;
	for (struct dirent *task = readdir(tasks); task; task = readdir(tasks)) {
		(void)snprintf(path, sizeof path, "/proc/%d/task/%.20s/schedstat", pid,
			       task->d_name);
		if (task->d_name[0] != '.' && file_read(path, text, sizeof text))
			sum += number_after(text, "");
	}
	closedir(tasks);
	return sum;
}

struct server_cost server_cost(int pid)
{
	struct server_cost cost = { 0 };
	char path[64], text[4096];
	(void)snprintf(path, sizeof path, "/proc/%d/status", pid);
	if (pid == 0 || !file_read(path, text, sizeof text))
		return cost;
	cost.cpu_ns = cpu_ns(pid);
	cost.switches = number_after(text, "\nvoluntary_ctxt_switches:");
	cost.private_kib = number_after(text, "RssAnon:");
	return cost;
}
