/* SPDX-License-Identifier: Apache-2.0
 *
 * Shifts the wall clock of the process that preloads it, and nothing else: the file named by
 * COTERIE_CLOCK_FILE holds nanoseconds (a 64-bit integer of this machine), read anew at each look at
 * the clock. Monotonic clocks, and with them all waiting, stay right.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static int (*true_clock)(clockid_t, struct timespec *);
static volatile const int64_t *shift;

__attribute__((constructor)) static void begin(void) {
  true_clock = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  const char *name = getenv("COTERIE_CLOCK_FILE");
  int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
  if (file >= 0) {
    void *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) {
      shift = page;
    }
  }
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  if (!true_clock) {
    begin();
  }
  int result = true_clock(clock, time);
  if (result == 0 && shift && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t nanos = time->tv_nsec + *shift % 1000000000;
    time->tv_sec += *shift / 1000000000;
    if (nanos < 0) {
      nanos += 1000000000;
      time->tv_sec--;
    } else if (nanos >= 1000000000) {
      nanos -= 1000000000;
      time->tv_sec++;
    }
    time->tv_nsec = nanos;
  }
  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  struct timespec now;
  (void)zone;
  int result = clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return result;
}

time_t time(time_t *out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) {
    *out = now.tv_sec;
  }
  return now.tv_sec;
}
