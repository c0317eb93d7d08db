#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H

#include <stddef.h>
#include <stdint.h>

// PNG by libpng and JPEG by TurboJPEG, for Swift: no jump leaves these functions. They exist with the package's trait Images
// alone. A file is opened, which reads its header, then decoded once if that is wanted, and closed. What fails gives NULL or 0, and
// the reason in `message`, which has room for CI_MESSAGE_SIZE characters. The bytes stay where they are until the file is closed.

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

typedef struct ci_png ci_png;

/// Reads everything before the pixels.
ci_png *ci_png_open(const uint8_t *data, size_t count, ci_png_header *header, char *message);
/// Decodes to eight bits for each value, of 16 bits the upper half. `pixels` has room for as many pixels of the form as the
/// header says.
int ci_png_decode(ci_png *file, ci_form form, uint8_t *pixels, char *message);
void ci_png_close(ci_png *file);

// MARK: JPEG

/// What a JPEG file says about its pixels.
typedef struct {
    int width, height;
    /// Whether the colours are those of print, CMYK or YCCK.
    int is_cmyk;
} ci_jpeg_header;

typedef struct ci_jpeg ci_jpeg;

/// Reads everything before the pixels; with `is_for_pixels` perhaps no more than the size, for `ci_jpeg_decode` reads all of it.
ci_jpeg *ci_jpeg_open(const uint8_t *data, size_t count, int is_for_pixels, ci_jpeg_header *header, char *message);
/// Decodes at 1 / `reduction` of the size, rounded up; `reduction` is 1, 2, 4 or 8. `form` is not CI_INDICES.
int ci_jpeg_decode(ci_jpeg *file, ci_form form, int reduction, uint8_t *pixels, char *message);
void ci_jpeg_close(ci_jpeg *file);

#endif
