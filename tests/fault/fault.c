/* A disk that keeps only what was synced, and can be told to fail. Loaded before the C library (LD_PRELOAD) by tests.
 *
 * FAULT_ROOT    the folder that lies on this disk
 * FAULT_SHADOW  a folder outside: what a power cut would leave of FAULT_ROOT is in FAULT_SHADOW/tree
 * FAULT_ORDERS  a file outside with one line, read again before each call; empty or missing: the disk is well
 *                 careless        a sync is answered and does nothing
 *                 eio N           the N-th sync from now fails, and what it should have written is dropped
 *                 full N          after N more bytes there is no space, nor for a new name
 *                 readonly        nothing can be written or created
 *                 clock SECONDS   the clock of the day is this much ahead
 *
 * The shadow holds each file by its inode number, and a tree of names that are links to them. A sync of a file copies the
 * ranges that were written since its last one; a sync of a folder copies its names. So a kill at any moment leaves the
 * shadow as the worst power cut would: nothing that was not synced, and of a sync under way some part.
 * Files for shared memory (NAME-shm) are never synced by anybody and not kept. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define FILES 4096
#define DESCRIPTORS 4096

static int (*next_open)(const char *, int, ...);
static ssize_t (*next_write)(int, const void *, size_t);
static ssize_t (*next_pwrite)(int, const void *, size_t, off_t);
static int (*next_ftruncate)(int, off_t);
static int (*next_fsync)(int);
static int (*next_fdatasync)(int);
static int (*next_close)(int);
static int (*next_rename)(const char *, const char *);
static int (*next_unlink)(const char *);
static int (*next_mkdir)(const char *, mode_t);
static int (*next_clock)(clockid_t, struct timespec *);

/* The part of a file that was written and not synced: one range that covers all of them. */
struct file {
    ino_t number;
    off_t from, to;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct file files[FILES];
static ino_t opened[DESCRIPTORS]; /* 0: not on this disk */
static char root[PATH_MAX], shadow[PATH_MAX], orders[PATH_MAX];
static size_t root_length;
static char order[64];
static long counted;

static void die(const char *what) {
    dprintf(2, "fault: %s: %s\n", what, strerror(errno));
    _exit(99);
}

static void find(void) {
    next_open = dlsym(RTLD_NEXT, "open64");
    next_write = dlsym(RTLD_NEXT, "write");
    next_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    next_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    next_fsync = dlsym(RTLD_NEXT, "fsync");
    next_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    next_close = dlsym(RTLD_NEXT, "close");
    next_rename = dlsym(RTLD_NEXT, "rename");
    next_unlink = dlsym(RTLD_NEXT, "unlink");
    next_mkdir = dlsym(RTLD_NEXT, "mkdir");
    next_clock = dlsym(RTLD_NEXT, "clock_gettime");
}

static int is_inside(const char *path) {
    if (root_length == 0 || strncmp(path, root, root_length) != 0) return 0;
    return path[root_length] == '/' || path[root_length] == 0;
}

static int is_shared_memory(const char *path) {
    size_t n = strlen(path);
    return n > 4 && strcmp(path + n - 4, "-shm") == 0;
}

/* The order, with its number. A new line counts from zero. */
static int ordered(const char *what, long *number) {
    char now[sizeof order] = "";
    int fd = orders[0] ? next_open(orders, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        ssize_t n = read(fd, now, sizeof now - 1);
        next_close(fd);
        now[n > 0 ? n : 0] = 0;
    }
    if (strcmp(now, order) != 0) {
        strcpy(order, now);
        counted = 0;
    }
    size_t n = strlen(what);
    if (strncmp(order, what, n) != 0) return 0;
    if (number) *number = atol(order + n);
    return 1;
}

static void kept(char *path, ino_t number) { snprintf(path, PATH_MAX, "%s/file/%lu", shadow, (unsigned long)number); }

static void copy_range(int written, ino_t number, off_t start, off_t end) {
    static char buffer[1 << 16];
    char path[PATH_MAX];
    struct stat now;
    /* It may have been opened for writing alone. */
    snprintf(path, sizeof path, "/proc/self/fd/%d", written);
    int from = next_open(path, O_RDONLY | O_CLOEXEC);
    kept(path, number);
    int to = next_open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (from < 0 || to < 0 || fstat(from, &now) != 0) die("cannot keep a file");
    if (end > now.st_size) end = now.st_size;
    while (start < end) {
        size_t want = end - start > (off_t)sizeof buffer ? sizeof buffer : (size_t)(end - start);
        ssize_t n = pread(from, buffer, want, start);
        if (n <= 0) die("cannot read what is to be kept");
        if (next_pwrite(to, buffer, n, start) != n) die("cannot keep a file");
        start += n;
    }
    if (next_ftruncate(to, now.st_size) != 0) die("cannot keep a size");
    next_close(from);
    next_close(to);
}

static struct file *of(ino_t number) {
    for (size_t i = 0; i < FILES; i++) {
        struct file *f = &files[(number + i) % FILES];
        if (f->number == number) return f;
        if (f->number == 0) {
            f->number = number;
            f->from = f->to = 0;
            return f;
        }
    }
    errno = ENFILE;
    die("too many files");
    return NULL;
}

static void wrote(ino_t number, off_t from, off_t to) {
    struct file *f = of(number);
    if (f->to == f->from) {
        f->from = from;
        f->to = to;
        return;
    }
    if (from < f->from) f->from = from;
    if (to > f->to) f->to = to;
}

/* The names of a folder as they are now become the kept ones. */
static void keep_names(const char *folder) {
    char to[PATH_MAX * 2], path[PATH_MAX * 2], old[PATH_MAX * 2], file[PATH_MAX];
    snprintf(to, sizeof to, "%s/tree%s", shadow, folder + root_length);
    struct stat is;
    /* Its own name was not kept yet: a power cut takes all of it. */
    if (stat(to, &is) != 0) {
        if (strcmp(folder, root) != 0) return;
        next_mkdir(to, 0700);
    }
    DIR *dir = opendir(to);
    if (!dir) return;
    for (struct dirent *e; (e = readdir(dir));) {
        if (e->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        snprintf(old, sizeof old, "%s/%s", to, e->d_name);
        if (e->d_type != DT_DIR && lstat(path, &is) != 0) next_unlink(old);
    }
    closedir(dir);
    dir = opendir(folder);
    if (!dir) return;
    for (struct dirent *e; (e = readdir(dir));) {
        if (e->d_name[0] == '.' || is_shared_memory(e->d_name)) continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        snprintf(old, sizeof old, "%s/%s", to, e->d_name);
        if (lstat(path, &is) != 0) continue;
        if (S_ISDIR(is.st_mode)) {
            next_mkdir(old, 0700);
            continue;
        }
        struct stat was, held;
        kept(file, is.st_ino);
        if (stat(file, &held) != 0) {
            /* Its name is kept, and none of its bytes. */
            int fd = next_open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
            if (fd < 0 || fstat(fd, &held) != 0) die("cannot keep a name");
            next_close(fd);
        }
        if (stat(old, &was) == 0 && was.st_ino == held.st_ino) continue;
        next_unlink(old);
        if (link(file, old) != 0) die("cannot keep a name");
    }
    closedir(dir);
}

/* At the start everything is as it lies there. */
static void keep_all(const char *folder) {
    keep_names(folder);
    DIR *dir = opendir(folder);
    if (!dir) return;
    for (struct dirent *e; (e = readdir(dir));) {
        char path[PATH_MAX * 2];
        struct stat is;
        if (e->d_name[0] == '.' || is_shared_memory(e->d_name)) continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (lstat(path, &is) != 0) continue;
        if (S_ISDIR(is.st_mode)) {
            keep_all(path);
            continue;
        }
        int fd = next_open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0) die("cannot read a file");
        copy_range(fd, is.st_ino, 0, is.st_size);
        next_close(fd);
    }
    closedir(dir);
}

__attribute__((constructor)) static void begin(void) {
    find();
    const char *r = getenv("FAULT_ROOT"), *s = getenv("FAULT_SHADOW"), *o = getenv("FAULT_ORDERS");
    if (!r || !s) return;
    char path[PATH_MAX + 8];
    if (o) snprintf(orders, sizeof orders, "%s", o);
    snprintf(shadow, sizeof shadow, "%s", s);
    snprintf(root, sizeof root, "%s", r);
    root_length = strlen(root);
    next_mkdir(shadow, 0700);
    snprintf(path, sizeof path, "%s/file", shadow);
    if (next_mkdir(path, 0700) != 0) return; /* kept by an earlier process of the same test */
    keep_all(root);
}

static ino_t number_of(int fd) { return fd >= 0 && fd < DESCRIPTORS ? opened[fd] : 0; }

static int refuse(int error) {
    errno = error;
    return -1;
}

/* May so many bytes more be written? */
static ssize_t room(size_t wanted) {
    long n = 0;
    if (ordered("readonly", NULL)) return refuse(EROFS);
    if (!ordered("full", &n)) return (ssize_t)wanted;
    long left = n - counted;
    if (left <= 0) return refuse(ENOSPC);
    if ((long)wanted > left) wanted = left; /* as a disk does: a part is written */
    counted += wanted;
    return (ssize_t)wanted;
}

static int may_name(void) {
    long n = 0;
    if (ordered("readonly", NULL)) return refuse(EROFS);
    if (ordered("full", &n) && counted >= n) return refuse(ENOSPC);
    return 0;
}

static int open_file(const char *path, int flags, mode_t mode) {
    if (!next_open) find();
    if (!is_inside(path)) return next_open(path, flags, mode);
    pthread_mutex_lock(&lock);
    struct stat before;
    int there = stat(path, &before) == 0;
    int writes = (flags & O_ACCMODE) != O_RDONLY, fd = -1;
    if (writes && ordered("readonly", NULL)) {
        errno = EROFS;
    } else if (!there && (flags & O_CREAT) && may_name() != 0) {
        /* errno says why */
    } else {
        fd = next_open(path, flags, mode);
    }
    if (fd >= DESCRIPTORS) die("too many descriptors");
    struct stat is;
    if (fd >= 0 && fstat(fd, &is) == 0 && !is_shared_memory(path)) {
        opened[fd] = is.st_ino;
        if (!there) {
            /* A number may have belonged to a file that is gone: kept names still link to that one's bytes. */
            char old[PATH_MAX];
            kept(old, is.st_ino);
            next_unlink(old);
            struct file *f = of(is.st_ino);
            f->from = f->to = 0;
        } else if (flags & O_TRUNC) {
            wrote(is.st_ino, 0, before.st_size);
        }
    }
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return fd;
}

static int with_mode(int flags) { return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE; }

int open64(const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    mode_t mode = with_mode(flags) ? va_arg(list, mode_t) : 0;
    va_end(list);
    return open_file(path, flags, mode);
}

int open(const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    mode_t mode = with_mode(flags) ? va_arg(list, mode_t) : 0;
    va_end(list);
    return open_file(path, flags, mode);
}

int close(int fd) {
    if (!next_close) find();
    if (fd >= 0 && fd < DESCRIPTORS) opened[fd] = 0;
    return next_close(fd);
}

static ssize_t put(int fd, const void *bytes, size_t size, off_t at, int here) {
    ino_t number = number_of(fd);
    if (!number) return here ? next_write(fd, bytes, size) : next_pwrite(fd, bytes, size, at);
    pthread_mutex_lock(&lock);
    ssize_t n = room(size);
    if (n >= 0) {
        if (here) at = (fcntl(fd, F_GETFL) & O_APPEND) ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
        n = here ? next_write(fd, bytes, n) : next_pwrite(fd, bytes, n, at);
        if (n > 0) wrote(number, at, at + n);
    }
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return n;
}

ssize_t write(int fd, const void *bytes, size_t size) {
    if (!next_write) find();
    return put(fd, bytes, size, 0, 1);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t at) { return put(fd, bytes, size, at, 0); }

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) { return put(fd, bytes, size, at, 0); }

