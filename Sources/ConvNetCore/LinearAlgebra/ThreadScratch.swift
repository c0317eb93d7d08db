import Foundation

/// Memory that belongs to the thread which asks for it: allocated at its first call, freed when it ends.
enum ThreadScratch {
    /// Room for `count` floats, aligned to 64 bytes and of any content, until this thread asks again.
    ///
    /// Grows to the largest size asked for; otherwise nothing is allocated. `nil` if there is no memory.
    static func floats(_ count: Int) -> UnsafeMutablePointer<Float>? {
        let byteCount = count * MemoryLayout<Float>.stride
        if let held = pthread_getspecific(key) {
            let buffer = Unmanaged<AlignedBuffer>.fromOpaque(held)
            let (floats, size) = buffer._withUnsafeGuaranteedRef { ($0.floats, $0.byteCount) }
            if size >= byteCount { return floats }
        }
        guard let buffer = try? AlignedBuffer(byteCount: byteCount, for: "scratch memory") else { return nil }
        let old = pthread_getspecific(key)
        let new = Unmanaged.passRetained(buffer)
        guard pthread_setspecific(key, new.toOpaque()) == 0 else {
            new.release()
            return nil
        }
        if let old { Unmanaged<AlignedBuffer>.fromOpaque(old).release() }
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
