/* pledger explain as a shell sees it: whatever somebody quotes leads to the gift. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "commands/explain.h"
#include "tests/unit/claims.h"
#include "tests/unit/command_run.h"

static void booked(struct ledger *ledger, struct command command, enum entry_kind kind)
{
	book(ledger, &command, kind);
}

static struct command entering(enum command_kind kind, const char *reference, enum reason reason, int64_t minor)
{
	struct command command = { .kind = kind };
	struct operator_command *operator = &command.u.operator;

	strcpy(operator->reference, reference);
	operator->reason = reason;
	operator->amount = money_of("EUR", minor);
	operator->debit = ledger_account_make(ACCOUNT_CASH, "", "");
	return command;
}

static struct command recording(int number, const char *reference)
{
	struct command command = entering(COMMAND_RECORD, reference, REASON_CASH, 500);

	number_pledge(number, command.u.operator.pledge);
	strcpy(command.u.operator.campaign, "press");
	strcpy(command.u.operator.tier, "friend");
	return command;
}

/* A line of the balance, of a gift of 25 by its number, in payout po_1. */
static struct command held(int number, const char *line)
{
	struct command command = clearing(claim(EVENT_PAID_OUT, "", 0, 0), "EUR", 2500, 98, 1);
	char charge[32];

	snprintf(charge, sizeof charge, "ch_%d", number);
	snprintf(command.u.event.event.payment, OBJECT_ID_SIZE, "pi_%d", number);
	command.u.event.event.amount = (struct money){ 0 };
	return about(about(about(command, REF_PAYOUT, "po_1"), REF_BALANCE_TRANSACTION, line), REF_CHARGE, charge);
}

static struct command payout_told(enum event_kind kind)
{
	struct command command = about(claim(kind, "", 0, 4804), REF_PAYOUT, "po_1");

	command.u.event.event.payment[0] = '\0';
	return command;
}

/*
 * Gift 1 (entries 2 and 3) with its fee, a refund and a dispute; gift 2; both in a payout; gift 50 in cash; a correction
 * that is of no gift.
 */
static void make_history(void)
{
	struct ledger *ledger = open_ledger(0);
	struct command correction = entering(COMMAND_ADJUST, "bank/7", REASON_FEE, 120);

	add_gift(ledger, 1);
	booked(ledger, clearing(claim(EVENT_CLEARED, "", 0, 2500), "EUR", 2500, 98, 1), ENTRY_CLEARED);
	add_gift(ledger, 2);
	booked(ledger, about(claim(EVENT_REFUNDED, "evt_r", 2, 1000), REF_REFUND, "re_1"), ENTRY_REFUNDED);
	booked(ledger, about(claim(EVENT_DISPUTE_OPENED, "evt_d", 3, 1500), REF_DISPUTE, "dp_1"), ENTRY_DISPUTED);
	booked(ledger, payout_told(EVENT_PAYOUT_SENT), ENTRY_PAYOUT);
	booked(ledger, held(1, "txn_1"), ENTRY_PAID_OUT);
	booked(ledger, held(2, "txn_2"), ENTRY_PAID_OUT);
	booked(ledger, payout_told(EVENT_PAYOUT_EXPLAINED), ENTRY_PAYOUT);
	booked(ledger, recording(50, "fair/12"), ENTRY_RECORDED);
	correction.u.operator.debit = ledger_account_make(ACCOUNT_BANK, "", "");
	correction.u.operator.credit = ledger_account_make(ACCOUNT_CASH, "", "");
	booked(ledger, correction, ENTRY_ADJUSTED);
	ledger_close(&ledger);
}

