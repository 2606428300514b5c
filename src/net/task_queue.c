#include "net/task_queue.h"

#include <stdlib.h>

struct task *task_new(const struct http_call *call, https_client_done *done, void *context, int64_t now_us)
{
	struct task *task = malloc(sizeof *task);

	if (task == NULL)
		return NULL;
	*task = (struct task){ .call = *call, .done = done, .context = context };
	task->due_us = now_us + call->delay_ms * 1000;
	task->deadline_us = task->due_us + call->timeout_ms * 1000;
	return task;
}

void task_free(struct task *task)
{
	http_call_free(&task->call);
	free(task);
}

void task_queue_append(struct task_queue *queue, struct task *task)
{
	task->next = NULL;
	if (queue->last != NULL)
		queue->last->next = task;
	else
		queue->first = task;
	queue->last = task;
}

void task_queue_insert(struct task_queue *queue, struct task *task)
{
	struct task **link = &queue->first;

	if (queue->last == NULL || queue->last->due_us <= task->due_us) {
		task_queue_append(queue, task);
		return;
	}
	while ((*link)->due_us <= task->due_us)
		link = &(*link)->next;
	task->next = *link;
	*link = task;
}

struct task *task_queue_take(struct task_queue *queue)
{
	struct task *task = queue->first;

	if (task == NULL)
		return NULL;
	queue->first = task->next;
	if (queue->first == NULL)
		queue->last = NULL;
	return task;
}

void task_queue_move_due(struct task_queue *delayed, struct task_queue *ready, int64_t now_us)
{
	while (delayed->first != NULL && delayed->first->due_us <= now_us)
		task_queue_append(ready, task_queue_take(delayed));
}
