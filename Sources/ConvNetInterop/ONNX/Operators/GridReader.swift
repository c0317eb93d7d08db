import Foundation

/// Reads images `[N, C, sizes]` at the places that a grid `[N, places, axes]` names, in shares of the image from -1 to 1.
struct GridReader: Sendable {
    /// The shape of what is read: `[N, C, places]`.
    let output: [Int]
    private let images: Int, channels: Int, sizes: [Int], places: Int
    private let mode: String, border: String
    private let alignsCorners: Bool

    init(_ node: ONNXNode, _ dims: [Int], _ grid: [Int]) throws {
        guard dims.count >= 3, grid.count == dims.count, grid.last == dims.count - 2, grid.first == dims.first
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
        case "linear", "bilinear": mode = "linear"
        case "cubic", "bicubic": mode = "cubic"
        case "nearest": mode = "nearest"
        case let other: throw node.unsupported("The mode \(other)")
        }
    }

    func run(_ memory: PlainOperator.Memory) {
        let pixels = sizes.reduce(1, *), strides = Literal.strides(sizes)
        for image in 0..<images {
            for place in 0..<places {
                let point = memory.inputs[1] + (image * places + place) * sizes.count
                // The grid names the last axis first.
                var pixelTaps = [(place: 0, share: 1.0)]
                for axis in sizes.indices {
                    let own = taps(Double(point[sizes.count - 1 - axis]), sizes[axis])
                    var joined: [(place: Int, share: Double)] = []
                    for tap in pixelTaps {
                        for (index, share) in own {
                            guard let index else { continue }
                            joined.append((tap.place + index * strides[axis], tap.share * share))
                        }
                    }
                    pixelTaps = joined
                }
                for channel in 0..<channels {
                    let source = memory.inputs[0] + (image * channels + channel) * pixels
                    let sum = pixelTaps.reduce(0.0) { $0 + $1.share * Double(source[$1.place]) }
                    memory.outputs[0][(image * channels + channel) * places + place] = Float(sum)
                }
            }
        }
    }

    /// The elements of an axis that make up a place, and their shares; `nil` for what lies outside.
    private func taps(_ share: Double, _ size: Int) -> [(Int?, Double)] {
        let length = Double(size)
        var x = alignsCorners ? (share + 1) / 2 * (length - 1) : ((share + 1) * length - 1) / 2
        if mode != "cubic" {
            if border == "border" { x = min(max(x, 0), length - 1) }
            if border == "reflection" { x = reflected(x, size) }
        }
        switch mode {
        case "nearest": return [(element(Int(x.rounded(.toNearestOrEven)), size), 1)]
        case "cubic":
            let first = Int(x.rounded(.down))
            return (-1...2).map { (element(first + $0, size), Self.cubic(abs(x - Double(first + $0)))) }
        default:
            let first = Int(x.rounded(.down)), rest = x - Double(first)
            return [(element(first, size), 1 - rest), (element(first + 1, size), rest)]
        }
    }

    private func element(_ index: Int, _ size: Int) -> Int? {
        if (0..<size).contains(index) { return index }
        switch border {
        case "border": return min(max(index, 0), size - 1)
        case "reflection": return min(max(Int(reflected(Double(index), size).rounded()), 0), size - 1)
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

    /// Keys' cubic with a = -0.75.
    private static func cubic(_ x: Double) -> Double {
        let a = -0.75
        return x <= 1
            ? ((a + 2) * x - (a + 3)) * x * x + 1 : x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
    }
}
