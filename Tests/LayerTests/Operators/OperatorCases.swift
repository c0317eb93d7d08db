import Foundation
import SwiftConvNet
import TestSupport

extension OperatorCase {
    private typealias Unary = (
        name: String, ops: @Sendable (Value, inout Lowering) throws -> Value,
        function: @Sendable (Double) -> Double
    )

    /// Functions of x, and of x² + 1/2 where they need what is positive.
    static let functions: [OperatorCase] = {
        let plain: [Unary] = [
            ("exp", { try $1.exp($0) }, { exp($0) }),
            ("abs", { try $1.abs($0) }, { abs($0) }),
            ("sin", { try $1.sin($1.multiply($0, 3)) }, { sin(3 * $0) }),
            ("cos", { try $1.cos($1.multiply($0, 3)) }, { cos(3 * $0) }),
            ("square", { try $1.square($0) }, { $0 * $0 }),
            ("sign", { try $1.multiply($1.sign($0), $0) }, { abs($0) }),
            ("negative", { try $1.negative($0) }, { -$0 }),
            ("tanh", { try $1.tanh($0) }, { tanh($0) }),
            ("sigmoid", { try $1.sigmoid($0) }, { 1 / (1 + exp(-$0)) }),
            ("relu", { try $1.relu($0) }, { max($0, 0) }),
            (
                "numbers", { try $1.subtract(3, $1.divide($1.add($1.subtract($0, 1), 3), 4)) },
                { 3 - ($0 + 2) / 4 }
            ),
            (
                "clip", { try $1.clip($0, -0.51, 1.01) },
                { min(max($0, Double(Float(-0.51))), Double(Float(1.01))) }
            ),
            ("power 2", { try $1.power($0, 2) }, { $0 * $0 }),
            ("power 1", { try $1.power($0, 1) }, { $0 }),
            ("power 3", { try $1.power($0, 3) }, { $0 * $0 * $0 }),
        ]
        let positive: [Unary] = [
            ("reciprocal", { try $1.reciprocal($0) }, { 1 / $0 }),
            ("a number over", { try $1.divide(2, $0) }, { 2 / $0 }),
            ("power -1", { try $1.power($0, -1) }, { 1 / $0 }),
            ("log", { try $1.log($0) }, { log($0) }),
            ("sqrt", { try $1.sqrt($0) }, { $0.squareRoot() }),
            ("rsqrt", { try $1.rsqrt($0) }, { 1 / $0.squareRoot() }),
            ("power 1/2", { try $1.power($0, 0.5) }, { $0.squareRoot() }),
            ("power -1/2", { try $1.power($0, -0.5) }, { 1 / $0.squareRoot() }),
            ("power 1.7", { try $1.power($0, 1.7) }, { pow($0, Double(Float(1.7))) }),
        ]
        return plain.map { item in
            OperatorCase(
                name: item.name,
                inputs: [[3, 13]],
                lower: { inputs, ops in try item.ops(inputs[0], &ops) },
                oracle: { inputs, _ in inputs[0].map(item.function) },
                // The slopes of sines and of powers are several times the values.
                tolerance: 5e-5
            )
        }
            + positive.map { item in
                OperatorCase(
                    name: item.name,
                    inputs: [[3, 13]],
                    lower: { inputs, ops in try item.ops(ops.add(ops.square(inputs[0]), 0.5), &ops) },
                    oracle: { inputs, _ in inputs[0].map { item.function($0 * $0 + 0.5) } }
                )
            }
    }()

    private typealias Binary = (
        name: String, ops: @Sendable (Value, Value, inout Lowering) throws -> Value,
        function: @Sendable (Double, Double) -> Double
    )

