// A disk that loses what was not synced: preloaded (LD_PRELOAD) into campaign-send by
// Tests/EndToEndTests/Scenarios/power_cuts.py.
//
// It counts the calls that change files below a folder, each send(2), since a peer that was told something must find it
// again, and last of all exit(3). In place of call number N it makes the folder what a power cut leaves, and ends the
// process with SIGKILL. What a disk keeps of unsynced changes is not fixed by any rule, so two of the ways are played:
//
//   drop   nothing of them: a file has the content of its last fsync, a folder the entries of its own last fsync
//   tear   every entry is there, as a journal of the file system may keep them before the data; of a file's content
//          since its last fsync only the first half
//
//   POWER_CUT_BELOW=PATH   the folder, whole, without links; POWER_CUT_AT=N; POWER_CUT_MODE=drop or tear
//   POWER_CUT_TRACE=PATH   gets the call in whose place the power was cut, and on a second line the number of syncs
//   POWER_CUT_ALSO=PID     a process that dies first: another sender on the same machine
//   POWER_CUT_LIES=N       sync number N is said to be done and is not, as if the program lacked it; a test that finds
//                          nothing wrong then proves nothing of that sync
//
// What lay in the folder when the process began counts as synced. Children don't get the library. Calls that the sender
// does not make today and that would go by this layer stop it loudly.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct node;
struct entry { char name[256]; struct node *node; };
struct entries { struct entry *at; size_t count; };
struct bytes { char *at; size_t length; };

// A file or a folder. It stays in memory when it is gone from the disk: a power cut may bring it back.
struct node {
    struct node *next;
    dev_t device;
    ino_t number;
    mode_t mode;
    struct bytes synced_content;
    struct entries now, synced;
    char *rebuilt;    // where it lies again, for a second name of it
};

static struct node *nodes, *root;
static char below[4096];
static long at, count;
static long syncs, lie;
static bool active, tears;
static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static void stop(const char *what) {
    dprintf(2, "power-cut: %s: %s\n", what, strerror(errno));
    _exit(99);
}

static void *room(void *old, size_t size) {
    void *new = realloc(old, size ? size : 1);
    if (!new) stop("realloc");
    return new;
}

// --- what lies where ---

static struct node *add_node(const struct stat *status) {
    struct node *node = room(NULL, sizeof *node);
    *node = (struct node){
        .next = nodes, .device = status->st_dev, .number = status->st_ino, .mode = status->st_mode};
    return nodes = node;
}

// The newest one: numbers are used again when a file is gone.
static struct node *node_of(const struct stat *status) {
    for (struct node *node = nodes; node; node = node->next)
        if (node->number == status->st_ino && node->device == status->st_dev) return node;
    return NULL;
}

static struct node *node_of_descriptor(int descriptor) {
    struct stat status;
    return active && fstat(descriptor, &status) == 0 ? node_of(&status) : NULL;
}

static struct node *get(const struct entries *entries, const char *name) {
    for (size_t index = 0; index < entries->count; index++)
        if (strcmp(entries->at[index].name, name) == 0) return entries->at[index].node;
    return NULL;
}

static void take_out(struct entries *entries, const char *name) {
    for (size_t index = 0; index < entries->count; index++) {
        if (strcmp(entries->at[index].name, name) != 0) continue;
        entries->at[index] = entries->at[--entries->count];
        return;
    }
}

static void put(struct entries *entries, const char *name, struct node *node) {
    take_out(entries, name);
    entries->at = room(entries->at, (entries->count + 1) * sizeof *entries->at);
    struct entry *entry = &entries->at[entries->count++];
    snprintf(entry->name, sizeof entry->name, "%s", name);
    entry->node = node;
}

static void copy(struct entries *to, const struct entries *from) {
    to->at = room(to->at, from->count * sizeof *to->at);
    memcpy(to->at, from->at, from->count * sizeof *to->at);
    to->count = from->count;
}

