import ArgumentParser

/// Options that say what is printed.
struct PrintingOptions: ParsableArguments {
    @Flag(help: "Print the results and nothing else.")
    var quiet = false

    @Flag(help: "Print one JSON object per line on standard output, and nothing else there.")
    var json = false
}
