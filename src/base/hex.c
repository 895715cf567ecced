#include "base/hex.h"

static const char hex_digits[] = "0123456789abcdef";
static const char base64url_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void hex_encode(struct bytes in, char *out)
{
	for (size_t i = 0; i < in.len; i++) {
		*out++ = hex_digits[in.at[i] >> 4];
		*out++ = hex_digits[in.at[i] & 15];
	}
	*out = '\0';
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hex_decode(struct str s, uint8_t *out, size_t len)
{
	if (s.len != 2 * len)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (hex_value(s.at[i]) < 0)
			return false;
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(hex_value(s.at[2 * i]) << 4 | hex_value(s.at[2 * i + 1]));
	return true;
}

void base64url_encode(struct bytes in, char *out)
{
	uint32_t bits = 0;
	int count = 0;
	for (size_t i = 0; i < in.len; i++) {
		bits = bits << 8 | in.at[i];
		for (count += 8; count >= 6; count -= 6)
			*out++ = base64url_digits[bits >> (count - 6) & 63];
	}
	if (count)
		*out++ = base64url_digits[bits << (6 - count) & 63];
	*out = '\0';
}

static int base64url_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	return c == '_' ? 63 : -1;
}

bool base64url_decode(struct str s, uint8_t *out, size_t cap, size_t *len)
{
	if (s.len % 4 == 1 || s.len / 4 * 3 + s.len % 4 > cap + 1)
		return false;
	uint32_t bits = 0;
	int count = 0;
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		int value = base64url_value(s.at[i]);
		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		count += 6;
		if (count < 8)
			continue;
		count -= 8;
		if (n == cap)
			return false;
		out[n++] = (uint8_t)(bits >> count);
	}
	*len = n;
	return true;
}
