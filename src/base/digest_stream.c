#include "base/digest_stream.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct digest_stream {
	EVP_MD_CTX *context;
};

struct digest_stream *digest_stream_new(void)
{
	struct digest_stream *made = calloc(1, sizeof *made);

	if (made == NULL)
		return NULL;
	made->context = EVP_MD_CTX_new();
	if (made->context == NULL || EVP_DigestInit_ex2(made->context, EVP_sha256(), NULL) != 1)
		digest_stream_free(&made);
	return made;
}

enum err digest_stream_add(struct digest_stream *stream, struct bytes piece)
{
	return EVP_DigestUpdate(stream->context, piece.data, piece.length) == 1 ? OK : ERR_MEMORY;
}

enum err digest_stream_value(const struct digest_stream *stream, uint8_t digest[static DIGEST_BYTES])
{
	EVP_MD_CTX *copy = EVP_MD_CTX_new();
	enum err err = copy != NULL && EVP_MD_CTX_copy_ex(copy, stream->context) == 1
	                       && EVP_DigestFinal_ex(copy, digest, NULL) == 1
	                   ? OK
	                   : ERR_MEMORY;

	EVP_MD_CTX_free(copy);
	return err;
}

void digest_stream_free(struct digest_stream **stream)
{
	struct digest_stream *freed = *stream;

	*stream = NULL;
	if (freed == NULL)
		return;
	EVP_MD_CTX_free(freed->context);
	free(freed);
}
