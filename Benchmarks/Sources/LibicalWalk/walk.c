#include "libical_walk.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <time.h>

struct libical_rule {
    struct icalrecurrencetype rule;
    struct icaltimetype start;
    icaltimezone *zone;
};

/* What this thread has taken of a processor: other work on the machine does not count. */
static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

libical_rule *libical_rule_new(const char *text, const char *start, const char *zone)
{
    libical_rule *result = calloc(1, sizeof *result);
    if (!result)
        return NULL;
    result->rule = icalrecurrencetype_from_string(text);
    result->start = icaltime_from_string(start);
    result->zone = icaltimezone_get_builtin_timezone(zone);
    if (result->rule.freq == ICAL_NO_RECURRENCE || icaltime_is_null_time(result->start) || !result->zone) {
        free(result);
        return NULL;
    }
    /* The zone's changes are read once, when they are first asked for. */
    icaltime_as_timet_with_zone(result->start, result->zone);
    return result;
}

void libical_rule_free(libical_rule *rule)
{
    free(rule);
}

long libical_rule_walk(libical_rule *rule, long count, int64_t *instants, int64_t *nanoseconds)
{
    icalrecur_iterator *iterator = icalrecur_iterator_new(rule->rule, rule->start);
    if (!iterator)
        return 0;
    int64_t begin = now();
    long found = 0;
    for (; found < count; found++) {
        struct icaltimetype time = icalrecur_iterator_next(iterator);
        if (icaltime_is_null_time(time))
            break;
        instants[found] = icaltime_as_timet_with_zone(time, rule->zone);
    }
    *nanoseconds = now() - begin;
    icalrecur_iterator_free(iterator);
    return found;
}

libical_answer libical_rule_next(libical_rule *rule, int64_t after, bool shortcut, int64_t limit_seconds)
{
    libical_answer answer = {0};
    int64_t begin = now();
    icalrecur_iterator *iterator = icalrecur_iterator_new(rule->rule, rule->start);
    if (!iterator)
        return answer;
    struct icaltimetype question = icaltime_from_timet_with_zone(after, 0, rule->zone);
    if (shortcut) {
        struct icaltimetype from = question;
        from.zone = rule->start.zone;
        icaltime_adjust(&from, -1, 0, 0, 0);
        if (!icalrecur_iterator_set_start(iterator, from)) {
            icalrecur_iterator_free(iterator);
            return answer;
        }
    }
    for (long steps = 1;; steps++) {
        struct icaltimetype time = icalrecur_iterator_next(iterator);
        if (icaltime_is_null_time(time))
            break;
        /* Local times are compared first, as a caller who knows both would: reading each in the zone costs more. */
        if (icaltime_compare(time, question) >= 0) {
            answer.instant = icaltime_as_timet_with_zone(time, rule->zone);
            if (answer.instant > after) {
                answer.found = true;
                break;
            }
        }
        if (steps % 4096 == 0 && now() - begin > limit_seconds * 1000000000) {
            answer.cut_off = true;
            break;
        }
    }
    answer.nanoseconds = now() - begin;
    icalrecur_iterator_free(iterator);
    return answer;
}
