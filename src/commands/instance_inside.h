/*
 * instance_inside.h -- private to the instance: what starting, running and stopping it share.
 */
#ifndef COMMANDS_INSTANCE_INSIDE_H
#define COMMANDS_INSTANCE_INSIDE_H

#include "commands/instance.h"
#include "net/http_server.h"
#include "service/owed.h"
#include "service/reconcile.h"
#include "service/watch.h"

enum { DAY_S = 24 * 60 * 60 };

struct instance {
	struct instance_options options;
	struct service service;
	struct site public_site;
	struct site operator_site;
	struct http_server *public_server;
	struct http_server *operator_server;
	char public_address[LISTEN_SIZE + 16];
	char operator_address[LISTEN_SIZE + 16];
	struct owed_work *owed;
	struct watch watch;
	int moved;               /* eventfd: the ledger's head moved */
	int due;                 /* eventfd: something that the main thread waits for has ended */
	int signals;             /* signalfd */
	int64_t published_us;
	int64_t published_day;   /* the day of UTC on which that was, since 1970 */
};

#endif
