// Convolution as a matrix product needs each window of the image as a row. A row of a window is contiguous in the
// image (the channels are neighbours, and so are the pixels), so the work is short copies; memcpy's call would
// cost more than the copy, hence copies of whole vectors in line.

#include <string.h>

#include "dispatch.h"
#include "vectors.h"
#include "window.h"

/// Copies `count` floats. The last vector overlaps the one before, in place of a remainder loop.
CK_BODY void copy(const float *restrict from, float *restrict to, long count) {
    if (count >= 16) {
        long i = 0;
        for (; i + 16 <= count; i += 16) *(ck_float16 *)(to + i) = *(const ck_float16 *)(from + i);
        if (i < count) *(ck_float16 *)(to + count - 16) = *(const ck_float16 *)(from + count - 16);
    } else if (count >= 8) {
        ck_float8 head = *(const ck_float8 *)from, tail = *(const ck_float8 *)(from + count - 8);
        *(ck_float8 *)to = head;
        *(ck_float8 *)(to + count - 8) = tail;
    } else if (count >= 4) {
        ck_float4 head = *(const ck_float4 *)from, tail = *(const ck_float4 *)(from + count - 4);
        *(ck_float4 *)to = head;
        *(ck_float4 *)(to + count - 4) = tail;
    } else {
        if (count > 0) to[0] = from[0];
        if (count > 1) to[1] = from[1];
        if (count > 2) to[2] = from[2];
    }
}

CK_BODY void clear(float *to, long count) {
    for (long i = 0; i < count; i++) to[i] = 0.0f;
}

/// to += from
CK_BODY void add(const float *restrict from, float *restrict to, long count) {
    long i = 0;
    for (; i + 16 <= count; i += 16) *(ck_float16 *)(to + i) += *(const ck_float16 *)(from + i);
    if (i + 8 <= count) {
        *(ck_float8 *)(to + i) += *(const ck_float8 *)(from + i);
        i += 8;
    }
    if (i + 4 <= count) {
        *(ck_float4 *)(to + i) += *(const ck_float4 *)(from + i);
        i += 4;
    }
    for (; i < count; i++) to[i] += from[i];
}

/// One window that may reach out of the image, position by position.
CK_BODY void gather_clipped(const float *image, const ck_window *w, long row, long column, float *to) {
    long y = row * w->stride_height - w->pad_top, x = column * w->stride_width - w->pad_left;
    ck_range inside_y = ck_inside(y, w->kernel_height, w->dilation_height, w->height);
    ck_range inside_x = ck_inside(x, w->kernel_width, w->dilation_width, w->width);
    long span = w->kernel_width * w->channels;
    for (long ky = 0; ky < w->kernel_height; ky++, to += span) {
        if (ky < inside_y.from || ky >= inside_y.to) {
            clear(to, span);
            continue;
        }
        const float *line = image + (y + ky * w->dilation_height) * w->width * w->pixel_stride;
        clear(to, inside_x.from * w->channels);
        for (long kx = inside_x.from; kx < inside_x.to; kx++)
            copy(line + (x + kx * w->dilation_width) * w->pixel_stride, to + kx * w->channels, w->channels);
        clear(to + inside_x.to * w->channels, (w->kernel_width - inside_x.to) * w->channels);
    }
}

/// `count` windows side by side, all inside the image, whose rows are contiguous: `span` floats each. In the matrix
/// `skip` floats lie between a window and the next, which belong to other planes.
CK_BODY void gather_contiguous(const float *first, const ck_window *w, long count, long span, long skip, float *to) {
    long line = w->dilation_height * w->width * w->pixel_stride, step = w->stride_width * w->pixel_stride;
    for (long i = 0; i < count; i++, first += step, to += skip)
        for (long ky = 0; ky < w->kernel_height; ky++, to += span) copy(first + ky * line, to, span);
}

/// 3×3 windows of one channel, the first layer of many networks: three vectors of four per window, each of which
/// writes one float too many; the next write repairs it. The last window must not: it might leave both arrays.
CK_BODY void gather_3x3_one_channel(const float *first, const ck_window *w, long count, float *to) {
    long line = w->dilation_height * w->width, step = w->stride_width;
    for (long i = 0; i + 1 < count; i++, first += step, to += 9) {
        ck_float4 row0 = *(const ck_float4 *)first;
        ck_float4 row1 = *(const ck_float4 *)(first + line);
        ck_float4 row2 = *(const ck_float4 *)(first + 2 * line);
        *(ck_float4 *)to = row0;
        *(ck_float4 *)(to + 3) = row1;
        *(ck_float4 *)(to + 6) = row2;
    }
    if (count > 0)
        for (long ky = 0; ky < 3; ky++) copy(first + ky * line, to + 3 * ky, 3);
}

