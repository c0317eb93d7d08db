/// C = scale · sum of A · B over axes with strides, as matrix products: which axes make up the rows, the columns and the sums of the
/// matrices, and which ones are gone through one place after the other.
///
/// How it is cut into tasks depends on sizes and strides alone.
struct StridedProduct: Sendable {
    /// An axis, and the elements from one place to the next in each tensor; `nil` in a tensor that does not have it. At least two
    /// have it.
    struct Axis: Sendable {
        var size: Int
        var a: Int?, b: Int?, c: Int?

        /// Which tensors have it.
        fileprivate var kind: Kind {
            if c == nil { return .sums }
            return a == nil ? .columns : b == nil ? .rows : .matrices
        }

        /// This axis and the one inside it as one, if all tensors have them as neighbours.
        fileprivate func joined(with inner: Axis) -> Axis? {
            func fits(_ outer: Int?, _ inside: Int?) -> Bool { outer == inside.map { $0 * inner.size } }
            guard kind == inner.kind, fits(a, inner.a), fits(b, inner.b), fits(c, inner.c) else { return nil }
            return Axis(size: size * inner.size, a: inner.a, b: inner.b, c: inner.c)
        }
    }

    /// What an axis is to the product: of A and C, of B and C, of A and B, of all three.
    fileprivate enum Kind { case rows, columns, sums, matrices }

    private let rows: Axis, columns: Axis, sums: Axis
    /// Whether the rows of C are neighbours, and not its columns: then the transpose of C is computed.
    private let isTransposed: Bool
    /// The axes around the matrices: one matrix of C for each of their places; and those that are summed over.
    private let matrices: [Axis], partialSums: [Axis]
    private let matrixCount: Int, partialCount: Int
    private let grid: TileGrid
    /// The matrices of a task.
    private let matricesPerTask: Int
    private let scale: Float

    /// Multiplications below which a task is not worth its start, about ten microseconds of a processor.
    private static let taskSize = 262_144.0

    init(_ axes: [Axis], scale: Float) {
        self.scale = scale
        let axes = Self.joined(axes.filter { $0.size > 1 })
        let choice = Self.choice(axes)
        (rows, columns, sums, isTransposed) = (choice.rows, choice.columns, choice.sums, choice.isTransposed)
        let others = axes.indices.filter { !choice.taken.contains($0) }.map { axes[$0] }
        matrices = others.filter { $0.kind != .sums }
        partialSums = others.filter { $0.kind == .sums }
        matrixCount = matrices.reduce(1) { $0 * $1.size }
        partialCount = partialSums.reduce(1) { $0 * $1.size }
        let (height, width) = isTransposed ? (columns.size, rows.size) : (rows.size, columns.size)
        // Many matrices are shared out as they are; few in tiles.
        grid = TileGrid(rows: height, columns: width, tile: matrixCount >= 16 ? 512 : nil)
        // In Double, for the product of all sizes may leave the range of `Int`.
        let size = Double(rows.size) * Double(columns.size) * Double(sums.size) * Double(partialCount)
        matricesPerTask = grid.count > 1 ? 1 : max(1, min(matrixCount, Int(Self.taskSize / size)))
    }

    var taskCount: Int { (matrixCount + matricesPerTask - 1) / matricesPerTask * grid.count }

    func run(
        task: Int,
        a: UnsafePointer<Float>,
        b: UnsafePointer<Float>,
        c: UnsafeMutablePointer<Float>,
        by gemm: GEMMPath
    ) {
        let tile = grid[task % grid.count]
        let first = task / grid.count * matricesPerTask
        for matrix in first..<min(first + matricesPerTask, matrixCount) {
            let place = Self.place(matrix, in: matrices)
            for partial in 0..<partialCount {
                let summand = Self.place(partial, in: partialSums)
                multiply(
                    tile,
                    a: a + place.a + summand.a,
                    b: b + place.b + summand.b,
                    c: c + place.c,
                    adds: partial > 0,
                    by: gemm
                )
            }
        }
    }

    /// A tile of one matrix product.
    private func multiply(
        _ tile: TileGrid.Tile,
        a: UnsafePointer<Float>,
        b: UnsafePointer<Float>,
        c: UnsafeMutablePointer<Float>,
        adds: Bool,
        by gemm: GEMMPath
    ) {
        let left = Factor(a, rows: rows, stride: rows.a, sums: sums.size, sumStride: sums.a)
        let right = Factor(b, rows: columns, stride: columns.b, sums: sums.size, sumStride: sums.b)
        let (first, second) = isTransposed ? (right, left) : (left, right)
        let rowStride = (isTransposed ? columns.c : rows.c) ?? 1
        gemm.multiplyInEngine(
            m: tile.rows,
            n: tile.columns,
            k: sums.size,
            a: first.base + tile.row * first.rowStride,
            lda: first.leading,
            transposeA: first.isTransposed,
            b: second.base + tile.column * second.rowStride,
            ldb: second.leading,
            // The second factor of a product has its sums along the rows.
            transposeB: !second.isTransposed,
            c: c + tile.row * rowStride + tile.column,
            ldc: max(rowStride, tile.columns),
            alpha: scale,
            beta: adds ? 1 : 0
        )
    }