/* Nobody is known to write so on this disk: whoever begins to must teach it to this file. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
    ssize_t (*next)(int, const struct iovec *, int) = dlsym(RTLD_NEXT, "writev");
    if (number_of(fd)) die("writev");
    return next(fd, parts, count);
}

ssize_t copy_file_range(int from, off_t *from_at, int to, off_t *to_at, size_t size, unsigned flags) {
    ssize_t (*next)(int, off_t *, int, off_t *, size_t, unsigned) = dlsym(RTLD_NEXT, "copy_file_range");
    if (number_of(to)) return refuse(ENOSYS);
    return next(from, from_at, to, to_at, size, flags);
}

int ftruncate64(int fd, off_t size) {
    ino_t number = number_of(fd);
    if (!number) return next_ftruncate(fd, size);
    pthread_mutex_lock(&lock);
    struct stat before;
    int done = ordered("readonly", NULL) ? refuse(EROFS) : 0;
    if (done == 0 && fstat(fd, &before) == 0) {
        done = next_ftruncate(fd, size);
        if (done == 0) wrote(number, size < before.st_size ? size : before.st_size, size > before.st_size ? size : before.st_size);
    }
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int sync_file(int fd, int (*next)(int)) {
    ino_t number = number_of(fd);
    if (!number) return next(fd);
    pthread_mutex_lock(&lock);
    struct file *f = of(number);
    struct stat is;
    long n = 0;
    int done = 0;
    if (ordered("careless", NULL)) {
        /* says that it did */
    } else if (ordered("eio", &n) && ++counted == n) {
        /* As Linux does: the pages count as written from now on, and are not. */
        f->from = f->to = 0;
        done = refuse(EIO);
    } else if (fstat(fd, &is) == 0) {
        if (S_ISDIR(is.st_mode)) {
            char link[64], folder[PATH_MAX];
            snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
            ssize_t length = readlink(link, folder, sizeof folder - 1);
            if (length > 0) {
                folder[length] = 0;
                keep_names(folder);
            }
        } else {
            copy_range(fd, number, f->from, f->to);
        }
        f->from = f->to = 0;
    }
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int fsync(int fd) { return sync_file(fd, next_fsync); }

