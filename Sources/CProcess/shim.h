// What campaign-send needs of Linux and that the Glibc module leaves out: prctl(2) is variadic and can't be called from
// Swift, sys/signalfd.h is not in the module, close_range(2) and memfd_create(2) are hidden behind a feature macro,
// pidfd_open(2) has no header of its age, and the members of a timespec belong to whichever module the compiler met
// first. Calls alone: no policy lives here.

#ifndef CAMPAIGND_CPROCESS_SHIM_H
#define CAMPAIGND_CPROCESS_SHIM_H

#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// PR_SET_PDEATHSIG: this process gets the signal when the thread that started it ends.
static inline int cprocess_set_parent_death_signal(int signal_number) {
    return prctl(PR_SET_PDEATHSIG, (unsigned long)signal_number, 0UL, 0UL, 0UL);
}

// PR_SET_CHILD_SUBREAPER: descendants whose parent ends become children of this process.
static inline int cprocess_become_subreaper(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL);
}

// Closes the descriptors from first to last, both included.
static inline int cprocess_close_range(unsigned int first, unsigned int last) {
    return (int)syscall(SYS_close_range, first, last, 0U);
}

// A descriptor that can be read once the process, a child, has ended; -1 and errno where there is none. Closed on exec.
static inline int cprocess_pidfd_open(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0U);
}

// An empty file that has no name and lies in memory; -1 and errno where there is none. Closed on exec.
static inline int cprocess_memory_file(const char *name) {
    return (int)syscall(SYS_memfd_create, name, 1U);
}

// When the file, or the link itself, was modified last, in seconds since 1970; -1 where that can't be told.
static inline long long cprocess_modified_at(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0 ? (long long)status.st_mtim.tv_sec : -1;
}

#endif
