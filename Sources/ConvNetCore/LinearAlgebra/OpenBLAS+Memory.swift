import COpenBLAS
import Foundation
import Synchronization

extension OpenBLAS {
    /// The memory that OpenBLAS packs matrices in: a buffer for every thread that is inside one of its calls, mapped at
    /// the first need and then kept for whoever calls next (`driver/others/memory.c`).
    ///
    /// Where the system refuses a buffer, OpenBLAS asks again and again, for ever. So threads take a lease before they
    /// call it, and the buffers are mapped here, after a look at whether they can be had. A lease within what is
    /// mapped already costs one atomic addition.
    package enum Buffers {
        /// The threads that have a lease.
        private static let leased = Atomic<Int>(0)
        /// The buffers that are there for them.
        private static let secured = Atomic<Int>(0)
        /// The addresses of buffers that have been seen, and the lock under which there come to be more.
        private static let known = Lock<Set<UInt>>([])

        /// Takes a lease for threads that are about to call OpenBLAS; `release` gives it back.
        ///
        /// - Throws: `ConvNetError` of kind `environment` if there is no memory for their buffers.
        package static func lease(_ threads: Int) throws {
            var present = leased.load(ordering: .relaxed)
            while present + threads <= secured.load(ordering: .acquiring) {
                let (isTaken, current) = leased.compareExchange(
                    expected: present,
                    desired: present + threads,
                    ordering: .acquiringAndReleasing
                )
                if isTaken { return }
                present = current
            }
            // One after the other, so that a lease that is refused never counts for another.
            try known.withLock { known in
                let all = leased.add(threads, ordering: .acquiringAndReleasing).newValue
                do { try secure(all, threads: threads, known: &known) } catch {
                    release(threads)
                    throw error
                }
            }
        }

        /// Gives a lease back.
        package static func release(_ threads: Int) {
            leased.subtract(threads, ordering: .acquiringAndReleasing)
        }

        /// How many of `threads` threads can call OpenBLAS at once, at least one: their buffers are there from now on.
        /// Fewer are slower, not wrong.
        ///
        /// - Throws: as `lease`, if there is no memory for a single one.
        package static func affordableThreads(of threads: Int) throws -> Int {
            var count = max(threads, 1)
            // The first thread may take all but the reserve; the others leave room for what they are to compute.
            while count > 1, !hasRoom(for: count) { count -= 1 }
            while true {
                do {
                    try withLease(count) {}
                    return count
                } catch  where count > 1 { count -= 1 }
            }
        }

        /// Whether the buffers of `threads` more threads are there, or can be had with room to spare.
        private static func hasRoom(for threads: Int) -> Bool {
            let missing = leased.load(ordering: .relaxed) + threads - secured.load(ordering: .acquiring)
            guard missing > 0, AddressSpace.limit != nil else { return true }
            return AddressSpace.has([AddressSpace.comfortable] + Array(repeating: byteCount, count: missing))
        }

        /// Calls `body` with a lease for `threads` threads.
        ///
        /// - Throws: as `lease`, and what `body` throws.
        package static func withLease<Result>(_ threads: Int, _ body: () throws -> Result) throws -> Result {
            try lease(threads)
            defer { release(threads) }
            return try body()
        }

        /// The size of a buffer in bytes: what OpenBLAS asks for when nothing is shared, or 128 MiB, which
        /// builds for x86-64 and ARM64 have unless `BUFFERSIZE` says otherwise (`common_x86_64.h`, `common_arm64.h`).
        package static let byteCount: Int = {
            let usual = 128 << 20 + 8192
            // The one way to a buffer that returns where there is none.
            guard let allocate: Allocation = function("blas_memory_alloc_nolock"),
                let free: Deallocation = function("blas_memory_free_nolock"),
                let size: (@convention(c) (UnsafeMutableRawPointer) -> Int) = function("malloc_usable_size"),
                let buffer = allocate(0)
            else { return usual }
            defer { free(buffer) }
            return size(buffer)
        }()

        /// The threads of its own that OpenBLAS has started when it was loaded. Each keeps a buffer.
        package static let ownThreadCount =
            parallelModel == .threads ? max(Int(openblas_get_num_threads()) - 1, 0) : 0

        private typealias Allocation = @convention(c) (Int32) -> UnsafeMutableRawPointer?
        private typealias Deallocation = @convention(c) (UnsafeMutableRawPointer) -> Void

        /// Sees to it that there are buffers for `all` leases, of which `threads` are for the one who asks: no more than
        /// threads may be inside OpenBLAS at once.
        private static func secure(_ all: Int, threads: Int, known: inout Set<UInt>) throws {
            let wanted = min(all, concurrentCallLimit)
            let present = secured.load(ordering: .relaxed)
            guard wanted > present else { return }
            awaitOwnThreads()
            // Threads that have a lease may be between two calls; then their buffers are taken below, and they
            // map as many again.
            let count = wanted - present + min(present, max(wanted - threads, 0))
            guard AddressSpace.has(repeatElement(byteCount, count: count)) else {
                throw shortage(count, threads: threads)
            }
            // Without a limit OpenBLAS gets its buffers when it asks.
            if AddressSpace.limit != nil { map(wanted - present, known: &known) }
            secured.store(wanted, ordering: .releasing)
        }

        /// Has OpenBLAS map buffers until `count` are there that were not known before.
        private static func map(_ count: Int, known: inout Set<UInt>) {
            guard let allocate: Allocation = function("blas_memory_alloc"),
                let free: Deallocation = function("blas_memory_free")
            else { return }
            var held: [UnsafeMutableRawPointer] = []
            defer { held.forEach(free) }
            let end = min(known.count + count, maximumThreads)
            while known.count < end, let buffer = allocate(0) {
                held.append(buffer)
                known.insert(UInt(bitPattern: buffer))
            }
        }

        /// Waits until each of OpenBLAS' own threads has its buffer, or cannot have it; else one that has not run yet
        /// would take what is meant for ours. Only under a limit does it matter.
        private static func awaitOwnThreads() {
            guard AddressSpace.limit != nil else { return }
            // The look at what can be had comes first: a thread that waits keeps the allocator busy.
            for _ in 0..<1_000 {
                guard ownThreadCount > 0, AddressSpace.has([byteCount]), ownThreadsWithoutBuffer > 0 else {
                    return
                }
                usleep(1_000)
            }
        }

        /// Whether OpenBLAS has threads of its own while memory for a buffer and a small network is lacking: they may wait
        /// for theirs for ever, or have taken what ours need. A program can begin again without them.
        package static var ownThreadsAreInTheWay: Bool {
            ownThreadCount > 0 && AddressSpace.limit != nil
                && !AddressSpace.has([128 << 20, AddressSpace.comfortable])
        }

        /// How many of OpenBLAS' own threads have no buffer. Other large blocks may be taken for buffers.
        private static var ownThreadsWithoutBuffer: Int {
            guard ownThreadCount > 0,
                let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
            else {
                return 0
            }
            // from-to rights offset device inode [path]; neighbours are joined to one line.
            let present = maps.split(separator: "\n").reduce(0) { sum, line in
                let fields = line.split(separator: " ")
                let ends = fields[0].split(separator: "-").compactMap { Int($0, radix: 16) }
                guard fields.count == 5, fields[1] == "rw-p", ends.count == 2 else { return sum }
                return sum + (ends[1] - ends[0]) / (byteCount - byteCount % (1 << 20))
            }
            return max(ownThreadCount - present, 0)
        }

        private static func shortage(_ count: Int, threads: Int) -> ConvNetError {
            let text = MemoryLimits.text
            let limit = AddressSpace.limit
            let used = AddressSpace.used ?? 0
            let total = used + (count + ownThreadsWithoutBuffer) * byteCount + AddressSpace.reserve
            return ConvNetError(
                .environment,
                "OpenBLAS cannot have the memory that it takes for each thread",
                at: threads == 1 ? "1 thread" : "\(threads) threads",
                expected: "\(text(count * byteCount)) of address space, \(text(byteCount)) for each thread, "
                    + "and \(text(AddressSpace.reserve)) for the rest",
                received: limit.map { "\(text(max($0 - used, 0))) left of \(text($0)) (ulimit -v)" },
                remedy: (limit == nil
                    ? "Free memory" : "Raise the limit to \(text(total)) at least (ulimit -v \(total >> 10))")
                    + (threads == 1 ? "" : ", or use fewer threads (SWIFTCONVNET_NUM_THREADS=1)")
                    + (ownThreadCount == 0
                        ? ""
                        : ", or start with OPENBLAS_NUM_THREADS=1, for OpenBLAS' own threads take as much each")
            )
        }
    }

    /// A function of the linked libraries that need not be there.
    static func function<Function>(_ name: String) -> Function? {
        dlsym(nil, name).map { unsafeBitCast($0, to: Function.self) }
    }
}
