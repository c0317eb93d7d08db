import Foundation

/// Refuses allocations that this machine cannot serve, before they end the process.
package enum MemoryCheck {
    /// Blocks below this size are not looked at: the reserve is for them.
    private static let smallest = 1 << 16

    /// What the machine has, or its control group grants, in bytes. Some systems grant more, and end the process when
    /// it is used.
    private static let most = min(
        Int(clamping: ProcessInfo.processInfo.physicalMemory),
        ControlGroups.current.memoryLimit ?? .max
    )

    /// Checks that `byteCount` bytes can be had, for what errors call `role`.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if not.
    package static func require(_ byteCount: Int, for role: String) throws {
        guard byteCount >= smallest else { return }
        guard byteCount <= most, AddressSpace.limit == nil || AddressSpace.has([byteCount]) else {
            throw shortage(byteCount, for: role)
        }
    }

    /// The numbers of a range, in memory that has been asked for.
    ///
    /// - Throws: as `require`.
    package static func indices(_ range: Range<Int>) throws -> [Int] {
        try require(range.count * MemoryLayout<Int>.stride, for: "the order of \(range.count) samples")
        return Array(range)
    }

    /// The error of an allocation that has failed, or would.
    package static func shortage(_ byteCount: Int, for role: String) -> ConvNetError {
        let limit = AddressSpace.limit
        let isLimited = byteCount <= most && limit != nil
        let received: String? =
            if isLimited, let limit, let used = AddressSpace.used {
                "\(max(limit - used, 0)) bytes of address space are left of \(limit) (ulimit -v), "
                    + "\(AddressSpace.reserve) of them for what is small"
            } else if byteCount > most {
                "\(most) bytes in all"
            } else { nil }
        return ConvNetError(
            .environment,
            "There is not enough memory",
            at: role,
            expected: "\(byteCount) bytes",
            received: received,
            remedy: isLimited
                ? "Raise the limit, or use smaller batches, images or layers"
                : "Use smaller batches, images or layers"
        )
    }
}
