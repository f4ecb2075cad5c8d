/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/base/wipe.h>
#include <prot/crypto_fake.h>

#include <string.h>

/*
 * Defined by programs that may use this provider, that is by tests: without
 * it they do not link.
 */
extern const uint32_t prot_crypto_fake_allowed_in_tests;

/* splitmix64: a permutation of 64-bit values without fixed structure */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static uint64_t absorb(uint64_t h, const void *data, size_t len)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < len; i++) { /* FNV-1a */
		h = (h ^ p[i]) * 0x100000001b3u;
	}
	return h;
}

static void expand(uint64_t seed, uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (i % 8 == 0) {
			seed = mix(seed);
		}
		out[i] = (uint8_t)(seed >> (8 * (i % 8)));
	}
}

/* Every op begins here: count it, and fail it when its turn has come. */
static enum prot_status enter(struct prot_crypto_fake *f)
{
	f->calls += prot_crypto_fake_allowed_in_tests; /* which is 1 */
	if (f->fail_at == 0 || f->calls != f->fail_at) {
		return PROT_OK;
	}
	return f->fail_with == PROT_OK ? PROT_ERR_CRYPTO : f->fail_with;
}

/* So do the ops that may pend; `call` tells one call from another. */
static enum prot_status enter_slow(struct prot_crypto_fake *f, uint64_t call)
{
	enum prot_status st = enter(f);

	if (f->pending_call != 0 && f->pending_call != call) {
		f->misused = true;
		return PROT_ERR_STATE;
	}
	if (st == PROT_OK && f->pended < f->pend) {
		f->pended++;
		f->pending_call = call;
		return PROT_PENDING;
	}
	f->pended = 0;
	f->pending_call = 0;
	return st;
}

static uint64_t call_of(char op, uint64_t a, uint64_t b)
{
	return mix(mix(mix((unsigned char)op) ^ a) ^ b) | 1;
}

static uint64_t digest_of(const void *data, size_t len)
{
	return absorb(0xcbf29ce484222325u, data, len);
}

struct state {
	uint64_t h;
	uint64_t len;
	uint32_t alg;
};

static struct state *state_of(struct prot_hash_state *h)
{
	return (struct state *)(void *)&h->u;
}

static enum prot_status hash_init(void *ctx, struct prot_hash_state *h,
				  enum prot_hash_alg alg)
{
	enum prot_status st = enter(ctx);
	struct state *s = state_of(h);

	if (st != PROT_OK) {
		return st;
	}
	if (prot_hash_size(alg) == 0) {
		return PROT_ERR_ARG;
	}
	s->h = mix((uint64_t)alg);
	s->len = 0;
	s->alg = (uint32_t)alg;
	return PROT_OK;
}

static enum prot_status hash_update(void *ctx, struct prot_hash_state *h,
				    const void *data, size_t len)
{
	enum prot_status st = enter(ctx);
	struct state *s = state_of(h);

	if (st == PROT_OK) {
		s->h = absorb(s->h, data, len);
		s->len += len;
	}
	return st;
}

static void hash_finish(const struct state *s, uint8_t *out)
{
	expand(mix(s->h) ^ s->len, out,
	       prot_hash_size((enum prot_hash_alg)s->alg));
}

static enum prot_status hash_final(void *ctx, struct prot_hash_state *h,
				   uint8_t *out)
{
	enum prot_status st = enter(ctx);
	struct state *s = state_of(h);

	if (st == PROT_OK) {
		hash_finish(s, out);
	}
	memset(s, 0, sizeof(*s));
	return st;
}

static enum prot_status hmac(void *ctx, enum prot_hash_alg alg,
			     const struct prot_hmac_input *in, uint8_t *out)
{
	uint64_t key = digest_of(in->key, in->key_len);
	uint64_t data = digest_of(in->data, in->data_len);
	enum prot_status st =
		enter_slow(ctx, call_of('h', key ^ (uint64_t)alg, data));

	if (st != PROT_OK) {
		return st;
	}
	if (prot_hash_size(alg) == 0) {
		return PROT_ERR_ARG;
	}
	expand(mix(mix(key) ^ (uint64_t)alg) ^ data, out, prot_hash_size(alg));
	return PROT_OK;
}

static enum prot_status random_bytes(void *ctx, void *out, size_t len)
{
	struct prot_crypto_fake *f = ctx;
	enum prot_status st = enter(f);

	if (st == PROT_OK) {
		expand(++f->random, out, len);
	}
	return st;
}

static enum prot_status key_derive(void *ctx, enum prot_asym_alg alg,
				   const uint8_t *seed, size_t seed_len,
				   prot_key *key)
{
	struct prot_crypto_fake *f = ctx;
	uint64_t secret = mix(digest_of(seed, seed_len)) ^ (uint64_t)alg;
	enum prot_status st = enter_slow(f, call_of('d', secret, seed_len));

	if (st != PROT_OK) {
		return st;
	}
	if (prot_public_key_size(alg) == 0 || seed_len < PROT_SEED_MIN ||
	    seed_len > PROT_SEED_MAX) {
		return PROT_ERR_ARG;
	}
	for (uint32_t i = 0; i < PROT_CRYPTO_FAKE_KEYS; i++) {
		if (f->keys[i].alg == PROT_ASYM_NONE) {
			f->keys[i].alg = (uint32_t)alg;
			f->keys[i].secret = secret;
			f->keys_alive++;
			*key = i + 1;
			return PROT_OK;
		}
	}
	return PROT_ERR_SPACE;
}

