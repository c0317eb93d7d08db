import SwiftConvNet

extension PickleReader {
    /// What a call makes that a pickle may ask for.
    mutating func call(_ function: PickleValue, with arguments: PickleValue) throws -> PickleValue {
        guard case .global(let global) = function, case .container(let place) = arguments,
            containers[place].kind == .tuple
        else { throw refusal("a call of something that is no function") }
        let items = containers[place].items
        switch global {
        case .orderedDictionary:
            guard items.isEmpty else { throw refusal("an OrderedDict of arguments") }
            return add(.dictionary, [])
        case .rebuildTensor: return try tensor(items)
        case .rebuildParameter:
            guard let first = items.first, case .tensor = first else {
                throw failure("A parameter is no tensor")
            }
            return first
        case .storage(let type): throw refusal("a storage of \(type.rawValue) that stands in the pickle")
        }
    }

    /// The storage that a persistent identifier names: `("storage", torch.FloatStorage, "0", "cpu", 100)`. Where it was does not count.
    mutating func storage(of id: PickleValue) throws -> PickleValue {
        guard case .container(let place) = id, containers[place].kind == .tuple,
            containers[place].items.count == 5
        else { throw failure("The pickle names elements in an unknown way") }
        let items = containers[place].items
        guard case .text("storage") = items[0], case .global(.storage(let type)) = items[1],
            case .text(let key) = items[2], case .text = items[3], case .integer(let count) = items[4],
            count >= 0
        else { throw failure("The pickle names elements in an unknown way") }
        storages.append(PyTorchStorage(key: key, type: type, count: count))
        return .storage(storages.count - 1)
    }

    /// A tensor of a storage, an offset, sizes, strides, and what has no meaning here: whether it learns, hooks, metadata.
    private mutating func tensor(_ items: [PickleValue]) throws -> PickleValue {
        guard items.count == 6 || items.count == 7, case .storage(let place) = items[0],
            case .integer(let offset) = items[1], let sizes = integers(items[2]),
            let strides = integers(items[3])
        else { throw failure("A tensor is described in an unknown way") }
        let storage = storages[place]
        guard sizes.count == strides.count, sizes.count <= PickleLimits.axes,
            (sizes + strides + [offset]).allSatisfy({ $0 >= 0 })
        else {
            throw failure(
                "A tensor's sizes and strides cannot be",
                expected: "as many strides as sizes, at most \(PickleLimits.axes), none negative",
                received: "sizes \(sizes), strides \(strides), offset \(offset)"
            )
        }
        guard Self.lies(sizes, strides, from: offset, within: storage.count) else {
            throw failure(
                "A tensor has elements outside its storage, or more than it",
                expected: "elements of 0..<\(storage.count), and at most as many",
                received: "sizes \(sizes), strides \(strides), offset \(offset)"
            )
        }
        tensors.append(
            PyTorchTensor(storage: storage, offset: offset, shape: Shape(sizes), strides: strides)
        )
        return .tensor(tensors.count - 1)
    }

    /// Whether all elements are among `count`, and not more than these, which an axis of stride 0 could make of few.
    private static func lies(_ sizes: [Int], _ strides: [Int], from offset: Int, within count: Int) -> Bool {
        // Sizes beside one of 0 have to fit, too: memory is counted by them elsewhere.
        var elements = 1, last = offset
        for (size, stride) in zip(sizes, strides) where size > 0 {
            let (product, overflows) = elements.multipliedReportingOverflow(by: size)
            let (step, stepOverflows) = (size - 1).multipliedReportingOverflow(by: stride)
            let (sum, sumOverflows) = last.addingReportingOverflow(step)
            if overflows || stepOverflows || sumOverflows { return false }
            elements = product
            last = sum
        }
        return sizes.contains(0) ? true : last < count && elements <= count
    }

    private func integers(_ value: PickleValue) -> [Int]? {
        guard case .container(let place) = value, containers[place].kind == .tuple,
            containers[place].items.count <= PickleLimits.axes
        else { return nil }
        let numbers = containers[place].items.compactMap { item -> Int? in
            if case .integer(let number) = item { number } else { nil }
        }
        return numbers.count == containers[place].items.count ? numbers : nil
    }
}
