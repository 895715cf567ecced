#include "tlog/proof.h"

#include "../check.h"
#include "base/assert.h"
#include "base/hex.h"
#include "base/random.h"

/* The records and roots with which Certificate Transparency's own implementations are tested. */
static const char *const records[] = { "",
				       "00",
				       "10",
				       "2021",
				       "3031",
				       "40414243",
				       "5051525354555657",
				       "606162636465666768696a6b6c6d6e6f" };
static const char *const roots[] = {
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static struct tlog_hash leaf_of(const char *hex)
{
	uint8_t record[32];
	struct tlog_hash leaf;
	size_t len = strlen(hex) / 2;
	assert_true(hex_decode(str_from(hex), record, len));
	tlog_leaf_hash(bytes_of(record, len), &leaf);
	return leaf;
}

static void check_root(const struct tlog_tree *tree, const char *hex)
{
	struct tlog_hash root, expected;
	tlog_tree_root(tree, &root);
	assert_true(hex_decode(str_from(hex), expected.at, sizeof expected.at));
	assert_true(tlog_hash_equal(&root, &expected));
}

static void a_tree_has_the_roots_that_others_compute(void **state)
{
	struct tlog_tree tree = { 0 };
	(void)state;
	check_root(&tree, roots[0]);
	for (size_t i = 0; i < ARRAY_LEN(records); i++) {
		struct tlog_hash leaf = leaf_of(records[i]);
		tlog_tree_add(&tree, &leaf);
		check_root(&tree, roots[i + 1]);
	}
}

enum {
	LEAVES = 70,
};

struct log {
	struct tlog_hash leaves[LEAVES];
	struct tlog_head heads[LEAVES + 1]; /* by size */
	struct tlog_leaves all;
};

static struct log log_of_numbers(void)
{
	struct log log = { .all = { .count = LEAVES } };
	struct tlog_tree tree = { 0 };
	for (uint8_t i = 0; i <= LEAVES; i++) {
		log.heads[i].size = i;
		tlog_tree_root(&tree, &log.heads[i].root);
		if (i == LEAVES)
			break;
		tlog_leaf_hash(bytes_of(&i, 1), &log.leaves[i]);
		tlog_tree_add(&tree, &log.leaves[i]);
	}
	return log;
}

static void every_leaf_of_every_tree_is_proved_and_nothing_else(void **state)
{
	struct log log = log_of_numbers();
	(void)state;
	log.all.list = log.leaves;
	struct tlog_source source = tlog_source_of(&log.all);
	for (uint64_t size = 1; size <= LEAVES; size++) {
		for (uint64_t i = 0; i < size; i++) {
			struct tlog_proof proof;
			uint64_t other = (i + 1) % LEAVES;
			assert_int_equal(tlog_prove_inclusion(&source, size, i, &proof), OK);
			assert_true(tlog_included(&log.heads[size], i, &log.leaves[i], &proof));
			assert_false(
			    tlog_included(&log.heads[size], i, &log.leaves[other], &proof));
			assert_false(
			    tlog_included(&log.heads[size], other, &log.leaves[i], &proof));
			assert_false(
			    tlog_included(&log.heads[size - 1], i, &log.leaves[i], &proof));
		}
	}
}

static void every_tree_is_proved_to_have_grown_from_every_smaller_one(void **state)
{
	struct log log = log_of_numbers();
	(void)state;
	log.all.list = log.leaves;
	struct tlog_source source = tlog_source_of(&log.all);
	for (uint64_t size = 0; size <= LEAVES; size++) {
		for (uint64_t old = 0; old <= size; old++) {
			struct tlog_proof proof;
			struct tlog_head wrong = log.heads[old];
			assert_int_equal(tlog_prove_consistency(&source, old, size, &proof), OK);
			assert_true(tlog_consistent(&log.heads[old], &log.heads[size], &proof));
			if (old == 0) /* any log has grown from nothing */
				continue;
			wrong.root.at[31] ^= 1;
			assert_false(tlog_consistent(&wrong, &log.heads[size], &proof));
			wrong = log.heads[size];
			wrong.root.at[0] ^= 1;
			assert_false(tlog_consistent(&log.heads[old], &wrong, &proof));
		}
	}
}

static void a_proof_in_which_a_bit_or_a_hash_is_wrong_proves_nothing(void **state)
{
	struct log log = log_of_numbers();
	struct random random = random_seeded(7);
	(void)state;
	log.all.list = log.leaves;
	struct tlog_source source = tlog_source_of(&log.all);
	for (int run = 0; run < 2000; run++) {
		struct tlog_proof proof;
		uint64_t size = 2 + random_below(&random, LEAVES - 1);
		uint64_t i = random_below(&random, size), old = 1 + random_below(&random, size - 1);
		bool inclusion = random_below(&random, 2) == 0;
		enum err err = inclusion ? tlog_prove_inclusion(&source, size, i, &proof)
					 : tlog_prove_consistency(&source, old, size, &proof);
		assert_int_equal(err, OK);
		if (random_below(&random, 3) == 0)
			proof.len--;
		else
			proof.hashes[random_below(&random, proof.len)]
			    .at[random_below(&random, TLOG_HASH_LEN)] ^= 0x10;
		assert_false(inclusion
				 ? tlog_included(&log.heads[size], i, &log.leaves[i], &proof)
				 : tlog_consistent(&log.heads[old], &log.heads[size], &proof));
	}
}

static void a_tree_is_packed_and_goes_on_where_it_was(void **state)
{
	struct log log = log_of_numbers();
	uint8_t packed[TLOG_TREE_PACKED_MAX];
	struct tlog_tree tree = { 0 };
	(void)state;
	for (uint64_t i = 0; i < LEAVES; i++) {
		struct tlog_tree other;
		struct tlog_hash root;
		size_t len = tlog_tree_pack(&tree, packed);
		assert_int_equal(tlog_tree_unpack(bytes_of(packed, len), &other), OK);
		assert_int_equal(tlog_tree_unpack(bytes_of(packed, len - 1), &other), ERR_BAD);
		assert_int_equal(tlog_tree_unpack(bytes_of(packed, len), &tree), OK);
		tlog_tree_add(&tree, &log.leaves[i]);
		tlog_tree_root(&tree, &root);
		assert_true(tlog_hash_equal(&root, &log.heads[i + 1].root));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_tree_has_the_roots_that_others_compute),
		TEST(every_leaf_of_every_tree_is_proved_and_nothing_else),
		TEST(every_tree_is_proved_to_have_grown_from_every_smaller_one),
		TEST(a_proof_in_which_a_bit_or_a_hash_is_wrong_proves_nothing),
		TEST(a_tree_is_packed_and_goes_on_where_it_was),
	};
	return RUN("tlog/tree", tests);
}