// The folder in which a path's last name stands; NULL where that is not below ours.
static struct node *folder_of(const char *path, const char **name) {
    size_t length = strlen(below);
    if (!active || strncmp(path, below, length) != 0 || path[length] != '/') return NULL;
    struct node *folder = root;
    for (const char *rest = path + length + 1;;) {
        const char *slash = strchr(rest, '/');
        if (!slash) {
            *name = rest;
            return folder;
        }
        char part[256];
        snprintf(part, sizeof part, "%.*s", (int)(slash - rest), rest);
        folder = get(&folder->now, part);
        if (!folder) return NULL;
        rest = slash + 1;
    }
}

static struct bytes content(const char *path) {
    struct bytes bytes = {0};
    int file = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (file < 0) stop(path);
    char piece[65536];
    for (ssize_t got; (got = read(file, piece, sizeof piece)) > 0; bytes.length += got) {
        bytes.at = room(bytes.at, bytes.length + got);
        memcpy(bytes.at + bytes.length, piece, got);
    }
    close(file);
    return bytes;
}

// What is there at the beginning counts as synced.
static void find(struct node *folder, const char *path) {
    DIR *stream = opendir(path);
    if (!stream) stop(path);
    for (struct dirent *found; (found = readdir(stream));) {
        if (strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0) continue;
        char child[8192];
        snprintf(child, sizeof child, "%s/%s", path, found->d_name);
        struct stat status;
        if (lstat(child, &status) != 0) stop(child);
        struct node *node = node_of(&status);
        if (!node) {
            node = add_node(&status);
            if (S_ISDIR(status.st_mode)) find(node, child);
            else node->synced_content = content(child);
        }
        put(&folder->now, found->d_name, node);
    }
    closedir(stream);
    copy(&folder->synced, &folder->now);
}

// --- the cut ---

static void empty(const char *path) {
    DIR *stream = opendir(path);
    if (!stream) stop(path);
    for (struct dirent *found; (found = readdir(stream));) {
        if (strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0) continue;
        char child[8192];
        snprintf(child, sizeof child, "%s/%s", path, found->d_name);
        if (syscall(SYS_unlinkat, AT_FDCWD, child, 0) == 0) continue;
        if (errno != EISDIR) stop(child);
        empty(child);
        if (syscall(SYS_unlinkat, AT_FDCWD, child, AT_REMOVEDIR) != 0) stop(child);
    }
    closedir(stream);
}

static void make(const char *path, const struct bytes *bytes, mode_t mode) {
    int file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode & 07777);
    if (file < 0) stop(path);
    for (size_t done = 0; done < bytes->length;) {
        ssize_t written = syscall(SYS_write, file, bytes->at + done, bytes->length - done);
        if (written <= 0) stop(path);
        done += written;
    }
    close(file);
}

static void rebuild(const struct entries *entries, const char *path) {
    for (size_t index = 0; index < entries->count; index++) {
        struct node *node = entries->at[index].node;
        char child[8192];
        snprintf(child, sizeof child, "%s/%s", path, entries->at[index].name);
        if (S_ISDIR(node->mode)) {
            if (syscall(SYS_mkdirat, AT_FDCWD, child, node->mode & 07777) != 0) stop(child);
            rebuild(&node->synced, child);
        } else if (node->rebuilt) {
            if (syscall(SYS_linkat, AT_FDCWD, node->rebuilt, AT_FDCWD, child, 0) != 0) stop(child);
        } else {
            make(child, &node->synced_content, node->mode);
            node->rebuilt = strdup(child);
        }
    }
}

static void tear(const struct entries *entries, const char *path) {
    for (size_t index = 0; index < entries->count; index++) {
        struct node *node = entries->at[index].node;
        char child[8192];
        snprintf(child, sizeof child, "%s/%s", path, entries->at[index].name);
        if (S_ISDIR(node->mode)) {
            tear(&node->now, child);
            continue;
        }
        struct bytes now = content(child);
        const struct bytes *synced = &node->synced_content;
        bool grew = now.length >= synced->length && memcmp(now.at, synced->at, synced->length) == 0;
        if (grew && now.length == synced->length) continue;
        size_t kept = grew ? synced->length : 0;
        now.length = kept + (now.length - kept) / 2;
        make(child, &now, node->mode);
    }
}

static void end_other(const char *id) {
    int process = syscall(SYS_pidfd_open, atoi(id), 0);
    if (process < 0) stop("POWER_CUT_ALSO");
    kill(atoi(id), SIGKILL);
    struct pollfd ended = {.fd = process, .events = POLLIN};
    while (poll(&ended, 1, -1) < 0 && errno == EINTR) {}
}

