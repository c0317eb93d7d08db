import Foundation

/// How much memory this process may take, by everyone who has a say; `nil` for no limit, or an unknown one.
package struct MemoryLimits: Sendable, Hashable {
    /// What is free on the machine, in bytes.
    package var available: Int?
    /// The limit of the control group, or the lowest of those above it, in bytes.
    package var controlGroup: Int?
    /// The limit of the address space (`ulimit -v`), in bytes.
    package var addressSpace: Int?
    /// What is taken of the address space, in bytes.
    package var addressSpaceUsed: Int?

    package init(
        available: Int? = nil,
        controlGroup: Int? = nil,
        addressSpace: Int? = nil,
        addressSpaceUsed: Int? = nil
    ) {
        self.addressSpaceUsed = addressSpaceUsed
        self.available = available
        self.controlGroup = controlGroup
        self.addressSpace = addressSpace
    }

    /// Those of this process, now.
    package static var current: MemoryLimits {
        var limits = MemoryLimits(addressSpace: AddressSpace.limit) {
            try? String(contentsOfFile: $0, encoding: .utf8)
        }
        limits.addressSpaceUsed = AddressSpace.used
        return limits
    }

    /// From `/proc/meminfo` and the control groups.
    package init(addressSpace: Int?, readingFrom read: @escaping (String) -> String?) {
        self.addressSpace = addressSpace
        let line = read("/proc/meminfo")?.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        available = kilobytes.map { $0 << 10 }
        controlGroup = ControlGroups(readingFrom: read).memoryLimit
    }

    /// The lowest, with its name.
    package var least: (name: String, byteCount: Int)? { all.min { $0.byteCount < $1.byteCount } }

    private var all: [(name: String, byteCount: Int)] {
        [
            ("what is free on the machine", available), ("the control group's limit of memory", controlGroup),
            ("the limit of the address space (ulimit -v)", addressSpace),
        ].compactMap { name, count in count.map { (name, $0) } }
    }

    /// Bytes for people: `1.5 GB`.
    package static func text(_ byteCount: Int) -> String {
        byteCount < 1 << 30
            ? String(format: "%.0f MB", Double(byteCount) / 1e6)
            : String(format: "%.1f GB", Double(byteCount) / 1e9)
    }
}

extension MemoryLimits: CustomStringConvertible {
    package var description: String {
        func text(_ limit: Int?) -> String { limit.map(Self.text) ?? "no limit" }
        return "\(available.map(Self.text) ?? "unknown") free, control group \(text(controlGroup)), "
            + "address space \(text(addressSpace))"
            + (addressSpace == nil ? "" : ", of which \(addressSpaceUsed.map(Self.text) ?? "some") taken")
    }
}
