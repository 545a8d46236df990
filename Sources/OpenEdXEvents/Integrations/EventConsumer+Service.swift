#if ServiceLifecycle
public import ServiceLifecycle

/// In a `ServiceGroup`, a graceful shutdown drains the consumer as ``EventConsumer/shutDown()`` does.
extension EventConsumer: Service {}
#endif

extension EventConsumer {
    /// Runs the body; with the trait ServiceLifecycle, a graceful shutdown of its task asks for a stop in good order.
    func drainingOnGracefulShutdown<R>(_ body: () async -> R) async -> R {
        #if ServiceLifecycle
        await withGracefulShutdownHandler(operation: body, onGracefulShutdown: { self.shutDown() })
        #else
        await body()
        #endif
    }
}
