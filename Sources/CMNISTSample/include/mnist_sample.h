/// A sample of MNIST: 5,000 digits as two gzip IDX files; see SOURCE.md.
#ifndef MNIST_SAMPLE_H
#define MNIST_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

/// The images: a gzip IDX file of 5000 x 28 x 28 bytes.
extern const uint8_t *const mnist_sample_images;
extern const size_t mnist_sample_images_size;
/// The labels: a gzip IDX file of 5000 bytes.
extern const uint8_t *const mnist_sample_labels;
extern const size_t mnist_sample_labels_size;

#endif
