import SwiftConvNet

/// Reads the pickle of a PyTorch file as data: dictionaries, lists, tuples, numbers, texts and tensors. It is a list of instructions for
/// a stack; those that could run code of Python are refused by the name of what they would run.
///
/// Source: `Lib/pickletools.py` of Python for the instructions, `torch/serialization.py` and `torch/_utils.py` for what PyTorch writes.
struct PickleReader {
    /// What errors call the pickle.
    let path: String
    private let bytes: [UInt8]
    /// Where the next instruction or operand begins.
    private(set) var offset = 0
    /// Where the instruction that is carried out begins.
    private var start = 0
    private var stack: [PickleValue] = []
    /// The heights of the stack where marks lie.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var made = 0
    var containers: [PickleContainer] = []
    var storages: [PyTorchStorage] = []
    var tensors: [PyTorchTensor] = []

    /// - Throws: `ConvNetError` of kind `format` if the pickle is larger than the limit.
    init(_ bytes: [UInt8], path: String) throws {
        self.bytes = bytes
        self.path = path
        guard bytes.count <= PickleLimits.bytes else {
            throw failure(
                "The pickle is too large for one that only names tensors",
                expected: "at most \(PickleLimits.bytes) bytes",
                received: "\(bytes.count)"
            )
        }
    }

    /// Carries out all instructions.
    ///
    /// - Returns: the value that the pickle stands for.
    /// - Throws: `ConvNetError` of kind `format` if an instruction is unknown, refused, damaged, or goes beyond a limit.
    mutating func read() throws -> PickleValue {
        while true {
            start = offset
            let byte = UInt8(truncatingIfNeeded: try integer(1))
            guard let opcode = PickleOpcode(rawValue: byte) else {
                throw refusal("the instruction 0x\(String(byte, radix: 16))")
            }
            if opcode == .stop {
                guard stack.count == 1, marks.isEmpty, offset == bytes.count, let value = stack.last else {
                    throw failure(
                        "The pickle ends with something left over",
                        expected: "one value, and the end of the pickle",
                        received: "\(stack.count) values, \(bytes.count - offset) more bytes"
                    )
                }
                return value
            }
            try carryOut(opcode)
        }
    }

    private mutating func carryOut(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .proto:
            let version = try integer(1)
            guard (2...5).contains(version) else {
                throw failure(
                    "The pickle has an unknown protocol",
                    expected: "2 to 5",
                    received: "\(version)"
                )
            }
        case .frame: _ = try take(8)
        case .stop: return
        case .mark: marks.append(stack.count)
        case .none: try push(.none)
        case .newTrue: try push(.bool(true))
        case .newFalse: try push(.bool(false))
        case .binInt: try push(.integer(Int(Int32(truncatingIfNeeded: integer(4)))))
        case .binInt1: try push(.integer(integer(1)))
        case .binInt2: try push(.integer(integer(2)))
        case .long1: try push(.integer(long()))
        case .binFloat:
            let bits = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            try push(.number(Double(bitPattern: bits)))
        case .binUnicode: try push(.text(text(integer(4))))
        case .shortBinUnicode: try push(.text(text(integer(1))))
        case .binUnicode8: try push(.text(text(integer(8))))
        case .emptyTuple: try push(.tuple, [])
        case .tuple: try push(.tuple, popToMark())
        case .tuple1: try push(.tuple, pop(count: 1))
        case .tuple2: try push(.tuple, pop(count: 2))
        case .tuple3: try push(.tuple, pop(count: 3))
        case .emptyList: try push(.list, [])
        case .append: try extend(.list, by: pop(count: 1))
        case .appends: try extend(.list, by: popToMark())
        case .emptyDictionary: try push(.dictionary, [])
        case .setItem: try extend(.dictionary, by: pop(count: 2))
        case .setItems: try extend(.dictionary, by: popToMark())
        case .binPut: try remember(integer(1))
        case .longBinPut: try remember(integer(4))
        case .memoize: try remember(memo.count)
        case .binGet: try push(recalled(integer(1)))
        case .longBinGet: try push(recalled(integer(4)))
        case .global:
            let module = try line(), name = try line()
            try push(.global(global(module, name)))
        case .stackGlobal:
            let names = try pop(count: 2)
            guard case .text(let module) = names[0], case .text(let name) = names[1] else {
                throw failure("The pickle names something by values that are no texts")
            }
            try push(.global(global(module, name)))
        case .reduce:
            let pair = try pop(count: 2)
            try push(call(pair[0], with: pair[1]))
        case .build: try passOverState()
        case .binPersistentID:
            let id = try pop(count: 1)
            try push(storage(of: id[0]))
        }
    }
}

