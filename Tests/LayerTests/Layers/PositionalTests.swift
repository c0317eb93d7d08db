import SwiftConvNet
import Testing

@Suite("Keras' positional spelling")
struct PositionalTests {
    @Test("is the same layer as the one with labels")
    func layers() throws {
        let network = try Sequential(inputShape: [28, 28, 1]) {
            Rescaling(1 / 255)
            Conv2D(32, 3, activation: .relu)
            MaxPooling2D(2)
            Conv2D(16, (3, 3), padding: .same)
            MaxPooling2D((2, 2))
            Conv2D(8, kernelSize: [3, 1], strides: 1)
            ReLU(6)
            ZeroPadding2D(1)
            AveragePooling2D(2, strides: 1)
            Flatten()
            Dropout(0.5)
            Dense(12, activation: .relu)
            Reshape([3, 4, 1])
            ZeroPadding2D(((1, 0), (2, 3)))
            Conv2DTranspose(2, 3)
            Conv2DTranspose(2, (2, 2), strides: 2)
            AdaptiveMaxPooling2D(3)
            AdaptiveAveragePooling2D([2, 2])
            Flatten()
            Dense(10)
        }
        let labelled = try Sequential(inputShape: [28, 28, 1]) {
            Rescaling(scale: 1 / 255)
            Conv2D(filters: 32, kernelSize: 3, activation: .relu)
            MaxPooling2D(poolSize: 2)
            Conv2D(filters: 16, kernelSize: 3, padding: .same)
            MaxPooling2D(poolSize: 2)
            Conv2D(filters: 8, kernelSize: [3, 1])
            ReLU(maxValue: 6)
            ZeroPadding2D(padding: 1)
            AveragePooling2D(poolSize: 2, strides: 1)
            Flatten()
            Dropout(rate: 0.5)
            Dense(units: 12, activation: .relu)
            Reshape(targetShape: [3, 4, 1])
            ZeroPadding2D(padding: ((top: 1, bottom: 0), (left: 2, right: 3)))
            Conv2DTranspose(filters: 2, kernelSize: 3)
            Conv2DTranspose(filters: 2, kernelSize: 2, strides: 2)
            AdaptiveMaxPooling2D(outputSize: 3)
            AdaptiveAveragePooling2D(outputSize: 2)
            Flatten()
            Dense(units: 10)
        }
        #expect(try network.toJSON() == labelled.toJSON())
        #expect(network.parameterDigest == labelled.parameterDigest)
    }

    @Test("over sequences and volumes")
    func otherRanks() throws {
        let sequence = try Sequential(inputShape: [16, 2]) {
            Conv1D(4, 3, padding: .causal)
            MaxPooling1D(2)
            Conv1DTranspose(4, 3)
            AveragePooling1D(2)
            AdaptiveMaxPooling1D(4)
            AdaptiveAveragePooling1D(2)
        }
        #expect(sequence.outputShape == [2, 4])
        let volume = try Sequential(inputShape: [8, 8, 8, 1]) {
            Conv3D(2, 3)
            MaxPooling3D(2)
            Conv3DTranspose(2, [1, 2, 2])
            AveragePooling3D(2)
            AdaptiveMaxPooling3D(2)
            AdaptiveAveragePooling3D(1)
        }
        #expect(volume.outputShape == [1, 1, 1, 2])
    }

    @Test("a literal of a wrong number of sizes is an error, not a trap, in every layer that takes one")
    func wrongLiterals() throws {
        let layers: [any Layer] = [
            MaxPooling2D([2, 2, 2]), AveragePooling2D(2, strides: []), Conv2D(1, [3, 3, 3]),
            Conv2D(1, 3, strides: [1, 1, 1]),
            Conv2D(1, 3, dilationRate: []), Conv2DTranspose(1, []),
            Conv2DTranspose(1, 3, outputPadding: [0, 0, 0]),
            ZeroPadding2D([1, 1, 1]), AdaptiveMaxPooling2D([]), AdaptiveAveragePooling2D([1, 2, 3]),
        ]
        for layer in layers {
            let error = try #require(throws: ConvNetError.self) {
                _ = try Sequential(inputShape: [12, 12, 1], layers: [layer])
            }
            #expect(error.kind == .argument, "\(error)")
        }
        let volumes: [any Layer] = [
            MaxPooling3D([2, 2]), AveragePooling3D(2, strides: [1, 1, 1, 1]), Conv3D(1, []),
            Conv3DTranspose(1, 2, strides: [1, 2]), AdaptiveMaxPooling3D([2, 2]),
            AdaptiveAveragePooling3D([]),
        ]
        for layer in volumes {
            let error = try #require(throws: ConvNetError.self) {
                _ = try Sequential(inputShape: [12, 12, 12, 1], layers: [layer])
            }
            #expect(error.kind == .argument, "\(error)")
        }
    }
}
