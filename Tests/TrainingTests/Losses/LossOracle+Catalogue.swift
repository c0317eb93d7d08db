import Foundation
import SwiftConvNet

/// The losses beyond the first ones. Targets are in 0.1 ..< 0.9, or one-hot rows.
extension LossOracle {
    private static func elementwise(
        _ loss: any Loss,
        shape: Shape = [2, 3],
        usesProbabilities: Bool = false,
        _ body: @escaping @Sendable (_ x: Double, _ target: Double) -> Double
    ) -> LossOracle {
        LossOracle(
            name: type(of: loss).kind,
            loss: loss,
            shape: shape,
            value: { x, target, _ in mean(x, target, body) },
            usesProbabilities: usesProbabilities
        )
    }

    private static func rowwise(
        _ loss: any Loss,
        shape: Shape = [2, 4],
        usesProbabilities: Bool = false,
        isSparse: Bool = false,
        _ body: @escaping @Sendable (_ x: [Double], _ target: [Double]) -> Double
    ) -> LossOracle {
        LossOracle(
            name: "\(type(of: loss).kind), rows",
            loss: loss,
            shape: shape,
            value: { x, target, classes in
                let losses = zip(rows(x, classes), rows(target, classes)).map { body(Array($0), Array($1)) }
                return losses.reduce(0, +) / Double(losses.count)
            },
            usesProbabilities: usesProbabilities,
            isSparse: isSparse
        )
    }

    private static func overlap(
        _ loss: any Loss,
        _ body: @escaping @Sendable (_ both: Double, _ target: Double, _ x: Double) -> Double
    ) -> LossOracle {
        LossOracle(
            name: type(of: loss).kind,
            loss: loss,
            shape: [2, 3],
            value: { x, target, _ in
                body(zip(x, target).reduce(0) { $0 + $1.0 * $1.1 }, target.reduce(0, +), x.reduce(0, +))
            },
            usesProbabilities: true
        )
    }

    private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    private static func focal(_ p: Double, _ target: Double) -> Double {
        let right = target * p + (1 - target) * (1 - p)
        return pow(1 - right, 1.5) * binaryEntropy(p, target)
    }

    private static func cosine(_ x: [Double], _ target: [Double]) -> Double {
        func length(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        return zip(x, target).reduce(0) { $0 + $1.0 * $1.1 } / length(x) / length(target)
    }

    /// Every sample is compared with the others; those without a loss do not count.
    private static func circle(_ x: [Double], _ target: [Double], _ classes: Int) -> Double {
        let x = rows(x, classes).map(Array.init),
            labels = rows(target, classes).map { Array($0).firstIndex(of: 1) }
        let gamma = 2.0, margin = 0.4
        let losses = x.indices.map { query in
            var near = 0.0, far = 0.0
            for key in x.indices where key != query {
                let distance = max(1 - zip(x[query], x[key]).reduce(0) { $0 + $1.0 * $1.1 }, 0)
                if labels[key] == labels[query] {
                    near += exp(gamma * (margin + distance) * (distance - margin))
                } else {
                    far += exp(gamma * max(1 + margin - distance, 0) * (1 - margin - distance))
                }
            }
            return log(1 + near * far)
        }
        let counted = losses.count { $0 > 0 }
        return counted == 0 ? 0 : losses.reduce(0, +) / Double(counted)
    }

    static let catalogue: [LossOracle] = [
        elementwise(.mape()) { 100 * abs($0 - $1) / $1 },
        elementwise(.msle(), usesProbabilities: true) { pow(log(1 + $0) - log(1 + $1), 2) },
        elementwise(.huber(delta: 0.7)) {
            abs($0 - $1) <= 0.7 ? 0.5 * pow($0 - $1, 2) : 0.7 * abs($0 - $1) - 0.245
        },
        elementwise(.logCosh()) { log(cosh($0 - $1)) },
        elementwise(.poisson(), usesProbabilities: true) { $0 - $1 * log($0 + 1e-7) },
        elementwise(.hinge()) { max(0, 1 - $0 * $1) },
        elementwise(.squaredHinge()) { pow(max(0, 1 - $0 * $1), 2) },
        elementwise(.binaryFocalCrossentropy(gamma: 1.5), usesProbabilities: true, focal),
        elementwise(
            .binaryFocalCrossentropy(
                applyClassBalancing: true,
                gamma: 1.5,
                fromLogits: true,
                labelSmoothing: 0.2
            )
        ) {
            let target = $1 * 0.8 + 0.1
            return (target * 0.25 + (1 - target) * 0.75) * focal(sigmoid($0), target)
        },
        rowwise(.cosineSimilarity()) { -cosine($0, $1) },
        rowwise(.klDivergence(), usesProbabilities: true) { x, target in
            zip(x, target).reduce(0) { $0 + $1.1 * log($1.1 / $1.0) }
        },
        rowwise(.categoricalHinge()) { x, target in
            let own = zip(x, target).reduce(0) { $0 + $1.0 * $1.1 }
            let other = zip(x, target).map { (1 - $1) * $0 }.max() ?? 0
            return max(0, 1 + other - own)
        },
        rowwise(.categoricalFocalCrossentropy(alpha: [0.1, 0.2, 0.3, 0.4]), usesProbabilities: true) {
            x,
            target in
            let sum = x.reduce(0, +)
            return x.indices.reduce(0) {
                let p = x[$1] / sum
                return $0 - 0.1 * Double($1 + 1) * pow(1 - p, 2) * target[$1] * log(p)
            }
        },
        rowwise(.categoricalFocalCrossentropy(gamma: 1.5, fromLogits: true, labelSmoothing: 0.2)) {
            x,
            target in
            let sum = x.map(exp).reduce(0, +)
            return x.indices.reduce(0) {
                let p = exp(x[$1]) / sum
                return $0 - 0.25 * pow(1 - p, 1.5) * (target[$1] * 0.8 + 0.05) * log(p)
            }
        },
        rowwise(.categoricalGeneralizedCrossEntropy(q: 0.7), usesProbabilities: true, isSparse: true) {
            x,
            target in
            (1 - pow(zip(x, target).reduce(0) { $0 + $1.0 * $1.1 }, 0.7)) / 0.7
        },
        LossOracle(
            name: "sparse, one class ignored",
            loss: .sparseCategoricalCrossentropy(fromLogits: true, ignoreClass: 1),
            shape: [4, 3],
            value: { x, target, classes in
                let kept = zip(rows(x, classes), rows(target, classes)).filter { Array($1)[1] == 0 }
                guard !kept.isEmpty else { return 0 }
                return softmaxEntropy(kept.flatMap { $0.0 }, kept.flatMap { $0.1 }, classes)
            },
            isSparse: true
        ),
        overlap(.dice()) { 1 - 2 * $0 / ($1 + $2 + 1e-7) },
        overlap(.tversky(alpha: 0.3, beta: 0.8)) { both, target, x in
            1 - both / (both + 0.3 * (target - both) + 0.8 * (x - both) + 1e-7)
        },
        rowwise(.dice(axis: [2])) { x, target in
            let both = zip(x, target).reduce(0) { $0 + $1.0 * $1.1 }
            return 1 - 2 * both / (target.reduce(0, +) + x.reduce(0, +) + 1e-7)
        },
        LossOracle(name: "circle", loss: .circle(gamma: 2), shape: [3], value: circle, isSparse: true),
    ]
}
