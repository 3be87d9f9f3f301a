/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes the disk of the process that preloads it fail, for the files of its store alone, while it
 * runs. The file named by COTERIE_DISK_FILE holds four 32-bit integers of this machine: how many in
 * a thousand syncs of the log fail with EIO, how many of its writes fail with ENOSPC, how many reads
 * of a table file come with one bit changed, and the state of the random numbers.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

enum { SYNC, WRITE, READ, RANDOM };

static volatile uint32_t *control;

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("COTERIE_DISK_FILE");
  int file = name ? open(name, O_RDWR | O_CLOEXEC) : -1;
  if (file >= 0) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) {
      control = page;
    }
    close(file);
  }
}

static uint32_t draw(void) {
  uint32_t x = control[RANDOM] | 1;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  control[RANDOM] = x;
  return x;
}

static int drawn(int what) { return draw() % 1000 < control[what]; }

/* Whether `fd` is a file of the store whose name ends in `end`, and `what` is switched on. */
static int hit(int what, int fd, const char *end) {
  if (!control || control[what] == 0) {
    return 0;
  }
  char link[40];
  char path[512];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) {
    return 0;
  }
  path[length] = 0;
  size_t tail = strlen(end);
  return strstr(path, "/store/") && (size_t)length > tail && !strcmp(path + length - tail, end) &&
         drawn(what);
}

#define TRUE_CALL(name) \
  static __typeof__(name) *call; \
  if (!call) { \
    call = (__typeof__(name) *)dlsym(RTLD_NEXT, #name); \
  }

int fsync(int fd) {
  TRUE_CALL(fsync)
  if (hit(SYNC, fd, ".log")) {
    errno = EIO;
    return -1;
  }
  return call(fd);
}

int fdatasync(int fd) {
  TRUE_CALL(fdatasync)
  if (hit(SYNC, fd, ".log")) {
    errno = EIO;
    return -1;
  }
  return call(fd);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  TRUE_CALL(write)
  if (hit(WRITE, fd, ".log")) {
    errno = ENOSPC;
    return -1;
  }
  return call(fd, bytes, count);
}

static void change(char *bytes, ssize_t count) { bytes[draw() % (uint32_t)count] ^= 0x10; }

ssize_t pread(int fd, void *bytes, size_t count, off_t offset) {
  TRUE_CALL(pread)
  ssize_t got = call(fd, bytes, count, offset);
  if (got > 0 && hit(READ, fd, ".sst")) {
    change(bytes, got);
  }
  return got;
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t offset) {
  TRUE_CALL(pread64)
  ssize_t got = call(fd, bytes, count, offset);
  if (got > 0 && hit(READ, fd, ".sst")) {
    change(bytes, got);
  }
  return got;
}