    /// Functions of two operands: both batched, one of them or both whole, and every way to stretch.
    static let binary: [OperatorCase] = {
        let functions: [Binary] = [
            ("add", { try $2.add($0, $1) }, { $0 + $1 }),
            ("subtract", { try $2.subtract($0, $1) }, { $0 - $1 }),
            ("multiply", { try $2.multiply($0, $1) }, { $0 * $1 }),
            ("divide", { try $2.divide($0, $2.add($2.square($1), 1)) }, { $0 / ($1 * $1 + 1) }),
            ("maximum", { try $2.maximum($0, $1) }, { max($0, $1) }),
            ("minimum", { try $2.minimum($0, $1) }, { min($0, $1) }),
            ("power", { try $2.power($2.add($2.square($0), 0.5), $1) }, { pow($0 * $0 + 0.5, $1) }),
        ]
        // The whole operand's values lie between those of the batched ones, so that no maximum has a tie.
        let shapes: [(Shape, Shape)] = [
            ([3, 5], [3, 5]), ([2, 3, 17], [17]), ([2, 3, 17], [2, 1, 1]), ([2, 3, 1], [1, 1, 5]),
            ([4], [3, 4]),
            ([2, 1, 3, 2], [1, 4, 1, 2]), ([20], [1]), ([1], [1]), ([3, 1, 2], [3, 4, 2]),
        ]
        return functions.flatMap { item in
            shapes.flatMap { first, second -> [OperatorCase] in
                @Sendable func batched(_ x: ReferenceTensor, rank: Int) -> ReferenceTensor {
                    let sizes = Array(x.shape.dropFirst())
                    return x.reshaped(
                        [x.shape[0]] + Array(repeating: 1, count: rank - sizes.count) + sizes
                    )
                }
                let rank = max(first.rank, second.rank)
                return [
                    OperatorCase(
                        name: "\(item.name), \(first) and \(second)",
                        inputs: [first, second],
                        lower: { inputs, ops in try item.ops(inputs[0], inputs[1], &ops) },
                        oracle: { inputs, _ in
                            Reference.combine(
                                batched(inputs[0], rank: rank),
                                batched(inputs[1], rank: rank),
                                item.function
                            )
                        }
                    ),
                    OperatorCase(
                        name: "\(item.name), \(first) and a whole \(second)",
                        inputs: [first],
                        lower: { inputs, ops in
                            try item.ops(inputs[0], ops.parameter("w", second, .zeros), &ops)
                        },
                        oracle: { inputs, p in
                            Reference.combine(
                                batched(inputs[0], rank: rank),
                                p["w"] ?? inputs[0],
                                item.function
                            )
                        }
                    ),
                    OperatorCase(
                        name: "\(item.name), a whole \(first) and \(second)",
                        inputs: [second],
                        lower: { inputs, ops in
                            try item.ops(ops.parameter("w", first, .zeros), inputs[0], &ops)
                        },
                        oracle: { inputs, p in
                            Reference.combine(
                                p["w"] ?? inputs[0],
                                batched(inputs[0], rank: rank),
                                item.function
                            )
                        }
                    ),
                ]
            }
                + [
                    OperatorCase(
                        name: "\(item.name), both whole",
                        inputs: [[2, 3]],
                        lower: { inputs, ops in
                            let v = try ops.parameter("v", [2, 1], .zeros)
                            let w = try ops.parameter("w", [3], .zeros)
                            return try ops.multiply(inputs[0], item.ops(v, w, &ops))
                        },
                        oracle: { inputs, p in
                            guard let v = p["v"], let w = p["w"] else { return inputs[0] }
                            return Reference.combine(inputs[0], Reference.combine(v, w, item.function)) {
                                $0 * $1
                            }
                        }
                    )
                ]
        }
    }()

