/// Memory for floating-point values, aligned to a cache line, so that no vector load crosses two.
///
/// The one place that allocates memory for numbers: tensors, parameters, arenas and scratch stand on it.
package final class AlignedBuffer: @unchecked Sendable {
    // Sendable because the owner decides who writes: `Tensor` copies on write, the engine gives every
    // worker a part of its own.

    /// The alignment in bytes: a cache line, and the width of an AVX-512 register.
    package static let alignment = 64

    /// The first byte.
    package let base: UnsafeMutableRawPointer
    /// The size in bytes.
    package let byteCount: Int

    /// Memory of `byteCount` bytes, all zero.
    package init(byteCount: Int) {
        self.byteCount = byteCount
        base = .allocate(byteCount: max(byteCount, 1), alignment: Self.alignment)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    }

    /// Memory of `count` values, all zero.
    package convenience init(count: Int) { self.init(byteCount: count * MemoryLayout<Float>.stride) }

    deinit { base.deallocate() }

    /// The memory as values.
    package var floats: UnsafeMutablePointer<Float> { base.assumingMemoryBound(to: Float.self) }

    /// `byteCount` rounded up to whole cache lines.
    package static func rounded(_ byteCount: Int) -> Int {
        (byteCount + alignment - 1) / alignment * alignment
    }
}
