import AllocationCounter
import Foundation
import SwiftConvNet
import Synchronization

/// What a reader has broken, with the number that makes the input again.
struct FuzzFailure: Error, CustomStringConvertible {
    let description: String
}

/// Throws unless something holds that does hold for every file that is read.
func require(_ condition: Bool, _ what: String) throws {
    guard condition else { throw FuzzFailure(description: "It does not hold that \(what)") }
}

/// Feeds a reader inputs, and looks at what it does: it reads or throws a `ConvNetError`, in time, in bounds.
struct Campaign {
    /// The seconds after which an input hangs, even on a busy machine: the slowest takes 0.2 s on an idle one.
    static let timeLimit = 120.0
    /// What a reader may allocate at once, as a multiple of the content.
    static let memoryFactor = 16

    let target: any FuzzTarget
    private(set) var readCount = 0
    private(set) var refusedCount = 0
    private(set) var largestPeak = 0
    private(set) var slowest = 0.0

    init(_ target: any FuzzTarget) {
        self.target = target
        // Measured once in a process, by a block that would count as the first reader's.
        _ = OpenBLAS.Buffers.byteCount
    }

    mutating func feed(_ input: [UInt8]) throws {
        let limit = Self.memoryFactor * target.contentSize(input) + target.allowance
        let before = allocation_live_bytes()
        _ = allocation_take_peak()
        let start = ContinuousClock.now
        do {
            try target.read(input)
            readCount += 1
        } catch is ConvNetError {
            refusedCount += 1
        } catch let failure as FuzzFailure {
            throw failure
        } catch {
            throw FuzzFailure(description: "The reader throws no ConvNetError: \(error)")
        }
        slowest = max(slowest, (ContinuousClock.now - start) / .seconds(1))
        let peak = allocation_take_peak() - before
        largestPeak = max(largestPeak, peak)
        guard peak <= limit else {
            throw FuzzFailure(description: "The reader allocates \(peak) bytes; at most \(limit) are right")
        }
    }
}

/// Ends the process if an input takes too long.
final class Watchdog: Sendable {
    /// No input is at hand.
    private static let rest = UInt64.max
    private let current = Atomic(rest)

    init() {
        Thread.detachNewThread { [self] in
            var last = Self.rest
            while true {
                Thread.sleep(forTimeInterval: Campaign.timeLimit)
                let now = current.load(ordering: .relaxed)
                if now == last, now != Self.rest {
                    FileHandle.standardError.write(Data("The reader hangs\n".utf8))
                    _exit(3)
                }
                last = now
            }
        }
    }

    func look(at number: UInt64) { current.store(number, ordering: .relaxed) }

    /// A reader is done: what comes before the next one's first input may take its time.
    func rest() { current.store(Self.rest, ordering: .relaxed) }
}
