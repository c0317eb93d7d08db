/// Passes its input on as it is: nothing runs, nothing is copied.
package struct IdentityKernel: Kernel {
    package init() {}

    package var isIdentity: Bool { true }
    package func forward() -> [Stage] { [] }
    package func backward() -> [Stage] { [] }
}