extension PickleReader {
    /// - Throws: if there are more values than the limit.
    private mutating func push(_ value: PickleValue) throws {
        try count()
        stack.append(value)
    }

    private mutating func push(_ kind: PickleContainer.Kind, _ items: [PickleValue]) throws {
        try push(add(kind, items))
    }

    /// A new container.
    mutating func add(_ kind: PickleContainer.Kind, _ items: [PickleValue]) -> PickleValue {
        containers.append(PickleContainer(kind: kind, items: items))
        return .container(containers.count - 1)
    }

    private mutating func count() throws {
        made += 1
        guard made <= PickleLimits.values else {
            throw failure("The pickle makes too many values", expected: "at most \(PickleLimits.values)")
        }
    }

    /// Takes values from the stack, down to a mark at most.
    private mutating func pop(count: Int) throws -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else {
            throw failure("The pickle takes a value where none is")
        }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws -> [PickleValue] {
        guard let mark = marks.popLast() else {
            throw failure("The pickle goes back to a mark that is not set")
        }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    /// Adds to the container on top of the stack.
    private mutating func extend(_ kind: PickleContainer.Kind, by items: [PickleValue]) throws {
        guard stack.count > (marks.last ?? 0), case .container(let place)? = stack.last,
            containers[place].kind == kind
        else { throw failure("The pickle adds to something that is no \(kind)") }
        guard kind != .dictionary || items.count.isMultiple(of: 2) else {
            throw failure("The pickle has a key without a value")
        }
        containers[place].items += items
    }

    private mutating func remember(_ key: Int) throws {
        try count()
        guard stack.count > (marks.last ?? 0), let value = stack.last else {
            throw failure("The pickle remembers a value where none is")
        }
        memo[key] = value
    }

    private func recalled(_ key: Int) throws -> PickleValue {
        guard let value = memo[key] else { throw failure("The pickle recalls a value that it has not made") }
        return value
    }

    /// The attributes of a dictionary, which a `state_dict` has: the versions of its modules. No other object has a state here.
    private mutating func passOverState() throws {
        let state = try pop(count: 1)
        guard isContainer(state[0], .dictionary), let object = stack.last, isContainer(object, .dictionary)
        else { throw refusal("an object with a state") }
    }

    func isContainer(_ value: PickleValue, _ kind: PickleContainer.Kind) -> Bool {
        guard case .container(let place) = value else { return false }
        return containers[place].kind == kind
    }
}

extension PickleReader {
    private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count <= bytes.count - offset else {
            throw failure(
                "The pickle ends too early",
                expected: "\(count) more bytes",
                received: "\(bytes.count - offset)"
            )
        }
        offset += count
        return bytes[(offset - count)..<offset]
    }

    /// A little-endian number without sign of up to 8 bytes.
    private mutating func integer(_ count: Int) throws -> Int {
        let number = try take(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let number = Int(exactly: number) else {
            throw failure("The pickle has a number beyond 64 bits")
        }
        return number
    }

    /// A little-endian number with sign, and its length before it.
    private mutating func long() throws -> Int {
        let count = try integer(1)
        let digits = try take(count)
        guard count <= 8 else { throw failure("The pickle has a number beyond 64 bits") }
        let negative = (digits.last ?? 0) >= 0x80
        return Int(
            truncatingIfNeeded: digits.reversed().reduce(negative ? UInt64.max : 0) { $0 << 8 | UInt64($1) }
        )
    }

    private mutating func text(_ count: Int) throws -> String {
        guard let text = String(validating: try take(count), as: UTF8.self) else {
            throw failure("The pickle has a text that is no UTF-8")
        }
        return text
    }

    /// A name, up to the end of its line.
    private mutating func line() throws -> String {
        guard let end = bytes[offset...].prefix(PickleLimits.name + 1).firstIndex(of: UInt8(ascii: "\n"))
        else {
            throw failure(
                "The pickle has a name without an end, or one longer than \(PickleLimits.name) bytes"
            )
        }
        let name = try text(end - offset)
        offset += 1
        return name
    }

    private func global(_ module: String, _ name: String) throws -> PickleGlobal {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw refusal("\(module).\(name)")
        }
        return global
    }

    func failure(_ summary: String, expected: String? = nil, received: String? = nil) -> ConvNetError {
        ConvNetError(
            .format,
            summary,
            at: "\(path), byte \(start)",
            expected: expected,
            received: received,
            remedy: PyTorchFile.conversion
        )
    }

    /// The error for what a pickle may not do here.
    func refusal(_ name: String) -> ConvNetError {
        failure(
            "The file needs Python: it holds \(name). Pickles are read as data, and nothing in them is run",
            expected:
                "dictionaries, lists, numbers, texts and tensors, as torch.save(model.state_dict(), path) writes",
            received: name
        )
    }
}
