// What SystemdKit uses of libsystemd, and of the C library where the Glibc module leaves it out. Calls alone: no policy
// lives here.
//
// libsystemd is loaded when it is first called, and not linked: it brings six libraries more, and most starts of
// campaign-send never call it. Without it every call is -ELIBACC.

#ifndef CAMPAIGND_CSYSTEMD_SHIM_H
#define CAMPAIGND_CSYSTEMD_SHIM_H

// With the location macros on, C callers of sd_journal_sendv would get a macro. Swift sees the function alone;
// leaving the macros out says so, and the caller adds CODE_FILE, CODE_LINE and CODE_FUNC itself.
#define SD_JOURNAL_SUPPRESS_LOCATION

#include <dlfcn.h>
#include <errno.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>

// timerfd_create(2) is not in the Glibc module.
#include <sys/timerfd.h>
#include <sys/uio.h>

static inline void *csystemd_function(const char *name) {
    // A library that is loaded already is only looked up.
    void *library = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);
    return library ? dlsym(library, name) : NULL;
}

static inline int csystemd_booted(void) {
    __typeof__(sd_booted) *booted = csystemd_function("sd_booted");
    return booted ? booted() : -ELIBACC;
}

static inline int csystemd_get_machine(sd_id128_t *id) {
    __typeof__(sd_id128_get_machine) *get = csystemd_function("sd_id128_get_machine");
    return get ? get(id) : -ELIBACC;
}

static inline int csystemd_get_boot(sd_id128_t *id) {
    __typeof__(sd_id128_get_boot) *get = csystemd_function("sd_id128_get_boot");
    return get ? get(id) : -ELIBACC;
}

static inline int csystemd_journal_sendv(const struct iovec *fields, int count) {
    __typeof__(sd_journal_sendv) *send = csystemd_function("sd_journal_sendv");
    return send ? send(fields, count) : -ELIBACC;
}

#endif
