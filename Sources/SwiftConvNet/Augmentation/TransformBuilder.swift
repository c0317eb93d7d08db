/// Collects the transforms that a closure lists.
@resultBuilder
public enum TransformBuilder {
    public static func buildExpression(_ transform: any ImageTransform) -> [any ImageTransform] {
        [transform]
    }
    public static func buildExpression(_ transforms: [any ImageTransform]) -> [any ImageTransform] {
        transforms
    }
    public static func buildBlock(_ parts: [any ImageTransform]...) -> [any ImageTransform] {
        parts.flatMap { $0 }
    }
    public static func buildOptional(_ part: [any ImageTransform]?) -> [any ImageTransform] { part ?? [] }
    public static func buildEither(first part: [any ImageTransform]) -> [any ImageTransform] { part }
    public static func buildEither(second part: [any ImageTransform]) -> [any ImageTransform] { part }
    public static func buildArray(_ parts: [[any ImageTransform]]) -> [any ImageTransform] {
        parts.flatMap { $0 }
    }
    public static func buildLimitedAvailability(_ part: [any ImageTransform]) -> [any ImageTransform] {
        part
    }
}
