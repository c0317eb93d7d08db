import Foundation

/// The system calls `write` and `pwrite`, without the signals that come with it.
///
/// Writing past the limit of a file's size raises SIGXFSZ, and writing to a pipe that nobody reads raises SIGPIPE; both
/// end a process by default. A library does not change what the process does on a signal, so the signals are blocked
/// for the call alone, on the calling thread, which is where the system sends them; what comes is an error.
enum SystemWrite {
    /// Writes some of `bytes`, and returns how many; -1 with `errno` set if it fails. Goes on after interruptions.
    ///
    /// - Parameter offset: where in the file. Default `nil`: where the last write ended.
    static func some(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int? = nil) -> Int {
        var signals = sigset_t(), before = sigset_t(), pending = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGXFSZ)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, &before)
        // What has waited before is not ours to take.
        sigpending(&pending)
        for signal in [SIGXFSZ, SIGPIPE] where sigismember(&pending, signal) == 1 {
            sigdelset(&signals, signal)
        }

        var count: Int
        repeat {
            count =
                if let offset {
                    pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
                } else {
                    Foundation.write(descriptor, bytes.baseAddress, bytes.count)
                }
        } while count < 0 && errno == EINTR
        let code = errno
        if count < 0, code == EFBIG || code == EPIPE {
            var atOnce = timespec()
            while sigtimedwait(&signals, nil, &atOnce) < 0, errno == EINTR {}
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
        errno = code
        return count
    }
}
