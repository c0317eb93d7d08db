#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

/// The allocations of all threads so far; -1 where they cannot be counted (glibc alone, and no sanitizer).
long allocation_count(void);

/// The bytes that are allocated now; -1 where they cannot be counted.
long allocation_live_bytes(void);

/// The most bytes that were allocated at once since the last call; -1 where they cannot be counted.
long allocation_take_peak(void);

#endif