int fdatasync(int fd) { return sync_file(fd, next_fdatasync); }

static int name(int inside, int (*act)(const char *, const char *), const char *a, const char *b) {
    if (!inside) return act(a, b);
    pthread_mutex_lock(&lock);
    int done = may_name();
    if (done == 0) done = act(a, b);
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int rename(const char *from, const char *to) { return name(is_inside(to), next_rename, from, to); }

int unlink(const char *path) {
    if (is_inside(path)) {
        pthread_mutex_lock(&lock);
        int readonly = ordered("readonly", NULL);
        pthread_mutex_unlock(&lock);
        if (readonly) return refuse(EROFS);
    }
    return next_unlink(path);
}

int mkdir(const char *path, mode_t mode) {
    if (is_inside(path)) {
        struct stat is;
        if (stat(path, &is) == 0) return refuse(EEXIST);
        pthread_mutex_lock(&lock);
        int no = may_name();
        int error = errno;
        pthread_mutex_unlock(&lock);
        if (no) return refuse(error);
    }
    return next_mkdir(path, mode);
}

int clock_gettime(clockid_t which, struct timespec *now) {
    if (!next_clock) find();
    int done = next_clock(which, now);
    if (done == 0 && which == CLOCK_REALTIME && orders[0]) {
        long ahead = 0;
        pthread_mutex_lock(&lock);
        if (ordered("clock", &ahead)) now->tv_sec += ahead;
        pthread_mutex_unlock(&lock);
    }
    return done;
}
