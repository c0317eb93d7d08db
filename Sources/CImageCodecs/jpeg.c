// JPEG by TurboJPEG, which catches its own jumps. A handle that has met a broken table refuses whole files after it, so each
// file has a handle of its own.

#ifdef IMAGES

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "cimagecodecs.h"

struct ci_jpeg {
    tjhandle handle;
    const uint8_t *data;
    size_t count;
    ci_jpeg_header header;
};

ci_jpeg *ci_jpeg_open(const uint8_t *data, size_t count, ci_jpeg_header *header, char *message) {
    snprintf(message, CI_MESSAGE_SIZE, "there is not enough memory");
    ci_jpeg *file = calloc(1, sizeof *file);
    if (!file) return NULL;
    file->data = data;
    file->count = count;
    file->handle = tjInitDecompress();
    int subsampling = -1, space = -1;
    // The call fails for a warning, too, and for factors of subsampling that have no name. What counts is what it has read.
    const int code = file->handle ? tjDecompressHeader3(file->handle, data, count, &file->header.width,
                                                        &file->header.height, &subsampling, &space)
                                  : -1;
    const int is_read = file->header.width > 0 && file->header.height > 0 && space >= 0;
    if (code != 0 && !is_read) {
        if (file->handle) snprintf(message, CI_MESSAGE_SIZE, "%s", tjGetErrorStr2(file->handle));
        ci_jpeg_close(file);
        return NULL;
    }
    file->header.is_cmyk = space == TJCS_CMYK || space == TJCS_YCCK;
    *header = file->header;
    return file;
}

/* Whether a warning is about what cameras and programs get wrong, and all decoders read: nothing of the picture is lost. */
static int is_harmless(const char *warning) {
    return strstr(warning, "extraneous bytes before marker 0xd9") != NULL || strstr(warning, "unknown JFIF revision") != NULL;
}

int ci_jpeg_decode(ci_jpeg *file, ci_form form, int reduction, uint8_t *pixels, char *message) {
    const int format = form == CI_GREY ? TJPF_GRAY : form == CI_RGB ? TJPF_RGB : TJPF_RGBA;
    // TJSCALED's rounding. The library takes the largest of its scales that fits into both sizes, which is this one, or one
    // that gives the same sizes.
    const int width = (file->header.width + reduction - 1) / reduction;
    const int height = (file->header.height + reduction - 1) / reduction;
    // A warning is a broken file, too: one that is cut short would have grey rows.
    int code = tjDecompress2(file->handle, file->data, file->count, pixels, width, 0, height, format,
                             TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING);
    if (code != 0 && is_harmless(tjGetErrorStr2(file->handle))) {
        code = tjDecompress2(file->handle, file->data, file->count, pixels, width, 0, height, format, TJFLAG_LIMITSCANS);
        if (code != 0 && tjGetErrorCode(file->handle) == TJERR_WARNING && is_harmless(tjGetErrorStr2(file->handle))) code = 0;
    }
    if (code != 0) snprintf(message, CI_MESSAGE_SIZE, "%s", tjGetErrorStr2(file->handle));
    return code == 0;
}

void ci_jpeg_close(ci_jpeg *file) {
    if (file->handle) tjDestroy(file->handle);
    free(file);
}

#endif
