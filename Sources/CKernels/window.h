/// Arithmetic of sliding windows, shared by im2col and pooling.
#ifndef CK_WINDOW_H
#define CK_WINDOW_H

#include "dispatch.h"

/// The kernel positions `from ..< to` of one axis that lie inside the image, for the window that begins at `start`.
typedef struct {
    long from, to;
} ck_range;

CK_BODY ck_range ck_inside(long start, long kernel, long dilation, long size) {
    long from = start < 0 ? (-start + dilation - 1) / dilation : 0;
    long to = start < size ? (size - start + dilation - 1) / dilation : 0;
    if (to > kernel) to = kernel;
    if (from > to) from = to;
    return (ck_range){from, to};
}

/// The output positions `from ..< to` of one axis whose whole window lies inside the image.
CK_BODY ck_range ck_interior(long output, long kernel, long stride, long dilation, long pad, long size) {
    long reach = (kernel - 1) * dilation;
    long from = pad > 0 ? (pad + stride - 1) / stride : 0;
    long last = size - 1 - reach + pad;  // the last place where such a window may begin, padding counted
    long to = last >= 0 ? last / stride + 1 : 0;
    if (to > output) to = output;
    if (from > to) from = to;
    return (ck_range){from, to};
}

/// Whether image and windows have one plane.
CK_BODY int ck_is_plane(const ck_window *w) { return w->depth == 1 && w->kernel_depth == 1 && w->output_depth == 1; }

#endif