/// Windows inside the image, in whichever way is quickest.
CK_BODY void gather_interior(const float *first, const ck_window *w, long count, long skip, float *to) {
    long span = w->kernel_width * w->channels;
    if (w->dilation_width == 1 && w->pixel_stride == w->channels) {
        // Constants let the compiler unroll the common short copies.
        if (span == 3 && w->channels == 1 && w->kernel_height == 3 && skip == 0)
            gather_3x3_one_channel(first, w, count, to);
        else if (span == 5) gather_contiguous(first, w, count, 5, skip, to);
        else if (span == 9) gather_contiguous(first, w, count, 9, skip, to);
        else if (span == 96) gather_contiguous(first, w, count, 96, skip, to);
        else gather_contiguous(first, w, count, span, skip, to);
        return;
    }
    long line = w->dilation_height * w->width * w->pixel_stride;
    for (long i = 0; i < count; i++, first += w->stride_width * w->pixel_stride, to += skip)
        for (long ky = 0; ky < w->kernel_height; ky++)
            for (long kx = 0; kx < w->kernel_width; kx++, to += w->channels)
                copy(first + ky * line + kx * w->dilation_width * w->pixel_stride, to, w->channels);
}

/// The reverse of `gather_clipped`.
CK_BODY void scatter_clipped(const float *from, const ck_window *w, long row, long column, float *image) {
    long y = row * w->stride_height - w->pad_top, x = column * w->stride_width - w->pad_left;
    ck_range inside_y = ck_inside(y, w->kernel_height, w->dilation_height, w->height);
    ck_range inside_x = ck_inside(x, w->kernel_width, w->dilation_width, w->width);
    for (long ky = inside_y.from; ky < inside_y.to; ky++) {
        float *line = image + (y + ky * w->dilation_height) * w->width * w->pixel_stride;
        const float *in = from + ky * w->kernel_width * w->channels;
        for (long kx = inside_x.from; kx < inside_x.to; kx++)
            add(in + kx * w->channels, line + (x + kx * w->dilation_width) * w->pixel_stride, w->channels);
    }
}

CK_BODY void scatter_contiguous(const float *from, const ck_window *w, long count, long span, long skip,
                                int adds, float *first) {
    long line = w->dilation_height * w->width * w->pixel_stride, step = w->stride_width * w->pixel_stride;
    for (long i = 0; i < count; i++, first += step, from += skip)
        for (long ky = 0; ky < w->kernel_height; ky++, from += span) {
            if (adds) add(from, first + ky * line, span);
            else copy(from, first + ky * line, span);
        }
}

/// The reverse of `gather_interior`.
CK_BODY void scatter_interior(const float *from, const ck_window *w, long count, long skip, int adds, float *first) {
    long span = w->kernel_width * w->channels;
    if (w->dilation_width == 1 && w->pixel_stride == w->channels) {
        if (!adds) scatter_contiguous(from, w, count, span, skip, 0, first);
        else if (span == 96) scatter_contiguous(from, w, count, 96, skip, 1, first);
        else scatter_contiguous(from, w, count, span, skip, 1, first);
        return;
    }
    long line = w->dilation_height * w->width * w->pixel_stride;
    for (long i = 0; i < count; i++, first += w->stride_width * w->pixel_stride, from += skip)
        for (long ky = 0; ky < w->kernel_height; ky++)
            for (long kx = 0; kx < w->kernel_width; kx++, from += w->channels) {
                float *to = first + ky * line + kx * w->dilation_width * w->pixel_stride;
                if (adds) add(from, to, w->channels);
                else copy(from, to, w->channels);
            }
}

/// Walks over the rows of the matrix: `clipped` for each window that leaves the image, `interior` for each run of
/// windows side by side that do not. One macro for both directions, so that they cannot disagree.
#define FOR_EACH_RUN(window, first_row, row_count, clipped, interior)                                     \
    do {                                                                                                  \
        const ck_window *w_ = (window);                                                                   \
        ck_range whole_y = ck_interior(w_->output_height, w_->kernel_height, w_->stride_height,           \
                                       w_->dilation_height, w_->pad_top, w_->height);                     \
        ck_range whole_x = ck_interior(w_->output_width, w_->kernel_width, w_->stride_width,              \
                                       w_->dilation_width, w_->pad_left, w_->width);                      \
        long done = 0, row = (first_row) / w_->output_width, column = (first_row) % w_->output_width;     \
        while (done < (row_count)) {                                                                      \
            long end = column + (row_count) - done;                                                       \
            if (end > w_->output_width) end = w_->output_width;                                           \
            long from = end, to = end;                                                                    \
            if (row >= whole_y.from && row < whole_y.to) {                                                \
                from = whole_x.from < column ? column : whole_x.from > end ? end : whole_x.from;          \
                to = whole_x.to > end ? end : whole_x.to < from ? from : whole_x.to;                      \
            }                                                                                             \
            for (; column < from; column++, done++) clipped;                                              \
            if (to > from) {                                                                              \
                long count = to - from;                                                                   \
                interior;                                                                                 \
                column += count;                                                                          \
                done += count;                                                                            \
            }                                                                                             \
            for (; column < end; column++, done++) clipped;                                               \
            column = 0;                                                                                   \
            row++;                                                                                        \
        }                                                                                                 \
    } while (0)

