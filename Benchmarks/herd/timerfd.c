/* The limit of waking on time: a timerfd(2) of CLOCK_REALTIME alone.
 *
 * usage: timerfd INSTANT…        in seconds since 1970
 *
 * Prints how late it was woken at each instant, in seconds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

int main(int count, char **arguments) {
    const int timer = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC);
    for (int each = 1; each < count; each++) {
        const double instant = atof(arguments[each]);
        struct itimerspec due = {.it_value.tv_sec = (time_t)instant};
        due.it_value.tv_nsec = (long)((instant - (double)due.it_value.tv_sec) * 1e9);
        uint64_t times;
        struct timespec now;
        if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &due, NULL) || read(timer, &times, sizeof times) < 0) return 1;
        clock_gettime(CLOCK_REALTIME, &now);
        printf("%.6f\n", (double)(now.tv_sec - due.it_value.tv_sec) + (now.tv_nsec - due.it_value.tv_nsec) / 1e9);
    }
    return 0;
}