static void cut(const char *call, const char *object) {
    active = false;
    if (getenv("POWER_CUT_ALSO")) end_other(getenv("POWER_CUT_ALSO"));
    const char *trace = getenv("POWER_CUT_TRACE");
    int file = trace ? syscall(SYS_openat, AT_FDCWD, trace, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    if (file >= 0) {
        char line[8192];
        int length = snprintf(line, sizeof line, "%s %s\n%ld", call, object, syncs);
        syscall(SYS_write, file, line, length);
    }
    if (tears) {
        tear(&root->now, below);
    } else {
        empty(below);
        rebuild(&root->synced, below);
    }
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static void point(const char *call, const char *object) {
    if (active && ++count == at) cut(call, object);
}

__attribute__((constructor)) static void begin(int words, char **arguments) {
    const char *path = getenv("POWER_CUT_BELOW"), *number = getenv("POWER_CUT_AT"), *mode = getenv("POWER_CUT_MODE");
    unsetenv("LD_PRELOAD");
    if (!path || !number || !mode || (words > 1 && strcmp(arguments[1], "read-list") == 0)) return;
    struct stat status;
    if (stat(path, &status) != 0) stop(path);
    snprintf(below, sizeof below, "%s", path);
    at = atol(number);
    tears = strcmp(mode, "tear") == 0;
    if (getenv("POWER_CUT_LIES")) lie = atol(getenv("POWER_CUT_LIES"));
    root = add_node(&status);
    find(root, below);
    active = true;
}

// The last of all: what was told before it must be there.
__attribute__((destructor)) static void finish(void) {
    point("exit", "after all");
}

// --- the calls ---

static int opened(const char *path, int flags, mode_t mode) {
    const char *name;
    struct node *folder = flags & O_CREAT ? folder_of(path, &name) : NULL;
    if (!folder) return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    bool is_new = !get(&folder->now, name);
    point("open", path);
    int file = syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    struct stat status;
    if (file >= 0 && is_new && fstat(file, &status) == 0) put(&folder->now, name, add_node(&status));
    return file;
}

#define LOCKED(type, call)               \
    pthread_mutex_lock(&mutex);          \
    type result = call;                  \
    int saved = errno;                   \
    pthread_mutex_unlock(&mutex);        \
    errno = saved;                       \
    return result

#define OPEN(name)                                            \
    int name(const char *path, int flags, ...) {              \
        va_list rest;                                         \
        va_start(rest, flags);                                \
        bool creates = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE; \
        mode_t mode = creates ? va_arg(rest, int) : 0;        \
        va_end(rest);                                         \
        LOCKED(int, opened(path, flags, mode));               \
    }

OPEN(open)
OPEN(open64)

static int synced(int file, int call) {
    struct node *node = node_of_descriptor(file);
    if (!node) return syscall(call, file);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    point("fsync", S_ISDIR(node->mode) ? "a folder" : "a file");
    if (++syncs == lie) return 0;
    int result = syscall(call, file);
    if (result != 0) return result;
    if (S_ISDIR(node->mode)) copy(&node->synced, &node->now);
    else node->synced_content = content(path);
    return 0;
}

int fsync(int file) { LOCKED(int, synced(file, SYS_fsync)); }
int fdatasync(int file) { LOCKED(int, synced(file, SYS_fdatasync)); }

static ssize_t written(int file, const void *bytes, size_t size) {
    if (node_of_descriptor(file)) point("write", "a file");
    return syscall(SYS_write, file, bytes, size);
}

ssize_t write(int file, const void *bytes, size_t size) { LOCKED(ssize_t, written(file, bytes, size)); }

static int truncated(int file, off_t size) {
    if (node_of_descriptor(file)) point("ftruncate", "a file");
    return syscall(SYS_ftruncate, file, size);
}

int ftruncate(int file, off_t size) { LOCKED(int, truncated(file, size)); }
int ftruncate64(int file, off64_t size) { LOCKED(int, truncated(file, size)); }

static int reserved(int file, off_t start, off_t size) {
    if (node_of_descriptor(file)) point("posix_fallocate", "a file");
    return syscall(SYS_fallocate, file, 0, start, size) == 0 ? 0 : errno;
}

int posix_fallocate(int file, off_t start, off_t size) { LOCKED(int, reserved(file, start, size)); }
int posix_fallocate64(int file, off64_t start, off64_t size) { LOCKED(int, reserved(file, start, size)); }

static int linked(const char *from, const char *to) {
    const char *old, *new;
    struct node *source = folder_of(from, &old), *target = folder_of(to, &new);
    if (source && target) point("link", to);
    int result = syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (result == 0 && source && target) put(&target->now, new, get(&source->now, old));
    return result;
}

int link(const char *from, const char *to) { LOCKED(int, linked(from, to)); }

static int renamed(const char *from, const char *to) {
    const char *old, *new;
    struct node *source = folder_of(from, &old), *target = folder_of(to, &new);
    if (source && target) point("rename", to);
    int result = syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
    if (result == 0 && source && target) {
        put(&target->now, new, get(&source->now, old));
        take_out(&source->now, old);
    }
    return result;
}

int rename(const char *from, const char *to) { LOCKED(int, renamed(from, to)); }

static int removed(const char *path, int flags) {
    const char *name;
    struct node *folder = folder_of(path, &name);
    // One that is not there changes nothing.
    if (folder && get(&folder->now, name)) point(flags ? "rmdir" : "unlink", path);
    int result = syscall(SYS_unlinkat, AT_FDCWD, path, flags);
    if (result == 0 && folder) take_out(&folder->now, name);
    return result;
}

int unlink(const char *path) { LOCKED(int, removed(path, 0)); }
int rmdir(const char *path) { LOCKED(int, removed(path, AT_REMOVEDIR)); }

static int made(const char *path, mode_t mode) {
    const char *name;
    struct node *folder = folder_of(path, &name);
    if (folder && !get(&folder->now, name)) point("mkdir", path);
    int result = syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    struct stat status;
    if (result == 0 && folder && lstat(path, &status) == 0) put(&folder->now, name, add_node(&status));
    return result;
}

int mkdir(const char *path, mode_t mode) { LOCKED(int, made(path, mode)); }

static ssize_t sent(int socket, const void *bytes, size_t size, int flags) {
    point("send", "an answer");
    return syscall(SYS_sendto, socket, bytes, size, flags, NULL, 0);
}

ssize_t send(int socket, const void *bytes, size_t size, int flags) {
    LOCKED(ssize_t, sent(socket, bytes, size, flags));
}

// --- calls that this layer does not know ---

static void unknown(const char *call) {
    if (!active) return;
    errno = ENOSYS;
    stop(call);
}

int openat(int folder, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, int) : 0;
    va_end(rest);
    if (flags & O_CREAT) unknown("openat");
    return syscall(SYS_openat, folder, path, flags, mode);
}

#define UNKNOWN(type, name, number, parameters, ...)  \
    type name parameters {                            \
        unknown(#name);                               \
        return syscall(number, __VA_ARGS__);          \
    }

UNKNOWN(int, creat, SYS_openat, (const char *path, mode_t mode), AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode)
UNKNOWN(int, renameat, SYS_renameat, (int a, const char *from, int b, const char *to), a, from, b, to)
UNKNOWN(int, renameat2, SYS_renameat2, (int a, const char *from, int b, const char *to, unsigned flags), a, from, b, to,
        flags)
UNKNOWN(int, linkat, SYS_linkat, (int a, const char *from, int b, const char *to, int flags), a, from, b, to, flags)
UNKNOWN(int, unlinkat, SYS_unlinkat, (int folder, const char *path, int flags), folder, path, flags)
UNKNOWN(int, mkdirat, SYS_mkdirat, (int folder, const char *path, mode_t mode), folder, path, mode)
UNKNOWN(int, truncate, SYS_truncate, (const char *path, off_t size), path, size)
UNKNOWN(ssize_t, pwrite, SYS_pwrite64, (int file, const void *bytes, size_t size, off_t start), file, bytes, size,
        start)
UNKNOWN(int, syncfs, SYS_syncfs, (int file), file)