    /// Reductions of leading, middle, trailing and several axes, kept and not.
    static let reductions: [OperatorCase] = {
        typealias Item = (
            name: String, ops: @Sendable (Value, [Int]?, Bool, inout Lowering) throws -> Value,
            function: @Sendable ([Double]) -> Double
        )
        let functions: [Item] = [
            ("sum", { try $3.sum($0, axes: $1, keepDims: $2) }, { $0.reduce(0, +) }),
            ("mean", { try $3.mean($0, axes: $1, keepDims: $2) }, { $0.reduce(0, +) / Double($0.count) }),
            ("max", { try $3.max($0, axes: $1, keepDims: $2) }, { $0.max() ?? 0 }),
            ("min", { try $3.min($0, axes: $1, keepDims: $2) }, { $0.min() ?? 0 }),
            ("prod", { try $3.prod($0, axes: $1, keepDims: $2) }, { $0.reduce(1, *) }),
            (
                "variance", { try $3.variance($0, axes: $1, keepDims: $2) },
                { values in
                    let mean = values.reduce(0, +) / Double(values.count)
                    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
                }
            ),
        ]
        let axes: [(Shape, [Int]?, Bool)] = [
            ([5, 3], [0], false), ([3, 5], [-1], true), ([2, 3, 4], [1], false), ([2, 3, 4], [0, 1], true),
            ([2, 3, 4], [2, 0], false), ([37], nil, true), ([2, 2, 3], nil, false), ([3, 1, 2], [1], true),
            ([3, 19], [1], false), ([3, 40], [0], false),
        ]
        return functions.flatMap { item in
            axes.map { shape, axes, keeps in
                OperatorCase(
                    name: "\(item.name) of \(shape) along \(axes.map { "\($0)" } ?? "all")",
                    inputs: [shape],
                    // Rank 0 is no output of a model.
                    lower: { inputs, ops in
                        // Around 1, so that products keep their size.
                        let near =
                            item.name == "prod" ? try ops.add(ops.multiply(inputs[0], 0.2), 1) : inputs[0]
                        let y = try item.ops(near, axes, keeps, &ops)
                        return try y.shape.rank == 0 ? ops.reshape(y, [1]) : y
                    },
                    oracle: { inputs, _ in
                        let x =
                            item.name == "prod" ? inputs[0].map { Double(Float(0.2)) * $0 + 1 } : inputs[0]
                        let places = (axes ?? Array(shape.indices)).map {
                            ($0 < 0 ? $0 + shape.rank : $0) + 1
                        }
                        let y = Reference.reduce(x, axes: places, item.function)
                        guard !keeps else { return y }
                        let kept = y.shape.enumerated().filter { !places.contains($0.offset) }.map(\.element)
                        return y.reshaped(kept.count == 1 ? kept + [1] : kept)
                    }
                )
            }
        }
    }()

    /// Softmax and its logarithm, along the last and other axes, of few and of many columns.
    static let softmax: [OperatorCase] = {
        @Sendable func along(_ x: ReferenceTensor, axis: Int, _ isLogarithm: Bool) -> ReferenceTensor {
            let e = x.map { exp($0) }
            let sums = Reference.reduce(e, axes: [axis]) { $0.reduce(0, +) }
            return Reference.combine(e, sums) { isLogarithm ? log($0 / $1) : $0 / $1 }
        }
        let places: [(Shape, Int)] = [
            ([5], 0), ([3, 20], 1), ([3, 20], 0), ([2, 3, 5], 1), ([7, 70], 0), ([2, 3, 1], 1),
        ]
        return places.flatMap { shape, axis in
            [false, true].map { isLogarithm in
                OperatorCase(
                    name: "\(isLogarithm ? "logSoftmax" : "softmax") of \(shape) along \(axis)",
                    inputs: [shape],
                    lower: { inputs, ops in
                        try isLogarithm
                            ? ops.logSoftmax(inputs[0], axis: axis) : ops.softmax(inputs[0], axis: axis)
                    },
                    oracle: { inputs, _ in along(inputs[0], axis: axis + 1, isLogarithm) }
                )
            }
        }
    }()

