/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"

#include "ast10x0.h"
#include "ast_ecdsa.h"
#include "ast_rsa.h"
#include "mmio_mock.h"
#include "sbc_model.h"

static struct sbc_model model;
static struct prot_ast_sbc_state sbc_state;
static const struct prot_ast_sbc sbc = {AST_SBC_BASE, AST_SECURE_SRAM_BASE,
					&mmio_mock_clock, &sbc_state};
static struct prot_ast_rsa_state rsa_state;
static const struct prot_ast_rsa rsa = {&sbc, &rsa_state};

/* Random odd moduli; the results are those of Python's pow(). */
static const struct {
	const char *modulus, *exponent, *base, *result;
} vectors[] = {
	{
		"a08020d28c636339b0668d60f354e5333107adeba95cdab3b83849e81844e9"
		"04"
		"51839c70752bbadecc5ab0f811272b116fe3c8ab8ea7437c5e5809966eb54e"
		"cf"
		"5fc329bc683a063ab816f3497d3c84e1ee2f5b306a35dcdab370074420a784"
		"f0"
		"b0913c51ee3a12751b9ff79dd7a9cf920de3b7b3d32ad5387ecc2e61ff45dd"
		"ea"
		"14ed17d62621a250b5c3cadb030b4292b33a9563e54c88b9ed9804bc99e735"
		"a8"
		"dc0d86bb20a79039d883d0a1379bbcbcc63313fb26414011a0e1ff5ca9456f"
		"fb"
		"6a42ac30fb6b0f04566addcb9b4e5d58facda3c6ae114c8d27bd3918df7f19"
		"98"
		"7a1939257e41ff34bbce0cb8bf5bc289804d7fd5d91f9fc595844f3452fe5d"
		"68"
		"a24b19f0935c8771081724765becf31e842cb10b1394b930b8a327ceb059b2"
		"a4"
		"9f87bc63c488d5541f30c2e7cfe84e91282b5e421c450cd44da786e09fed7f"
		"83"
		"ab9f18308261a33f5f7f975b55b03f23f8408d854dff7d6bb42b50466078ff"
		"eb"
		"a687395325ed7f7df28b80527c1b8b1dda18e6a8095839a8c7b0c40239e87c"
		"93"
		"9dabe289d3271e371eef001637b5026a6273cf9a8aca18f9242d26cab4d1ae"
		"e6"
		"ffca632f5579280c047a3abc85c7dc51f35675ceb6b6c60d5ba6dd0b1c3cf6"
		"5c"
		"ff7ba3214b4325d8be0b5847298612229926f702cd452540162df056dbf2c7"
		"19"
		"242f0ca02345c54adba323b6a7e8163f080ef99d0443e73933298fb53eb19b"
		"07",
		"010001",
		"9abf0dd776e4195df73b1abcf0618c48462796d30773e06f19870952b8151c"
		"0b"
		"26b224f95324df6befb56037d1f34729e8f33c90d7df91375b9fce6f12085d"
		"3c"
		"70ad0052da2e2d1c8b932b752647914a0fef71d50613a2316aae0192097d1f"
		"0c"
		"030aebcdb54a5515e97b4b74961e1e1ccffbd5af30a9baf1adaf590b597039"
		"13"
		"3cc4d009258fbba3630822d6adf2766e125a848dd5def13c57f1cb09e23511"
		"43"
		"a30adf0cdbec898dbe46dd0db8b89cbdea134e3df9a4ad0e6f456d2a1143a7"
		"7a"
		"58df8e56d6e6f860b80a19a34bb00a97e5564b7899d658fa4f023fab6d3fca"
		"b2"
		"5ee66475b8dca84b27b184163a9e94447bd5db9921aec99e711dea6cc2ddd1"
		"6f"
		"84155c56504d3610322b2f4bc01db0a380cf88e1940f085d744e8bf04735ad"
		"b1"
		"d8892085a1217e6894e2d8f00f189515f8f1003569c9a089b30146f3a955b6"
		"40"
		"e2a3d06f069728269e18d182bb801907904f2dd9a346150e5fbe9fd58e4de0"
		"4c"
		"1baddc82c09e839f40c1e61215b5c02287bf5d72e91786b9989d89ba2eee51"
		"64"
		"d865986bbab2c4bc971f85c9a8ae863c0907247f546437d768bf16786850ca"
		"40"
		"5c8e1b2021db7e5f434a6b8db212264b7e5381f0ec9ec2c9674c3f5dea07cd"
		"93"
		"c51a0380c0e547875e69d59bcb41f554f096deea98852e843ddebfdf5684cc"
		"46"
		"ef9897fe3418971e771ce34a31478da4f62daaf6ab20d18bba2145cfd6ee45"
		"4b",
		"811aee14e314ae32862d9da148a5873022100286b37141f90a33fba852faa8"
		"12"
		"20e12d5656678a527438f87ffb2bf71840907dd9fd3075ad58cda38d74e90e"
		"bb"
		"2310c2f3ed5e262735f4452c4880bedf22e639a61bf919afd58f9e78d3faaa"
		"9a"
		"be49feeeb192f51e9a09b9a4aa7f1b6a38cea1d9e95096cac40bcff8e6877b"
		"db"
		"913cfeb0fb0a9083258e94b021adb33892846f7b47d88184cc4e6c8dc65eca"
		"69"
		"535e4656f7f061f43f8e4f0178b0c68e424cc35b6b53dcc388544c6d4a52ad"
		"49"
		"762c7332675a96cd1c626f852b2224cc635bcc9fae3469bb8e716db6c4a7a6"
		"d7"
		"c2aa4beee76499ed59cb8212471c959de86280d38240f9f367de646d78a109"
		"69"
		"0a8b87223f908652adcdd3d3d398e9a661bb44cffcab25386d3cacd8459504"
		"d1"
		"a41320da142c67fe8d90a523ab43ab64fc8657f3040430bc0feaad44d29db5"
		"8b"
		"66467c856207684c043d100d5c67a19764a857009b30113bf0288b9a169f08"
		"ce"
		"1d4bbae5967300ae17cc617723bb34a880d24085f9b46cc289b09290fc881c"
		"00"
		"0b96f52e084004aeb0dad73189da22a1d3ab1e95fbdd45ce0a13da63a757e7"
		"5e"
		"9fecde9dba85a636dd6ba82ca3707d44478f53e7a0e634292ae39d9dc2ee02"
		"6b"
		"41c0aef596149d2a0d3f0f98c5860ad594f10855b9e0397be294fe45b11ce7"
		"ff"
		"29ef8a7b3f0eb66ee05f5dab07a03a4854f5380fb803f8470b120c23ed6527"
		"52",
	},
	{
		"0149fdb279a7af7b29e9bb4d9c8d9055191a72699fbbfbb76cd6da37e61e16"
		"f3"
		"a6212d0200de5bca4ca19a8b1782f0f6d35bf22b3153afbfa4feb35cec5bb2"
		"26"
		"8ec1f5d33ab9671d25234812fd82c4a2b83986da2ea9cb7cbf1c81162ea30f"
		"a5"
		"3a4cd253f00457a036fa76c82cb9ce1e9b6a5e21c7821b6b16f3d4f5fc65",
		"012aee1da8ed5c245750d4d0c0ee1e0befb6561c340c506a8b390802f4f3eb"
		"60"
		"095d39b938d4b252df2c4a181ee8a3cd4516c496d23bee8d0010252e4b4d0e"
		"b2"
		"4f55031d39b1ab575e3d6768c0bdb324fe188b9d69e6ed31e728b02c679940"
		"8a"
		"5ea67012cc201c05c2c77e43d1c43639135dcec3906cf0808ff3cff83447",
		"009fad20eb91c6c46cdd0c7259e8d48113cf9cb6cbdbded1cc4311bea72bef"
		"a4"
		"123386cfdbe9998ca7905bbcedc223337d249616c499766ceebe1b34918875"
		"ab"
		"f7ad80f11a70eaac5bdd0f68dee14bf2a6f9b1eac32416cdfcc572183fca17"
		"bd"
		"30a761e1ffa31aa43e0061f7c207b9001ba7e5f2c9e950ca736522f3d830",
		"000ec72911bbbf1a7d6af470e99bde50e9d025ae821f309c52f554b22c67e8"
		"01"
		"63b68726f4441cc8c1c94f31c10ca0e8e4169067fc8cc5bf35f818e4f64896"
		"23"
		"a091d9692b811ee9eee116eb6f2112abf03357a34030c71429f8152286872a"
		"a1"
		"3adb1edc5392396b6cba5896993a674d76187ede3e9a8e83ac634ef6c1b2",
	},
	{
		"e633acca9257c179750bf1fefcd84cf67bd0e468e28cceb67ff846ba43f534"
		"bc"
		"1fa45937321725707bd5491b3e0db47cf6415c8a1d66575fade4444e95f32d"
		"98"
		"a7",
		"07",
		"6e0cbc70cd91e9c01744e842e1e6784fa6166ab1d9cff45eb2af9547f86c6d"
		"1f"
		"9900f7137bb805be573ddc8f94c8c98b322eb82f756e98ff1ee8e4d34605b5"
		"b5"
		"b4",
		"4d3c33c9221ae3be3d4195ac648c754d767210707a605d200792bbf7797fa8"
		"f4"
		"9747837ecb3b056652a3697d9d90bbc89f549bad4b7f3247de77e59645ba76"
		"d7"
		"fe",
	},
};

