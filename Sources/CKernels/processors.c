#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif

#include "ckernels.h"

int ck_affinity_processor_count(void) {
#if defined(__linux__)
    cpu_set_t mask;
    if (sched_getaffinity(0, sizeof mask, &mask) == 0) return CPU_COUNT(&mask);
#endif
    return 0;
}
