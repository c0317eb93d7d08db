import ConvNetDatasets
import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("mnist evaluate and mnist predict")
struct SavedNetworkTests {
    private let trained: TrainedNetwork
    private let model: [String]

    init() throws {
        trained = try TrainedNetwork.shared
        model = ["--model", trained.model]
    }

    @Test("give the figures of the run that saved the network")
    func evaluate() throws {
        let run = try MNISTProgram.run(["evaluate"] + model + trained.options)
        #expect(run.code == 0)
        let result = try #require(run.output.split(separator: "\n").last)
        #expect(result.hasPrefix("Test accuracy "))
        #expect(trained.run.output.contains("\(result)\n"))
        #expect(run.output.contains("recall %"))
        #expect(
            try MNISTProgram.run(["evaluate", "--quiet"] + model + trained.options).output == "\(result)\n"
        )
    }

    @Test("evaluate prints JSON with the confusion matrix")
    func evaluateJSON() throws {
        let run = try MNISTProgram.run(["evaluate", "--json"] + model + trained.options)
        let objects = try jsonObjects(run)
        #expect(objects.map { $0["event"] as? String } == ["data", "evaluation"])
        let matrix = try #require(objects[1]["confusion"] as? [[Int]])
        #expect(matrix.joined().reduce(0, +) == 200)
        let right = (0..<10).reduce(0) { $0 + matrix[$1][$1] }
        #expect(objects[1]["accuracy"] as? Double == Double(right) / 200)
    }

    @Test("use the shipped sample where no other data is")
    func shippedSample() throws {
        let run = try MNISTProgram.run(["evaluate"] + model)
        #expect(run.code == 0)
        #expect(run.output.contains("1000 test images from the sample shipped with the package\n"))
        #expect(run.output.contains("  - SWIFTCONVNET_DATA: it is not set\n"))
    }

    @Test("predict names the class and the confidence of test images, in the order asked for")
    func predictIndices() throws {
        let run = try MNISTProgram.run(["predict", "--json", "17", "3", "17"] + model + trained.options)
        #expect(run.code == 0)
        let objects = try jsonObjects(run)
        #expect(objects.map { $0["index"] as? Int } == [nil, 17, 3, 17])
        // The sample's digits take turns.
        #expect(objects.dropFirst().map { $0["label"] as? Int } == [7, 3, 7])
        let text = try MNISTProgram.run(["predict", "--quiet", "17"] + model + trained.options)
        let predicted = try #require(objects[1]["predicted"] as? Int)
        #expect(text.output.hasPrefix("17: \(predicted) ("))
        let pictured = try MNISTProgram.run(["predict", "17"] + model + trained.options)
        #expect(pictured.output.contains("#17"))
        #expect(pictured.output.hasSuffix(text.output))
    }

    @Test("predict takes a digit in a PGM file for what it takes the same test image for")
    func predictFile() throws {
        let folder = try TemporaryFolder()
        let digit = try SmallMNIST.pixels(MNIST.sample().test, 4)
        let plain = "P2 28 28 255\n" + digit.map { "\($0)\n" }.joined()
        try AtomicFile.write(plain, to: folder.file("digit.pgm"))
        try AtomicFile.write(
            Array("P5\n# dark on light\n28 28\n255\n".utf8) + digit.map { 255 - $0 },
            to: folder.file("4")
        )
        let run = try MNISTProgram.run(
            ["predict", "--json", folder.file("digit.pgm"), "4", folder.file("4")] + model + trained.options
        )
        #expect(run.code == 0, "\(run.errors)")
        let objects = try jsonObjects(run)
        try #require(objects.count == 4)
        #expect(objects[1]["file"] as? String == folder.file("digit.pgm"))
        #expect(objects[2]["index"] as? Int == 4)
        #expect(objects[3]["file"] as? String == folder.file("4"))
        let confidence = try #require(objects[2]["confidence"] as? Double)
        for file in [objects[1], objects[3]] {
            #expect(file["label"] == nil)
            #expect(file["predicted"] as? Int == objects[2]["predicted"] as? Int)
            #expect(abs((file["confidence"] as? Double ?? 0) - confidence) < 0.02)
        }
    }

    @Test("predict needs no dataset for files")
    func predictFileAlone() throws {
        let folder = try TemporaryFolder()
        let digit = try SmallMNIST.pixels(MNIST.sample().test, 1)
        try AtomicFile.write(Array("P5 28 28 255\n".utf8) + digit, to: folder.file("one.pgm"))
        let run = try MNISTProgram.run(
            ["predict", "--json", folder.file("one.pgm"), "--data", "/nowhere"] + model
        )
        #expect(run.code == 0)
        #expect(run.output.hasPrefix(#"{"event":"prediction","file":"#))
    }
}