struct numbers {
	uint8_t modulus[512], exponent[512], base[512], result[512];
	struct prot_ast_rsa_input in;
};

static struct numbers n;

static void load(size_t i)
{
	n.in.modulus = n.modulus;
	n.in.modulus_len = hex_bytes(vectors[i].modulus, n.modulus, 512);
	n.in.exponent = n.exponent;
	n.in.exponent_len = hex_bytes(vectors[i].exponent, n.exponent, 512);
	n.in.base = n.base;
	hex_bytes(vectors[i].base, n.base, 512);
	hex_bytes(vectors[i].result, n.result, 512);
}

static int setup(void **state)
{
	(void)state;
	mmio_mock_reset();
	memset(&model, 0, sizeof(model));
	memset(&rsa_state, 0, sizeof(rsa_state));
	sbc_model_add(&model);
	prot_ast_sbc_init(&sbc);
	load(2);
	return 0;
}

static void assert_result(void)
{
	uint8_t out[512];

	model.delay_us = 700;
	assert_int_equal(prot_ast_rsa_modexp(&rsa, &n.in, out), PROT_OK);
	assert_memory_equal(out, n.result, n.in.modulus_len);
	assert_true(sbc_model_is_clean());
	mmio_mock_forget_writes();
}

static void test_modexp__vectors__results(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(vectors); i++) {
		load(i);
		assert_result();
	}
	assert_int_equal(model.runs, PROT_ARRAY_SIZE(vectors));
}

