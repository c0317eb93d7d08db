import SwiftConvNet

extension PickleReader {
    /// - Throws: if there are more values than the limit.
    mutating func push(_ value: PickleValue) throws {
        try count()
        stack.append(value)
    }

    mutating func push(_ kind: PickleContainer.Kind, _ items: [PickleValue]) throws {
        try push(add(kind, items))
    }

    /// A new container.
    mutating func add(_ kind: PickleContainer.Kind, _ items: [PickleValue]) -> PickleValue {
        containers.append(PickleContainer(kind: kind, items: items))
        return .container(containers.count - 1)
    }

    /// - Throws: if there are more values and marks than the limit.
    mutating func count() throws {
        made += 1
        guard made <= PickleLimits.values else {
            throw failure("The pickle makes too many values", expected: "at most \(PickleLimits.values)")
        }
    }

    /// Takes values from the stack, down to a mark at most.
    mutating func pop(count: Int) throws -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else {
            throw failure("The pickle takes a value where none is")
        }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    mutating func popToMark() throws -> [PickleValue] {
        guard let mark = marks.popLast() else {
            throw failure("The pickle goes back to a mark that is not set")
        }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    /// Adds to the container on top of the stack.
    mutating func extend(_ kind: PickleContainer.Kind, by items: [PickleValue]) throws {
        guard stack.count > (marks.last ?? 0), case .container(let place)? = stack.last,
            containers[place].kind == kind
        else { throw failure("The pickle adds to something that is no \(kind)") }
        guard kind != .dictionary || items.count.isMultiple(of: 2) else {
            throw failure("The pickle has a key without a value")
        }
        containers[place].items += items
    }

    mutating func remember(_ key: Int) throws {
        try count()
        guard stack.count > (marks.last ?? 0), let value = stack.last else {
            throw failure("The pickle remembers a value where none is")
        }
        memo[key] = value
    }

    func recalled(_ key: Int) throws -> PickleValue {
        guard let value = memo[key] else { throw failure("The pickle recalls a value that it has not made") }
        return value
    }

    /// The attributes of a dictionary, which a `state_dict` has: the versions of its modules. No other object has a state here.
    mutating func passOverState() throws {
        let state = try pop(count: 1)
        guard isContainer(state[0], .dictionary), let object = stack.last, isContainer(object, .dictionary)
        else { throw refusal("an object with a state") }
    }

    func isContainer(_ value: PickleValue, _ kind: PickleContainer.Kind) -> Bool {
        guard case .container(let place) = value else { return false }
        return containers[place].kind == kind
    }
}
