import Foundation

/// Which elements of an axis make up each element of the axis in another size.
struct AxisResampling: Sendable {
    /// An element of the axis, and its share.
    struct Tap: Sendable {
        let index: Int
        let weight: Float
    }

    /// For each element of the new axis; without any it lies outside.
    let taps: [[Tap]]

    /// - Parameters:
    ///   - scale: the ratio of the sizes, as the node says it.
    ///   - region: the part that is read, in shares of the axis, if only a part is.
    init(
        _ settings: ResizeSettings,
        from size: Int,
        to target: Int,
        scale: Double,
        region: (Double, Double)?,
        _ node: ONNXNode
    ) throws {
        let coordinates = try (0..<target).map { place in
            try Self.coordinate(settings, Double(place), Double(size), Double(target), scale, region, node)
        }
        guard ["nearest", "linear", "bilinear", "trilinear", "cubic"].contains(settings.mode) else {
            throw node.unsupported("The mode \(settings.mode)")
        }
        let isCubic = settings.mode == "cubic"
        // A smaller image is a mean over all that its elements stand for, if it is asked for.
        let shrink = settings.antialias ? min(scale, 1) : 1
        let radius = (isCubic ? 2.0 : 1) / shrink
        guard scale > 0, scale.isFinite, radius <= Self.placeLimit,
            coordinates.allSatisfy({ abs($0) <= Self.placeLimit })
        else {
            throw ConvNetError(
                .argument,
                "A resized axis has no places, or places far outside",
                expected: "a positive scale, and places that numbers can tell apart",
                received: "the scale \(scale), for \(size) elements that become \(target)"
            )
        }
        let width = settings.mode == "nearest" ? 1 : 2 * Int(radius.rounded(.up)) + 1
        let byteCount = Shape([target, width, MemoryLayout<Tap>.stride]).elementCount
        try MemoryCheck.require(byteCount, for: "the elements of a resized axis")
        taps = coordinates.map { x in
            if region != nil, x < 0 || x > Double(size - 1) { return [] }
            if settings.mode == "nearest" {
                return [Tap(index: min(max(Self.rounded(x, settings.rounding), 0), size - 1), weight: 1)]
            }
            let first = Int((x - radius).rounded(.down)) + 1, last = Int((x + radius).rounded(.up)) - 1
            var shares = (first...max(last, first)).map { index in
                (index, Self.share((x - Double(index)) * shrink, isCubic ? settings.cubic : nil))
            }
            if settings.excludesOutside { shares = shares.filter { (0..<size).contains($0.0) } }
            let sum = shares.reduce(0) { $0 + $1.1 }
            return shares.filter { $0.1 != 0 }.map {
                Tap(index: min(max($0.0, 0), size - 1), weight: Float($0.1 / sum))
            }
        }
    }

    /// More than the elements of any axis: what lies further away is no place.
    private static let placeLimit = 0x1p40

    /// Where an element of the new axis lies on the old one.
    private static func coordinate(
        _ settings: ResizeSettings,
        _ x: Double,
        _ size: Double,
        _ target: Double,
        _ scale: Double,
        _ region: (Double, Double)?,
        _ node: ONNXNode
    ) throws -> Double {
        switch settings.coordinates {
        case "half_pixel": return (x + 0.5) / scale - 0.5
        case "half_pixel_symmetric":
            let adjustment = target / (scale * size), center = size / 2
            return center * (1 - adjustment) + (x + 0.5) / scale - 0.5
        case "pytorch_half_pixel": return target > 1 ? (x + 0.5) / scale - 0.5 : 0
        case "align_corners": return target == 1 ? 0 : x * (size - 1) / (scale * size - 1)
        case "asymmetric": return x / scale
        case "tf_half_pixel_for_nn": return (x + 0.5) / scale
        case "tf_crop_and_resize":
            let (start, end) = region ?? (0, 1)
            return target > 1
                ? start * (size - 1) + x * (end - start) * (size - 1) / (target - 1)
                : 0.5 * (start + end) * (size - 1)
        default: throw node.unsupported("The coordinates \(settings.coordinates)")
        }
    }

    private static func rounded(_ x: Double, _ rule: String) -> Int {
        switch rule {
        case "floor": Int(x.rounded(.down))
        case "ceil": Int(x.rounded(.up))
        case "round_prefer_ceil": Int((x + 0.5).rounded(.down))
        default: Int((x - 0.5).rounded(.up))
        }
    }

    /// The share of an element at a distance: a triangle, or Keys' cubic.
    private static func share(_ distance: Double, _ cubic: Double?) -> Double {
        let x = abs(distance)
        guard let a = cubic else { return max(1 - x, 0) }
        if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
    }
}
