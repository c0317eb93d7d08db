// A process ends even where OpenBLAS' own threads wait for memory.
//
// Each of them takes a buffer when it starts, and asks for ever if a limit of the address space refuses it; and when the
// process ends, OpenBLAS waits for its threads (blas_thread_shutdown). This runs before that, for what depends on a
// library is unloaded first, and says that there are none. They end with the process.

#if defined(__linux__)
#define _GNU_SOURCE
#include <stddef.h>
#include <sys/mman.h>

// Whether OpenBLAS has started threads; not there in serial and OpenMP builds.
extern int blas_server_avail __attribute__((weak));

static const size_t buffer_size = (size_t)128 << 20;

__attribute__((destructor)) static void ck_leave_waiting_threads(void) {
    if (&blas_server_avail == NULL) return;
    void *buffer = mmap(NULL, buffer_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    // Where a buffer can be had no thread waits for one.
    if (buffer == MAP_FAILED) {
        blas_server_avail = 0;
    } else {
        munmap(buffer, buffer_size);
    }
}
#endif
