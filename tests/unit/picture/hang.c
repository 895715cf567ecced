/* A program that never ends, for test_decoder. */
#include <poll.h>
#include <stddef.h>

int main(void)
{
	for (;;)
		(void)poll(NULL, 0, -1);
}
