/// A size for each of several axes, as users write them: a literal of one number for all, or of one for each.
///
/// A literal cannot throw, and a trap would end the process for what is a wrong argument like others. So a literal of another
/// number of elements is a size that keeps them, and that every layer refuses.
package protocol AxisSizes: Sendable, Hashable {
    /// What the axes are called, in order.
    static var axes: [String] { get }
    /// The size along each axis.
    var sizes: [Int] { get }
    /// The numbers of a literal of another length.
    var misfit: [Int]? { get }
}

extension AxisSizes {
    /// The sizes as they are written: `[2, 3]`.
    package var text: String { "\(misfit ?? sizes)" }

    /// Whether there is a size for each axis.
    package var fits: Bool { misfit == nil }

    /// Checks that there is a size for each axis.
    package func requireFit(as role: String) throws {
        guard fits else {
            let axes = Self.axes.map { "a \($0)" }
            throw ConvNetError(
                .argument,
                "\(role) has \(axes.dropLast().joined(separator: ", ")) and \(axes[axes.count - 1])",
                at: role,
                expected:
                    "[\(Self.axes.joined(separator: ", "))], or one number for \(axes.count == 2 ? "both" : "all")",
                received: text
            )
        }
    }

    /// Checks that all are at least 1, and not absurd.
    package func validate(as role: String) throws {
        try requireFit(as: role)
        guard sizes.allSatisfy((1...largestSize).contains) else {
            throw ConvNetError(
                .argument,
                "\(role) must be at least 1 each way",
                at: role,
                expected: "1...\(largestSize) each way",
                received: text
            )
        }
    }
}

/// The largest size along an axis: with it, no product of two and no sum of sizes leaves the range of `Int`.
package let largestSize = Int(Int32.max)

/// Checks that the size of the only axis is at least 1, and not absurd.
package func requireSize(_ size: Int, as role: String) throws {
    guard (1...largestSize).contains(size) else {
        throw ConvNetError(
            .argument,
            "\(role) must be at least 1",
            at: role,
            expected: "1...\(largestSize)",
            received: "\(size)"
        )
    }
}
