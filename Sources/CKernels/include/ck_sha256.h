/// The inner loop of SHA-256; padding and the handling of pieces are in Swift (`Persistence/SHA256.swift`).
#ifndef CK_SHA256_H
#define CK_SHA256_H

#include <stdint.h>

/// Takes `count` blocks of 64 bytes into the eight words of `state` (FIPS 180-4, section 6.2.2).
void ck_sha256_blocks(uint32_t state[8], const uint8_t *blocks, long count);

#endif
