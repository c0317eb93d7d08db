import ConvNetDatasets
import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("The notice that MNIST is only the sample")
struct SampleNoticeTests {
    @Test("is shown once, with the places that were looked at and how to get the whole")
    func once() throws {
        let texts = Lock<[String]>([])
        let notice = SampleNotice { text in texts.withLock { $0.append(text) } }
        let folder = try TemporaryFolder()
        try SmallDataset().write(into: folder.path)
        notice.show(for: try MNIST.load(from: folder.path))
        #expect(texts.withLock { $0 } == [])
        let environment = ["SWIFTCONVNET_DATA": folder.file("none")]
        let sample = try DatasetSearch(.mnist, folder: nil, allowDownload: false, environment: environment)
            .load()
        for _ in 0..<3 { notice.show(for: sample) }
        let shown = texts.withLock { $0 }
        try #require(shown.count == 1)
        let lines = shown[0].split(separator: "\n", omittingEmptySubsequences: false)
        #expect(shown[0].contains("4000 digits for training and 1000 for testing"))
        #expect(lines.dropFirst(3).dropLast(3).map { $0.dropFirst(4) } == sample.passedOver.map { $0[...] })
        #expect(shown[0].contains("MNIST.load(from: folder)"))
        #expect(lines.last?.isEmpty == true)
    }

    @Test("is on standard error after load(), in a process that finds nothing else")
    func loaded() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            unsetenv("SWIFTCONVNET_DATA")
            setenv("XDG_CACHE_HOME", "/dev/null", 1)
            for _ in 0..<2 { _ = try MNIST.load(allowDownload: false) }
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.components(separatedBy: "MNIST.load() has not found").count == 2, "\(text)")
    }

    @Test("is not shown if the caller wants silence, or the sample")
    func silent() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            unsetenv("SWIFTCONVNET_DATA")
            setenv("XDG_CACHE_HOME", "/dev/null", 1)
            _ = try MNIST.load(allowDownload: false, verbose: .silent)
            _ = try MNIST.sample()
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(!text.contains("MNIST"), "\(text)")
    }
}
