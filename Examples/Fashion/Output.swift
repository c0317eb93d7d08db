import Foundation

/// Prints a line of results to standard output, at once.
func say(_ line: String) {
    print(line)
    fflush(nil)
}

/// Prints a line about the run to standard error.
func note(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
}

/// Says that a debug build is no way to train, in one.
func noteDebugBuild() {
    #if DEBUG
        note("This is a debug build, many times slower than a release build: swift run -c release fashion")
    #endif
}
