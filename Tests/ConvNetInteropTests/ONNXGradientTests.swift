import ConvNetInterop
import Foundation
import TestSupport
import Testing

/// Operators without a kernel of their own: outputs and gradients against finite differences of what ONNX defines, in `Double`.
@Suite struct ONNXGradientTests {
    /// Compares a graph of `x + shift` with an oracle of one sample.
    ///
    /// - Parameters:
    ///   - dims: the shape of a sample.
    ///   - outer: that of its output.
    ///   - build: adds nodes that make `y` of `s`.
    private func check(
        _ dims: [Int],
        _ outer: [Int],
        _ build: (inout ONNXBuilder) -> Void,
        oracle: @escaping ([Double]) -> [Double]
    ) throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N")] + dims.map { .number($0) })
        let count = dims.reduce(1, *)
        builder.initializer("shift", dims, floats: (0..<count).map { Float($0 % 3) / 8 })
        builder.node("Add", ["x", "shift"], ["s"], name: "first")
        build(&builder)
        builder.output("y", [.name("N")] + outer.map { .number($0) })
        let model = try ONNXFile(bytes: builder.bytes).imported().model
        let x = try TestValues.distinct(Shape([3] + dims), seed: 5)
        let check = try GradientCheck(model, x) { x, parameters in
            let shift = parameters["first/operand_1"]?.elements ?? []
            let samples = (0..<x.shape[0]).flatMap { sample in
                oracle((0..<count).map { x.elements[sample * count + $0] + shift[$0] })
            }
            return ReferenceTensor(shape: [x.shape[0]] + outer, elements: samples)
        }
        #expect(check.problems.isEmpty, "\(check.problems)")
        #expect(check.comparisons > 10)
    }

    @Test func choice() throws {
        try check([2, 3], [2, 3]) { builder in
            builder.node("Constant", [], ["bound"], ["value_floats": .floats([0, 0.5, -0.5])])
            builder.node("Greater", ["s", "bound"], ["c"])
            builder.node("Mul", ["s", "s"], ["square"])
            builder.node("Where", ["c", "square", "bound"], ["y"])
        } oracle: { s in
            s.enumerated().map { place, x in
                let bound = [0, 0.5, -0.5][place % 3]
                return x > bound ? x * x : bound
            }
        }
    }

    @Test func remainder() throws {
        try check([4], [4]) { builder in
            builder.node("Constant", [], ["bound"], ["value_floats": .floats([0.67])])
            builder.node("Mod", ["s", "bound"], ["y"], ["fmod": .integer(1)])
        } oracle: {
            $0.map { $0.truncatingRemainder(dividingBy: 0.67) }
        }
    }

    @Test(arguments: [1, 3, 4]) func neighbouringChannels(_ size: Int) throws {
        try check([5, 2, 2], [5, 2, 2]) { builder in
            builder.node(
                "LRN",
                ["s"],
                ["y"],
                [
                    "size": .integer(size), "alpha": .float(0.5), "beta": .float(0.75), "bias": .float(2),
                ]
            )
        } oracle: { s in
            s.indices.map { place in
                let channel = place / 4
                let first = max(channel - (size - 1) / 2, 0), last = min(channel + size / 2, 4)
                let sum = (first...last).reduce(0.0) { $0 + s[$1 * 4 + place % 4] * s[$1 * 4 + place % 4] }
                return s[place] / pow(2 + 0.5 / Double(size) * sum, 0.75)
            }
        }
    }

    @Test func maximaOfWindowsWithGapsAndABorder() throws {
        // Of an image of 7×6 elements and two channels.
        var windows: [[Int]] = []
        for place in 0..<18 {
            let channel = place / 9, row = 2 * (place / 3 % 3), column = 2 * (place % 3)
            var window: [Int] = []
            for y in [row - 1, row + 1, row + 3] where (0..<7).contains(y) {
                let first = (channel * 7 + y) * 6 + column
                window += [first, first + 1]
            }
            windows.append(window)
        }
        try check([2, 7, 6], [2, 3, 3]) { builder in
            builder.node(
                "MaxPool",
                ["s"],
                ["y"],
                [
                    "kernel_shape": .integers([3, 2]), "strides": .integers([2, 2]),
                    "dilations": .integers([2, 1]), "pads": .integers([1, 0, 1, 0]),
                ]
            )
        } oracle: { s in
            windows.map { $0.map { s[$0] }.max() ?? 0 }
        }
    }

    @Test func maximaOfWindowsThatAreNotFull() throws {
        try check([1, 6, 6], [1, 3, 3]) { builder in
            builder.node(
                "MaxPool",
                ["s"],
                ["y"],
                ["kernel_shape": .integers([3, 3]), "strides": .integers([2, 2]), "ceil_mode": .integer(1)]
            )
        } oracle: { s in
            (0..<9).map { place in
                let rows = (0..<3).map { place / 3 * 2 + $0 }.filter { $0 < 6 }
                let columns = (0..<3).map { place % 3 * 2 + $0 }.filter { $0 < 6 }
                return rows.flatMap { row in columns.map { s[row * 6 + $0] } }.max() ?? 0
            }
        }
    }

    @Test func meansOfWindowsWithTheirBorder() throws {
        try check([1, 4, 4], [1, 4, 4]) { builder in
            builder.node(
                "AveragePool",
                ["s"],
                ["y"],
                [
                    "kernel_shape": .integers([3, 3]), "pads": .integers([1, 1, 1, 1]),
                    "count_include_pad": .integer(1),
                ]
            )
        } oracle: { s in
            (0..<16).map { place in
                var sum = 0.0
                for row in (place / 4 - 1)...(place / 4 + 1) where (0..<4).contains(row) {
                    for column in (place % 4 - 1)...(place % 4 + 1) where (0..<4).contains(column) {
                        sum += s[row * 4 + column]
                    }
                }
                return sum / 9
            }
        }
    }

    @Test(arguments: [1, 2, 3]) func normsOfWindows(_ p: Int) throws {
        try check([1, 4, 4], [1, 2, 2]) { builder in
            // No number is 0, where an absolute value has no gradient.
            builder.node("Constant", [], ["offset"], ["value_floats": .floats([1.0 / 48])])
            builder.node("Add", ["s", "offset"], ["moved"])
            builder.node(
                "LpPool",
                ["moved"],
                ["y"],
                ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2]), "p": .integer(p)]
            )
        } oracle: { s in
            (0..<4).map { place in
                let first = place / 2 * 8 + place % 2 * 2
                let sum = [0, 1, 4, 5].reduce(0.0) { $0 + pow(abs(s[first + $1] + 1.0 / 48), Double(p)) }
                return pow(sum, 1 / Double(p))
            }
        }
    }

    @Test(arguments: [(0, 0), (0, 1), (1, 0), (1, 1)])
    func sumsOfAllBefore(_ isExclusive: Int, _ isReversed: Int) throws {
        try check([2, 4], [2, 4]) { builder in
            builder.initializer("axis", integers: [2])
            builder.node(
                "CumSum",
                ["s", "axis"],
                ["y"],
                ["exclusive": .integer(isExclusive), "reverse": .integer(isReversed)]
            )
        } oracle: { s in
            s.indices.map { place in
                let row = place / 4 * 4, column = place % 4
                let range =
                    isReversed == 1
                    ? (column + isExclusive)..<4 : 0..<(column + 1 - isExclusive)
                return range.reduce(0.0) { $0 + s[row + $1] }
            }
        }
    }

    @Test func triangle() throws {
        try check([3, 3], [3, 3]) { builder in
            builder.node("Trilu", ["s"], ["y"], ["upper": .integer(0)])
        } oracle: { s in
            s.indices.map { $0 % 3 <= $0 / 3 ? s[$0] : 0 }
        }
    }

    @Test func largestElements() throws {
        try check([5], [2]) { builder in
            builder.initializer("two", integers: [2])
            builder.node("TopK", ["s", "two"], ["y", ""])
        } oracle: {
            Array($0.sorted(by: >).prefix(2))
        }
    }

    @Test func reflectedBorder() throws {
        try check([1, 3], [1, 6]) { builder in
            builder.initializer("pads", integers: [0, 0, 2, 0, 0, 1])
            builder.node("Pad", ["s", "pads"], ["y"], ["mode": .text("reflect")])
        } oracle: { s in
            [2, 1, 0, 1, 2, 1].map { s[$0] }
        }
    }

    @Test func gatheredElements() throws {
        try check([2, 3], [2, 2]) { builder in
            builder.initializer("indices", [1, 2, 2], integers: [2, -3, 1, 1])
            builder.node("GatherElements", ["s", "indices"], ["y"], ["axis": .integer(2)])
        } oracle: { s in
            [s[2], s[0], s[4], s[4]]
        }
    }

    @Test func gatheredRows() throws {
        try check([2, 3], [3, 3]) { builder in
            builder.initializer("indices", [1, 3, 2], integers: [0, 1, 0, 0, 0, 1])
            builder.node("GatherND", ["s", "indices"], ["y"])
        } oracle: { s in
            [3, 4, 5, 0, 1, 2, 3, 4, 5].map { s[$0] }
        }
    }

    @Test(arguments: ["none", "add"]) func scatteredElements(_ reduction: String) throws {
        try check([4], [4]) { builder in
            builder.initializer("indices", [1, 2], integers: [3, 1])
            builder.initializer("ends", integers: [2])
            builder.initializer("zero", integers: [0])
            builder.initializer("one", integers: [1])
            builder.node("Slice", ["s", "zero", "ends", "one"], ["part"])
            builder.node("Mul", ["part", "part"], ["square"])
            builder.node(
                "ScatterElements",
                ["s", "indices", "square"],
                ["y"],
                ["axis": .integer(1), "reduction": .text(reduction)]
            )
        } oracle: { s in
            let base = reduction == "add" ? 1.0 : 0
            return [s[0], base * s[1] + s[1] * s[1], s[2], base * s[3] + s[0] * s[0]]
        }
    }

    @Test(arguments: ["none", "add"]) func scatteredRows(_ reduction: String) throws {
        try check([2, 2], [2, 2]) { builder in
            builder.initializer("indices", [1, 2], integers: [0, 1])
            builder.initializer("axis", integers: [1])
            builder.node("ReduceSum", ["s", "axis"], ["sum"], ["keepdims": .integer(0)])
            builder.node("ScatterND", ["s", "indices", "sum"], ["y"], ["reduction": .text(reduction)])
        } oracle: { s in
            let base = reduction == "add" ? 1.0 : 0
            return [s[0], s[1], base * s[2] + s[0] + s[2], base * s[3] + s[1] + s[3]]
        }
    }

    @Test func placesOfAGrid() throws {
        try check([1, 2, 2], [1, 1, 2]) { builder in
            // The middle of the image, and a place a quarter of the way from the first element to the second.
            builder.node("Constant", [], ["places"], ["value_floats": .floats([0, 0, -0.5, -1])])
            builder.initializer("dims", integers: [1, 1, 2, 2])
            builder.node("Reshape", ["places", "dims"], ["grid"])
            builder.node("GridSample", ["s", "grid"], ["y"], ["align_corners": .integer(1)])
        } oracle: { s in
            [s.reduce(0, +) / 4, 0.75 * s[0] + 0.25 * s[1]]
        }
    }

    @Test func whatHasNoBackwardPassIsRefusedByName() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(2)])
        builder.initializer("w", [2, 2], floats: [1, 2, 3, 4])
        builder.initializer("scale", [1], floats: [0.5])
        builder.node("MatMul", ["x", "w"], ["a"])
        builder.node("QuantizeLinear", ["a", "scale"], ["q"], name: "rounding")
        builder.node("DequantizeLinear", ["q", "scale"], ["y"])
        builder.output("y", [.name("N"), .number(2)])
        let model = try ONNXFile(bytes: builder.bytes).imported().model
        let x = try Tensor(shape: [2, 2]) { Float($0[0] + $0[1]) }
        let error = try #require(throws: ConvNetError.self) {
            try model.compile(optimizer: .sgd(), loss: .mse())
            _ = try model.fit(x, x, epochs: 1)
        }
        #expect("\(error)".contains("rounding"), "\(error)")
    }
}
