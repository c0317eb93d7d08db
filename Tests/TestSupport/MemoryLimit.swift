import Foundation
import SwiftConvNet

/// Limits of this process' memory, for tests that run in a process of their own.
public enum MemoryLimit {
    /// Leaves `mebibytes` of address space beside what is taken, 32 of which are kept for what is small.
    public static func leave(mebibytes: Int) {
        guard let used = AddressSpace.used else { return }
        let value = rlim_t(used + mebibytes << 20)
        var limit = rlimit(rlim_cur: value, rlim_max: value)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    }

    /// Where the error says that memory is missing which `body` needs; `nil` if there is none.
    public static func shortage(_ body: () throws -> Void) -> String? {
        do { try body() } catch let error as ConvNetError {
            return error.kind == .environment ? error.location : "\(error)"
        } catch { return "\(error)" }
        return nil
    }
}
