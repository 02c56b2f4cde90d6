/* libical's recurrence iterator, as its manual uses it, timed in C, in processor time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct libical_rule libical_rule;

/* A rule with its start (20000103T090000, local) in a zone of the system's database; NULL where libical refuses
   one of them. */
libical_rule *libical_rule_new(const char *text, const char *start, const char *zone);
void libical_rule_free(libical_rule *rule);

/* Writes the instants (seconds since the epoch) of the first occurrences, `count` at most, and what iterating took.
   Making the iterator is not counted. The result is how many there were. */
long libical_rule_walk(libical_rule *rule, long count, int64_t *instants, int64_t *nanoseconds);

typedef struct {
    /* The first occurrence later than the question. */
    int64_t instant;
    int64_t nanoseconds;
    /* Whether an answer was reached. */
    bool found;
    /* Whether the walk was given up after the seconds allowed. */
    bool cut_off;
} libical_answer;

/* The first occurrence later than an instant: by a walk from the start or, as a shortcut, by setting the iterator's
   start (icalrecur_iterator_set_start) to the local day before. */
libical_answer libical_rule_next(libical_rule *rule, int64_t after, bool shortcut, int64_t limit_seconds);
