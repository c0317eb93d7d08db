import CKernels

/// SHA-256 (FIPS 180-4) of bytes that come in one piece or in many.
///
/// Our own, for a dependency on swift-crypto was measured to add two minutes to a first build.
package struct SHA256: Sendable {
    /// A digest of 32 bytes. Its description is the 64 lower-case hexadecimal digits.
    package struct Digest: Hashable, Sendable, CustomStringConvertible {
        /// The bytes of the digest.
        package let bytes: [UInt8]

        package var description: String {
            let digits = Array("0123456789abcdef".utf8)
            return String(
                decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
                as: UTF8.self
            )
        }
    }

    /// The bytes of a digest.
    package static let byteCount = 32
    private static let blockSize = 64

    // Section 5.3.3: the fractional parts of the square roots of the first eight primes.
    private var state: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
        0x5be0_cd19,
    ]
    /// The beginning of a block that is not full yet.
    private var pending: [UInt8] = []
    private var byteCount: UInt64 = 0

    /// Starts a digest.
    package init() {}

    /// Takes in more bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount &+= UInt64(bytes.count)
        var rest = bytes[...]
        if !pending.isEmpty {
            let missing = rest.prefix(Self.blockSize - pending.count)
            pending.append(contentsOf: missing)
            rest = rest.dropFirst(missing.count)
            guard pending.count == Self.blockSize else { return }
            compress(pending, blocks: 1)
            pending.removeAll(keepingCapacity: true)
        }
        let blocks = rest.count / Self.blockSize
        if blocks > 0 {
            compress(UnsafeRawBufferPointer(rebasing: rest), blocks: blocks)
            rest = rest.dropFirst(blocks * Self.blockSize)
        }
        pending.append(contentsOf: rest)
    }

    /// Takes in more bytes.
    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of all bytes so far; more may follow.
    package var digest: Digest {
        var copy = self
        // Section 5.1.1: a one, zeros, and the length in bits fill up the last block.
        let zeros = (Self.blockSize * 2 - 9 - pending.count) % Self.blockSize
        let bitCount = byteCount &* 8
        copy.update(
            [0x80] + [UInt8](repeating: 0, count: zeros)
                + stride(from: 56, through: 0, by: -8).map {
                    UInt8(truncatingIfNeeded: bitCount >> UInt64($0))
                }
        )
        return Digest(
            bytes: copy.state.flatMap { word in
                stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
            }
        )
    }

    /// The digest of `bytes`.
    package static func hash(_ bytes: [UInt8]) -> Digest {
        var hash = SHA256()
        hash.update(bytes)
        return hash.digest
    }

    private mutating func compress(_ bytes: [UInt8], blocks: Int) {
        bytes.withUnsafeBytes { compress($0, blocks: blocks) }
    }

    private mutating func compress(_ bytes: UnsafeRawBufferPointer, blocks: Int) {
        guard let base = bytes.baseAddress else { return }
        state.withUnsafeMutableBufferPointer {
            ck_sha256_blocks($0.baseAddress, base.assumingMemoryBound(to: UInt8.self), blocks)
        }
    }
}