static void test_modexp__exponent_with_leading_zeros__same(void **state)
{
	(void)state;
	memset(n.exponent, 0, n.in.modulus_len);
	n.in.exponent_len = n.in.modulus_len;
	hex_bytes(vectors[2].exponent, n.exponent + n.in.modulus_len - 1, 1);
	assert_result();
}

static void test_modexp__base_0_and_1__leading_zeros_of_result(void **state)
{
	(void)state;
	memset(n.base, 0, sizeof(n.base));
	memset(n.result, 0, sizeof(n.result));
	assert_result();
	n.base[n.in.modulus_len - 1] = 1;
	n.result[n.in.modulus_len - 1] = 1;
	assert_result();
}

static void test_start__any__bits_then_trigger(void **state)
{
	struct mmio_write w[16];

	(void)state;
	load(1);
	assert_int_equal(prot_ast_rsa_start(&rsa, &n.in), PROT_OK);
	assert_int_equal(mmio_mock_writes(AST_SBC_BASE, 0x1000, w, 16), 3);
	assert_int_equal(w[0].address, AST_SBC_BASE + 0xB0);
	assert_int_equal(w[0].value, 1001u << 16 | 1001u);
	assert_int_equal(w[1].address, AST_SBC_BASE + 0xBC);
	assert_int_equal(w[1].value, 1);
	assert_int_equal(w[2].address, AST_SBC_BASE + 0xBC);
	assert_int_equal(w[2].value, 0);
	/* little endian: the last byte of the modulus comes first */
	assert_int_equal(mmio_mock_peek(AST_SECURE_SRAM_BASE + 0x400) & 0xFF,
			 n.modulus[n.in.modulus_len - 1]);
}

static void test_poll__at_work__pending(void **state)
{
	uint8_t out[512];

	(void)state;
	model.delay_us = 1000;
	assert_int_equal(prot_ast_rsa_poll(&rsa, out), PROT_ERR_STATE);
	assert_int_equal(prot_ast_rsa_start(&rsa, &n.in), PROT_OK);
	memset(n.modulus, 0, sizeof(n.modulus)); /* not needed any more */
	assert_int_equal(prot_ast_rsa_poll(&rsa, out), PROT_PENDING);
	mmio_mock_advance(900);
	assert_int_equal(prot_ast_rsa_poll(&rsa, out), PROT_PENDING);
	mmio_mock_advance(200);
	assert_int_equal(prot_ast_rsa_poll(&rsa, out), PROT_OK);
	assert_memory_equal(out, n.result, n.in.modulus_len);
	assert_int_equal(prot_ast_rsa_poll(&rsa, out), PROT_ERR_STATE);
}

/* The status of the run before stands for a moment after the trigger. */
static void test_poll__right_after_another__not_the_old_status(void **state)
{
	uint8_t out[512];

	(void)state;
	assert_result();
	model.dead = true;
	assert_int_equal(prot_ast_rsa_start(&rsa, &n.in), PROT_OK);
	assert_int_equal(prot_ast_rsa_poll(&rsa, out), PROT_PENDING);
	mmio_mock_advance(20);
	assert_int_equal(prot_ast_rsa_poll(&rsa, out), PROT_PENDING);
}

