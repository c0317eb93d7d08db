import Foundation

/// Memory that belongs to the thread which asks for it: allocated at its first call, freed when it ends.
enum ThreadScratch {
    /// Room for `count` floats, aligned to 64 bytes and of any content, until this thread asks again.
    ///
    /// Grows to the largest size asked for; otherwise nothing is allocated.
    static func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
        let byteCount = count * MemoryLayout<Float>.stride
        if let held = pthread_getspecific(key) {
            let buffer = Unmanaged<AlignedBuffer>.fromOpaque(held)
            let (floats, size) = buffer._withUnsafeGuaranteedRef { ($0.floats, $0.byteCount) }
            if size >= byteCount { return floats }
            buffer.release()
        }
        let buffer = AlignedBuffer(byteCount: byteCount)
        let status = pthread_setspecific(key, Unmanaged.passRetained(buffer).toOpaque())
        precondition(status == 0, "no memory for the thread's own values")
        return buffer.floats
    }

    /// The slot in which every thread keeps its buffer.
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        #if canImport(Darwin)
            let status = pthread_key_create(&key) { Unmanaged<AlignedBuffer>.fromOpaque($0).release() }
        #else
            let status = pthread_key_create(&key) { held in
                if let held { Unmanaged<AlignedBuffer>.fromOpaque(held).release() }
            }
        #endif
        precondition(status == 0, "no more thread-specific keys")
        return key
    }()
}
