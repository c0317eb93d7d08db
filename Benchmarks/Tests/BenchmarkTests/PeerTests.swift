import BenchmarkCore
import Foundation
import SwiftConvNet
import Testing

/// The protocol with peers, spoken by a small script in the shell's language.
@Suite struct PeerTests {
    /// A folder with a `peer.py` that is a shell script: `python` is `sh`.
    private func withPeer(_ script: String, _ body: (Peer.Command, String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "convnet-bench-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try script.write(toFile: folder + "/peer.py", atomically: true, encoding: .utf8)
        try body(Peer.Command(python: "sh", folder: folder, allocator: nil), folder + "/log")
    }

    private static let ready =
        #"{"event":"ready","framework":"torch","versions":{"torch":"2.15"},"threads":2,"allocator":"system"}"#

    private static let working = """
        echo '\(ready)'
        while read -r line; do
            case "$line" in
            *check*) echo '{"event":"check","max_error":1e-6,"max_output":0.5}' ;;
            *backward*true*) echo '{"event":"result","seconds":3.0,"samples":64}' ;;
            *run*) echo '{"event":"result","seconds":1.5,"samples":64}' ;;
            *latency*) echo '{"event":"latency","p50":25.5,"p99":42,"mean":27}' ;;
            *quit*) exit 0 ;;
            esac
        done
        """

    @Test func aPeerAnswers() throws {
        try withPeer(Self.working) { command, log in
            let peer = try Peer(command, ["--framework", "torch"], log: log)
            #expect(peer.ready.framework == "torch" && peer.ready.threads == 2)
            #expect(peer.ready.versions == ["torch": "2.15"] && peer.ready.allocator == "system")
            let check = try peer.check("/a \"file\".safetensors")
            #expect(check.error == 1e-6 && check.output == 0.5)
            #expect(try peer.run(steps: 2).seconds == 1.5)
            #expect(try peer.run(steps: 2, backward: true).seconds == 3)
            #expect(try peer.run(steps: 2, backward: false).samples == 64)
            #expect(try peer.latency(requests: 3, pauseMilliseconds: 1).p99 == 42)
            #expect((peer.peakBytes ?? 0) > 100_000)
            peer.quit()
            #expect(peer.peakBytes == nil)
        }
    }

    @Test(arguments: [
        (#"echo '{"event":"error","message":"No module named torch"}'"#, "No module named torch"),
        ("echo 'Traceback' >&2; echo 'ImportError: no torch' >&2; exit 1", "ImportError: no torch"),
        ("echo 'Hello'", "not in the protocol"),
        (#"echo '{"event":"result","seconds":1,"samples":1}'"#, "not the one that was asked for"),
    ])
    func aPeerThatFailsSaysWhy(script: String, reason: String) throws {
        try withPeer(script) { command, log in
            let error = #expect(throws: ConvNetError.self) { try Peer(command, [], log: log) }
            #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
        }
    }

    @Test func anErrorLaterLeavesThePeerInUse() throws {
        let script = """
            echo '\(Self.ready)'
            read -r line; echo '{"event":"error","message":"out of range"}'
            read -r line; echo '{"event":"result","seconds":1,"samples":8}'
            read -r line
            """
        try withPeer(script) { command, log in
            let peer = try Peer(command, [], log: log)
            let error = #expect(throws: ConvNetError.self) { try peer.run(steps: -1) }
            #expect(error?.summary == "out of range")
            #expect(try peer.run(steps: 1).samples == 8)
            peer.quit()
        }
    }

    @Test func thePreloadedAllocatorIsForPeersAlone() {
        let with = Peer.Command(python: "python3", folder: ".", allocator: "libjemalloc.so.2")
        #expect(with.environment["LD_PRELOAD"] == "libjemalloc.so.2")
        let without = Peer.Command(python: "python3", folder: ".", allocator: nil)
        #expect(without.environment["LD_PRELOAD"] == nil)
        #expect(
            with.words("a.py", ["b"]) == ["env", "LD_PRELOAD=libjemalloc.so.2", "python3", "./a.py", "b"]
        )
        #expect(without.words("a.py", ["b"]) == ["env", "python3", "./a.py", "b"])
    }

    @Test func anAllocatorThatIsMissingIsAnError() throws {
        let command = Peer.Command(python: "python3", folder: ".", allocator: "libnowhere.so.9")
        let error = #expect(throws: ConvNetError.self) { try command.validate() }
        #expect(error?.location == "libnowhere.so.9" && error?.remedy?.contains("--as-installed") == true)
        try Peer.Command(python: "python3", folder: ".", allocator: nil).validate()
    }

    @Test func aProgramThatIsMissingIsAnError() {
        #expect(throws: ConvNetError.self) { try ChildProcess("/nowhere/python", []) }
    }
}
