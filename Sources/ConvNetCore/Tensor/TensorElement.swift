import CKernels

/// A number that a `Tensor` can be built from: `Float`, `Double`, `UInt8` and `Int`.
public protocol TensorElement: Sendable {
    /// Writes elements as `Float`, each as the nearest one, to memory with room for as many.
    static func write(_ elements: [Self], to destination: UnsafeMutablePointer<Float>)
}

// Each writes one element by itself: the innermost axis of grey images has one, and debug builds feel every call.

extension Float: TensorElement {
    public static func write(_ elements: [Float], to destination: UnsafeMutablePointer<Float>) {
        if elements.count == 1 { return destination.pointee = elements[0] }
        elements.withUnsafeBufferPointer { source in
            if let first = source.baseAddress { destination.update(from: first, count: source.count) }
        }
    }
}

extension Double: TensorElement {
    public static func write(_ elements: [Double], to destination: UnsafeMutablePointer<Float>) {
        if elements.count == 1 { return destination.pointee = Float(elements[0]) }
        elements.withUnsafeBufferPointer { source in
            ck_floats_from_doubles(source.baseAddress, destination, source.count)
        }
    }
}

extension UInt8: TensorElement {
    public static func write(_ elements: [UInt8], to destination: UnsafeMutablePointer<Float>) {
        if elements.count == 1 { return destination.pointee = Float(elements[0]) }
        elements.withUnsafeBufferPointer { source in
            ck_floats_from_bytes(source.baseAddress, destination, source.count)
        }
    }
}

extension Int: TensorElement {
    public static func write(_ elements: [Int], to destination: UnsafeMutablePointer<Float>) {
        if elements.count == 1 { return destination.pointee = Float(elements[0]) }
        elements.withUnsafeBufferPointer { source in
            source.withMemoryRebound(to: Int64.self) {
                ck_floats_from_integers($0.baseAddress, destination, $0.count)
            }
        }
    }
}
