/// The values that were used last, at most `limit` of them.
package struct RecentlyUsed<Key: Hashable, Value> {
    private let limit: Int
    private var values: [Key: (value: Value, lastUse: Int)] = [:]
    private var uses = 0

    package init(limit: Int) { self.limit = limit }

    /// The value of a key. A new one takes the place of the value that has not been used for the longest time.
    package subscript(key: Key) -> Value? {
        mutating get {
            uses += 1
            guard let index = values.index(forKey: key) else { return nil }
            values.values[index].lastUse = uses
            return values.values[index].value
        }
        set {
            uses += 1
            values[key] = newValue.map { ($0, uses) }
            if values.count > limit, let oldest = values.min(by: { $0.value.lastUse < $1.value.lastUse }) {
                values[oldest.key] = nil
            }
        }
    }

    /// Forgets the values of some keys.
    package mutating func removeAll(where shouldBeRemoved: (Key) -> Bool) {
        values = values.filter { !shouldBeRemoved($0.key) }
    }
}
