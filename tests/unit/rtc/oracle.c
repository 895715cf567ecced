#define srtp_protect   libsrtp_protect
#define srtp_unprotect libsrtp_unprotect
#include <srtp2/srtp.h>
#undef srtp_protect
#undef srtp_unprotect

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "oracle.h"

typedef srtp_err_status_t (*packet_function)(srtp_t, void *, int *);

struct oracle {
	void *library;
	srtp_t session;
	srtp_err_status_t (*dealloc)(srtp_t);
	packet_function protect;
	packet_function unprotect;
	packet_function protect_rtcp;
	packet_function unprotect_rtcp;
};

static void symbol(void *library, const char *name, void *out)
{
	void *at = dlsym(library, name);
	ASSERT(at != NULL);
	memcpy(out, &at, sizeof at);
}

static void set_suite(void *library, enum srtp_profile profile, srtp_policy_t *policy)
{
	const char *name = "srtp_crypto_policy_set_rtp_default";
	if (profile == SRTP_AEAD_AES_128_GCM)
		name = "srtp_crypto_policy_set_aes_gcm_128_16_auth";
	if (profile == SRTP_AEAD_AES_256_GCM)
		name = "srtp_crypto_policy_set_aes_gcm_256_16_auth";
	void (*set)(srtp_crypto_policy_t *);
	symbol(library, name, &set);
	set(&policy->rtp);
	set(&policy->rtcp);
}

struct oracle *oracle_new(const struct srtp_key *key, enum srtp_direction direction)
{
	struct oracle *o = calloc(1, sizeof *o);
	srtp_err_status_t (*init)(void);
	srtp_err_status_t (*create)(srtp_t *, const srtp_policy_t *);
	o->library = dlopen("libsrtp2.so.1", RTLD_NOW | RTLD_LOCAL);
	ASSERT(o->library != NULL);
	symbol(o->library, "srtp_init", &init);
	symbol(o->library, "srtp_create", &create);
	symbol(o->library, "srtp_dealloc", &o->dealloc);
	symbol(o->library, "srtp_protect", &o->protect);
	symbol(o->library, "srtp_unprotect", &o->unprotect);
	symbol(o->library, "srtp_protect_rtcp", &o->protect_rtcp);
	symbol(o->library, "srtp_unprotect_rtcp", &o->unprotect_rtcp);
	(void)init(); /* the second time it refuses, and all is well */

	uint8_t joined[SRTP_KEY_MAX + SRTP_SALT_MAX];
	memcpy(joined, key->key, srtp_key_len(key->profile));
	memcpy(joined + srtp_key_len(key->profile), key->salt, srtp_salt_len(key->profile));
	srtp_policy_t policy = { .key = joined, .window_size = SRTP_WINDOW };
	policy.ssrc.type = direction == SRTP_SEND ? ssrc_any_outbound : ssrc_any_inbound;
	set_suite(o->library, key->profile, &policy);
	ASSERT(create(&o->session, &policy) == srtp_err_status_ok);
	return o;
}

void oracle_free(struct oracle *o)
{
	o->dealloc(o->session);
	free(o);
}

static bool run(struct oracle *o, packet_function function, uint8_t *packet, size_t *len)
{
	int n = (int)*len;
	if (function(o->session, packet, &n) != srtp_err_status_ok)
		return false;
	*len = (size_t)n;
	return true;
}

bool oracle_protect(struct oracle *o, uint8_t *packet, size_t *len)
{
	return run(o, o->protect, packet, len);
}

bool oracle_unprotect(struct oracle *o, uint8_t *packet, size_t *len)
{
	return run(o, o->unprotect, packet, len);
}

bool oracle_protect_rtcp(struct oracle *o, uint8_t *packet, size_t *len)
{
	return run(o, o->protect_rtcp, packet, len);
}

bool oracle_unprotect_rtcp(struct oracle *o, uint8_t *packet, size_t *len)
{
	return run(o, o->unprotect_rtcp, packet, len);
}
