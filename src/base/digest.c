#include "base/digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MAC_KEY_KEPT_MAX = 128 }; /* longer than any secret a provider gives */

/*
 * Fetching an algorithm from OpenSSL 3 costs more than hashing a line, and so does making a context:
 * both are kept, the algorithms for the process and the contexts for each thread.
 */
static EVP_MD *sha256;
static EVP_MAC *hmac;
static pthread_key_t sha256_context_key;
static pthread_key_t hmac_context_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void free_md_context(void *context)
{
	EVP_MD_CTX_free(context);
}

/*
 * A thread's context, and the key that it was last given: a thread mostly has one, and taking it again is two of the
 * four blocks that the mac of a short text needs.
 */
struct mac_context {
	EVP_MAC_CTX *mac;
	bool has_key;
	size_t key_length;
	char key[MAC_KEY_KEPT_MAX];
};

static void forget_key(struct mac_context *context)
{
	OPENSSL_cleanse(context->key, sizeof context->key);
	context->has_key = false;
}

static void free_mac_context(void *argument)
{
	struct mac_context *context = argument;

	EVP_MAC_CTX_free(context->mac);
	forget_key(context);
	free(context);
}

static void fetch(void)
{
	if (pthread_key_create(&sha256_context_key, free_md_context) != 0
	    || pthread_key_create(&hmac_context_key, free_mac_context) != 0)
		return;
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
}

static EVP_MD_CTX *md_context(void)
{
	pthread_once(&once, fetch);
	if (sha256 == NULL)
		return NULL;
	EVP_MD_CTX *context = pthread_getspecific(sha256_context_key);

	if (context != NULL)
		return context;
	context = EVP_MD_CTX_new();
	if (context != NULL && pthread_setspecific(sha256_context_key, context) != 0) {
		EVP_MD_CTX_free(context);
		return NULL;
	}
	return context;
}

enum err digest_sha256(const struct bytes *pieces, size_t count, uint8_t digest[static DIGEST_BYTES])
{
	EVP_MD_CTX *context = md_context();

	if (context == NULL || EVP_DigestInit_ex2(context, sha256, NULL) != 1)
		return ERR_MEMORY;
	for (size_t i = 0; i < count; i++)
		if (EVP_DigestUpdate(context, pieces[i].data, pieces[i].length) != 1)
			return ERR_MEMORY;
	return EVP_DigestFinal_ex(context, digest, NULL) == 1 ? OK : ERR_MEMORY;
}

/* The digest is named once for each context: naming it means fetching it. */
static struct mac_context *mac_context_new(void)
{
	static char name[] = "SHA256";
	const OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_end(),
	};
	struct mac_context *context = calloc(1, sizeof *context);

	if (context == NULL)
		return NULL;
	context->mac = EVP_MAC_CTX_new(hmac);
	if (context->mac != NULL && EVP_MAC_CTX_set_params(context->mac, parameters) == 1
	    && pthread_setspecific(hmac_context_key, context) == 0)
		return context;
	free_mac_context(context);
	return NULL;
}

static struct mac_context *mac_context(void)
{
	pthread_once(&once, fetch);
	if (hmac == NULL)
		return NULL;
	struct mac_context *context = pthread_getspecific(hmac_context_key);

	return context != NULL ? context : mac_context_new();
}

static bool begin_mac(struct mac_context *context, struct bytes key)
{
	if (key.length == 0)
		key = BYTES_LITERAL(""); /* where an empty one stands nowhere, OpenSSL takes the key of before */
	if (context->has_key && bytes_equal((struct bytes){ context->key, context->key_length }, key))
		return EVP_MAC_init(context->mac, NULL, 0, NULL) == 1;
	forget_key(context);
	if (EVP_MAC_init(context->mac, (const unsigned char *)key.data, key.length, NULL) != 1)
		return false;
	if (key.length <= sizeof context->key) {
		memcpy(context->key, key.data, key.length);
		context->key_length = key.length;
		context->has_key = true;
	}
	return true;
}

enum err digest_hmac(struct bytes key, const struct bytes *pieces, size_t count,
                     uint8_t mac[static DIGEST_BYTES])
{
	struct mac_context *context = mac_context();
	size_t length;

	if (context == NULL || !begin_mac(context, key))
		return ERR_MEMORY;
	for (size_t i = 0; i < count; i++)
		if (EVP_MAC_update(context->mac, (const unsigned char *)pieces[i].data, pieces[i].length) != 1)
			return ERR_MEMORY;
	return EVP_MAC_final(context->mac, mac, &length, DIGEST_BYTES) == 1 && length == DIGEST_BYTES ? OK : ERR_MEMORY;
}
