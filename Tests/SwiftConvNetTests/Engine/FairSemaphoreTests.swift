import Foundation
import SwiftConvNet
import Synchronization
import Testing

@Suite("Turns")
struct FairSemaphoreTests {
    /// Collects what threads and tasks say, in the order in which they say it.
    private final class Log: Sendable {
        private let lines = Lock<[Int]>([])
        func append(_ line: Int) { lines.withLock { $0.append(line) } }
        var all: [Int] { lines.withLock { $0 } }
        var count: Int { lines.withLock { $0.count } }
    }

    @Test("Threads and tasks are served in the order in which they came")
    func order() async throws {
        let semaphore = FairSemaphore(count: 1), log = Log(), done = DispatchSemaphore(value: 0)
        try await semaphore.wait()
        var tasks: [Task<Void, any Error>] = []
        for number in 0..<6 {
            if number.isMultiple(of: 2) {
                Thread {
                    semaphore.wait()
                    log.append(number)
                    semaphore.signal()
                    done.signal()
                }.start()
            } else {
                tasks.append(
                    Task {
                        try await semaphore.wait()
                        log.append(number)
                        semaphore.signal()
                    }
                )
            }
            while semaphore.waitingCount <= number { await Task.yield() }
        }
        #expect(log.all.isEmpty)
        semaphore.signal()
        for task in tasks { try await task.value }
        await Task.detached { for _ in 0..<3 { Self.wait(for: done) } }.value
        #expect(log.all == [0, 1, 2, 3, 4, 5])
        #expect(semaphore.waitingCount == 0)
    }

    private static func wait(for semaphore: DispatchSemaphore) { semaphore.wait() }

    @Test("A cancelled task leaves the line; the next one is served")
    func cancellation() async throws {
        let semaphore = FairSemaphore(count: 1)
        try await semaphore.wait()
        let cancelled = Task { try await semaphore.wait() }
        while semaphore.waitingCount < 1 { await Task.yield() }
        let next = Task { try await semaphore.wait() }
        while semaphore.waitingCount < 2 { await Task.yield() }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        semaphore.signal()
        try await next.value
        // The turn is the second task's: whoever comes now waits until it is given back.
        let last = Task { try await semaphore.wait() }
        while semaphore.waitingCount < 1 { await Task.yield() }
        semaphore.signal()
        try await last.value
    }

    @Test("A task that is cancelled before it asks gets no turn, and takes none")
    func cancelledBefore() async throws {
        let semaphore = FairSemaphore(count: 1)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await semaphore.wait()
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        try await semaphore.wait()
    }

    @Test("A thread that computes does not wait for a turn of its own")
    func nested() {
        #expect(!ComputeTurn.isComputing)
        func nest(_ depth: Int) -> Int { depth == 0 ? 0 : ComputeTurn.take { nest(depth - 1) + 1 } }
        // More than there are turns, on one thread.
        #expect(nest(2 * ComputeTurn.count + 1) == 2 * ComputeTurn.count + 1)
        #expect(!ComputeTurn.isComputing)
    }

    @Test("A line that never ends is served in order, and forgets who has been served")
    func endlessLine() async throws {
        let semaphore = FairSemaphore(count: 1), log = Log()
        try await semaphore.wait()
        var tasks: [Task<Void, any Error>] = []
        func append(_ number: Int) async {
            let waiting = semaphore.waitingCount
            tasks.append(
                Task {
                    try await semaphore.wait()
                    log.append(number)
                }
            )
            while semaphore.waitingCount == waiting { await Task.yield() }
        }
        for number in 0..<10 { await append(number) }
        for number in 10..<300 {
            await append(number)
            semaphore.signal()
            while log.count < number - 9 { await Task.yield() }
        }
        for _ in 0..<10 { semaphore.signal() }
        for task in tasks { try await task.value }
        #expect(log.all == Array(0..<300))
        #expect(semaphore.waitingCount == 0)
    }

    @Test("Jobs run on threads of their own: tasks run while all of those wait")
    func otherTasks() async throws {
        let threads = ComputeThreads(limit: 3), isDone = DispatchSemaphore(value: 0), log = Log()
        for number in 0..<6 {
            threads.run {
                isDone.wait()
                log.append(number)
            }
        }
        // More plain tasks than there are threads of tasks.
        let answers = await withTaskGroup(of: Int.self) { group in
            for number in 0..<64 { group.addTask { number } }
            return await group.reduce(0, +)
        }
        #expect(answers == 2016)
        for _ in 0..<6 { isDone.signal() }
        while log.count < 6 { await Task.yield() }
        #expect(log.all.sorted() == [0, 1, 2, 3, 4, 5])
    }

    @Test("Never more tasks compute at once than there are turns")
    func asynchronous() async throws {
        final class Callers: Sendable {
            let now = Atomic<Int>(0), most = Atomic<Int>(0)
        }
        let callers = Callers()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try await ComputeTurn.take {
                        let now = callers.now.add(1, ordering: .relaxed).newValue
                        callers.most.max(now, ordering: .relaxed)
                        usleep(1_000)
                        callers.now.subtract(1, ordering: .relaxed)
                        return number
                    }
                }
            }
            let sum = try await group.reduce(0, +)
            #expect(sum == 4_950)
        }
        #expect(callers.most.load(ordering: .relaxed) <= ComputeTurn.count)
    }
}

@Suite("What was used last")
struct RecentlyUsedTests {
    @Test("A value that is asked for outlives one that is not")
    func eviction() {
        var values = RecentlyUsed<Int, String>(limit: 2)
        values[1] = "one"
        values[2] = "two"
        #expect(values[1] == "one")
        values[3] = "three"
        #expect(values[2] == nil)
        #expect(values[1] == "one")
        #expect(values[3] == "three")
        values.removeAll { $0 == 3 }
        #expect(values[3] == nil)
        #expect(values[1] == "one")
    }
}

extension FairSemaphore {
    /// Waits as a task does.
    fileprivate func wait() async throws {
        let id = makeID()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                wait(id) { hasTurn in
                    continuation.resume(with: hasTurn ? .success(()) : .failure(CancellationError()))
                }
            }
        } onCancel: {
            cancel(id)
        }
    }
}
