/// In which order an epoch sees the samples.
///
/// ```swift
/// try model.fit(data, shuffle: .windows(of: 4096))  // also: true, false
/// ```
public struct Shuffle: Sendable, Hashable, ExpressibleByBooleanLiteral {
    private enum Extent: Hashable {
        case none, all
        case windows(Int)
    }

    private let extent: Extent

    private init(_ extent: Extent) { self.extent = extent }

    /// Whether each epoch sees all samples in an order of its own.
    public init(_ isOn: Bool) { self.init(isOn ? .all : .none) }

    public init(booleanLiteral value: Bool) { self.init(value) }

    /// All samples in an order of each epoch's own, as `true`.
    public static let all = Shuffle(.all)
    /// The order of the dataset, as `false`.
    public static let none = Shuffle(.none)

    /// Windows of neighbouring samples in random order, and the samples of each in random order: an epoch touches one window of a
    /// large file after the other. Samples that lie far apart do not meet in a batch, so write the file in random order.
    ///
    /// - Parameter size: the samples of a window, at least 1; the last one may be smaller.
    public static func windows(of size: Int) -> Shuffle { Shuffle(.windows(size)) }

    /// - Throws: `ConvNetError` of kind `argument` for windows without samples.
    func validate() throws {
        guard case .windows(let size) = extent, size < 1 else { return }
        throw ConvNetError(
            .argument,
            "Not a size of windows",
            at: "shuffle",
            expected: "at least 1",
            received: "\(size)"
        )
    }

    /// The order of one pass over the samples: a function of seed and pass alone.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    package func order(of count: Int, seed: UInt64, pass: Int) throws -> [Int] {
        var order = try MemoryCheck.indices(0..<count)
        var random = RandomStream(seed: seed, purpose: .shuffle, UInt32(truncatingIfNeeded: pass))
        switch extent {
        case .none: break
        case .all: order = random.permutation(of: count)
        case .windows(let size):
            // Without a sum that could overflow.
            let windows = count / size + (count.isMultiple(of: size) ? 0 : 1)
            var place = 0
            for window in random.permutation(of: windows) {
                let first = window * size, length = min(size, count - first)
                for sample in random.permutation(of: length) {
                    order[place] = first + sample
                    place += 1
                }
            }
        }
        return order
    }
}

extension Shuffle: CustomStringConvertible {
    /// `on`, `off`, or `windows of 4096`.
    public var description: String {
        switch extent {
        case .none: "off"
        case .all: "on"
        case .windows(let size): "windows of \(size)"
        }
    }
}
