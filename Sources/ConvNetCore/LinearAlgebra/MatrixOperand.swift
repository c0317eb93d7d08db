/// One factor of a matrix product: a row-major matrix in memory, or the transpose of one.
struct MatrixOperand {
    /// The first element.
    let base: UnsafePointer<Float>
    /// The elements between the starts of two stored rows.
    let leadingDimension: Int
    /// Whether the factor is the transpose of what is stored.
    let isTransposed: Bool

    /// The elements from one row of the factor to the next.
    var rowStride: Int { isTransposed ? 1 : leadingDimension }
    /// The elements from one column of the factor to the next.
    var columnStride: Int { isTransposed ? leadingDimension : 1 }
    /// The transpose of this factor.
    var transposed: MatrixOperand {
        MatrixOperand(base: base, leadingDimension: leadingDimension, isTransposed: !isTransposed)
    }

    /// Writes the block of `rows` × `columns` that starts at (`row`, `column`), times `factor`, row by row;
    /// the rows start `leading` elements apart in `destination`.
    ///
    /// However the factor is stored, the loop inside runs along neighbours of the source.
    func copyBlock(
        row: Int,
        column: Int,
        rows: Int,
        columns: Int,
        times factor: Float,
        to destination: UnsafeMutablePointer<Float>,
        leading: Int
    ) {
        let start = base + row * rowStride + column * columnStride
        if isTransposed {
            for c in 0..<columns {
                let source = start + c * leadingDimension
                var target = destination + c
                for r in 0..<rows {
                    target.pointee = source[r] * factor
                    target += leading
                }
            }
        } else {
            for r in 0..<rows {
                let source = start + r * leadingDimension
                let target = destination + r * leading
                for c in 0..<columns { target[c] = source[c] * factor }
            }
        }
    }
}
