import SwiftConvNet

extension Reference {
    /// A function of two arrays, the last axes of which stand beneath each other; an axis of size 1 stands for as many as the other
    /// has.
    public static func combine(
        _ x: ReferenceTensor,
        _ y: ReferenceTensor,
        _ function: (Double, Double) -> Double
    ) -> ReferenceTensor {
        let rank = max(x.shape.count, y.shape.count)
        func aligned(_ shape: [Int]) -> [Int] { Array(repeating: 1, count: rank - shape.count) + shape }
        let (first, second) = (aligned(x.shape), aligned(y.shape))
        var result = ReferenceTensor(zeros: zip(first, second).map(max))
        for place in result.elements.indices {
            let index = self.index(of: place, in: result.shape)
            result.elements[place] = function(
                x.elements[offset(of: index, in: first)],
                y.elements[offset(of: index, in: second)]
            )
        }
        return result
    }

    /// A function of all numbers along some axes, which stay with a size of 1; the batch is axis 0.
    public static func reduce(
        _ x: ReferenceTensor,
        axes: [Int],
        _ function: ([Double]) -> Double
    ) -> ReferenceTensor {
        let shape = x.shape.enumerated().map { axes.contains($0) ? 1 : $1 }
        var groups = [[Double]](repeating: [], count: shape.reduce(1, *))
        for place in x.elements.indices {
            groups[offset(of: index(of: place, in: x.shape), in: shape)].append(x.elements[place])
        }
        return ReferenceTensor(shape: shape, elements: groups.map(function))
    }

    /// Einstein's sum, with a letter for each axis, the batch among them.
    public static func einsum(_ equation: String, _ x: ReferenceTensor, _ y: ReferenceTensor)
        -> ReferenceTensor
    {
        let places = equation.split { ",->".contains($0) }.map(Array.init)
        let output = equation.hasSuffix(">") ? [] : places[2]
        var sizes: [Character: Int] = [:]
        for (letters, shape) in [(places[0], x.shape), (places[1], y.shape)] {
            for (letter, size) in zip(letters, shape) { sizes[letter] = size }
        }
        let all = sizes.keys.sorted(), allSizes = all.map { sizes[$0] ?? 1 }
        var result = ReferenceTensor(zeros: output.map { sizes[$0] ?? 1 })
        for place in 0..<allSizes.reduce(1, *) {
            let index = Dictionary(uniqueKeysWithValues: zip(all, self.index(of: place, in: allSizes)))
            func offset(_ letters: [Character]) -> Int {
                letters.reduce(0) { $0 * (sizes[$1] ?? 1) + (index[$1] ?? 0) }
            }
            result.elements[offset(output)] += x.elements[offset(places[0])] * y.elements[offset(places[1])]
        }
        return result
    }

    private static func index(of place: Int, in shape: [Int]) -> [Int] {
        var index = [Int](repeating: 0, count: shape.count)
        var rest = place
        for axis in shape.indices.reversed() {
            index[axis] = rest % shape[axis]
            rest /= shape[axis]
        }
        return index
    }

    /// An axis of size 1 has one place.
    private static func offset(of index: [Int], in shape: [Int]) -> Int {
        zip(shape, index).reduce(0) { $0 * $1.0 + ($1.0 == 1 ? 0 : $1.1) }
    }
}
