import ConvNetDatasets
import SwiftConvNet
import Testing

@Suite("The shipped sample")
struct SampleTests {
    @Test("has 4,000 and 1,000 digits, equally many of each, which take turns")
    func split() throws {
        let sample = try MNIST.sample()
        #expect(sample.source == .sample)
        #expect(sample.train.samples.shape == [4000, 28, 28, 1])
        #expect(sample.test.samples.shape == [1000, 28, 28, 1])
        #expect(sample.train.labels == Labels((0..<4000).map { Int32($0 % 10) }))
        #expect(sample.test.labels == Labels((0..<1000).map { Int32($0 % 10) }))
        #expect(
            "\(sample)"
                == "MNIST: 4000 training and 1000 test images from the sample shipped with the package"
        )
    }

    @Test("has the bytes that SOURCE.md names, and no image twice")
    func content() throws {
        let sample = try MNIST.sample()
        guard case .bytes(let train) = sample.train.samples, case .bytes(let test) = sample.test.samples
        else {
            Issue.record("the images are not kept as bytes")
            return
        }
        let images = IDXFile(
            elementType: .uint8,
            shape: [5000, 28, 28],
            bytes: train.bytes + test.bytes,
            name: "images"
        )
        #expect(
            SHA256.hash(images.encoded).description
                == "d880cf6cc71c80335012c59deb78e95e7b2c1d8aa8b78312f62bb489ae9ffb96"
        )
        let distinct = Set((0..<5000).map { images.bytes[($0 * 784)..<(($0 + 1) * 784)] })
        #expect(distinct.count == 5000)
    }

    @Test("reads samples normalised to 0...1")
    func normalised() throws {
        let sample = try MNIST.sample()
        var image = [Float](repeating: -1, count: 784)
        image.withUnsafeMutableBufferPointer { sample.test.readSample(3, into: $0) }
        #expect(image.min() == 0)
        #expect((0.9...1).contains(image.max() ?? 0))
        #expect(try sample.test.readLabel(3) == 3)
    }
}