    /// Sums of products: "*" is the batch, which an operand that is whole does not have.
    private static func product(_ equation: String, _ first: Shape, _ second: Shape) -> [OperatorCase] {
        let places = equation.split { ",->".contains($0) }.map(String.init)
        let output = places.count > 2 ? places[2] : ""
        func name(_ kind: String) -> String { "einsum \(equation), \(first) and \(second), \(kind)" }
        // Rank 0 is no output of a model.
        @Sendable func shaped(_ y: Value, _ ops: inout Lowering) throws -> Value {
            try y.shape.rank == 0 ? ops.reshape(y, [1]) : y
        }
        @Sendable func shaped(_ y: ReferenceTensor) -> ReferenceTensor {
            y.shape.count == 1 ? y.reshaped(y.shape + [1]) : y
        }
        return [
            OperatorCase(
                name: name("batched"),
                inputs: [first, second],
                lower: { inputs, ops in try shaped(ops.einsum(equation, inputs[0], inputs[1]), &ops) },
                oracle: { inputs, _ in
                    shaped(Reference.einsum("*\(places[0]),*\(places[1])->*\(output)", inputs[0], inputs[1]))
                }
            ),
            OperatorCase(
                name: name("the second whole"),
                inputs: [first],
                lower: { inputs, ops in
                    try shaped(ops.einsum(equation, inputs[0], ops.parameter("w", second, .zeros)), &ops)
                },
                oracle: { inputs, p in
                    shaped(
                        Reference.einsum(
                            "*\(places[0]),\(places[1])->*\(output)",
                            inputs[0],
                            p["w"] ?? inputs[0]
                        )
                    )
                }
            ),
            OperatorCase(
                name: name("the first whole"),
                inputs: [second],
                lower: { inputs, ops in
                    try shaped(ops.einsum(equation, ops.parameter("w", first, .zeros), inputs[0]), &ops)
                },
                oracle: { inputs, p in
                    shaped(
                        Reference.einsum(
                            "\(places[0]),*\(places[1])->*\(output)",
                            p["w"] ?? inputs[0],
                            inputs[0]
                        )
                    )
                }
            ),
        ]
    }

    static let products: [OperatorCase] =
        product("mk,kn->mn", [3, 5], [5, 4]) + product("km,kn->mn", [5, 3], [5, 4])
        + product("mk,nk->mn", [3, 5], [4, 5]) + product("km,nk->nm", [5, 3], [4, 5])
        + product("k,k->", [5], [5]) + product("m,n->mn", [3], [4]) + product("m,n->nm", [3], [4])
        + product("bmk,bkn->bmn", [2, 3, 4], [2, 4, 5]) + product("tnh,snh->nts", [3, 2, 4], [5, 2, 4])
        + product("nts,snh->tnh", [2, 3, 5], [5, 2, 4])
        // What no matrix product can do at once: an axis of all three is the innermost, sums are apart.
        + product("mkb,knb->mnb", [3, 4, 2], [4, 5, 2])
        + product("akbm,kanb->mn", [2, 3, 2, 2], [3, 2, 4, 2])
        + product("ab,ab->ab", [3, 4], [3, 4]) + product("mab,bna->mn", [2, 3, 4], [4, 3, 3])
        // What is in one operand only is summed up first.
        + product("xmk,kn->mn", [2, 3, 4], [4, 2]) + product("mk,knx->nm", [3, 4], [4, 2, 3])
        // More than a tile.
        + product("mk,kn->mn", [70, 3], [3, 66])

