// JPEG by TurboJPEG, which catches its own jumps. A handle that has met a broken table refuses whole files after it, so each
// call has a handle of its own; that costs a hundredth of the decoding of a small picture.

#ifdef IMAGES

#include <stdio.h>
#include <turbojpeg.h>

#include "cimagecodecs.h"

static int with_handle(int (*body)(tjhandle, void *), void *context, char *message) {
    tjhandle handle = tjInitDecompress();
    if (!handle) {
        snprintf(message, CI_MESSAGE_SIZE, "there is not enough memory");
        return 0;
    }
    const int is_done = body(handle, context) == 0;
    if (!is_done) snprintf(message, CI_MESSAGE_SIZE, "%s", tjGetErrorStr2(handle));
    tjDestroy(handle);
    return is_done;
}

typedef struct {
    const uint8_t *data;
    size_t count;
    ci_jpeg_header header;
    ci_form form;
    int reduction;
    uint8_t *pixels;
} request;

static int read_header(tjhandle handle, void *context) {
    request *r = context;
    int subsampling, space;
    const int code =
        tjDecompressHeader3(handle, r->data, r->count, &r->header.width, &r->header.height, &subsampling, &space);
    r->header.is_cmyk = code == 0 && (space == TJCS_CMYK || space == TJCS_YCCK);
    return code;
}

static int decode(tjhandle handle, void *context) {
    request *r = context;
    const int format = r->form == CI_GREY ? TJPF_GRAY : r->form == CI_RGB ? TJPF_RGB : TJPF_RGBA;
    // TJSCALED's rounding. The library takes the largest of its scales that fits into both sizes, which is this one, or one
    // that gives the same sizes.
    const int width = (r->header.width + r->reduction - 1) / r->reduction;
    const int height = (r->header.height + r->reduction - 1) / r->reduction;
    return tjDecompress2(handle, r->data, r->count, r->pixels, width, 0, height, format,
                         TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING);
}

int ci_jpeg_read_header(const uint8_t *data, size_t count, ci_jpeg_header *header, char *message) {
    request r = {.data = data, .count = count};
    const int is_done = with_handle(read_header, &r, message);
    *header = r.header;
    return is_done;
}

int ci_jpeg_decode(const uint8_t *data, size_t count, ci_form form, const ci_jpeg_header *header, int reduction,
                   uint8_t *pixels, char *message) {
    request r = {
        .data = data, .count = count, .header = *header, .form = form, .reduction = reduction, .pixels = pixels};
    return with_handle(decode, &r, message);
}

#endif
