#if HDF5
    import CHDF5
    import SwiftConvNet

    /// The one door to libhdf5: its calls are made one at a time, whatever the build of the library allows.
    enum HDF5Library {
        /// How many files have been opened.
        private static let files = Lock(0)
        private static let lock = Lock(())

        /// Opens the library once. At the end of the process it does not look for what is open: nothing is to be written, and of a damaged
        /// file it could not close all.
        private static let isOpen: Bool = H5dont_atexit() >= 0 && H5open() >= 0

        /// Calls `body` while no other thread is in the library. Not to be nested.
        static func call<Result>(_ body: () throws -> Result) rethrows -> Result {
            try lock.withLock { _ in
                _ = isOpen
                // Else the library prints its errors; the setting is a thread's own.
                H5Eset_auto2(0, nil, nil)
                return try body()
            }
        }

        /// The name of a file in memory. Two that are open at once must differ, or the library takes them for one.
        static func newName() -> String {
            files.withLock { count in
                count += 1
                return "memory \(count)"
            }
        }

        /// Checks what a call has returned: less than 0 is a failure.
        @discardableResult
        static func check<Code: SignedInteger>(_ code: Code, _ place: String) throws -> Code {
            guard code >= 0 else { throw failure(place) }
            return code
        }

        /// The error of the call that has just failed.
        static func failure(_ place: String) -> ConvNetError {
            let message = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
                guard let start = text.baseAddress else { return "" }
                ch5_message(start)
                return String(cString: start)
            }
            return ConvNetError(.format, "The HDF5 file cannot be read: \(message)", at: place)
        }
    }

    /// An identifier of the library, closed when it goes.
    struct HDF5ID: ~Copyable {
        let id: hid_t
        private let close: (hid_t) -> herr_t

        /// - Throws: the library's error if the call that made the identifier failed.
        init(_ id: hid_t, _ place: String, close: @escaping (hid_t) -> herr_t) throws {
            self.id = try HDF5Library.check(id, place)
            self.close = close
        }

        deinit { _ = close(id) }
    }
#endif
