/// Passes its input on as it is: nothing runs, nothing is copied.
struct IdentityKernel: Kernel {

    var isIdentity: Bool { true }
    func forward() -> [Stage] { [] }
    func backward() -> [Stage] { [] }
}
