import Foundation

/// Images in other sizes.
enum Resizes {
    static let table: [String: OperatorDefinition] = [
        "Resize": OperatorDefinition(known: .from(1), resize),
        "Upsample": OperatorDefinition(known: .from(1), resize),
    ]

    private static let resize: OperatorDefinition.Lower = { context in
        let node = context.node
        let x = try context.runtime(node.operand(0)), dims = x.dims
        let isOld = node.layer.operatorType == "Upsample" || node.version < 11
        let axes = try (node.integers("axes") ?? Array(dims.indices)).map {
            try node.axis($0, rank: dims.count)
        }
        let given =
            try node.literal(isOld ? 1 : 2)?.numbers ?? node.settings.numberLists["scales"]?.map(Double.init)
        // Older files have an empty list where sizes are meant.
        let scales = given?.count == axes.count ? given : nil
        let sizes = isOld ? nil : try node.literal(3)?.integers
        let settings = ResizeSettings(node, isOld: isOld)
        let isCrop = settings.coordinates == "tf_crop_and_resize"
        // Others do not look at the region, of any length.
        let region = isOld || !isCrop ? nil : try node.literal(1)?.numbers
        guard region.map({ $0.count == 2 * axes.count && $0.allSatisfy(\.isFinite) }) ?? true,
            !dims.contains(0)
        else {
            throw ConvNetError(
                .shape,
                "A region does not fit the image",
                expected: "a start and an end for each of \(axes.count) axes, and an image with elements",
                received: "\(region ?? []) of \(dims)"
            )
        }
        var plans: [AxisResampling?] = dims.map { _ in nil }
        var target = dims
        if let scales {
            for (index, axis) in axes.enumerated() {
                var length = Double(dims[axis]) * scales[index]
                if let region {
                    length *= region[index + axes.count] - region[index]
                }
                target[axis] = Literal.integer(length.rounded(.down))
            }
        } else if let sizes, sizes.count == axes.count {
            for (index, axis) in axes.enumerated() { target[axis] = sizes[index] }
        } else {
            throw node.unsupported("Neither scales nor sizes for \(axes.count) axes")
        }
        let policy = node.text("keep_aspect_ratio_policy", default: "stretch")
        var common: Double?
        if sizes != nil, policy != "stretch" {
            let factors = axes.map { Double(target[$0]) / Double(dims[$0]) }
            let factor = (policy == "not_larger" ? factors.min() : factors.max()) ?? 1
            for axis in axes {
                target[axis] = Literal.integer(
                    (factor * Double(dims[axis])).rounded(.toNearestOrAwayFromZero)
                )
            }
            common = factor
        }
        guard target.allSatisfy({ (1...Literal.countLimit).contains($0) }) else {
            throw node.unsupported("A result of \(target)")
        }
        for (index, axis) in axes.enumerated() {
            let scale = common ?? (scales.map { $0[index] } ?? Double(target[axis]) / Double(dims[axis]))
            guard target[axis] != dims[axis] || scale != 1 || isCrop else { continue }
            let ends = region.map { ($0[index], $0[index + axes.count]) }
            plans[axis] = try AxisResampling(
                settings,
                from: dims[axis],
                to: target[axis],
                scale: scale,
                region: ends,
                node
            )
        }
        return [try context.resampled(x, plans, extrapolation: settings.extrapolation)]
    }
}

/// How a Resize reads its image.
struct ResizeSettings {
    let mode: String, coordinates: String, rounding: String
    let cubic: Double, extrapolation: Float
    let excludesOutside: Bool, antialias: Bool

    init(_ node: ONNXNode, isOld: Bool) {
        mode = node.text("mode", default: "nearest")
        coordinates = node.text(
            "coordinate_transformation_mode",
            default: isOld ? "asymmetric" : "half_pixel"
        )
        rounding = node.text("nearest_mode", default: isOld ? "floor" : "round_prefer_floor")
        cubic = Double(node.number("cubic_coeff_a", default: -0.75))
        extrapolation = node.number("extrapolation_value", default: 0)
        excludesOutside = node.integer("exclude_outside", default: 0) != 0
        antialias = node.integer("antialias", default: 0) != 0
    }
}

extension NodeContext {
    /// Each axis sampled anew, one after the other; axes without a plan stay.
    func resampled(_ x: ONNXValue, _ plans: [AxisResampling?], extrapolation: Float) throws -> ONNXValue {
        var x = x
        if let first = plans.first, first != nil { x = try explicit(x, mixes: true) }
        for (axis, plan) in plans.enumerated() {
            guard let plan, let place = x.place(of: axis) else { continue }
            let shape = x.value.shape
            let inner = shape.dropFirst(place + 1).reduce(1, *), outer = shape.prefix(place).reduce(1, *)
            var sizes = shape.dimensions
            sizes[place] = plan.taps.count
            try requireMemory(sizes)
            x = result(
                try lowering.emit(
                    Resample(plan, shape: Shape(sizes), outer: outer, inner: inner, fill: extrapolation),
                    x.value
                )[0],
                like: x
            )
        }
        return x
    }
}
