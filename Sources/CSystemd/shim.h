// What SystemdKit uses of libsystemd, and of the C library where the Glibc module leaves it out.
// Declarations only: no policy lives here.

#ifndef CAMPAIGND_CSYSTEMD_SHIM_H
#define CAMPAIGND_CSYSTEMD_SHIM_H

// With the location macros on, C callers of sd_journal_sendv would get a macro. Swift sees the function alone;
// leaving the macros out says so, and the caller adds CODE_FILE, CODE_LINE and CODE_FUNC itself.
#define SD_JOURNAL_SUPPRESS_LOCATION

#include <systemd/sd-daemon.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>

// timerfd_create(2) is not in the Glibc module.
#include <sys/timerfd.h>
#include <sys/uio.h>

#endif
