/*
 * refund.h -- pledger refund: ask the provider to give back.
 */
#ifndef COMMANDS_REFUND_H
#define COMMANDS_REFUND_H

int command_refund(int argc, char **argv);

#endif
