// Takes the place of the C library's allocator in the program that it is linked to, and counts; every thread's calls go
// through here, those of the Swift runtime and of OpenBLAS too. glibc keeps its own functions under other names.

#include "allocation_counter.h"

#include <errno.h>
#include <features.h>
#include <stddef.h>

// The sanitizers have allocators of their own, which must stay.
#if defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

#include <malloc.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *pointer);

static long count, live, peak;

static void *gained(void *pointer) {
    __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
    long size = (long)malloc_usable_size(pointer);
    long now = __atomic_add_fetch(&live, size, __ATOMIC_RELAXED);
    long top = __atomic_load_n(&peak, __ATOMIC_RELAXED);
    while (now > top &&
           !__atomic_compare_exchange_n(&peak, &top, now, 1, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {}
    return pointer;
}

static void lost(void *pointer) {
    __atomic_fetch_sub(&live, (long)malloc_usable_size(pointer), __ATOMIC_RELAXED);
}

void *malloc(size_t size) { return gained(__libc_malloc(size)); }

void *calloc(size_t number, size_t size) { return gained(__libc_calloc(number, size)); }

void *realloc(void *pointer, size_t size) {
    long before = (long)malloc_usable_size(pointer);
    void *result = __libc_realloc(pointer, size);
    // Where there is no memory the old one stays.
    if (result || !size) __atomic_fetch_sub(&live, before, __ATOMIC_RELAXED);
    return gained(result);
}

void free(void *pointer) {
    lost(pointer);
    __libc_free(pointer);
}

void *memalign(size_t alignment, size_t size) { return gained(__libc_memalign(alignment, size)); }

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **pointer, size_t alignment, size_t size) {
    void *memory = memalign(alignment, size);
    if (!memory) return ENOMEM;
    *pointer = memory;
    return 0;
}

long allocation_count(void) { return __atomic_load_n(&count, __ATOMIC_RELAXED); }

long allocation_live_bytes(void) { return __atomic_load_n(&live, __ATOMIC_RELAXED); }

long allocation_take_peak(void) {
    return __atomic_exchange_n(&peak, allocation_live_bytes(), __ATOMIC_RELAXED);
}

#else

long allocation_count(void) { return -1; }
long allocation_live_bytes(void) { return -1; }
long allocation_take_peak(void) { return -1; }

#endif
