#if !LIBFUZZER

    import ArgumentParser
    import Foundation
    import SwiftConvNet

    /// Feeds a reader broken files: many, or the one of a number, or one that is there.
    @main
    struct ReaderFuzz: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reader-fuzz",
            abstract:
                "Feeds a reader broken files; ends with an error at the first that it does not take well."
        )

        @Argument(help: "The reader: \(fuzzTargets.map { $0.name }.joined(separator: ", ")); or all.")
        var reader: String

        @Option(help: "How many inputs.")
        var count: UInt64 = 20_000

        @Option(help: "The number of the first input; each number makes one input, always the same.")
        var first: UInt64 = 0

        @Option(
            help: "A file to which the number at hand is written, for the one who sees a crash from outside."
        )
        var progress: String?

        @Option(help: "Only write the first input to this file.")
        var write: String?

        @Option(help: "A file to read in place of inputs that are made.")
        var file: String?

        func run() throws {
            let types = fuzzTargets.filter { reader == "all" || $0.name == reader }
            guard !types.isEmpty else { throw ValidationError("There is no reader \"\(reader)\"") }
            let watchdog = Watchdog()
            for type in types { try run(type, watchdog) }
        }

        private func run(_ type: any FuzzTarget.Type, _ watchdog: Watchdog) throws {
            let target = try type.init()
            let mutator = Mutator(target)
            if let write { return try AtomicFile.write(mutator.input(first), to: write) }

            var campaign = Campaign(target)
            if let file {
                try campaign.feed(FileContents.read(file, limit: 1 << 30))
            } else {
                let progress = progress.map { open($0, O_WRONLY | O_CREAT | O_TRUNC, 0o644) }
                defer { watchdog.rest() }
                for number in first..<(first + count) {
                    watchdog.look(at: number)
                    if let progress {
                        withUnsafeBytes(of: number) { _ = pwrite(progress, $0.baseAddress, 8, 0) }
                    }
                    do { try campaign.feed(mutator.input(number)) } catch {
                        throw FuzzFailure(description: "\(error) (\(type.name), input \(number))")
                    }
                }
            }
            print(
                "\(type.name): \(campaign.readCount) read, \(campaign.refusedCount) refused;",
                "peak \(campaign.largestPeak / 1024) KiB, slowest \((campaign.slowest * 1000).rounded()) ms"
            )
        }
    }

#endif
