// Holds one of a hundred events against its schema, and refuses routes of types that other services own.
import EventSchemas
import InMemoryTransport
import JSONSchema
import OpenEdXEvents

var configuration = EventProducer.Configuration(
    source: try EventSource(service: "lms", process: .web),
    routes: [Route(CourseEnrollmentCreated.type, to: "course-enrollments", key: "enrollment.course.course_key")])
configuration.validation = ProducerValidation(
    try EventSchemaValidator(events: EventCatalogue.events), service: "openedx/edx-platform", share: .oneIn(100))
_ = try EventProducer(transport: InMemoryTransport(), configuration: configuration)
print("the routes are this service's own")
