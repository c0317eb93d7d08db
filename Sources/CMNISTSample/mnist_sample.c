#include "mnist_sample.h"

// #embed is C23; clang has it in every mode, with a warning.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t images[] = {
#embed "images-idx3-ubyte.gz"
};

static const uint8_t labels[] = {
#embed "labels-idx1-ubyte.gz"
};

const uint8_t *const mnist_sample_images = images;
const size_t mnist_sample_images_size = sizeof images;
const uint8_t *const mnist_sample_labels = labels;
const size_t mnist_sample_labels_size = sizeof labels;
