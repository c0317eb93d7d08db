import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// `SWIFTCONVNET_KILLS=50 swift test -c release --filter KillTests` kills 50 times; without the variable it is 12 times.
@Suite("Checkpoints: a run survives being killed")
struct KillTests {
    @Test(
        "a run that is killed again and again, at random moments and in the middle of writing, ends in the same bits"
    )
    func kills() throws {
        let wanted = ProcessInfo.processInfo.environment["SWIFTCONVNET_KILLS"].flatMap { Int($0) } ?? 12
        let expected = try Probe.uninterrupted.get()
        var random = RandomStream(seed: 4, purpose: .user)
        var folder = try TemporaryFolder()
        var kills = 0, afterFirst = 0, whileWriting = 0, finished = 0
        while kills < wanted {
            // In turn: by time, in the middle of a checkpoint, after a step.
            let moment: Probe.Moment =
                switch kills % 3 {
                case 0: .seconds(Double(random.uniform(in: 0.02..<0.3)))
                case 1: .event("w", 1 + random.integer(below: 60))
                default: .event("s", 1 + random.integer(below: 6))
                }
            let end = try Probe.run(in: folder.path, killedAt: moment)
            if end.isDone {
                #expect(try Probe.result(in: folder.path) == expected)
                finished += 1
                folder = try TemporaryFolder()
                continue
            }
            try #require(end.code == -1, "\(end.errors)")
            kills += 1
            let left =
                (try? FileManager.default.contentsOfDirectory(atPath: folder.file("checkpoints"))) ?? []
            if left.contains(where: { $0.hasSuffix(".checkpoint") }) { afterFirst += 1 }
            // The file that was being written has no name, and is gone. A kill at another moment may fall between naming and
            // renaming.
            var known: Set = ["a.checkpoint", "b.checkpoint", ".swiftconvnet-checkpoint"]
            if case .event("w", _) = moment {
                whileWriting += 1
                if TemporaryFolder.holdsFilesWithoutNames { known.remove(".swiftconvnet-checkpoint") }
            }
            #expect(known.isSuperset(of: left), "\(left)")
        }
        let end = try Probe.run(in: folder.path)
        #expect(end.isDone, "\(end.errors)")
        #expect(try Probe.result(in: folder.path) == expected)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.file("checkpoints")).sorted()
                == ["a.checkpoint", "b.checkpoint"]
        )
        #expect(afterFirst >= wanted / 2)
        #expect(whileWriting >= wanted / 5)
        print(
            "\(kills) kills survived, \(afterFirst) after a first checkpoint, \(whileWriting) while one was written,",
            "in \(finished + 1) runs"
        )
    }
}