static void test_start__bad_numbers__refused(void **state)
{
	static const uint8_t zeros[8];
	static const uint8_t leading_zero[] = {0, 0x81};
	static const uint8_t even[] = {0x81, 0x80};
	static const uint8_t odd[] = {0x81, 0x81};
	static const uint8_t below[] = {0x81, 0x80};
	const struct prot_ast_rsa_input good = {odd, 2, odd, 2, below};
	struct prot_ast_rsa_input bad[] = {good, good, good, good,
					   good, good, good};

	(void)state;
	bad[0].modulus = leading_zero;
	bad[1].modulus = even;
	bad[1].base = leading_zero;
	bad[2].modulus_len = 0;
	bad[3].modulus_len = PROT_AST_RSA_MAX + 1;
	bad[4].exponent = zeros;
	bad[5].exponent_len = 0;
	bad[6].base = odd; /* not below the modulus */
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		assert_int_equal(prot_ast_rsa_start(&rsa, &bad[i]),
				 PROT_ERR_ARG);
	}
	bad[0] = good;
	bad[0].exponent_len = PROT_AST_RSA_MAX + 1;
	assert_int_equal(prot_ast_rsa_start(&rsa, &bad[0]), PROT_ERR_ARG);
	assert_int_equal(model.runs, 0);
	assert_int_equal(prot_ast_rsa_start(&rsa, &good), PROT_OK);
}

static void test_start__engine_at_work__busy(void **state)
{
	static struct prot_ast_ecdsa_state ecdsa_state;
	static const struct prot_ast_ecdsa ecdsa = {&sbc, &ecdsa_state};
	uint8_t out[512];

	(void)state;
	assert_int_equal(prot_ast_sbc_claim(&sbc, &ecdsa), PROT_OK);
	assert_int_equal(prot_ast_rsa_start(&rsa, &n.in), PROT_ERR_BUSY);
	prot_ast_sbc_release(&sbc);
	assert_int_equal(prot_ast_rsa_start(&rsa, &n.in), PROT_OK);
	assert_int_equal(prot_ast_rsa_start(&rsa, &n.in), PROT_ERR_BUSY);
	assert_int_equal(prot_ast_sbc_claim(&sbc, &ecdsa), PROT_ERR_BUSY);
	while (prot_ast_rsa_poll(&rsa, out) == PROT_PENDING) {
		mmio_mock_advance(1000);
	}
	assert_int_equal(prot_ast_sbc_claim(&sbc, &ecdsa), PROT_OK);
}

static void test_modexp__engine_hangs__out_of_service(void **state)
{
	uint8_t out[512];
	uint64_t start = prot_clock_us(&mmio_mock_clock);

	(void)state;
	model.dead = true;
	assert_int_equal(prot_ast_rsa_start(&rsa, &n.in), PROT_OK);
	mmio_mock_advance(AST_RSA_LIMIT_US - 100);
	assert_int_equal(prot_ast_rsa_poll(&rsa, out), PROT_PENDING);
	mmio_mock_advance(200);
	assert_int_equal(prot_ast_rsa_poll(&rsa, out), PROT_ERR_CRYPTO);
	assert_true(prot_clock_us(&mmio_mock_clock) - start >=
		    AST_RSA_LIMIT_US);
	assert_true(sbc_model_is_clean());
	model.dead = false;
	assert_int_equal(prot_ast_rsa_modexp(&rsa, &n.in, out),
			 PROT_ERR_CRYPTO);
}

static void test_modexp__result_not_below_modulus__refused(void **state)
{
	static const uint8_t zeros[512];
	uint8_t out[512];

	(void)state;
	model.too_big = true;
	assert_int_equal(prot_ast_rsa_modexp(&rsa, &n.in, out),
			 PROT_ERR_CRYPTO);
	assert_memory_equal(out, zeros, n.in.modulus_len);
	assert_true(sbc_model_is_clean());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, setup)
		T(test_modexp__vectors__results),
		T(test_modexp__exponent_with_leading_zeros__same),
		T(test_modexp__base_0_and_1__leading_zeros_of_result),
		T(test_start__any__bits_then_trigger),
		T(test_poll__at_work__pending),
		T(test_poll__right_after_another__not_the_old_status),
		T(test_start__bad_numbers__refused),
		T(test_start__engine_at_work__busy),
		T(test_modexp__engine_hangs__out_of_service),
		T(test_modexp__result_not_below_modulus__refused),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
