import SwiftConvNet

/// Reads the pickle of a PyTorch file as data: dictionaries, lists, tuples, numbers, texts and tensors. It is a list of instructions for
/// a stack; those that could run code of Python are refused by the name of what they would run.
///
/// Source: `Lib/pickletools.py` of Python for the instructions, `torch/serialization.py` and `torch/_utils.py` for what PyTorch writes.
struct PickleReader {
    /// What errors call the pickle.
    let path: String
    let bytes: [UInt8]
    /// Where the next instruction or operand begins.
    var offset = 0
    /// Where the instruction that is carried out begins.
    var start = 0
    var stack: [PickleValue] = []
    /// The heights of the stack where marks lie.
    var marks: [Int] = []
    var memo: [Int: PickleValue] = [:]
    /// How many values have been made or remembered.
    var made = 0
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
        case .mark:
            try count()
            marks.append(stack.count)
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