    /// `matmul`, with axes before the matrices that stretch or are missing.
    static let matrixProducts: [OperatorCase] =
        [
            ("bmk,bkn->bmn", [2, 3, 4], [2, 4, 5], [2, 3, 5]),
            ("mk,bkn->bmn", [3, 4], [2, 4, 5], [2, 3, 5]),
            ("abmk,bkn->abmn", [3, 2, 2, 4], [2, 4, 5], [3, 2, 2, 5]), ("k,kn->n", [4], [4, 3], [3]),
            ("mk,k->m", [3, 4], [4], [3]), ("k,bkn->bn", [4], [2, 4, 3], [2, 3]),
        ].map { (equation: String, first: Shape, second: Shape, output: Shape) in
            let places = equation.split { ",->".contains($0) }.map(String.init)
            return OperatorCase(
                name: "matmul \(first) and \(second)",
                inputs: [first, second],
                lower: { inputs, ops in try ops.matmul(inputs[0], inputs[1]) },
                oracle: { inputs, _ in
                    Reference.einsum("*\(places[0]),*\(places[1])->*\(places[2])", inputs[0], inputs[1])
                }
            )
        } + [
            OperatorCase(
                name: "matmul with axes of size 1",
                inputs: [[1, 3, 4], [2, 1, 4, 5]],
                lower: { inputs, ops in try ops.matmul(inputs[0], inputs[1]) },
                oracle: { inputs, _ in
                    let (x, y) = (inputs[0], inputs[1]), batch = x.shape[0]
                    return Reference.einsum(
                        "*mk,*akn->*amn",
                        x.reshaped([batch, 3, 4]),
                        y.reshaped([batch, 2, 4, 5])
                    ).reshaped([batch, 2, 1, 3, 5])
                }
            ),
            OperatorCase(
                name: "matmul with a matrix that all samples share",
                inputs: [[2, 3, 4]],
                lower: { inputs, ops in try ops.matmul(inputs[0], ops.parameter("w", [4, 5], .zeros)) },
                oracle: { inputs, p in Reference.einsum("*amk,kn->*amn", inputs[0], p["w"] ?? inputs[0]) }
            ),
            OperatorCase(
                name: "matmul of an operand with itself",
                inputs: [[3, 3]],
                lower: { inputs, ops in try ops.matmul(inputs[0], inputs[0]) },
                oracle: { inputs, _ in Reference.einsum("*mk,*kn->*mn", inputs[0], inputs[0]) }
            ),
        ]

    /// Rows of a table whose values are batched, whole or computed; some rows twice, some never.
    static let gathers: [OperatorCase] = {
        @Sendable func rows(_ ops: inout Lowering) throws -> Value {
            ops.constant(try ConstantTensor([2, 0, 2, 3], shape: [2, 2]))
        }
        @Sendable func look(_ table: ReferenceTensor, width: Int) -> [Double] {
            [2, 0, 2, 3].flatMap { table.elements[($0 * width)..<(($0 + 1) * width)] }
        }
        return [
            OperatorCase(
                name: "take, a table of each sample",
                inputs: [[5, 3]],
                lower: { inputs, ops in try ops.take(inputs[0], rows(&ops)) },
                oracle: { inputs, _ in
                    let batch = inputs[0].shape[0]
                    return ReferenceTensor(
                        shape: [batch, 2, 2, 3],
                        elements: (0..<batch).flatMap { sample in
                            look(
                                ReferenceTensor(
                                    shape: [5, 3],
                                    elements: Array(inputs[0].elements[(sample * 15)..<(sample * 15 + 15)])
                                ),
                                width: 3
                            )
                        }
                    )
                }
            ),
            OperatorCase(
                name: "take, all whole",
                inputs: [[2, 2, 3]],
                lower: { inputs, ops in
                    let table = try ops.parameter("table", [5, 3], .zeros)
                    return try ops.multiply(inputs[0], ops.take(ops.tanh(table), rows(&ops)))
                },
                oracle: { inputs, p in
                    let table = (p["table"] ?? inputs[0]).map { tanh($0) }
                    let found = ReferenceTensor(shape: [2, 2, 3], elements: look(table, width: 3))
                    return Reference.combine(inputs[0], found) { $0 * $1 }
                }
            ),
            OperatorCase(
                name: "take, by numbers of each sample",
                inputs: [[4]],
                lower: { inputs, ops in
                    // 0 where x is negative, 1 where it is positive.
                    let indices = try ops.multiply(ops.add(ops.sign(inputs[0]), 1), 0.5)
                    let table = try ops.parameter("table", [3, 1400], .zeros)
                    return try ops.take(table, indices)
                },
                oracle: { inputs, p in
                    let table = p["table"]?.elements ?? []
                    return ReferenceTensor(
                        shape: inputs[0].shape + [1400],
                        elements: inputs[0].elements.flatMap { $0 < 0 ? table[0..<1400] : table[1400..<2800] }
                    )
                }
            ),
        ]
    }()
}
