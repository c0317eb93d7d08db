import ConvNetInterop
import Testing

/// Files whose shapes, axes and sizes do not fit each other, or ask for more than there is: each is an error, and none ends the
/// process.
@Suite struct ONNXHostileShapeTests {
    /// A model that is refused.
    struct Hostile: Sendable, CustomTestStringConvertible {
        let name: String
        let sizes: [Int]
        let opset: Int
        let build: @Sendable (inout ONNXBuilder) -> Void

        var testDescription: String { name }

        init(
            _ name: String,
            _ sizes: [Int] = [1, 3],
            opset: Int = 17,
            build: @escaping @Sendable (inout ONNXBuilder) -> Void
        ) {
            self.name = name
            self.sizes = sizes
            self.opset = opset
            self.build = build
        }

        /// Reads the file, and lets the model predict.
        func run() throws {
            var builder = ONNXBuilder()
            builder.opset = opset
            builder.input("x", sizes.map { .number($0) })
            build(&builder)
            builder.output("y")
            let imported = try ONNXFile(bytes: builder.bytes).imported()
            _ = try imported.predictions(for: ["x": Tensor(zeros: Shape(sizes))])
        }
    }

    @Test(arguments: gathering + parts + shapes + resizes) func isRefused(_ hostile: Hostile) throws {
        #expect(throws: ConvNetError.self) { try hostile.run() }
    }

    @Test(arguments: tooLarge) func whatNoMachineHoldsIsOneOfTheEnvironment(_ hostile: Hostile) throws {
        let error = try #require(throws: ConvNetError.self) { try hostile.run() }
        #expect(error.kind == .environment, "\(error)")
    }

