/* verify_webhook.h -- `pledger verify-webhook`: is a delivery authentic, and if not, why? */
#ifndef COMMANDS_VERIFY_WEBHOOK_H
#define COMMANDS_VERIFY_WEBHOOK_H

int command_verify_webhook(int argc, char **argv);

#endif
