/// How a window slides over an image: a number for each axis, without the channels.
package struct Sliding: Sendable, Hashable {
    let strides: [Int]
    /// The distances of neighbouring elements of the window.
    let dilation: [Int]
    let padding: [AxisPadding]

    /// - Parameter dilation: 1 on every axis unless given.
    package init(strides: [Int], dilation: [Int]? = nil, padding: [AxisPadding]) {
        self.strides = strides
        self.dilation = dilation ?? strides.map { _ in 1 }
        self.padding = padding
    }

    /// With the same padding along every axis.
    package init(strides: [Int], dilation: [Int]? = nil, padding: AxisPadding) {
        self.init(strides: strides, dilation: dilation, padding: strides.map { _ in padding })
    }

    var rank: Int { strides.count }
}