static bool key_exists(const struct prot_crypto_fake *f, prot_key key)
{
	return key != 0 && key <= PROT_CRYPTO_FAKE_KEYS &&
	       f->keys[key - 1].alg != PROT_ASYM_NONE;
}

static enum prot_asym_alg key_alg(const struct prot_crypto_fake *f,
				  prot_key key)
{
	return (enum prot_asym_alg)f->keys[key - 1].alg;
}

static void point_of(const struct prot_crypto_fake *f, prot_key key,
		     uint8_t *out)
{
	expand(f->keys[key - 1].secret, out,
	       prot_public_key_size(key_alg(f, key)));
}

static enum prot_status key_public(void *ctx, prot_key key, uint8_t *out)
{
	struct prot_crypto_fake *f = ctx;
	enum prot_status st = enter_slow(f, call_of('p', key, 0));

	if (st != PROT_OK) {
		return st;
	}
	if (!key_exists(f, key)) {
		return PROT_ERR_ARG;
	}
	point_of(f, key, out);
	return PROT_OK;
}

static void key_destroy(void *ctx, prot_key key)
{
	struct prot_crypto_fake *f = ctx;

	if (key_exists(f, key)) {
		prot_wipe(&f->keys[key - 1], sizeof(f->keys[key - 1]));
		f->keys_alive--;
	}
}

/* The digest that is signed, or would be: 0 when `what` makes no sense. */
static uint64_t signed_digest(const struct prot_signed_data *what)
{
	size_t size = prot_hash_size(what->hash);
	uint8_t digest[PROT_HASH_MAX] = {0};
	struct state s = {mix((uint64_t)what->hash), what->len,
			  (uint32_t)what->hash};

	if (size == 0 || (what->prehashed && what->len != size)) {
		return 0;
	}
	if (what->prehashed) {
		return digest_of(what->data, size) | 1;
	}
	s.h = absorb(s.h, what->data, what->len);
	hash_finish(&s, digest);
	return digest_of(digest, size) | 1;
}

static void signature_make(const struct prot_public_key *key, uint64_t digest,
			   uint8_t *sig)
{
	uint64_t k = digest_of(key->bytes, prot_public_key_size(key->alg));

	expand(mix(k) ^ digest, sig, prot_signature_size(key->alg));
}

static enum prot_status sign(void *ctx, prot_key key,
			     const struct prot_signed_data *what, uint8_t *sig)
{
	struct prot_crypto_fake *f = ctx;
	uint64_t digest = signed_digest(what);
	enum prot_status st = enter_slow(f, call_of('s', key, digest));
	uint8_t point[PROT_PUBLIC_KEY_MAX];
	struct prot_public_key public_key = {PROT_ASYM_NONE, point};

	if (st != PROT_OK) {
		return st;
	}
	if (!key_exists(f, key) || digest == 0) {
		return PROT_ERR_ARG;
	}
	public_key.alg = key_alg(f, key);
	point_of(f, key, point);
	signature_make(&public_key, digest, sig);
	return PROT_OK;
}

static enum prot_status verify(void *ctx, const struct prot_public_key *key,
			       const struct prot_signed_data *what,
			       const uint8_t *sig, size_t sig_len)
{
	struct prot_crypto_fake *f = ctx;
	uint64_t digest = signed_digest(what);
	enum prot_status st =
		enter_slow(f, call_of('v', digest_of(sig, sig_len), digest));
	uint8_t expected[PROT_SIGNATURE_MAX];

	if (st != PROT_OK) {
		return st;
	}
	if (prot_signature_size(key->alg) == 0 || digest == 0) {
		return PROT_ERR_ARG;
	}
	if (f->accept_any) {
		return PROT_OK;
	}
	if (sig_len != prot_signature_size(key->alg)) {
		return PROT_ERR_AUTH;
	}
	signature_make(key, digest, expected);
	return prot_equal_ct(sig, expected, sig_len) ? PROT_OK : PROT_ERR_AUTH;
}

const struct prot_crypto_ops prot_crypto_fake_ops = {
	.hashes = 1u << PROT_HASH_SHA256 | 1u << PROT_HASH_SHA384 |
		  1u << PROT_HASH_SHA512 | 1u << PROT_HASH_SHA3_256 |
		  1u << PROT_HASH_SHA3_384 | 1u << PROT_HASH_SHA3_512,
	.asyms = 1u << PROT_ASYM_ECDSA_P256 | 1u << PROT_ASYM_ECDSA_P384,
	.hash_init = hash_init,
	.hash_update = hash_update,
	.hash_final = hash_final,
	.hmac = hmac,
	.random = random_bytes,
	.key_derive = key_derive,
	.key_public = key_public,
	.key_destroy = key_destroy,
	.sign = sign,
	.verify = verify,
};
