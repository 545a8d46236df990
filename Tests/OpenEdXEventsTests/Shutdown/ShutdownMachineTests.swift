import Testing

@testable import OpenEdXEvents

@Suite("Shutdown machine")
struct ShutdownMachineTests {
    @Test("a signal asks the services to stop and starts the limit, once")
    func signal() {
        var machine = ShutdownMachine(services: 2)
        #expect(machine.take(.signal) == [.shutDownServices, .startTimer])
        #expect(machine.take(.signal) == [])
        #expect(machine.take(.ended(nil)) == [])
        #expect(!machine.isDone)
        #expect(machine.take(.ended(nil)) == [])
        #expect(machine.isDone && machine.failure == nil && machine.cancelled == 0)
    }

    @Test("a service that ends by itself stops the others, and its error is kept")
    func failure() {
        var machine = ShutdownMachine(services: 2)
        #expect(machine.take(.ended(TestFailure())) == [.shutDownServices, .startTimer])
        #expect(machine.take(.ended(CancellationError())) == [])
        #expect(machine.isDone && machine.failure is TestFailure)
    }

    @Test("the last service to end asks for nothing more")
    func alone() {
        var machine = ShutdownMachine(services: 1)
        #expect(machine.take(.ended(nil)) == [])
        #expect(machine.isDone)
        #expect(machine.take(.signal) == [])
    }

    @Test("past the limit what still runs is cancelled, and its errors say nothing new")
    func limit() {
        var machine = ShutdownMachine(services: 3)
        #expect(machine.take(.limit) == [])
        _ = machine.take(.signal)
        _ = machine.take(.ended(nil))
        #expect(machine.take(.limit) == [.cancelServices])
        #expect(machine.take(.limit) == [])
        _ = machine.take(.ended(CancellationError()))
        _ = machine.take(.ended(CancellationError()))
        #expect(machine.isDone && machine.failure == nil && machine.cancelled == 2)
    }

    @Test("without services there is nothing to wait for")
    func none() {
        #expect(ShutdownMachine(services: 0).isDone)
    }
}
