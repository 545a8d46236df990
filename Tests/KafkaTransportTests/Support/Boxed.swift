/// Holds a state machine so that a macro may call what changes it.
final class Boxed<Value> {
    private(set) var value: Value

    init(_ value: Value) { self.value = value }

    @discardableResult
    func run<Result>(_ body: (inout Value) -> Result) -> Result { body(&value) }
}
