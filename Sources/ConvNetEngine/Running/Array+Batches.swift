extension Array where Element == Int {
    /// Calls `body` with neighbouring elements, `size` at a time; the last part may be smaller.
    package func forEachBatch(of size: Int, _ body: (UnsafeBufferPointer<Int>) throws -> Void) rethrows {
        try withUnsafeBufferPointer { all in
            for start in stride(from: 0, to: all.count, by: size) {
                try body(UnsafeBufferPointer(rebasing: all[start..<Swift.min(start + size, all.count)]))
            }
        }
    }
}
