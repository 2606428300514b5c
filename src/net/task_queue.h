/*
 * task_queue.h -- calls that wait for their time, as values. Only for https_client.c.
 */
#ifndef NET_TASK_QUEUE_H
#define NET_TASK_QUEUE_H

#include "net/https_client.h"

struct task {
	struct http_call call;
	https_client_done *done;
	void *context;
	int64_t due_us;       /* not before */
	int64_t deadline_us;  /* not after */
	struct task *next;
};

/* Empty as {NULL, NULL}. */
struct task_queue {
	struct task *first;
	struct task *last;
};

/*
 * A task with the content of `call`, which stays the caller's too: the caller
 * forgets the content or frees only the task's memory. NULL when out of memory.
 */
struct task *task_new(const struct http_call *call, https_client_done *done, void *context, int64_t now_us);

/* Wipe and free the task and its call. */
void task_free(struct task *task);

void task_queue_append(struct task_queue *queue, struct task *task);

/* In order of due_us, behind those due at the same time. */
void task_queue_insert(struct task_queue *queue, struct task *task);

/* The first, NULL when there is none. */
struct task *task_queue_take(struct task_queue *queue);

/* Append those that are due to `ready`; `delayed` is in order of due_us. */
void task_queue_move_due(struct task_queue *delayed, struct task_queue *ready, int64_t now_us);

#endif
