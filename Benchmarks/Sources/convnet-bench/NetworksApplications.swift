import SwiftConvNet

/// MobileNetV2 (Sandler and others, 2018) in torchvision's form, without the softmax behind its logits.
func makeMobileNetV2(_ options: ComputeOptions, seed: UInt64) throws -> Model {
    try Applications.mobileNetV2(
        classifierActivation: .linear,
        variant: .torchvision,
        seed: seed,
        options: options
    )
}

/// ResNet-50 (He and others, 2015) in torchvision's form, without the softmax behind its logits.
func makeResNet50(_ options: ComputeOptions, seed: UInt64) throws -> Model {
    try Applications.resNet50(
        classifierActivation: .linear,
        variant: .torchvision,
        seed: seed,
        options: options
    )
}
