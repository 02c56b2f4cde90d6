// What the runtime of Swift's tasks offers to a program that brings threads of its own (include/swift/Runtime/
// ConcurrencyHooks.def of Swift; SwiftNIO takes over tasks by the same hook). Swift can't write down the calling
// convention. Calls alone: no policy lives here.

#ifndef CAMPAIGND_CTASKS_SHIM_H
#define CAMPAIGND_CTASKS_SHIM_H

#include <stdint.h>

#define CTASKS_SWIFT __attribute__((swiftcall))

// Called, where it is set, for each job of a task, and each turn of an actor, that no other executor runs.
extern CTASKS_SWIFT void (*swift_task_enqueueGlobal_hook)(void *job, CTASKS_SWIFT void (*original)(void *job));

// The executor is two words, both zero for the one that such jobs run on.
extern CTASKS_SWIFT void swift_job_run(void *job, void *identity, uintptr_t implementation);

typedef void (*ctasks_taker)(void *job);

static inline ctasks_taker *ctasks_chosen(void) {
    static ctasks_taker taker;
    return &taker;
}

static inline CTASKS_SWIFT void ctasks_enqueue(void *job, CTASKS_SWIFT void (*original)(void *job)) {
    (void)original;
    (*ctasks_chosen())(job);
}

// From now on every such job is given to `take`, which has to see to it that it is run, once. Before the first task.
static inline void ctasks_take_over(ctasks_taker take) {
    *ctasks_chosen() = take;
    swift_task_enqueueGlobal_hook = ctasks_enqueue;
}

// Runs a job to its end, or to where it waits.
static inline void ctasks_run(void *job) { swift_job_run(job, 0, 0); }

#endif
