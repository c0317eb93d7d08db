#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "cdecode.h"

struct cd_decoder {
    tjhandle jpeg;
    uint8_t *pixels;
    size_t room;
    const uint8_t *png_data;
    size_t png_left;
};

cd_decoder *cd_make(void) {
    cd_decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder) return NULL;
    decoder->jpeg = tjInitDecompress();
    if (decoder->jpeg) return decoder;
    free(decoder);
    return NULL;
}

void cd_free(cd_decoder *decoder) {
    tjDestroy(decoder->jpeg);
    free(decoder->pixels);
    free(decoder);
}

/// Whether there is memory for a picture of red, green and blue.
static int reserve(cd_decoder *decoder, size_t width, size_t height) {
    const size_t count = 3 * width * height;
    if (count <= decoder->room) return 1;
    uint8_t *pixels = realloc(decoder->pixels, count);
    if (!pixels) return 0;
    decoder->pixels = pixels;
    decoder->room = count;
    return 1;
}

const uint8_t *cd_jpeg(cd_decoder *decoder, const uint8_t *data, size_t count, int *width, int *height) {
    int subsampling, space;
    if (tjDecompressHeader3(decoder->jpeg, data, count, width, height, &subsampling, &space) != 0) return NULL;
    if (!reserve(decoder, (size_t)*width, (size_t)*height)) return NULL;
    if (tjDecompress2(decoder->jpeg, data, count, decoder->pixels, *width, 0, *height, TJPF_RGB, 0) != 0) return NULL;
    return decoder->pixels;
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
    cd_decoder *decoder = png_get_io_ptr(png);
    if (count > decoder->png_left) png_error(png, "the file ends early");
    memcpy(target, decoder->png_data, count);
    decoder->png_data += count;
    decoder->png_left -= count;
}

/// What libpng jumps out of where it fails.
static int read_png(cd_decoder *decoder, png_structp png, png_infop info, int *width, int *height) {
    if (setjmp(png_jmpbuf(png))) return 0;
    png_set_read_fn(png, decoder, read_bytes);
    png_read_info(png, info);
    *width = (int)png_get_image_width(png, info);
    *height = (int)png_get_image_height(png, info);
    png_set_expand(png);
    png_set_strip_16(png);
    png_set_strip_alpha(png);
    png_set_gray_to_rgb(png);
    const int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    const size_t row = png_get_rowbytes(png, info);
    if (row != 3 * (size_t)*width || !reserve(decoder, (size_t)*width, (size_t)*height)) return 0;
    for (int pass = 0; pass < passes; pass++)
        for (int y = 0; y < *height; y++) png_read_row(png, decoder->pixels + (size_t)y * row, NULL);
    png_read_end(png, NULL);
    return 1;
}

const uint8_t *cd_png(cd_decoder *decoder, const uint8_t *data, size_t count, int *width, int *height) {
    decoder->png_data = data;
    decoder->png_left = count;
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    const int is_read = info && read_png(decoder, png, info, width, height);
    if (png) png_destroy_read_struct(&png, info ? &info : NULL, NULL);
    return is_read ? decoder->pixels : NULL;
}
