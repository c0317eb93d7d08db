#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

/// The allocations of all threads so far; -1 where they cannot be counted (glibc alone).
long allocation_count(void);

#endif
