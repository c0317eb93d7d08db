import Foundation
import SwiftConvNet
import Synchronization

/// Ends training in good order on SIGINT (Ctrl-C) and SIGTERM: after the step at hand, with a checkpoint if there are to be any. A
/// second signal ends the process at once.
final class Interruption: Callback {
    /// The signal that has come; 0 for none. All that a handler may touch.
    private static let received = Atomic<Int32>(0)

    /// The signal that ended training, if one did.
    static var signalNumber: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    static func name(_ signal: Int32) -> String { signal == SIGINT ? "SIGINT" : "SIGTERM" }

    /// Calls `body` with the signals caught; before and after it they end the process as ever.
    static func catching<Result>(_ body: () throws -> Result) rethrows -> Result {
        // Made before a handler needs it.
        received.store(0, ordering: .relaxed)
        // A program that starts this one from a thread that blocks signals, as those of Dispatch do, hands that down.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                Interruption.received.store(number, ordering: .relaxed)
                signal(SIGINT, SIG_DFL)
                signal(SIGTERM, SIG_DFL)
            }
        }
        defer { for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) } }
        return try body()
    }

    func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        guard let signal = Self.signalNumber else { return }
        switch event {
        case .batchEnded(let record):
            session.interrupt(because: "\(Self.name(signal)) in epoch \(record.epoch), batch \(record.batch)")
        case .epochEnded(let record):
            session.interrupt(because: "\(Self.name(signal)) after epoch \(record.epoch)")
        case .trainingBegan, .epochBegan, .trainingEnded: break
        }
    }
}
