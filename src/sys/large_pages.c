#include "sys/large_pages.h"

#include <sys/prctl.h>

bool large_pages_allow(bool allowed)
{
	return prctl(PR_SET_THP_DISABLE, allowed ? 0 : 1, 0, 0, 0) == 0;
}
