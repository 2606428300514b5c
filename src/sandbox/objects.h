/*
 * objects.h -- what the stand-in provider keeps: Stripe's objects, with what is
 * needed to render them. Text that came with a request stays in its form, which
 * the object that was made from it owns.
 *
 * Objects live until the state is freed; pointers between them stay good.
 */
#ifndef SANDBOX_OBJECTS_H
#define SANDBOX_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "sandbox/exchange.h"
#include "sandbox/form.h"
#include "sandbox/ids.h"

enum kind {
	KIND_SESSION,
	KIND_INTENT,
	KIND_CHARGE,
	KIND_TRANSACTION,
	KIND_INVOICE,
	KIND_INVOICE_PAYMENT,
	KIND_SUBSCRIPTION,
	KIND_REFUND,
	KIND_DISPUTE,
	KIND_PAYOUT,
	KIND_EVENT,
	KINDS,
};

/* The first member of each kind of object. */
struct object {
	enum kind kind;
	char id[SANDBOX_ID_SIZE];
	int64_t created_s;
};

/* How often, and what a line of a session asks for. */
struct line {
	char id[SANDBOX_ID_SIZE];
	char price_id[SANDBOX_ID_SIZE];
	char product_id[SANDBOX_ID_SIZE];
	struct price unit;
	int64_t quantity;
	const char *name;      /* in the session's form */
	const char *interval;  /* "month" …; NULL for a line that is paid once */
	int64_t interval_count;
};

enum { LINES_MAX = 20, PAYER_SIZE = 256 };

struct payer {
	char name[PAYER_SIZE];
	char email[PAYER_SIZE];
};

enum session_state { SESSION_IS_OPEN, SESSION_IS_COMPLETE, SESSION_IS_EXPIRED };

struct session {
	struct object object;
	struct form form;
	bool subscribes;             /* mode=subscription */
	enum session_state state;
	bool paid;
	bool settling;               /* complete, the money still on its way */
	struct price total;
	struct line *lines;
	size_t line_count;
	int64_t expires_s;           /* as it is shown */
	char customer[SANDBOX_ID_SIZE];  /* "" for none */
	struct payer payer;
	struct intent *intent;       /* shown once the session is complete */
	struct subscription *subscription;
	struct invoice *invoice;
	struct intent *tried;        /* the intent of declined attempts so far */
};

enum intent_state { INTENT_NEEDS_METHOD, INTENT_PROCESSING, INTENT_SUCCEEDED };

struct intent {
	struct object object;
	const struct form *form;     /* whose payment_intent_data it carries; NULL for none */
	const char *description;     /* when no form says one; static */
	struct price price;
	enum intent_state state;
	struct charge *latest_charge;
	struct invoice *invoice;
	char customer[SANDBOX_ID_SIZE];
	bool debit;                  /* paid by a slow debit, not a card */
	bool declined;               /* the last attempt failed */
};

enum charge_state { CHARGE_PENDING, CHARGE_SUCCEEDED, CHARGE_FAILED };

struct charge {
	struct object object;
	struct intent *intent;
	struct payer payer;
	char method[SANDBOX_ID_SIZE];
	enum charge_state state;
	int64_t refunded;            /* in the charge's currency; what failed is taken out again */
	struct dispute *dispute;     /* a charge has one at most */
	struct transaction *transaction;
};

/* What moves the provider's balance, and nothing else does. */
struct transaction {
	struct object object;
	const char *type;            /* static: "charge", "refund", "adjustment", … */
	const char *category;        /* static: reporting_category */
	const char *description;     /* static; NULL for none */
	const char *fee_type;        /* static: what the fee is for */
	char source[SANDBOX_ID_SIZE]; /* "" for none */
	struct price gross;          /* in the currency that it settles in */
	int64_t rate;                /* millionths of it that one unit of the source's currency was worth; 0: no change */
	int64_t fee;
	int64_t available_s;
	struct payout *payout;       /* the automatic payout that paid it out */
};

enum refund_state { REFUND_PENDING, REFUND_SUCCEEDED, REFUND_FAILED, REFUND_CANCELED };

struct refund {
	struct object object;
	struct form form;            /* the request's; empty when nobody asked by the API */
	struct charge *charge;
	int64_t amount;              /* in the charge's currency */
	enum refund_state state;
	bool waits;                  /* pending, and the balance has not moved yet */
	bool referenced;             /* the bank's reference is known */
	struct transaction *transaction, *failure;
};

enum dispute_state {
	DISPUTE_NEEDS_RESPONSE,
	DISPUTE_UNDER_REVIEW,
	DISPUTE_WON,
	DISPUTE_LOST,
	DISPUTE_WARNING_NEEDS_RESPONSE,  /* an inquiry: no money has moved */
	DISPUTE_WARNING_UNDER_REVIEW,
	DISPUTE_WARNING_CLOSED,
};

struct dispute {
	struct object object;
	struct charge *charge;
	int64_t amount;              /* in the charge's currency */
	const char *reason;          /* static */
	enum dispute_state state;
	bool answered;               /* evidence was given */
	struct transaction *withdrawal, *reinstatement;
};

enum payout_state { PAYOUT_PENDING, PAYOUT_PAID, PAYOUT_FAILED, PAYOUT_CANCELED };

struct payout {
	struct object object;
	struct price price;
	bool automatic;              /* knows which transactions it pays out */
	bool reconciled;
	enum payout_state state;
	int64_t arrival_s;
	struct transaction *transaction, *failure;
};

enum invoice_state { INVOICE_OPEN, INVOICE_PAID };

struct invoice {
	struct object object;
	struct subscription *subscription;  /* NULL: one of the account's other business */
	const char *reason;          /* static: billing_reason */
	char number[32];
	char line_id[SANDBOX_ID_SIZE];
	struct price price;
	enum invoice_state state;
	struct intent *intent;
	struct invoice_payment *payment;
	int64_t attempts;
	int64_t next_attempt_s;      /* 0: nobody will try again */
	int64_t paid_s;
	int64_t period_start_s, period_end_s;
};

struct invoice_payment {
	struct object object;
	struct invoice *invoice;
};

enum subscription_state { SUBSCRIPTION_ACTIVE, SUBSCRIPTION_PAST_DUE, SUBSCRIPTION_CANCELED };

struct subscription {
	struct object object;
	const struct session *session;
	struct line line;
	char item_id[SANDBOX_ID_SIZE];
	char customer[SANDBOX_ID_SIZE];
	struct payer payer;
	enum subscription_state state;
	struct price price;
	int64_t anchor_s;
	int64_t periods;             /* begun so far */
	int64_t period_start_s, period_end_s;
	bool debit;                  /* what renews it takes its time, too */
	bool ends_with_period;
	int64_t canceled_s, ended_s; /* 0: not */
	const char *cancel_reason;   /* static; NULL for none */
	struct invoice *latest_invoice;
};

struct event {
	struct object object;
	const char *type;            /* static */
	struct blob *body;           /* as the API lists it */
	struct blob *delivered;      /* as it is delivered, once and for all: in the endpoint's version */
	size_t pending_at;           /* where the digit of pending_webhooks stands in `body` */
	bool pending;
};

#endif
