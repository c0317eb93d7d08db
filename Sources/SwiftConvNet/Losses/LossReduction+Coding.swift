// Losses leave the default reduction out of files: those of earlier versions do not have it.

extension KeyedDecodingContainer {
    func decode(_ type: LossReduction.Type, forKey key: Key) throws -> LossReduction {
        try decodeIfPresent(type, forKey: key) ?? .sumOverBatchSize
    }
}

extension KeyedEncodingContainer {
    mutating func encode(_ value: LossReduction, forKey key: Key) throws {
        guard value != .sumOverBatchSize else { return }
        try encode(value.rawValue, forKey: key)
    }
}
