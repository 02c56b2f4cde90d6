// What campaign-send needs of Linux and that the Glibc module leaves out: prctl(2) is variadic and can't be called from
// Swift, after vfork(2) no Swift may run, sys/signalfd.h is not in the module, close_range(2) and memfd_create(2) are hidden behind a feature macro,
// pidfd_open(2) has no header of its age, and the members of a timespec belong to whichever module the compiler met
// first. Calls alone: no policy lives here.

#ifndef CAMPAIGND_CPROCESS_SHIM_H
#define CAMPAIGND_CPROCESS_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

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

// A process to be, and what its descriptors 0, 1 and 2 are in this one.
struct cprocess_program {
    // argv[0] need not be the file's name.
    const char *file;
    char *const *argv;
    char *const *envp;
    const char *folder;
    int input, output, errors;
    // Stays open in it as kept_as; -1 for none.
    int kept, kept_as;
    // Gets an errno where the program can't be run, and ends without a byte where it runs.
    int status;
};

static inline int cprocess_move(int from, int to) {
    // dup2(2) leaves a descriptor that is there already as it is: closed on exec.
    return from == to ? fcntl(from, F_SETFD, 0) : dup2(from, to);
}

// Between vfork and exec, in the memory of the parent, which waits: what signal-safety(7) allows, and nothing that
// changes what the parent has in memory.
static inline _Noreturn void cprocess_become(const struct cprocess_program *program, pid_t parent) {
    struct sigaction usual = {.sa_handler = SIG_DFL};
    for (int number = 1; number < _NSIG; number++) sigaction(number, &usual, NULL);
    sigset_t none;
    sigemptyset(&none);
    // It dies with the thread that started it; one that died before this line sends no signal any more.
    if (prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0UL, 0UL, 0UL) == 0) {
        if (getppid() != parent) errno = ESRCH;
        else if (setsid() >= 0 && chdir(program->folder) == 0 && cprocess_move(program->input, 0) >= 0
            && (program->kept < 0 || cprocess_move(program->kept, program->kept_as) >= 0)
            && cprocess_move(program->output, 1) >= 0 && cprocess_move(program->errors, 2) >= 0) {
            sigprocmask(SIG_SETMASK, &none, NULL);
            execve(program->file, program->argv, program->envp);
        }
    }
    int code = errno;
    if (write(program->status, &code, sizeof code) < 0) { /* Whoever reads it has gone. */ }
    _exit(127);
}

// Starts a process with a session of its own, no signal held back or ignored, which ends with the thread that calls
// this. posix_spawn(3) can do none but the signals. Every other descriptor must be closed on exec.
//
// Returns its number; -1 and errno where there is none.
static inline pid_t cprocess_start(const struct cprocess_program *program) {
    pid_t parent = getpid();
    sigset_t all, before;
    sigfillset(&all);
    // No handler of this program runs in the new one.
    sigprocmask(SIG_SETMASK, &all, &before);
    // Not fork(2), which copies the tables of all memory.
    pid_t process = vfork();
    if (process == 0) cprocess_become(program, parent);
    int code = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = code;
    return process;
}

// The file's number, and its size in bytes; -1 with errno where that can't be told.
static inline long long cprocess_file_mark(const char *path, unsigned long *file) {
    struct stat status;
    if (stat(path, &status) != 0) return -1;
    *file = status.st_ino;
    return (long long)status.st_size;
}

#endif
