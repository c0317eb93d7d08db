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

/* Reads the size from the frame header (ITU-T T.81, B.2.2) where everything before it is plain: segments of known kinds, one behind
   the other, and a frame of one or three components. The library's own reading makes tables on the way, a twelfth of the work for
   32 by 32 pixels. */
static int find_size(const uint8_t *data, size_t count, ci_jpeg_header *header) {
    if (count < 2 || data[0] != 0xFF || data[1] != 0xD8) return 0;
    for (size_t place = 2; count - place >= 10 && data[place] == 0xFF;) {
        const uint8_t *segment = data + place, marker = segment[1];
        const size_t length = (size_t)segment[2] << 8 | segment[3];
        if (marker >= 0xC0 && marker <= 0xC2) {
            const int components = segment[9];
            header->height = segment[5] << 8 | segment[6];
            header->width = segment[7] << 8 | segment[8];
            return segment[4] == 8 && (components == 1 || components == 3) && length == 8 + 3 * (size_t)components &&
                   header->width > 0 && header->height > 0;
        }
        // Applications' data, comments, tables and the interval of restarts.
        const int is_known = (marker & 0xF0) == 0xE0 || marker == 0xFE || marker == 0xDB || marker == 0xC4 || marker == 0xDD;
        if (!is_known || length < 2 || length + 2 > count - place) return 0;
        place += 2 + length;
    }
    return 0;
}

ci_jpeg *ci_jpeg_open(const uint8_t *data, size_t count, int is_for_pixels, ci_jpeg_header *header, char *message) {
    ci_jpeg *file = calloc(1, sizeof *file);
    if (file) file->handle = tjInitDecompress();
    if (!file || !file->handle) {
        snprintf(message, CI_MESSAGE_SIZE, "there is not enough memory");
        free(file);
        return NULL;
    }
    file->data = data;
    file->count = count;
    // Decoding reads the whole header anyway, and finds what is wrong in it.
    if (is_for_pixels && find_size(data, count, &file->header)) {
        *header = file->header;
        return file;
    }
    file->header = (ci_jpeg_header){0};
    int subsampling = -1, space = -1;
    // The call fails for a warning, too, and for factors of subsampling that have no name. What counts is what it has read.
    const int code =
        tjDecompressHeader3(file->handle, data, count, &file->header.width, &file->header.height, &subsampling, &space);
    const int is_read = file->header.width > 0 && file->header.height > 0 && space >= 0;
    if (code != 0 && !is_read) {
        snprintf(message, CI_MESSAGE_SIZE, "%s", tjGetErrorStr2(file->handle));
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
    tjDestroy(file->handle);
    free(file);
}

#endif
