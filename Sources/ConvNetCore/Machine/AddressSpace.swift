import Foundation

/// The addresses that this process may still use. Where they end (`ulimit -v`), Swift's own allocations end the process,
/// and OpenBLAS waits for ever; so whoever takes much asks here first, and throws.
package enum AddressSpace {
    /// What stays free for everything that is small and cannot ask: objects, arrays of a few elements, thread stacks.
    package static let reserve = 32 << 20

    /// What a small network takes, beside OpenBLAS' buffers: more workers are not worth going below it.
    package static let comfortable = 256 << 20

    /// The limit in bytes (`RLIMIT_AS`, `ulimit -v`); `nil` without one.
    package static var limit: Int? { Self.softLimit(RLIMIT_AS) }

    /// What is taken of it, in bytes; `nil` where the system does not say.
    package static var used: Int? {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
            .split(separator: " ").first.flatMap { Int($0) }
        return pages.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
    }

    /// Whether blocks of these sizes can all be had at present, and the reserve beside them.
    ///
    /// Maps them and lets go of them again. The blocks are taken one by one, for the kernel judges each by itself.
    static func has(_ byteCounts: some Collection<Int>) -> Bool {
        // One at a time, for what one thread maps to see whether it can be had is missing for another.
        probing.withLock { _ in canMap(byteCounts) }
    }

    private static let probing = Lock(())

    private static func canMap(_ byteCounts: some Collection<Int>) -> Bool {
        var mapped: [UnsafeMutableRawPointer] = []
        mapped.reserveCapacity(byteCounts.count + 1)
        var sizes: [Int] = []
        defer { for (address, size) in zip(mapped, sizes) { munmap(address, size) } }
        for byteCount in Array(byteCounts) + [reserve] {
            let address = mmap(
                nil,
                byteCount,
                PROT_READ | PROT_WRITE,
                MAP_PRIVATE | Int32(MAP_ANONYMOUS),
                -1,
                0
            )
            guard let address, address != MAP_FAILED else { return false }
            mapped.append(address)
            sizes.append(byteCount)
        }
        return true
    }

    /// From now on all threads allocate from one arena of the C library, which takes 64 MiB of addresses for each further
    /// one. A program's decision, for allocations on many threads become slower.
    package static func useOneArena() {
        // M_ARENA_MAX, from malloc.h, which Swift does not see.
        let setting: (@convention(c) (Int32, Int32) -> Int32)? = OpenBLAS.function("mallopt")
        _ = setting?(-8, 1)
    }

    /// The soft limit of a resource of this process; `nil` without one.
    static func softLimit(_ resource: __rlimit_resource) -> Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return nil }
        return limit.rlim_cur < 1 << 60 ? Int(limit.rlim_cur) : nil
    }
}
