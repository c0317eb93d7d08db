import SwiftConvNet
import TestSupport
import Testing

@Suite("Run manifests")
struct RunManifestTests {
    private func run(seed: UInt64 = 7, epochs: Int = 2, threads: Int = 2) throws -> (Model, RunManifest) {
        let model = try SmallNetwork.make(seed: seed, threads: threads)
        try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
        let history = try model.fit(
            SmallNetwork.images(),
            SmallNetwork.labels(),
            batchSize: 16,
            epochs: epochs,
            verbose: .silent
        )
        let manifest = try RunManifest(
            of: model,
            history,
            epochs: epochs,
            batchSize: 16,
            data: "00",
            settings: ["a": "b"]
        )
        return (model, manifest)
    }

    @Test func comesBackAsItWas() throws {
        let folder = try TemporaryFolder()
        let (_, manifest) = try run()
        try manifest.write(to: folder.file("run.json"))
        #expect(try RunManifest(contentsOf: folder.file("run.json")) == manifest)
        #expect(manifest.history.map(\.epoch) == [1, 2])
        #expect(Set(manifest.history[0].figures.keys) == ["loss", "accuracy"])
        #expect(manifest.key.seed == 7)
        #expect(manifest.key.batchSize == 16)
    }

    @Test func aRepetitionDoesNotDiffer() throws {
        let differences = try run().1.differences(to: run(threads: 1).1)
        #expect(differences.causes.isEmpty)
        #expect(differences.results.isEmpty)
    }

    @Test func anotherRunIsTold() throws {
        let differences = try run().1.differences(to: run(seed: 8, epochs: 1).1)
        #expect(differences.causes == ["seed: 7, then 8", "epochs: 2, then 1"])
        #expect(differences.results.contains("number of epochs done: 2, then 1"))
        #expect(differences.results.contains { $0.hasPrefix("epoch 1, loss: ") })
        #expect(differences.results.contains { $0.hasPrefix("digest of the weights: ") })
    }

    /// SHA-256 over the values of all parameters, one after the other.
    @Test func digestOfTheWeights() throws {
        let (model, manifest) = try run()
        let bytes = model.parameters.flatMap { parameter in
            parameter.values.elements.flatMap { value in
                withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
            }
        }
        #expect(manifest.weights == SHA256.hash(bytes).description)
        #expect(manifest.weights == model.parameterDigest)
    }

    @Test func whatIsNoManifestIsRefused() throws {
        let folder = try TemporaryFolder()
        let (_, manifest) = try run()
        try manifest.write(to: folder.file("run.json"))
        let text = String(
            decoding: try FileContents.read(folder.file("run.json"), limit: 1 << 20),
            as: UTF8.self
        )
        let broken = [
            "", "[]", "{}", String(text.dropLast(text.count / 2)),
            text.replacing("swiftconvnet.run", with: "swiftconvnet.walk"),
            text.replacing("\"formatVersion\" : 1", with: "\"formatVersion\" : 2"),
            text.replacing("\"epochs\" : 2", with: "\"epochs\" : \"two\""),
        ]
        for content in broken {
            let path = folder.file("broken.json")
            try AtomicFile.write(content, to: path)
            let error = try #require(throws: ConvNetError.self, "\(content.prefix(40))") {
                try RunManifest(contentsOf: path)
            }
            #expect(error.kind == .format)
            #expect("\(error)".contains("broken.json"))
        }
    }
}
