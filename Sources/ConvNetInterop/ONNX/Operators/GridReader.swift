import Foundation

/// Reads images `[N, C, sizes]` at the places that a grid `[N, places, axes]` names, in shares of the image from -1 to 1.
struct GridReader: Sendable {
    /// How neighbouring elements make up a place.
    private enum Mode {
        case nearest, linear, cubic

        /// The neighbours, from the element at or before the place on.
        var offsets: ClosedRange<Int> {
            switch self {
            case .nearest: 0...0
            case .linear: 0...1
            case .cubic: -1...2
            }
        }

        /// The share of a neighbour by its distance; Keys' cubic has a = -0.75.
        func share(_ distance: Double) -> Double {
            switch self {
            case .nearest: 1
            case .linear: 1 - distance
            case .cubic: Self.cubic(distance)
            }
        }

        private static func cubic(_ x: Double) -> Double {
            let a = -0.75
            if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
            return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
        }
    }

    /// The shape of what is read: `[N, C, places]`.
    let output: [Int]
    private let images: Int, channels: Int, sizes: [Int], places: Int
    private let mode: Mode, border: String
    private let alignsCorners: Bool

    init(_ node: ONNXNode, _ dims: [Int], _ grid: [Int]) throws {
        guard dims.count >= 3, grid.count == dims.count, grid.last == dims.count - 2,
            grid.first == dims.first, !dims.contains(0)
        else {
            throw ConvNetError(.shape, "A grid does not fit its images", received: "\(dims) and \(grid)")
        }
        images = dims[0]
        channels = dims[1]
        sizes = Array(dims.dropFirst(2))
        output = [images, channels] + grid[1..<(grid.count - 1)]
        places = output.dropFirst(2).reduce(1, *)
        border = node.text("padding_mode", default: "zeros")
        alignsCorners = node.integer("align_corners", default: 0) != 0
        switch node.text("mode", default: "linear") {
        case "linear", "bilinear": mode = .linear
        case "cubic", "bicubic": mode = .cubic
        case "nearest": mode = .nearest
        case let other: throw node.unsupported("The mode \(other)")
        }
    }

    func run(_ memory: PlainOperator.Memory) {
        memory.outputs[0].update(repeating: 0, count: images * channels * places)
        forEachTap(memory.inputs[1]) { source, target, share in
            memory.outputs[0][target] += share * memory.inputs[0][source]
        }
    }

    /// Adds to the gradient of the images.
    func runBack(_ gradients: PlainOperator.Gradients) {
        guard let images = gradients.operands[0] else { return }
        forEachTap(gradients.inputs[1]) { source, target, share in
            images[source] += share * gradients.output[target]
        }
    }

    /// Calls `body` with each element of the images that is read, the element of the output to which it adds, and its share.
    private func forEachTap(_ grid: UnsafePointer<Float>, _ body: (Int, Int, Float) -> Void) {
        let pixels = sizes.reduce(1, *)
        for image in 0..<images {
            for place in 0..<places {
                let point = grid + (image * places + place) * sizes.count
                visit(point, axis: 0, pixel: 0, share: 1) { pixel, share in
                    for channel in 0..<channels {
                        let plane = image * channels + channel
                        body(plane * pixels + pixel, plane * places + place, Float(share))
                    }
                }
            }
        }
    }

    /// Goes through the elements of the axes from one on that make up a place.
    private func visit(
        _ point: UnsafePointer<Float>,
        axis: Int,
        pixel: Int,
        share: Double,
        _ body: (Int, Double) -> Void
    ) {
        guard axis < sizes.count else { return body(pixel, share) }
        let size = sizes[axis]
        // The grid names the last axis first.
        let x = coordinate(Double(point[sizes.count - 1 - axis]), size)
        let first = Literal.integer(mode == .nearest ? x.rounded(.toNearestOrEven) : x.rounded(.down))
        // What is so far outside has no neighbours that could be inside.
        guard first > .min + 4, first < .max - 4 else { return }
        for offset in mode.offsets {
            guard let index = element(first + offset, size) else { continue }
            let part = mode.share(abs(x - Double(first + offset)))
            visit(point, axis: axis + 1, pixel: pixel * size + index, share: share * part, body)
        }
    }

    /// A share of the image from -1 to 1 as a place among the elements of an axis.
    private func coordinate(_ share: Double, _ size: Int) -> Double {
        let length = Double(size)
        let x = alignsCorners ? (share + 1) / 2 * (length - 1) : ((share + 1) * length - 1) / 2
        guard mode != .cubic else { return x }
        return switch border {
        case "border": min(max(x, 0), length - 1)
        case "reflection": reflected(x, size)
        default: x
        }
    }

    private func element(_ index: Int, _ size: Int) -> Int? {
        if (0..<size).contains(index) { return index }
        switch border {
        case "border": return min(max(index, 0), size - 1)
        case "reflection":
            return min(max(Literal.integer(reflected(Double(index), size).rounded()), 0), size - 1)
        default: return nil
        }
    }

    private func reflected(_ x: Double, _ size: Int) -> Double {
        let low = alignsCorners ? 0 : -0.5, high = alignsCorners ? Double(size - 1) : Double(size) - 0.5
        guard high > low else { return 0 }
        let range = high - low
        var rest = (x - low).truncatingRemainder(dividingBy: 2 * range)
        if rest < 0 { rest += 2 * range }
        return low + (rest > range ? 2 * range - rest : rest)
    }
}
