#ifndef CPEAK_H
#define CPEAK_H

/// Vector instructions, from weak to strong; the numbers are those that the functions below take.
enum { CP_BASELINE = 0, CP_AVX2 = 1, CP_AVX512 = 2 };

/// The strongest vector instructions of this processor.
int cp_supported_level(void);

/// Multiplies and adds in registers, `iterations` times, with the instructions of a level that the processor has.
///
/// Returns the number of floating-point operations done, an addition and a multiplication as two; `sink` receives a
/// value that depends on all of them, so that none can be left out.
double cp_multiply_add(int level, long iterations, float *sink);

/// From now on OpenBLAS uses this many threads of its own in each call.
void cp_set_blas_threads(int count);

#endif