    /// One factor as it is stored: rows, or columns, of neighbours.
    private struct Factor {
        let base: UnsafePointer<Float>
        let rowStride: Int
        let leading: Int
        /// Whether its rows, and not its sums, are neighbours.
        let isTransposed: Bool

        init(_ base: UnsafePointer<Float>, rows: Axis, stride: Int?, sums: Int, sumStride: Int?) {
            self.base = base
            rowStride = stride ?? 1
            let step = sumStride ?? 1
            // With one sum, or neighbouring ones, a row is stored as a row.
            isTransposed = sums > 1 && step != 1
            leading = isTransposed ? max(step, rows.size) : max(rowStride, sums)
        }
    }

    /// Where a matrix begins in each tensor.
    private static func place(_ index: Int, in axes: [Axis]) -> (a: Int, b: Int, c: Int) {
        var rest = index, place = (a: 0, b: 0, c: 0)
        for axis in axes.reversed() {
            let step = rest % axis.size
            rest /= axis.size
            place.a += step * (axis.a ?? 0)
            place.b += step * (axis.b ?? 0)
            place.c += step * (axis.c ?? 0)
        }
        return place
    }
}

// MARK: Which axes are the matrices

extension StridedProduct {
    private struct Choice {
        var rows = Axis(size: 1, a: 1, b: nil, c: 1)
        var columns = Axis(size: 1, a: nil, b: 1, c: 1)
        var sums = Axis(size: 1, a: 1, b: 1, c: nil)
        var isTransposed = false
        /// Their indices among all axes.
        var taken: Set<Int> = []
        var cost = Double.infinity
    }

    /// Joins axes that are neighbours in all tensors.
    private static func joined(_ axes: [Axis]) -> [Axis] {
        var axes = axes
        var outer = 0
        while outer < axes.count {
            let inner = axes.indices.first { $0 != outer && axes[outer].joined(with: axes[$0]) != nil }
            guard let inner, let joined = axes[outer].joined(with: axes[inner]) else {
                outer += 1
                continue
            }
            axes[outer] = joined
            axes.remove(at: inner)
            outer = 0
        }
        return axes
    }

    /// The axes that make the fastest matrices.
    private static func choice(_ axes: [Axis]) -> Choice {
        var best = Choice()
        let all = axes.reduce(1.0) { $0 * Double($1.size) }
        func candidates(_ kind: Kind) -> [Int?] { axes.indices.filter { axes[$0].kind == kind } + [nil] }
        for row in candidates(.rows) {
            for column in candidates(.columns) {
                for sum in candidates(.sums) {
                    var choice = Choice()
                    if let row { choice.rows = axes[row] }
                    if let column { choice.columns = axes[column] }
                    if let sum { choice.sums = axes[sum] }
                    choice.taken = Set([row, column, sum].compactMap { $0 })
                    guard areStorable(choice) else { continue }
                    // A row of C has no neighbours, but a column has; or there is one row.
                    choice.isTransposed = choice.columns.size > 1 && choice.columns.c != 1
                    choice.cost = cost(choice, all: all)
                    if choice.cost < best.cost { best = choice }
                }
            }
        }
        return best
    }

    /// Whether each of the three matrices has neighbours along one of its axes.
    private static func areStorable(_ choice: Choice) -> Bool {
        func isStorable(_ size: Int, _ stride: Int?, _ otherSize: Int, _ otherStride: Int?) -> Bool {
            size == 1 || otherSize == 1 || stride == 1 || otherStride == 1
        }
        let (rows, columns, sums) = (choice.rows, choice.columns, choice.sums)
        return isStorable(rows.size, rows.a, sums.size, sums.a)
            && isStorable(columns.size, columns.b, sums.size, sums.b)
            && isStorable(rows.size, rows.c, columns.size, columns.c)
    }

    /// Multiplications, more of them for thin matrices, which fill no vectors, and those that a call costs. Estimates: they only
    /// decide between axes, and mostly there is one choice.
    private static func cost(_ choice: Choice, all: Double) -> Double {
        let size = Double(choice.rows.size) * Double(choice.columns.size) * Double(choice.sums.size)
        let filled = Double(min(choice.rows.size, 8) * min(choice.columns.size, 8)) / 64
        return all / size * (500 + size / filled)
    }
}