static void finds_a_gift_by_any_of_its_ids(void **state)
{
	char pledge[TOKEN_SIZE];
	const char *const ids[] = { pledge, "cs_test_1", "pi_1", "evt_1" };

	(void)state;
	make_gifts(3);
	number_pledge(1, pledge);
	struct run first = run(command_explain, WORDS("explain", pledge, "--data", folder));

	assert_int_equal(first.code, 0);
	assert_non_null(strstr(first.out.data, "seq 4, "));
	assert_non_null(strstr(first.out.data, "A donor chose 25.00 EUR once (campaign press, tier friend)"));
	assert_non_null(strstr(first.out.data, "seq 5, "));
	assert_non_null(strstr(first.out.data, "25.00 EUR arrived at the provider."));
	assert_non_null(strstr(first.out.data, "  event                evt_1\n"));
	assert_non_null(strstr(first.out.data, "  booked income:donations:press:friend                              -25.00 EUR\n"));
	assert_null(strstr(first.out.data, "cs_test_2"));
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		struct run other = run(command_explain, WORDS("explain", ids[i], "--data", folder));

		assert_int_equal(other.code, 0);
		assert_string_equal(other.out.data, first.out.data);
		run_free(&other);
	}
	run_free(&first);
}

static void tells_what_waits_and_what_became_of_it(void **state)
{
	struct ledger *ledger = open_ledger(0);
	struct command paid = paying(1, EVENT_SETTLED, "evt_early", money_of("EUR", 2500));
	struct command pledge = pledging(1, "press", "friend", money_of("EUR", 2500));

	(void)state;
	book(ledger, &paid, ENTRY_PARKED);
	book(ledger, &pledge, ENTRY_PLEDGED);
	add_gift(ledger, 2);
	/* Beside the service. */
	expect(command_explain, WORDS("explain", "evt_early", "--data", folder), 0,
	       "The provider told of \"settled\" (25.00 EUR), which could not be booked: the pledge that it names is not known.", "");
	expect(command_explain, WORDS("explain", "pi_1", "--data", folder), 0, "What waited could be booked: 25.00 EUR is the gift's.", "");
	expect(command_explain, WORDS("explain", "pi_1", "--data", folder), 0,
	       "  so far liabilities:unidentified:stripe                              0.00 EUR\n", "");
	ledger_close(&ledger);
}

static void says_when_there_is_nothing_to_tell(void **state)
{
	(void)state;
	make_gifts(1);
	expect(command_explain, WORDS("explain", "evt_9", "--data", folder), 1, "", "pledger explain: nothing found: none of the ledger's entries (seq 1..3) names evt_9");
	expect(command_explain, WORDS("explain", "", "--data", folder), 1, "", "pledger explain: nothing was asked for");
	expect(command_explain, WORDS("explain", "--data", folder), 2, "", "ID is missing");
	expect(command_explain, WORDS("explain", "evt_0", "--data", "/nonexistent"), 1, "", "there is no ledger in /nonexistent");
}

/* The receipt token of a payment ("": of the pledge), as the ledger's own secret makes it. */
static void page_token(int number, const char *payment, char token[static TOKEN_SIZE])
{
	struct buffer secret = BUFFER(RECEIPT_SECRET_BYTES);
	char pledge[TOKEN_SIZE];
	char path[128];

	snprintf(path, sizeof path, "%s/receipt.secret", folder);
	read_bytes(path, &secret);
	number_pledge(number, pledge);
	assert_int_equal(token_receipt((const uint8_t *)secret.data, pledge, payment, token), OK);
	buffer_free(&secret);
}

