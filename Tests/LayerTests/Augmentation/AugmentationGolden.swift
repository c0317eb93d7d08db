import SwiftConvNet
import TestSupport

/// What Keras makes of pictures by given parameters: `Tests/Goldens/augmentation.py`.
struct AugmentationGolden: Decodable, GoldenArrays {
    let arrays: [GoldenTensor]
    let cases: [Case]

    /// One picture before and after.
    struct Case: Decodable, Sendable {
        let name: String
        let layer: String
        let config: [String: Golden.Argument]
        let parameters: [String: Parameter]
        let input: Int
        let output: GoldenTensor
    }

    /// A parameter of a transform.
    enum Parameter: Decodable, Sendable {
        case value(Golden.Argument), tensor(GoldenTensor)

        init(from decoder: any Decoder) throws {
            if let tensor = try? GoldenTensor(from: decoder) {
                self = .tensor(tensor)
            } else {
                self = .value(try Golden.Argument(from: decoder))
            }
        }
    }
}

extension AugmentationGolden.Case {
    func number(_ name: String) -> Float {
        guard case .value(let value)? = parameters[name] else { return .nan }
        return Float(value.number ?? .nan)
    }

    func numbers(_ name: String) -> [Float] {
        switch parameters[name] {
        case .value(let value): value.list.compactMap { $0.number.map { Float($0) } }
        case .tensor(let tensor): tensor.values
        case nil: []
        }
    }

    var isApplied: Bool {
        guard case .value(let value)? = parameters["is_applied"] ?? parameters["flips"] else { return false }
        return value.flag ?? false
    }

    var fillMode: FillMode { FillMode(rawValue: config["fill_mode"]?.text ?? "") ?? .reflect }
    var interpolation: Interpolation {
        Interpolation(rawValue: config["interpolation"]?.text ?? "") ?? .bilinear
    }
    var fillValue: Float { Float(config["fill_value"]?.number ?? 0) }
    var valueRange: ClosedRange<Float> {
        let numbers = (config["value_range"]?.list ?? []).compactMap(\.number)
        return numbers.count == 2 ? Float(numbers[0])...Float(numbers[1]) : 0...255
    }
    func integer(_ name: String) -> Int { config[name]?.integer ?? 0 }
}

/// What a transform makes of one picture by given parameters.
func changed<Transform: ImageTransform>(
    _ transform: Transform,
    _ picture: GoldenTensor,
    by parameters: Transform.Parameters,
    role: PictureContext.Role = .picture
) throws -> [Float] {
    try run(transform, picture, role: role) { transform.apply(parameters, to: $0) }
}

/// Runs a transform in memory that it has not written before.
func run(
    _ transform: some ImageTransform,
    _ picture: GoldenTensor,
    role: PictureContext.Role = .picture,
    random: RandomStream = RandomStream(seed: 1, purpose: .user),
    isTraining: Bool = true,
    _ body: (PictureContext) -> Void
) throws -> [Float] {
    let shape = Shape(picture.shape), output = try transform.outputShape(for: shape)
    var scratch = [Float](repeating: .nan, count: transform.scratchCount(for: shape))
    var result = [Float](repeating: .nan, count: output.elementCount)
    picture.values.withUnsafeBufferPointer { source in
        result.withUnsafeMutableBufferPointer { result in
            scratch.withUnsafeMutableBufferPointer { scratch in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: 1) { none in
                    guard let start = scratch.baseAddress ?? none.baseAddress else { return }
                    body(
                        PictureContext(
                            source: source,
                            output: result,
                            scratch: start,
                            shape: shape,
                            outputShape: output,
                            random: random,
                            isTraining: isTraining,
                            role: role
                        )
                    )
                }
            }
        }
    }
    return result
}
