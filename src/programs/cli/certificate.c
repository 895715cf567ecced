#include "programs/cli/certificate.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/files.h"

enum {
	VALID_S = 365 * 24 * 3600,
	NAMES_MAX = 1024,
	SERIAL_BITS = 127,
};

/* "DNS:localhost,IP:…", as OpenSSL reads it. */
static void names_of(const struct address *addresses, size_t len, char out[NAMES_MAX])
{
	size_t at = (size_t)snprintf(out, NAMES_MAX, "DNS:localhost,IP:127.0.0.1,IP:::1");
	for (size_t i = 0; i < len; i++) {
		char text[ADDRESS_TEXT_ROOM];
		struct address bare = addresses[i];
		bare.port = 0;
		address_to_text(&bare, text);
		at += (size_t)snprintf(out + at, NAMES_MAX - at, ",IP:%s", text);
	}
}

static bool add_names(X509 *x, const struct address *addresses, size_t len)
{
	char names[NAMES_MAX];
	names_of(addresses, len, names);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);
	bool ok = extension && X509_add_ext(x, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return ok;
}

static bool set_serial(X509 *x)
{
	BIGNUM *number = BN_new();
	bool ok = number && BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
		  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x));
	BN_free(number);
	return ok;
}

static X509 *certificate_of(EVP_PKEY *key, const struct address *addresses, size_t len)
{
	static const unsigned char name[] = "Prison Video Link demonstration";
	X509 *x = X509_new();
	if (!x)
		return NULL;
	X509_NAME *subject = X509_get_subject_name(x);
	bool ok = X509_set_version(x, X509_VERSION_3) && set_serial(x) &&
		  X509_gmtime_adj(X509_getm_notBefore(x), 0) &&
		  X509_gmtime_adj(X509_getm_notAfter(x), VALID_S) && X509_set_pubkey(x, key) &&
		  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1, 0) &&
		  X509_set_issuer_name(x, subject) && add_names(x, addresses, len) &&
		  X509_sign(x, key, EVP_sha256()) > 0;
	if (ok)
		return x;
	X509_free(x);
	return NULL;
}

static enum err save(BIO *bio, const char *path, mode_t mode)
{
	char *at = NULL;
	long len = BIO_get_mem_data(bio, &at);
	return file_write(path, bytes_of(at, (size_t)len), mode);
}

static enum err write_pair(EVP_PKEY *key, X509 *x, const char *certificate_path,
			   const char *key_path)
{
	BIO *certificate = BIO_new(BIO_s_mem());
	BIO *secret = BIO_new(BIO_s_mem());
	enum err err = ERR_SYS;
	if (certificate && secret && PEM_write_bio_X509(certificate, x) &&
	    PEM_write_bio_PrivateKey(secret, key, NULL, NULL, 0, NULL, NULL))
		err = save(secret, key_path, S_IRUSR | S_IWUSR);
	if (err == OK)
		err = save(certificate, certificate_path, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
	BIO_free(certificate);
	BIO_free(secret);
	return err;
}

enum err certificate_make(const char *certificate_path, const char *key_path,
			  const struct address *addresses, size_t addresses_len)
{
	if (access(certificate_path, R_OK) == 0 && access(key_path, R_OK) == 0)
		return OK;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = key ? certificate_of(key, addresses, addresses_len) : NULL;
	enum err err = x ? write_pair(key, x, certificate_path, key_path) : ERR_SYS;
	X509_free(x);
	EVP_PKEY_free(key);
	return err;
}