/// The first element of the window at (row, column), which lies inside the image.
CK_BODY long window_start(const ck_window *w, long row, long column) {
    long y = row * w->stride_height - w->pad_top, x = column * w->stride_width - w->pad_left;
    return (y * w->width + x) * w->pixel_stride;
}

/// The part of the matrix that is one plane of the windows, over one plane of the image.
CK_BODY void gather_plane(const float *image, const ck_window *w, long first_row, long row_count, long skip,
                          float *columns) {
    long length = w->kernel_height * w->kernel_width * w->channels + skip;
    FOR_EACH_RUN(w, first_row, row_count, gather_clipped(image, w, row, column, columns + done * length),
                 gather_interior(image + window_start(w, row, column), w, count, skip, columns + done * length));
}

CK_BODY void scatter_plane(const float *columns, const ck_window *w, long first_row, long row_count, long skip,
                           int adds, float *image) {
    long length = w->kernel_height * w->kernel_width * w->channels + skip;
    FOR_EACH_RUN(w, first_row, row_count, scatter_clipped(columns + done * length, w, row, column, image),
                 scatter_interior(columns + done * length, w, count, skip, adds, image + window_start(w, row, column)));
}

/// Walks over the planes of the windows, for the rows of the matrix that belong to one plane of the output: `count` rows from
/// `first` on, whose part of the matrix begins at `place`. `inside` is for the plane of the image that begins at `plane`,
/// `outside` for one beyond its border.
#define FOR_EACH_PLANE(window, first_row, row_count, inside, outside)                                     \
    do {                                                                                                  \
        const ck_window *w_ = (window);                                                                   \
        long part = w_->kernel_height * w_->kernel_width * w_->channels;                                  \
        long pixels = w_->output_height * w_->output_width, skip = (w_->kernel_depth - 1) * part;         \
        for (long done = 0, count; done < (row_count); done += count) {                                   \
            long first = ((first_row) + done) % pixels;                                                   \
            count = (row_count) - done < pixels - first ? (row_count) - done : pixels - first;            \
            long z = ((first_row) + done) / pixels * w_->stride_depth - w_->pad_front;                    \
            ck_range inside_z = ck_inside(z, w_->kernel_depth, w_->dilation_depth, w_->depth);            \
            for (long kz = 0; kz < w_->kernel_depth; kz++) {                                              \
                long place = done * (part + skip) + kz * part;                                            \
                if (kz < inside_z.from || kz >= inside_z.to) {                                            \
                    outside;                                                                              \
                    continue;                                                                             \
                }                                                                                         \
                long plane = (z + kz * w_->dilation_depth) * w_->height * w_->width * w_->pixel_stride;   \
                inside;                                                                                   \
            }                                                                                             \
        }                                                                                                 \
    } while (0)

CK_BODY void clear_parts(float *to, long count, long part, long skip) {
    for (long i = 0; i < count; i++, to += part + skip) clear(to, part);
}

CK_BODY void ck_im2col_body(const float *image, const ck_window *window, long first_row, long row_count,
                            float *columns) {
    ck_window w = *window;  // a copy, which stores to `columns` cannot change
    if (ck_is_plane(&w)) {
        gather_plane(image, &w, first_row, row_count, 0, columns);
        return;
    }
    FOR_EACH_PLANE(&w, first_row, row_count, gather_plane(image + plane, &w, first, count, skip, columns + place),
                   clear_parts(columns + place, count, part, skip));
}

CK_BODY void ck_col2im_body(const float *columns, const ck_window *window, long first_row, long row_count, int adds,
                            float *image) {
    ck_window w = *window;
    if (ck_is_plane(&w)) {
        scatter_plane(columns, &w, first_row, row_count, 0, adds, image);
        return;
    }
    FOR_EACH_PLANE(&w, first_row, row_count,
                   scatter_plane(columns + place, &w, first, count, skip, adds, image + plane), );
}

CK_KERNEL(void, ck_im2col,
          (const float *image, const ck_window *window, long first_row, long row_count, float *columns),
          (image, window, first_row, row_count, columns))
CK_KERNEL(void, ck_col2im,
          (const float *columns, const ck_window *window, long first_row, long row_count, int adds, float *image),
          (columns, window, first_row, row_count, adds, image))
