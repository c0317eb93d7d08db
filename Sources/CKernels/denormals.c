// Arithmetic on denormal numbers is up to a hundred times slower, and a decaying moment estimate of an optimizer
// ends in them. The setting belongs to the thread, so each thread that computes asks for it.

#include "ckernels.h"

#if defined(__x86_64__)

#include <xmmintrin.h>

uint64_t ck_flush_denormals(void) {
    const unsigned flush_to_zero = 0x8000, denormals_are_zero = 0x0040;  // MXCSR bits 15 and 6
    unsigned before = _mm_getcsr();
    _mm_setcsr(before | flush_to_zero | denormals_are_zero);
    return before;
}

void ck_restore_denormals(uint64_t state) { _mm_setcsr((unsigned)state); }

#elif defined(__aarch64__)

uint64_t ck_flush_denormals(void) {
    const uint64_t flush_to_zero = 1ull << 24;  // FPCR.FZ: inputs and outputs
    uint64_t before;
    __asm__ volatile("mrs %0, fpcr" : "=r"(before));
    __asm__ volatile("msr fpcr, %0" : : "r"(before | flush_to_zero) : "memory");
    return before;
}

void ck_restore_denormals(uint64_t state) { __asm__ volatile("msr fpcr, %0" : : "r"(state) : "memory"); }

#else

// Denormals stay as they are: slower, never wrong.
uint64_t ck_flush_denormals(void) { return 0; }
void ck_restore_denormals(uint64_t state) { (void)state; }

#endif