    /// The elements, and what is near them, of valid models that the checks of hostile ones look at.
    @Test func whatFitsIsComputed() throws {
        var builder = ONNXBuilder()
        builder.input("x", [.number(2), .number(3)])
        builder.initializer("i", [1, 2], integers: [2, -3])
        builder.initializer("u", [1, 2], floats: [10, 20])
        builder.initializer("e", [0], floats: [])
        builder.initializer("c", [2], floats: [1, 2])
        builder.node("GatherElements", ["x", "i"], ["g"], ["axis": .integer(1)])
        builder.node("ScatterElements", ["x", "i", "u"], ["s"], ["axis": .integer(1)])
        // What has no elements is joined to anything.
        builder.node("Concat", ["e", "c"], ["k"], ["axis": .integer(0)])
        builder.node("Mul", ["g", "k"], ["p"])
        builder.output("p", [.number(1), .number(2)])
        builder.output("s", [.number(2), .number(3)])
        let imported = try ONNXFile(bytes: builder.bytes).imported()
        let found = try imported.predictions(for: ["x": Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])])
        #expect(found["p"]?.elements == [3, 2])
        #expect(found["s"]?.elements == [20, 2, 10, 4, 5, 6])
    }

    /// Adds the sum of a tensor to the input.
    private static func use(_ name: String, in builder: inout ONNXBuilder) {
        builder.node("ReduceSum", [name], ["sum"], ["keepdims": .integer(0)])
        builder.node("Add", ["x", "sum"], ["y"])
    }

    /// A node that makes 8 x 8 pixels of a region.
    private static func resize(_ region: [Float], _ mode: String = "nearest", in builder: inout ONNXBuilder) {
        builder.initializer("roi", [region.count], floats: region)
        builder.initializer("sizes", integers: [1, 1, 8, 8])
        builder.node(
            "Resize",
            ["x", "roi", "", "sizes"],
            ["y"],
            ["mode": .text(mode), "coordinate_transformation_mode": .text("tf_crop_and_resize")]
        )
    }

    private static let ones = [Float](repeating: 1, count: 50)

    // MARK: Models

    static let gathering: [Hostile] = [
        Hostile("GatherElements with more rows of indices than the tensor has") {
            $0.initializer("i", [50, 1], integers: [Int](repeating: 0, count: 50))
            $0.node("GatherElements", ["x", "i"], ["y"], ["axis": .integer(1)])
        },
        Hostile("GatherElements with indices of another rank") {
            $0.initializer("i", [1], integers: [0])
            $0.node("GatherElements", ["x", "i"], ["y"], ["axis": .integer(1)])
        },
        Hostile("ScatterElements with more rows of indices than the tensor has") {
            $0.initializer("i", [50, 1], integers: [Int](repeating: 0, count: 50))
            $0.initializer("u", [50, 1], floats: ones)
            $0.node("ScatterElements", ["x", "i", "u"], ["y"], ["axis": .integer(1)])
        },
        Hostile("ScatterElements with fewer updates than indices") {
            $0.initializer("i", [1, 3], integers: [0, 1, 2])
            $0.initializer("u", [1, 1], floats: [1])
            $0.node("ScatterElements", ["x", "i", "u"], ["y"], ["axis": .integer(1)])
        },
        Hostile("ScatterND with fewer updates than indices") {
            $0.initializer("i", [3, 2], integers: [0, 0, 0, 1, 0, 2])
            $0.initializer("u", [1], floats: [1])
            $0.node("ScatterND", ["x", "i", "u"], ["y"])
        },
        Hostile("GatherND with another batch", [3, 3]) {
            $0.initializer("i", [1, 1], integers: [0])
            $0.node("GatherND", ["x", "i"], ["y"], ["batch_dims": .integer(1)])
        },
        Hostile("GatherND of a constant with another batch") {
            $0.initializer("a", [3, 3], floats: Array(ones.prefix(9)))
            $0.initializer("i", [1, 1], integers: [1])
            $0.node("GatherND", ["a", "i"], ["k"], ["batch_dims": .integer(1)])
            use("k", in: &$0)
        },
        Hostile("GatherND with more batch axes than any number") {
            $0.initializer("i", [1, 1], integers: [0])
            $0.node("GatherND", ["x", "i"], ["y"], ["batch_dims": .integer(.max)])
        },
        Hostile("TopK of nothing") {
            $0.initializer("a", [0], floats: [])
            $0.initializer("n", integers: [1])
            $0.node("TopK", ["a", "n"], ["k", "i"])
            use("k", in: &$0)
        },
    ]

    static let parts: [Hostile] = [
        Hostile("Concat with a single number") {
            $0.initializer("b", [], floats: [1])
            $0.node("Concat", ["x", "b"], ["y"], ["axis": .integer(1)])
        },
        Hostile("Concat with a computed single number") {
            $0.initializer("i", [], integers: [0])
            $0.node("Gather", ["x", "i"], ["g"], ["axis": .integer(1)])
            $0.node("Concat", ["x", "g"], ["y"], ["axis": .integer(1)])
        },
        Hostile("Concat of constants of other sizes") {
            $0.initializer("a", [2, 3], floats: Array(ones.prefix(6)))
            $0.initializer("b", [3, 3], floats: Array(ones.prefix(9)))
            $0.node("Concat", ["a", "b"], ["k"], ["axis": .integer(1)])
            use("k", in: &$0)
        },
        Hostile("Concat of constants of other ranks") {
            $0.initializer("a", [2, 3], floats: Array(ones.prefix(6)))
            $0.initializer("b", [3], floats: Array(ones.prefix(3)))
            $0.node("Concat", ["a", "b"], ["k"], ["axis": .integer(1)])
            use("k", in: &$0)
        },
        Hostile("Split into no parts", opset: 18) {
            $0.node("Split", ["x"], ["y"], ["axis": .integer(1), "num_outputs": .integer(0)])
        },
        Hostile("Split into -1 parts", opset: 18) {
            $0.node("Split", ["x"], ["y"], ["axis": .integer(1), "num_outputs": .integer(-1)])
        },
        Hostile("Split into more parts than any number", opset: 18) {
            $0.node("Split", ["x"], ["y"], ["axis": .integer(1), "num_outputs": .integer(.max)])
        },
        Hostile("Split of a constant into no parts", opset: 18) {
            $0.initializer("a", [3], floats: [1, 2, 3])
            $0.node("Split", ["a"], ["k"], ["axis": .integer(0), "num_outputs": .integer(0)])
            $0.node("Add", ["x", "k"], ["y"])
        },
        Hostile("Split into parts whose sum is no number") {
            $0.initializer("s", integers: [.max, .max, 5])
            $0.node("Split", ["x", "s"], ["y"], ["axis": .integer(1)])
        },
        Hostile("Slice that names an axis twice") {
            $0.initializer("a", [5], floats: Array(ones.prefix(5)))
            $0.initializer("s", integers: [3, 3])
            $0.initializer("e", integers: [5, 5])
            $0.initializer("axes", integers: [0, 0])
            $0.node("Slice", ["a", "s", "e", "axes"], ["k"])
            use("k", in: &$0)
        },
        Hostile("Expand of a constant to a negative size") {
            $0.initializer("a", [1], floats: [1])
            $0.initializer("t", integers: [-1])
            $0.node("Expand", ["a", "t"], ["k"])
            use("k", in: &$0)
        },
        Hostile("Expand to a negative size") {
            $0.initializer("t", integers: [1, -3])
            $0.node("Expand", ["x", "t"], ["y"])
        },
        Hostile("Tile of a constant by a negative number") {
            $0.initializer("a", [2], floats: [1, 2])
            $0.initializer("t", integers: [-2])
            $0.node("Tile", ["a", "t"], ["k"])
            use("k", in: &$0)
        },
        Hostile("Tile by the largest number") {
            $0.initializer("t", integers: [1, .max])
            $0.node("Tile", ["x", "t"], ["y"])
        },
    ]

    static let shapes: [Hostile] = [
        Hostile("Transpose of a constant with axes that it does not have") {
            $0.initializer("a", [3, 3], floats: Array(ones.prefix(9)))
            $0.node("Transpose", ["a"], ["k"], ["perm": .integers([5, 0])])
            $0.node("Add", ["x", "k"], ["y"])
        },
        Hostile("Transpose of a constant that leaves an axis out") {
            $0.initializer("a", [3, 3], floats: Array(ones.prefix(9)))
            $0.node("Transpose", ["a"], ["k"], ["perm": .integers([0])])
            $0.node("Add", ["x", "k"], ["y"])
        },
        Hostile("Squeeze of a constant's axis that is not of size 1") {
            $0.initializer("a", [1, 3], floats: [1, 2, 3])
            $0.initializer("axes", integers: [1])
            $0.node("Squeeze", ["a", "axes"], ["k"])
            use("k", in: &$0)
        },
        Hostile("DepthToSpace in huge blocks", [1, 4, 4, 4]) {
            $0.node("DepthToSpace", ["x"], ["y"], ["blocksize": .integer(1 << 40)])
        },
        Hostile("DepthToSpace in blocks of 0", [1, 4, 4, 4]) {
            $0.node("DepthToSpace", ["x"], ["y"], ["blocksize": .integer(0)])
        },
        Hostile("SpaceToDepth in huge blocks", [1, 4, 4, 4]) {
            $0.node("SpaceToDepth", ["x"], ["y"], ["blocksize": .integer(1 << 40)])
        },
        Hostile("ConstantOfShape of nothing times very much") {
            $0.initializer("s", integers: [0, 1 << 62, 1 << 62])
            $0.node("ConstantOfShape", ["s"], ["k"])
            $0.node("Transpose", ["k"], ["t"], ["perm": .integers([1, 2, 0])])
            use("t", in: &$0)
        },
        Hostile("ConstantOfShape of a negative size") {
            $0.initializer("s", integers: [-1])
            $0.node("ConstantOfShape", ["s"], ["k"])
            use("k", in: &$0)
        },
        Hostile("MeanVarianceNormalization along an axis that is not there") {
            $0.node("MeanVarianceNormalization", ["x"], ["y"], ["axes": .integers([9])])
        },
        Hostile("EyeLike with a diagonal far away, of another size than what it is added to") {
            $0.initializer("a", [3, 5], floats: Array(ones.prefix(15)))
            $0.node("EyeLike", ["a"], ["k"], ["k": .integer(.max)])
            $0.node("Add", ["x", "k"], ["y"])
        },
    ]

    static let resizes: [Hostile] = [
        Hostile("Pad by the smallest number") {
            $0.initializer("p", integers: [0, .min, 0, 0])
            $0.node("Pad", ["x", "p"], ["y"])
        },
        Hostile("Pad by the largest number") {
            $0.initializer("p", integers: [0, .max, 0, .max])
            $0.node("Pad", ["x", "p"], ["y"], ["mode": .text("edge")])
        },
        Hostile("Pad by more than an axis has") {
            $0.initializer("p", integers: [0, 1 << 33, 0, 0])
            $0.node("Pad", ["x", "p"], ["y"], ["mode": .text("edge")])
        },
        Hostile("Pad with the edge of nothing") {
            $0.initializer("a", [0, 2], floats: [])
            $0.initializer("p", integers: [1, 0, 1, 0])
            $0.node("Pad", ["a", "p"], ["k"], ["mode": .text("edge")])
            use("k", in: &$0)
        },
        Hostile("Resize of a region that is no number", [1, 1, 4, 4]) {
            resize([0, 0, .nan, 0, 1, 1, 1, 1], "linear", in: &$0)
        },
        Hostile("Resize of a region without end", [1, 1, 1, 4]) {
            resize([0, 0, -.infinity, 0, 1, 1, .infinity, 1], in: &$0)
        },
        Hostile("Resize of a region far away", [1, 1, 4, 4]) {
            resize([0, 0, 1e30, 0, 1, 1, 2e30, 1], "cubic", in: &$0)
        },
        Hostile("Resize of a region of fewer axes", [1, 1, 4, 4]) { resize([0, 1], in: &$0) },
    ]

    /// Files of a few bytes whose outputs are terabytes.
    static let tooLarge: [Hostile] = [
        Hostile("Tile", [1, 3, 1]) {
            $0.initializer("t", integers: [1, 1 << 20, 1 << 20])
            $0.node("Tile", ["x", "t"], ["y"])
        },
        Hostile("Tile whose size in bytes is near the largest number", [1, 1, 1]) {
            $0.initializer("t", integers: [1, 1 << 30, 1 << 30])
            $0.node("Tile", ["x", "t"], ["a"])
            $0.node("Relu", ["a"], ["b"])
            $0.node("Neg", ["b"], ["y"])
        },
        Hostile("Expand", [1, 1, 1]) {
            $0.initializer("t", integers: [1, 1 << 21, 1 << 21])
            $0.node("Expand", ["x", "t"], ["y"])
        },
        Hostile("Pad", [1, 3, 3]) {
            $0.initializer("p", integers: [0, 1 << 21, 1 << 21, 0, 0, 0])
            $0.node("Pad", ["x", "p"], ["y"])
        },
        Hostile("Pad with the edge", [1, 3, 3]) {
            $0.initializer("p", integers: [0, 1 << 30, 1 << 30, 0, 0, 0])
            $0.node("Pad", ["x", "p"], ["y"], ["mode": .text("edge")])
        },
        Hostile("Resize", [1, 1 << 20, 1, 1]) {
            $0.initializer("sizes", integers: [1, 1 << 20, 1 << 12, 1 << 12])
            $0.node("Resize", ["x", "", "", "sizes"], ["y"])
        },
        Hostile("OneHot", [1, 1 << 20]) {
            $0.initializer("d", integers: [1 << 24])
            $0.initializer("v", [2], floats: [0, 1])
            $0.node("OneHot", ["x", "d", "v"], ["y"])
        },
    ]
}
