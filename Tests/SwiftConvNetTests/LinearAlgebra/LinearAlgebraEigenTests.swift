import SwiftConvNet
import Testing

@Suite("LinearAlgebra: eigenvalues of symmetric matrices")
struct LinearAlgebraEigenTests {
    @Test("A · v = λ · v, with orthonormal v and falling λ", arguments: [1, 2, 7, 40])
    func decomposition(size: Int) throws {
        var random = RandomStream(seed: 3, purpose: .user)
        var a = [Double](repeating: 0, count: size * size)
        for row in 0..<size {
            for column in row..<size {
                let value = Double(random.normal())
                a[row * size + column] = value
                a[column * size + row] = value
            }
        }
        // Only the upper triangle counts.
        var upper = a
        for row in 0..<size { for column in 0..<row { upper[row * size + column] = 77 } }
        let eigen = try SymmetricEigen(upper, size: size)
        #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy { $0 >= $1 })
        for index in 0..<size {
            let vector = Array(eigen.vectors[(index * size)..<((index + 1) * size)])
            let largest = vector.max { abs($0) < abs($1) } ?? 0
            #expect(largest > 0)
            for row in 0..<size {
                let product = (0..<size).reduce(0) { $0 + a[row * size + $1] * vector[$1] }
                // 1e-12: some thousands of roundings of 1.1e-16, of numbers of some units.
                #expect(abs(product - eigen.values[index] * vector[row]) < 1e-12)
            }
            for other in 0..<size {
                let dot = (0..<size).reduce(0) { $0 + vector[$1] * eigen.vectors[other * size + $1] }
                #expect(abs(dot - (index == other ? 1 : 0)) < 1e-13)
            }
        }
    }

    @Test("what has no eigenvalues throws")
    func errors() {
        let cases: [([Double], Int, ConvNetError.Kind)] = [
            ([], 0, .argument), ([1, 2], 2, .argument), ([1], -1, .argument),
            ([1, .nan, .nan, 1], 2, .numeric),
            ([1], 20_001, .argument),
        ]
        for (matrix, size, kind) in cases {
            let error = #expect(throws: ConvNetError.self) { try SymmetricEigen(matrix, size: size) }
            #expect(error?.kind == kind)
        }
    }
}
