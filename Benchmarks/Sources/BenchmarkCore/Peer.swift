import Foundation
import SwiftConvNet

/// Another framework in a process of its own, which does one piece of work whenever it is told to.
package final class Peer {
    /// How a peer is started.
    package struct Command: Sendable, Hashable {
        /// The Python interpreter of the virtual environment.
        package var python: String
        /// The folder with the peers' scripts.
        package var folder: String
        /// The library that replaces the allocator, as `LD_PRELOAD` takes it; `nil` for the allocator as it comes.
        package var allocator: String?

        package init(python: String, folder: String, allocator: String?) {
            self.python = python
            self.folder = folder
            self.allocator = allocator
        }

        /// The environment of peers.
        package var environment: [String: String] {
            var environment = ProcessInfo.processInfo.environment
            environment["LD_PRELOAD"] = allocator
            return environment
        }

        /// The path of a script.
        package func script(_ name: String) -> String { folder + "/" + name }

        /// A script with its arguments as a program of its own, with the allocator but without a change of environment
        /// for whoever starts it.
        package func words(_ name: String, _ arguments: [String]) -> [String] {
            ["env"] + (allocator.map { ["LD_PRELOAD=\($0)"] } ?? []) + [python, script(name)] + arguments
        }

        /// Checks that the allocator can be loaded: where it cannot, the loader says so and goes on without.
        ///
        /// - Throws: `ConvNetError` of kind `environment` if it cannot.
        package func validate() throws {
            guard let allocator else { return }
            let child = try ChildProcess("sh", ["-c", "LD_PRELOAD=\"$0\" /bin/true 2>&1", allocator])
            guard try child.nextLine() != nil else { return }
            throw ConvNetError(
                .environment,
                "The allocator cannot be preloaded for the peers",
                at: allocator,
                remedy:
                    "Install it (apt install libjemalloc2), name it with --jemalloc, or measure --as-installed"
            )
        }
    }

    /// What the peer has said of itself.
    package private(set) var ready: PeerEvent
    private let process: ChildProcess
    private let log: String

    /// Starts a peer, and waits until it is ready.
    ///
    /// - Parameters:
    ///   - arguments: what follows the script's name.
    ///   - log: the file for what the peer prints beside the protocol.
    /// - Throws: `ConvNetError` of kind `environment` with the reason if it does not get ready.
    package init(_ command: Command, _ arguments: [String], log: String) throws {
        self.log = log
        process = try ChildProcess(
            command.python,
            [command.script("peer.py")] + arguments,
            environment: command.environment,
            errors: log
        )
        ready = PeerEvent(event: "starting")
        ready = try next("ready")
    }

    /// Runs some steps of its work.
    ///
    /// - Parameter backward: for convolutions, whether the backward pass follows; else `nil`.
    /// - Returns: seconds and samples.
    package func run(steps: Int, backward: Bool? = nil) throws -> (seconds: Double, samples: Int) {
        let suffix = backward.map { ",\"backward\":\($0)" } ?? ""
        let event = try ask("{\"command\":\"run\",\"steps\":\(steps)\(suffix)}", "result")
        guard let seconds = event.seconds, let samples = event.samples, seconds > 0 else {
            throw incomplete(event)
        }
        return (seconds, samples)
    }

    /// The latency of single requests, in microseconds.
    package func latency(requests: Int, pauseMilliseconds: Double) throws -> (p50: Double, p99: Double) {
        let event = try ask(
            "{\"command\":\"latency\",\"requests\":\(requests),\"pause_ms\":\(pauseMilliseconds)}",
            "latency"
        )
        guard let p50 = event.p50, let p99 = event.p99 else { throw incomplete(event) }
        return (p50, p99)
    }

    /// The largest difference between its outputs and those in a file, and the largest output there.
    package func check(_ file: String) throws -> (error: Double, output: Double) {
        let path = String(decoding: try JSONEncoder().encode(file), as: UTF8.self)
        let event = try ask("{\"command\":\"check\",\"file\":\(path)}", "check")
        guard let error = event.maxError, let output = event.maxOutput else { throw incomplete(event) }
        return (error, output)
    }

    /// The most memory that it had at once so far, in bytes.
    package var peakBytes: Int? { process.peakBytes }

    /// Ends it.
    package func quit() {
        try? process.send("{\"command\":\"quit\"}")
        _ = process.wait()
    }

    private func ask(_ command: String, _ expected: String) throws -> PeerEvent {
        try process.send(command)
        return try next(expected)
    }

    private func next(_ expected: String) throws -> PeerEvent {
        guard let line = try process.nextLine() else {
            let last = (try? String(contentsOfFile: log, encoding: .utf8))?.split(separator: "\n").last
            throw ConvNetError(
                .environment,
                "A peer has ended: \(last ?? "it said nothing")",
                at: "peer.py"
            )
        }
        guard let event = try? JSONDecoder().decode(PeerEvent.self, from: Data(line.utf8)) else {
            throw ConvNetError(
                .format,
                "A peer says what is not in the protocol",
                at: "peer.py",
                received: line
            )
        }
        if event.event == "error" {
            throw ConvNetError(.environment, event.message ?? "A peer has failed", at: "peer.py")
        }
        guard event.event == expected else { throw incomplete(event, expected) }
        return event
    }

    private func incomplete(_ event: PeerEvent, _ expected: String? = nil) -> ConvNetError {
        ConvNetError(
            .format,
            "A peer's answer is not the one that was asked for",
            at: "peer.py",
            expected: expected ?? "all of the event's members",
            received: "\(event)"
        )
    }
}
