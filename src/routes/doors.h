/*
 * doors.h -- the doors, one file each.
 */
#ifndef ROUTES_DOORS_H
#define ROUTES_DOORS_H

#include "routes/site.h"

/* support.c: the pages of the campaigns, and the tiers as JSON */
void door_home(struct visit *visit);
void door_campaign(struct visit *visit);
void door_embed(struct visit *visit);
void door_tiers(struct visit *visit);
void door_icon(struct visit *visit);
void door_logo(struct visit *visit);

/* meter.c: how much has come, as JSON and as a picture */
void door_meter(struct visit *visit);
void door_picture(struct visit *visit);

/* button.c: the button on other sites */
void door_script(struct visit *visit);
void door_words(struct visit *visit);

/* checkout.c */
void door_checkout(struct visit *visit);

/* receipt.c: what became of a pledge, for whoever holds its receipt token */
void door_thanks(struct visit *visit);
void door_receipt(struct visit *visit);
void door_receipt_page(struct visit *visit);

/* webhooks.c */
void door_webhook(struct visit *visit);

/* health.c */
void door_healthz(struct visit *visit);
void door_readyz(struct visit *visit);

/* operator.c */
void door_operator(struct visit *visit);
void door_snippets(struct visit *visit);

/* reconcile.c */
void door_reconcile(struct visit *visit);
void door_reconciliation(struct visit *visit);

/* books.c */
void door_books(struct visit *visit);

/* ledger_csv.c */
void door_ledger_csv(struct visit *visit);

/* operations.c: what an operator enters, and what is parked */
void door_record(struct visit *visit);
void door_adjust(struct visit *visit);
void door_refund(struct visit *visit);
void door_parked(struct visit *visit);
void door_retry(struct visit *visit);
void door_drop(struct visit *visit);

/* metrics.c */
void door_metrics(struct visit *visit);

#endif
