#if LIBFUZZER

    import Foundation

    // What libFuzzer calls; docs/design/fuzzing.md says how this is built and run. The reader is named by the environment
    // variable READER, for the command line is libFuzzer's.

    private struct Session {
        let mutator: Mutator
        var campaign: Campaign

        init() throws {
            let name = ProcessInfo.processInfo.environment["READER"] ?? ""
            guard let type = fuzzTargets.first(where: { $0.name == name }) else {
                throw FuzzFailure(description: "READER must be one of \(fuzzTargets.map { $0.name })")
            }
            let target = try type.init()
            mutator = Mutator(target)
            campaign = Campaign(target)
        }
    }

    // libFuzzer calls from one thread.
    nonisolated(unsafe) private var session: Session = {
        do { return try Session() } catch { fatalError("\(error)") }
    }()

    @_silgen_name("LLVMFuzzerMutate")
    private func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ room: Int) -> Int

    @_cdecl("LLVMFuzzerTestOneInput")
    public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
        let input = Array(UnsafeBufferPointer(start: data, count: size))
        do { try session.campaign.feed(input) } catch { fatalError("\(error)") }
        return 0
    }

    /// Half of the inputs are changed by libFuzzer and repaired, half by us; the corpus begins with our seeds.
    @_cdecl("LLVMFuzzerCustomMutator")
    public func customMutator(
        _ data: UnsafeMutablePointer<UInt8>,
        _ size: Int,
        _ room: Int,
        _ seed: CUnsignedInt
    ) -> Int {
        var random = Randomness(seed: UInt64(seed))
        var input: [UInt8]
        if size <= 1 {
            input = session.mutator.input(UInt64(seed))
        } else if random.isOne(in: 2) {
            input = Array(UnsafeBufferPointer(start: data, count: mutate(data, size, room)))
            if !random.isOne(in: 4) { session.mutator.target.repair(&input, &random) }
        } else {
            input = Array(UnsafeBufferPointer(start: data, count: size))
            session.mutator.change(&input, &random)
        }
        let count = min(input.count, room)
        for place in 0..<count { data[place] = input[place] }
        return count
    }

#endif
