// The topics of a run, and the mock cluster that stands in where there is no broker.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reference.h"
// After rdkafka.h, which it does not include itself.
#include <librdkafka/rdkafka_mock.h>

enum { time_limit = 30000 };

static rd_kafka_t *open_client(const setting_t *setting) {
    char reason[512];
    setting_t plain = {.brokers = setting->brokers};
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, make_configuration(&plain), reason, sizeof(reason));
    if (client == NULL) fail("client", reason);
    return client;
}

// Waits for the one result of an admin request and returns its event.
static rd_kafka_event_t *await_result(rd_kafka_queue_t *queue) {
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, time_limit);
    if (event == NULL) fail("admin request", "no answer");
    if (rd_kafka_event_error(event)) fail("admin request", rd_kafka_event_error_string(event));
    return event;
}

static void check(const rd_kafka_topic_result_t **results, size_t count) {
    for (size_t index = 0; index < count; index++) {
        rd_kafka_resp_err_t error = rd_kafka_topic_result_error(results[index]);
        if (error) fail(rd_kafka_topic_result_name(results[index]), rd_kafka_err2str(error));
    }
}

// Creates a topic; the properties are the topic's own.
int create_topic(const setting_t *setting, int partitions) {
    char reason[512];
    rd_kafka_t *client = open_client(setting);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(setting->topic, partitions, -1, reason, sizeof(reason));
    if (topic == NULL) fail(setting->topic, reason);
    for (int index = 0; index < setting->property_count; index++) {
        char *name = strdup(setting->properties[index]);
        char *value = strchr(name, '=');
        if (value == NULL) fail(name, "is not NAME=VALUE");
        *value++ = 0;
        rd_kafka_NewTopic_set_config(topic, name, value);
        free(name);
    }
    rd_kafka_CreateTopics(client, &topic, 1, NULL, queue);
    rd_kafka_event_t *event = await_result(queue);
    size_t count;
    const rd_kafka_topic_result_t **results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    check(results, count);
    rd_kafka_event_destroy(event);
    rd_kafka_NewTopic_destroy(topic);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(client);
    return 0;
}

int delete_topic(const setting_t *setting) {
    rd_kafka_t *client = open_client(setting);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_DeleteTopic_t *topic = rd_kafka_DeleteTopic_new(setting->topic);
    rd_kafka_DeleteTopics(client, &topic, 1, NULL, queue);
    rd_kafka_event_t *event = await_result(queue);
    size_t count;
    const rd_kafka_topic_result_t **results =
        rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count);
    check(results, count);
    rd_kafka_event_destroy(event);
    rd_kafka_DeleteTopic_destroy(topic);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(client);
    return 0;
}

// Runs librdkafka's mock cluster until standard input ends; every topic has so many partitions.
int run_mock_cluster(int partitions) {
    char reason[512];
    rd_kafka_conf_t *configuration = rd_kafka_conf_new();
    // The client only carries the cluster; that it has no brokers of its own is as it should be.
    rd_kafka_conf_set(configuration, "log_level", "3", reason, sizeof(reason));
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, reason, sizeof(reason));
    if (client == NULL) fail("mock cluster", reason);
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(client, 1);
    if (cluster == NULL) fail("mock cluster", "cannot be made");
    size_t topics;
    while (next_run(&topics)) {
        // The line's number says which topic: the program that asks knows the names.
        char name[64];
        snprintf(name, sizeof(name), "benchmark-%zu", topics);
        rd_kafka_mock_topic_create(cluster, name, partitions, 1);
        printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
        fflush(stdout);
    }
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(client);
    return 0;
}
