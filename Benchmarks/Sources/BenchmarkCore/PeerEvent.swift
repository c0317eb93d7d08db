/// What a peer prints: one JSON object a line. `Benchmarks/Peers/README.md` has the protocol.
package struct PeerEvent: Sendable, Hashable, Codable {
    /// `ready`, `result`, `check`, `latency` or `error`.
    package let event: String
    /// `error`: what is wrong.
    package var message: String?
    /// `ready`: what runs.
    package var framework: String?
    /// `ready`: the versions of its packages.
    package var versions: [String: String]?
    /// `ready`: the threads it uses.
    package var threads: Int?
    /// `ready`: the file name of the allocator's library, or `system`.
    package var allocator: String?
    /// `result`: how long it took, and how many samples it did.
    package var seconds: Double?, samples: Int?
    /// `check`: the largest difference from the expected outputs, and the largest of these.
    package var maxError: Double?, maxOutput: Double?
    /// `latency`: of single requests, in microseconds.
    package var p50: Double?, p99: Double?, mean: Double?

    private enum CodingKeys: String, CodingKey {
        case event, message, framework, versions, threads, allocator, seconds, samples, p50, p99, mean
        case maxError = "max_error", maxOutput = "max_output"
    }
}
