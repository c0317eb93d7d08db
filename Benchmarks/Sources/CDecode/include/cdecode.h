#ifndef CDECODE_H
#define CDECODE_H

#include <stddef.h>
#include <stdint.h>

// PNG and JPEG files decoded as a program in C does it that calls libpng and TurboJPEG itself: what SwiftConvNet is measured
// against. It has what makes it fast: one handle of TurboJPEG and one piece of memory for all files, no limit, no check of warnings.

/// What is kept from file to file.
typedef struct cd_decoder cd_decoder;

/// A decoder; NULL if there is not enough memory.
cd_decoder *cd_make(void);
void cd_free(cd_decoder *decoder);

/// Decodes a JPEG file to red, green and blue, eight bits each; NULL if that fails. The pixels stay until the next call.
const uint8_t *cd_jpeg(cd_decoder *decoder, const uint8_t *data, size_t count, int *width, int *height);
/// Decodes a PNG file likewise; alpha is dropped.
const uint8_t *cd_png(cd_decoder *decoder, const uint8_t *data, size_t count, int *width, int *height);

#endif
