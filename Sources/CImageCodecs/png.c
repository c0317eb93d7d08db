// PNG by libpng's low-level interface. An error is a longjmp to `run`, which is below every function of libpng on the stack, and
// above every caller: what it needs is in a struct of the caller, so that no variable is lost by the jump.

#ifdef IMAGES

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cimagecodecs.h"

struct ci_png {
    const uint8_t *data;
    size_t left;
    png_structp png;
    png_infop info;
    char *message;
    ci_png_header header;
    ci_form form;
    uint8_t *pixels;
};

typedef struct ci_png reader;

static void fail(png_structp png, png_const_charp message) {
    reader *r = png_get_error_ptr(png);
    snprintf(r->message, CI_MESSAGE_SIZE, "%s", message);
    png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
    reader *r = png_get_io_ptr(png);
    if (count > r->left) png_error(png, "the file ends early");
    memcpy(target, r->data, count);
    r->data += count;
    r->left -= count;
}

/// Calls `body`; 0 if libpng has jumped out of it.
static int run(reader *r, void (*body)(reader *)) {
    if (setjmp(png_jmpbuf(r->png))) return 0;
    body(r);
    return 1;
}

static void read_header(reader *r) {
    // Text, profiles and the like are skipped: nothing here needs them, and their content could be large or broken in ways of
    // its own. Without the chunk for gamma, grey of colour is that of the stored values.
    static const png_byte skipped[] = "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0sTER\0tEXt"
                                      "\0tIME\0zTXt";
    png_set_read_fn(r->png, r, read_bytes);
    png_set_keep_unknown_chunks(r->png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
    png_set_keep_unknown_chunks(r->png, PNG_HANDLE_CHUNK_NEVER, skipped, (int)(sizeof skipped / 5));
    // Broken checksums are errors, in chunks that a decoder may leave out, too.
    png_set_crc_action(r->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    // The largest that the format has; what is allowed is checked before the pixels are asked for.
    png_set_user_limits(r->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_read_info(r->png, r->info);
    png_get_IHDR(r->png, r->info, &r->header.width, &r->header.height, &r->header.bit_depth, &r->header.colour_type, NULL,
                 NULL, NULL);
}

/// Asks for the transformations that lead to the form, the same as TensorFlow's decode_png but where that gives alpha of less
/// than eight bits.
static void transform(reader *r) {
    const int colour_type = r->header.colour_type, bit_depth = r->header.bit_depth;
    const int has_transparency = png_get_valid(r->png, r->info, PNG_INFO_tRNS) != 0;
    if (r->form == CI_INDICES) {
        if (bit_depth > 8 || (colour_type != PNG_COLOR_TYPE_PALETTE && colour_type != PNG_COLOR_TYPE_GRAY))
            png_error(r->png, "pixels are neither of a palette nor grey of at most 8 bits");
        png_set_packing(r->png);
        return;
    }
    if (bit_depth == 16) png_set_strip_16(r->png);
    png_set_packing(r->png);
    if (colour_type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(r->png);
    if (colour_type == PNG_COLOR_TYPE_GRAY && bit_depth < 8) png_set_expand_gray_1_2_4_to_8(r->png);
    if (r->form == CI_GREY) {
        if (colour_type & PNG_COLOR_MASK_COLOR) png_set_rgb_to_gray(r->png, PNG_ERROR_ACTION_NONE, 0.299, 0.587);
    } else if (!(colour_type & PNG_COLOR_MASK_COLOR)) {
        png_set_gray_to_rgb(r->png);
    }
    if (r->form != CI_RGBA) {
        png_set_strip_alpha(r->png);
    } else if (has_transparency) {
        png_set_tRNS_to_alpha(r->png);
    } else if (!(colour_type & PNG_COLOR_MASK_ALPHA)) {
        png_set_add_alpha(r->png, 0xFFFF, PNG_FILLER_AFTER);
    }
}

static void decode(reader *r) {
    transform(r);
    const int passes = png_set_interlace_handling(r->png);
    png_read_update_info(r->png, r->info);
    const size_t channels = r->form == CI_INDICES ? 1 : (size_t)r->form;
    const size_t row = r->header.width * channels;
    if (png_get_rowbytes(r->png, r->info) != row) png_error(r->png, "rows have an unexpected size");
    for (int pass = 0; pass < passes; pass++)
        for (size_t y = 0; y < r->header.height; y++) png_read_row(r->png, r->pixels + y * row, NULL);
    png_read_end(r->png, NULL);
}

ci_png *ci_png_open(const uint8_t *data, size_t count, ci_png_header *header, char *message) {
    snprintf(message, CI_MESSAGE_SIZE, "there is not enough memory");
    reader *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->data = data;
    r->left = count;
    r->message = message;
    r->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, r, fail, ignore);
    if (r->png) r->info = png_create_info_struct(r->png);
    if (!r->info || !run(r, read_header)) {
        ci_png_close(r);
        return NULL;
    }
    *header = r->header;
    return r;
}

int ci_png_decode(ci_png *file, ci_form form, uint8_t *pixels, char *message) {
    file->form = form;
    file->pixels = pixels;
    file->message = message;
    return run(file, decode);
}

void ci_png_close(ci_png *file) {
    png_destroy_read_struct(&file->png, file->info ? &file->info : NULL, NULL);
    free(file);
}

#endif
