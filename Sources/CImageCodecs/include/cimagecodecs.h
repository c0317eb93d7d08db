#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H

#include <stddef.h>
#include <stdint.h>

// PNG by libpng and JPEG by TurboJPEG, for Swift: no jump leaves these functions. They exist with the package's trait Images
// alone. Each returns 1, or 0 with the reason in `message`, which has room for CI_MESSAGE_SIZE characters.

#define CI_MESSAGE_SIZE 256

// MARK: PNG

/// What a PNG file says about its pixels (ISO/IEC 15948, 11.2.2).
typedef struct {
    uint32_t width, height;
    /// 1, 2, 4, 8 or 16 bits for each value.
    int bit_depth;
    /// 0 grey, 2 colour, 3 palette, 4 grey with alpha, 6 colour with alpha.
    int colour_type;
} ci_png_header;

/// Reads everything before the pixels.
int ci_png_read_header(const uint8_t *data, size_t count, ci_png_header *header, char *message);

/// How pixels are wanted.
typedef enum {
    /// One byte: of the palette the index, of grey the level as it is stored. 16 bits and colour are refused.
    CI_INDICES = 0,
    /// One byte, the luma of ITU-R BT.601.
    CI_GREY = 1,
    /// Red, green, blue; alpha is dropped.
    CI_RGB = 3,
    /// Red, green, blue, alpha; 255 if the file has no alpha.
    CI_RGBA = 4,
} ci_form;

/// Decodes to eight bits for each value, of 16 bits the upper half. `pixels` has room for header.width * header.height pixels
/// of the form.
int ci_png_decode(const uint8_t *data, size_t count, ci_form form, const ci_png_header *header, uint8_t *pixels, char *message);

// MARK: JPEG

/// What a JPEG file says about its pixels.
typedef struct {
    int width, height;
    /// Whether the colours are those of print, CMYK or YCCK.
    int is_cmyk;
} ci_jpeg_header;

/// Reads everything before the pixels.
int ci_jpeg_read_header(const uint8_t *data, size_t count, ci_jpeg_header *header, char *message);

/// Decodes at 1 / `reduction` of the size, rounded up; `reduction` is 1, 2, 4 or 8. `form` is not CI_INDICES.
int ci_jpeg_decode(const uint8_t *data, size_t count, ci_form form, const ci_jpeg_header *header, int reduction,
                   uint8_t *pixels, char *message);

#endif
