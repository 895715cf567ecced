#include "base/err.h"

const char *err_name(enum err err)
{
	switch (err) {
	case OK:
		return "ok";
	case ERR_SHORT:
		return "short";
	case ERR_BAD:
		return "bad";
	case ERR_LIMIT:
		return "limit";
	case ERR_NOT_FOUND:
		return "not_found";
	case ERR_CONFLICT:
		return "conflict";
	case ERR_DENIED:
		return "denied";
	case ERR_TIMEOUT:
		return "timeout";
	case ERR_CLOSED:
		return "closed";
	case ERR_AGAIN:
		return "again";
	case ERR_SYS:
		return "sys";
	case ERR_DB:
		return "db";
	case ERR_CRYPTO:
		return "crypto";
	}
	return "unknown";
}
