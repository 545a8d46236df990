import KafkaTransport

/// Works with an administration, and closes it: what still runs when the tests' process exits may crash it.
func withAdmin<Value>(
    _ configuration: KafkaConfiguration, timeout: Duration = .seconds(60), _ body: (KafkaAdmin) async throws -> Value
) async throws -> Value {
    let admin = try KafkaAdmin(configuration, timeout: timeout)
    do {
        let value = try await body(admin)
        await admin.close()
        return value
    } catch {
        await admin.close()
        throw error
    }
}
