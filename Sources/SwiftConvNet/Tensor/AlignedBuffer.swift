import Foundation

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

    /// Memory of `byteCount` bytes, all zero, for what errors call `role`.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if the machine does not have it.
    package init(byteCount: Int, for role: String) throws {
        try MemoryCheck.require(byteCount, for: role)
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, Self.alignment, max(byteCount, 1)) == 0, let memory else {
            throw MemoryCheck.shortage(byteCount, for: role)
        }
        self.byteCount = byteCount
        base = memory
        base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    }

    /// Memory of `count` values, all zero, for what errors call `role`.
    ///
    /// - Throws: as `init(byteCount:for:)`.
    package convenience init(count: Int, for role: String) throws {
        try self.init(byteCount: count * MemoryLayout<Float>.stride, for: role)
    }

    /// Memory of `count` values, all zero, where Swift leaves no way to throw: for copies of values, which end the
    /// process without memory just as copies of arrays do.
    package static func forCopy(count: Int) -> AlignedBuffer {
        do { return try AlignedBuffer(count: count, for: "a copy of \(count) values") } catch {
            fatalError("\(error)")
        }
    }

    /// No memory: what stands where there is none yet. Costs nothing and cannot fail.
    package static let empty = AlignedBuffer()

    private init() {
        byteCount = 0
        base = UnsafeMutableRawPointer(bitPattern: Self.alignment).unsafelyUnwrapped
    }

    deinit { free(base) }

    /// The memory as values.
    package var floats: UnsafeMutablePointer<Float> { base.assumingMemoryBound(to: Float.self) }

    /// `byteCount` rounded up to whole cache lines.
    package static func rounded(_ byteCount: Int) -> Int {
        (byteCount + alignment - 1) / alignment * alignment
    }
}
