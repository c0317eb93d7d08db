import SwiftConvNet

/// A value of the model as the file has it.
struct ExportedValue {
    /// The name of the tensor; for a constant the name that its initializer is to have.
    var name: String
    /// The shape of a sample, in the model's order of axes.
    var shape: Shape
    /// Whether the tensor has the batch as its first axis.
    var isBatched: Bool
    /// For each axis of a sample in the file, which one it is in the model.
    var order: [Int]
    /// The elements, if they are known now; the order is the model's then.
    var constant: ConstantTensor?
    /// What has been done to the order of a constant's elements, so that two forms of a parameter are two initializers.
    var form = ""

    init(_ name: String, _ shape: Shape, isBatched: Bool, order: [Int]? = nil) {
        self.name = name
        self.shape = shape
        self.isBatched = isBatched
        self.order = order ?? Array(shape.indices)
    }

    /// A tensor whose elements are known.
    init(_ name: String, constant: ConstantTensor) {
        self.init(name, constant.type.shape, isBatched: false)
        self.constant = constant
    }

    var rank: Int { shape.rank }
    /// Whether the axes are as in the model.
    var isInOrder: Bool { order == Array(shape.indices) }

    /// The place of an axis of a sample in the file.
    func place(_ axis: Int) -> Int { (isBatched ? 1 : 0) + (order.firstIndex(of: axis) ?? axis) }

    /// The sizes of the file's axes; 0 for the batch, as `Reshape` has it for an axis that stays.
    var sizes: [Int] { (isBatched ? [0] : []) + order.map { shape[$0] } }

    /// The same axes in another order hold the same elements in the same sequence: those that change places have size 1.
    func isSequence(of other: [Int]) -> Bool {
        order.filter { shape[$0] != 1 } == other.filter { shape[$0] != 1 }
    }
}

extension Shape {
    /// The order of axes that ONNX' convolutions have: channels first.
    var channelsFirst: [Int] { rank == 0 ? [] : [rank - 1] + Array(0..<(rank - 1)) }
}
