/// Hands each fact to several observers, in order.
public struct MultiObserver: BusObserver {
    private let observers: [any BusObserver]

    /// Creates an observer that stands for several.
    public init(_ observers: [any BusObserver]) {
        self.observers = observers
    }

    /// Creates an observer that stands for several.
    public init(_ observers: any BusObserver...) {
        self.init(observers)
    }

    /// Takes note of a fact.
    public func record(_ fact: BusFact) {
        for observer in observers { observer.record(fact) }
    }
}
