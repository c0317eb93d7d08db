import ConvNetInterop
import SwiftConvNet
import Testing

/// Axes of any size: what a node makes at one size has to suit the next nodes at all others.
@Suite struct ONNXOpenSizeTests {
    private func images(_ count: Int, _ height: Int, _ width: Int) throws -> Tensor {
        try Tensor(shape: [count, 2, height, width]) { index in
            let place = index[0] * 31 + index[1] * 17 + index[2] * 5 + index[3]
            return Float(place % 11) / 11 - 0.4
        }
    }

    /// The sum mixes what lies along the first axis, so that this is part of a sample: it may have size 1 like any other.
    @Test func aFirstAxisThatIsNoBatchMayHaveSizeOne() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(2), .name("H"), .name("W")])
        builder.initializer("w", [3, 2, 1, 1], floats: [1, 2, -1, 0.5, 0, 3])
        builder.node("Conv", ["x", "w"], ["c"])
        builder.node("Shape", ["c"], ["s"])
        builder.node("Reshape", ["c", "s"], ["r"])
        builder.node("Einsum", ["r", "c"], ["y"], ["equation": .text("bchw,bdhw->bcd")])
        builder.output("y")
        let imported = try ONNXFile(bytes: builder.bytes).imported()
        let all = try #require(try imported.predictions(for: ["x": images(3, 4, 5)])["y"])
        let one = try #require(try imported.predictions(for: ["x": images(1, 4, 5)])["y"])
        #expect(all.shape == [3, 3, 3] && one.shape == [1, 3, 3])
        for (a, b) in zip(one.elements, all.elements) { #expect(abs(a - b) < 1e-5) }
        // The second filter's sum of squares, by hand.
        var expected: Float = 0
        let x = try images(1, 4, 5)
        for row in 0..<4 {
            for column in 0..<5 {
                let value = -x[0, 0, row, column] + 0.5 * x[0, 1, row, column]
                expected += value * value
            }
        }
        #expect(abs(one[0, 1, 1] - expected) < 1e-5)
    }

    /// An output of the sizes [N, 2, 3], seen in between as [N * 2, 3]. PyTorch's older exporter names sizes that it does not know.
    @Test(arguments: ["N", "Reshape5_dim_0"]) func theBatchReturnsToAnOutput(size: String) throws {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(6)])
        builder.initializer("rows", integers: [-1, 3])
        builder.initializer("zero", integers: [0])
        builder.initializer("rest", integers: [2, 3])
        builder.node("Reshape", ["x", "rows"], ["a"])
        builder.node("Relu", ["a"], ["b"])
        builder.node("Shape", ["x"], ["s"])
        builder.node("Gather", ["s", "zero"], ["n"])
        builder.node("Concat", ["n", "rest"], ["target"], ["axis": .integer(0)])
        builder.node("Reshape", ["b", "target"], ["y"])
        builder.output("y", [.name(size), .number(2), .number(3)])
        let imported = try ONNXFile(bytes: builder.bytes).imported()
        let x = try Tensor((0..<18).map { Float($0) - 9 }, shape: [3, 6])
        let y = try #require(try imported.predictions(for: ["x": x])["y"])
        #expect(y == (try Tensor(x.elements.map { max($0, 0) }, shape: [3, 2, 3])))
    }

    @Test func theReasonsAreThoseOfTheAttemptThatCameFurthest() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.number(1), .number(1), .name("H"), .name("W")])
        builder.initializer("w", [2, 1, 8, 8], floats: Array(repeating: 1, count: 128))
        builder.initializer("seven", integers: [1, 7, 3])
        builder.initializer("eleven", integers: [1, 11, 5])
        builder.node("Conv", ["x", "w"], ["c"], name: "conv", ["strides": .integers([8, 8])])
        builder.node("Reshape", ["c", "seven"], ["a"], name: "first")
        builder.node("Reshape", ["c", "eleven"], ["b"], name: "second")
        builder.output("a")
        builder.output("b")
        let error = try #require(throws: ConvNetError.self) { try ONNXFile(bytes: builder.bytes).imported() }
        let received = try #require(error.received)
        #expect(received.contains("first (Reshape)") && received.contains("second (Reshape)"), "\(received)")
        #expect(!received.contains("conv (Conv)"))
    }
}