static void whatever_is_quoted_leads_to_the_gift(void **state)
{
	char pledge[TOKEN_SIZE];
	char token[TOKEN_SIZE];
	char thanks[100];
	char receipt[100];
	char mail[100];

	(void)state;
	make_history();
	number_pledge(1, pledge);
	page_token(1, "", token);
	snprintf(thanks, sizeof thanks, "https://donate.example.org/thanks/%s?lang=de", token);
	page_token(1, "pi_1", token);
	snprintf(receipt, sizeof receipt, "/receipt/%s", token);
	snprintf(mail, sizeof mail, "reference %s.", pledge);
	struct run whole = run(command_explain, WORDS("explain", pledge, "--data", folder));
	const char *const quotes[] = {
		"pi_1", "evt_1", "cs_test_1", "re_1", "dp_1", "txn_1", "ch_1", "2", "3", "3-EUR", thanks, receipt, mail,
	};

	assert_int_equal(whole.code, 0);
	assert_non_null(strstr(whole.out.data, "  refund               re_1\n"));
	assert_non_null(strstr(whole.out.data, "it may dispute 15.00 EUR, and has moved nothing yet."));
	assert_null(strstr(whole.out.data, "pi_2"));
	for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
		struct run other = run(command_explain, WORDS("explain", quotes[i], "--data", folder));

		if (other.code != 0 || strcmp(other.out.data, whole.out.data) != 0)
			fail_msg("%s: %d %s%s", quotes[i], other.code, other.err.data, other.out.data);
		run_free(&other);
	}
	run_free(&whole);
}

static void an_operator_s_reference_is_found_and_shown(void **state)
{
	(void)state;
	make_history();
	expect(command_explain, WORDS("explain", "fair/12", "--data", folder), 0,
	       "A gift of 5.00 EUR that came by another way was recorded (campaign press, tier friend).", "");
	expect(command_explain, WORDS("explain", "fair/12", "--data", folder), 0, "  reference            fair/12\n  reason               cash\n", "");
	expect(command_explain, WORDS("explain", "bank/7", "--data", folder), 0, "A person corrected the books by 1.20 EUR.", "");
	expect(command_explain, WORDS("explain", "bank/7", "--data", folder), 0, "  booked assets:bank ", "");
	expect(command_explain, WORDS("explain", "fair/1", "--data", folder), 1, "", "nothing found");
}

static void a_payout_lists_what_it_holds_gift_by_gift(void **state)
{
	char pledge[TOKEN_SIZE];
	char line[64];

	(void)state;
	make_history();
	struct run run_ = run(command_explain, WORDS("explain", "po_1", "--data", folder));

	assert_int_equal(run_.code, 0);
	assert_int_equal(strncmp(run_.out.data, "4 entries name po_1, and they are about several gifts.", 54), 0);
	for (int number = 1; number <= 2; number++) {
		number_pledge(number, pledge);
		snprintf(line, sizeof line, "  pledge               %s\n", pledge);
		assert_non_null(strstr(run_.out.data, line));
	}
	assert_non_null(strstr(run_.out.data, "The provider paid out 48.04 EUR."));
	assert_non_null(strstr(run_.out.data, "Everything of ours in the payout of 48.04 EUR was told."));
	assert_null(strstr(run_.out.data, "A donor chose"));
	run_free(&run_);
}

static void a_page_s_address_wants_the_secret_that_it_was_made_with(void **state)
{
	char token[TOKEN_SIZE];
	char path[128];

	(void)state;
	make_gifts(2);
	page_token(1, "", token);
	snprintf(path, sizeof path, "%s/receipt.secret", folder);
	write_bytes(path, BYTES_LITERAL("0123456789abcdef0123456789abcdef"));
	expect(command_explain, WORDS("explain", token, "--data", folder), 1, "", "no gift of the ledger's entries (seq 1..5) has that page");
	write_bytes(path, BYTES_LITERAL("short"));
	expect(command_explain, WORDS("explain", token, "--data", folder), 4, "", "receipt.secret is not 32 bytes long");
	assert_int_equal(unlink(path), 0);
	expect(command_explain, WORDS("explain", token, "--data", folder), 1, "", "whose page that is cannot be told without");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(finds_a_gift_by_any_of_its_ids, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(tells_what_waits_and_what_became_of_it, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(says_when_there_is_nothing_to_tell, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(whatever_is_quoted_leads_to_the_gift, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(an_operator_s_reference_is_found_and_shown, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_payout_lists_what_it_holds_gift_by_gift, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_page_s_address_wants_the_secret_that_it_was_made_with, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
