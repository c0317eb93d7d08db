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

    // MARK: The branches of an If

    /// x + 1 where the size of an axis is greater than a limit, x - 1 elsewhere.
    private func branching(on axis: Int, above limit: Int, _ sizes: [ONNXBuilder.Size]) throws -> ONNXFile {
        var more = ONNXBuilder(), less = ONNXBuilder()
        more.node("Add", ["x", "one"], ["a"])
        more.output("a")
        less.node("Sub", ["x", "one"], ["b"])
        less.output("b")
        var builder = ONNXBuilder()
        builder.input("x", sizes)
        builder.initializer("one", [], floats: [1])
        builder.initializer("axis", [], integers: [axis])
        builder.initializer("limit", [], integers: [limit])
        builder.node("Shape", ["x"], ["shape"])
        builder.node("Gather", ["shape", "axis"], ["size"])
        builder.node("Greater", ["size", "limit"], ["isLarge"])
        let branches: KeyValuePairs<String, ONNXBuilder.Attribute> = [
            "then_branch": .graph(more), "else_branch": .graph(less),
        ]
        builder.node("If", ["isLarge"], ["y"], name: "choice", branches)
        builder.output("y", sizes)
        return try ONNXFile(bytes: builder.bytes)
    }

    @Test func anIfIsAnErrorAtSizesOfItsOtherBranch() throws {
        let file = try branching(on: 2, above: 100, [.name("n"), .number(1), .name("h"), .name("w")])
        let small = try Tensor(zeros: [2, 1, 50, 4]), large = try Tensor(zeros: [2, 1, 200, 4])
        let imported = try file.imported(ONNXOptions(sizes: ["h": 50]))
        #expect(try imported.predictions(for: ["x": small])["y"]?.elements.allSatisfy { $0 == -1 } == true)
        let error = try #require(throws: ConvNetError.self) { try imported.predictions(for: ["x": large]) }
        #expect(error.kind == .shape && "\(error)".contains("another branch"), "\(error)")
        #expect("\(error)".contains("sizes"), "\(error)")
        let other = try file.imported(ONNXOptions(sizes: ["h": 200]))
        #expect(try other.predictions(for: ["x": large])["y"]?.elements.allSatisfy { $0 == 1 } == true)
        #expect(throws: ConvNetError.self) { try other.predictions(for: ["x": small]) }
    }

    @Test func anIfOfTheBatchSeesTheWholeBatch() throws {
        let imported = try branching(on: 0, above: 1, [.name("n"), .number(3)]).imported()
        #expect(imported.inputs.map(\.hasBatchAxis) == [false])
        let y = try imported.predictions(for: ["x": Tensor(zeros: [4, 3])])["y"]
        #expect(y == (try Tensor(Array(repeating: 1, count: 12), shape: [4, 3])))
        #expect(throws: ConvNetError.self) { try imported.predictions(for: ["x": Tensor(zeros: [1, 3])]) }
    }

    // MARK: The size of the batch

    /// A graph that begins with the size of the batch, `n`, of an input of the sizes [n, 2].
    private func batchSize() -> ONNXBuilder {
        var builder = ONNXBuilder()
        builder.input("x", [.name("N"), .number(2)])
        builder.initializer("zero", integers: [0])
        builder.node("Shape", ["x"], ["s"])
        builder.node("Gather", ["s", "zero"], ["n"])
        return builder
    }

    @Test(arguments: [1, 4]) func productsWithTheBatchSizeAreThoseOfTheWholeBatch(count: Int) throws {
        var builder = batchSize()
        builder.node("Cast", ["n"], ["factor"], ["to": .integer(1)])
        builder.node("Mul", ["x", "factor"], ["y"])
        builder.output("y", [.name("N"), .number(2)])
        let x = try Tensor((0..<2 * count).map { Float($0) - 3 }, shape: [count, 2])
        let y = try ONNXFile(bytes: builder.bytes).imported().predictions(for: ["x": x])["y"]
        #expect(y == (try Tensor(x.elements.map { $0 * Float(count) }, shape: [count, 2])))
    }

    @Test(arguments: [1, 4]) func aShapeAsOutputIsThatOfTheWholeBatch(count: Int) throws {
        var builder = batchSize()
        builder.node("Cast", ["s"], ["y"], ["to": .integer(1)])
        builder.output("y", [.number(2)])
        let imported = try ONNXFile(bytes: builder.bytes).imported()
        let y = try imported.predictions(for: ["x": Tensor(zeros: [count, 2])])["y"]
        #expect(y == (try Tensor([Float(count), 2], shape: [2])))
    }

    /// As of positions along a first axis that is no batch but a sequence.
    @Test func aWeightThatIsCutToTheFirstAxisHasItsRows() throws {
        var builder = batchSize()
        builder.initializer("positions", [8, 2], floats: (0..<16).map { Float($0) })
        builder.node("Slice", ["positions", "zero", "n", "zero"], ["rows"])
        builder.node("Add", ["x", "rows"], ["y"])
        builder.output("y", [.name("N"), .number(2)])
        let imported = try ONNXFile(bytes: builder.bytes).imported()
        let y = try imported.predictions(for: ["x": Tensor(zeros: [3, 2])])["y"]
        #expect(y?.elements == [0, 1, 2, 3, 4, 5])
    }

    @Test(arguments: ["n", "one"]) func aSliceOfTheBatchIsWholeOnlyIfItEndsAtItsSize(end: String) throws {
        var builder = batchSize()
        builder.initializer("one", integers: [1])
        builder.node("Slice", ["x", "zero", end, "zero"], ["y"])
        builder.output("y", [.name("M"), .number(2)])
        let imported = try ONNXFile(bytes: builder.bytes).imported()
        #expect(imported.inputs.map(\.hasBatchAxis) == [end == "n"])
        let x = try Tensor((0..<6).map { Float($0) }, shape: [3, 2])
        let y = try imported.predictions(for: ["x": x])["y"]
        #expect(y?.elements == (end == "n" ? [0, 1, 2, 3, 4, 5] : [0, 1]))
    }

    @Test func theBatchStaysWhereItsSizeOnlyMakesShapes() throws {
        var builder = batchSize()
        builder.initializer("two", integers: [2])
        builder.initializer("six", [1, 2], floats: [6, 7])
        // Zeros and a row for each sample, and a view of all samples together.
        builder.node("ConstantOfShape", ["s"], ["zeros"])
        builder.node("Expand", ["six", "s"], ["row"])
        builder.node("Mul", ["n", "two"], ["count"])
        builder.node("Reshape", ["x", "count"], ["flat"])
        builder.node("Relu", ["flat"], ["positive"])
        builder.node("Reshape", ["positive", "s"], ["back"])
        builder.node("Add", ["back", "zeros"], ["sum"])
        builder.node("Add", ["sum", "row"], ["y"])
        builder.output("y", [.name("N"), .number(2)])
        let imported = try ONNXFile(bytes: builder.bytes).imported()
        #expect(imported.inputs.map(\.hasBatchAxis) == [true])
        let x = try Tensor([-1, 2, 3, -4, 5, 6], shape: [3, 2])
        #expect(try imported.predictions(for: ["x": x])["y"]?.elements == [6, 9, 9, 7, 11, 13])
    }

    // MARK: Versions

    private func file(opset: Int, axis: Int) throws -> ONNXFile {
        var builder = ONNXBuilder()
        builder.opset = opset
        builder.input("x", [.number(1), .number(2)])
        builder.initializer("w", [2], floats: [1, 2])
        builder.node(
            "Add",
            ["x", "w"],
            ["y"],
            name: "sum",
            ["broadcast": .integer(1), "axis": .integer(axis)]
        )
        builder.output("y", [.number(1), .number(2)])
        return try ONNXFile(bytes: builder.bytes)
    }

    @Test(arguments: [6, 7, 28]) func versionsThatAreKnownAreRead(opset: Int) throws {
        let y = try file(opset: opset, axis: 1).imported().predictions(for: ["x": Tensor(zeros: [1, 2])])["y"]
        #expect(y?.elements == [1, 2])
    }

    @Test(arguments: [1, 5, 29, 99]) func otherVersionsAreRefused(opset: Int) throws {
        let file = try file(opset: opset, axis: 1)
        let error = try #require(throws: ConvNetError.self) { try file.imported() }
        #expect(error.kind == .format && error.received == "\(opset)", "\(error)")
    }

    @Test func whatOnlyOpset6AlignsIsRefused() throws {
        let file = try file(opset: 6, axis: 0)
        let error = try #require(throws: ConvNetError.self) { try file.imported() }
        #expect("\(error)".contains("sum (Add)") && "\(error)".contains("opset 6"), "\(error)")
    }
}
