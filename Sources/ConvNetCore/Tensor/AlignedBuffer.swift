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
    /// Whether the memory is pages of its own, not the allocator's.
    private let isMapped: Bool

    /// Memory of `byteCount` bytes, all zero, for what errors call `role`.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if the machine does not have it.
    package convenience init(byteCount: Int, for role: String) throws {
        try self.init(byteCount, for: role, inPages: false)
    }

    /// Memory of `byteCount` bytes, all zero, that is kept for long and then replaced by more, as an engine's is: from 1 MiB
    /// on, pages of its own, which the system has back at once. The allocator would keep what was given back, and a
    /// series of growing blocks would leave a series of holes, none of which fits the next one.
    ///
    /// - Throws: as `init(byteCount:for:)`.
    package convenience init(lasting byteCount: Int, for role: String) throws {
        try self.init(byteCount, for: role, inPages: byteCount >= 1 << 20)
    }

    private init(_ byteCount: Int, for role: String, inPages: Bool) throws {
        try MemoryCheck.require(byteCount, for: role)
        self.byteCount = byteCount
        isMapped = inPages
        if inPages {
            let pages = mmap(
                nil,
                byteCount,
                PROT_READ | PROT_WRITE,
                MAP_PRIVATE | Int32(MAP_ANONYMOUS),
                -1,
                0
            )
            guard let pages, pages != MAP_FAILED else { throw MemoryCheck.shortage(byteCount, for: role) }
            base = pages
        } else {
            var memory: UnsafeMutableRawPointer?
            guard posix_memalign(&memory, Self.alignment, max(byteCount, 1)) == 0, let memory else {
                throw MemoryCheck.shortage(byteCount, for: role)
            }
            base = memory
            base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        }
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
        isMapped = false
        base = UnsafeMutableRawPointer(bitPattern: Self.alignment).unsafelyUnwrapped
    }

    // `empty` owns nothing, and lives as long as the process.
    deinit {
        if isMapped { munmap(base, byteCount) } else { free(base) }
    }

    /// The memory as values.
    package var floats: UnsafeMutablePointer<Float> { base.assumingMemoryBound(to: Float.self) }

    /// `byteCount` rounded up to whole cache lines.
    package static func rounded(_ byteCount: Int) -> Int {
        (byteCount + alignment - 1) / alignment * alignment
    }
}
