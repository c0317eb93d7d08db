/// The Philox4x32-10 block function: 128 bits of counter and 64 bits of key to 128 random bits.
///
/// Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (2011). The constants are theirs.
/// The same function as `ck_philox` of `CKernels`.
package enum Philox {
    /// The four random words of one counter.
    package static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var (x, y, z, w) = (counter.x, counter.y, counter.z, counter.w)
        var (low, high) = (key.x, key.y)
        for _ in 0..<10 {
            let first = UInt64(x) * 0xD251_1F53
            let second = UInt64(z) * 0xCD9E_8D57
            (x, y, z, w) = (
                UInt32(truncatingIfNeeded: second >> 32) ^ y ^ low, UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: first >> 32) ^ w ^ high, UInt32(truncatingIfNeeded: first)
            )
            low &+= 0x9E37_79B9
            high &+= 0xBB67_AE85
        }
        return SIMD4(x, y, z, w)
    }
}
