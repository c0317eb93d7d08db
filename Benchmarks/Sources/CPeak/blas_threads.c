#include "cpeak.h"

// Declared here, for the library's own module of OpenBLAS is not for other packages; it is linked with the library.
extern void openblas_set_num_threads(int count);

void cp_set_blas_threads(int count) { openblas_set_num_threads(count); }
